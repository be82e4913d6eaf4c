"""A line of the timeline: what an event says in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from debtors.lifecycle import Channel
from desk.wording.event_values import StepTitles, Values
from desk.wording.money_events import MONEY_LINES
from journal.subscribers import RecordedEvent
from kernel.clock import legal_day

__all__ = ["LINES", "Line", "StepTitles", "TimelineEntry", "event_entry"]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """``about`` is the kind of thing that ``about_id`` names, where it has a page of its own."""

    at: datetime
    on: date
    kind: str
    sentence: str
    shape: str
    by: str
    about: str = ""
    about_id: int = 0


class Line(NamedTuple):
    """How one kind of event is told. ``text`` may name the words of ``event_values``."""

    kind: Promise
    text: Promise
    shape: str = ""


_CASE = gettext_lazy("Case")
_HOLD = pgettext_lazy("event", "Hold")
_WORK = gettext_lazy("Work")
_NOTE = pgettext_lazy("event", "Note")
_STRATEGY = gettext_lazy("Strategy")
_CONTACT = gettext_lazy("Contact")
_PROMISE = gettext_lazy("Promise")
_MESSAGE = gettext_lazy("Message")
_PAYMENT = gettext_lazy("Payment")
_DEBT = gettext_lazy("Debt")
_DEBTOR = gettext_lazy("Debtor")
_AGREEMENT = gettext_lazy("Agreement")
_PLACEMENT = gettext_lazy("Agency")
_COURT = gettext_lazy("Court")
_REQUEST = gettext_lazy("Request")
_TERMINATION = gettext_lazy("Termination")

LINES: Final[dict[str, Line]] = {
    **{kind: Line(*told) for kind, told in MONEY_LINES.items()},
    "case.opened": Line(_CASE, gettext_lazy("Case opened")),
    "case.closed": Line(_CASE, gettext_lazy("Case closed: nothing is due any more"), "met"),
    "case.reopened": Line(_CASE, gettext_lazy("Case opened again: arrears have returned"), "bang"),
    "case.stage_changed": Line(_CASE, gettext_lazy("Stage: from %(from)s to %(to)s")),
    "case.assigned": Line(_CASE, gettext_lazy("%(assigned)s")),
    "case.taken_by_agreement": Line(_CASE, gettext_lazy("An agreement has the case in hand")),
    "case.taken_by_agency": Line(_CASE, gettext_lazy("An agency has the case in hand")),
    "case.taken_by_court": Line(_CASE, gettext_lazy("The court has the case in hand")),
    "case.returned_to_house": Line(_CASE, gettext_lazy("The case is in our own hands again")),
    "hold.placed": Line(_HOLD, gettext_lazy("%(hold)s%(until)s%(note)s"), "later"),
    "hold.ended": Line(_HOLD, gettext_lazy("Ended: %(hold)s%(note)s")),
    "work_item.opened": Line(_WORK, gettext_lazy("%(work)s, due %(due)s")),
    "work_item.claimed": Line(_WORK, gettext_lazy("Taken in hand: %(work)s")),
    "work_item.put_aside": Line(
        _WORK, gettext_lazy("Put aside until %(put_aside_until)s: %(work)s%(note)s"), "later"
    ),
    "in_hand.taken": Line(_WORK, gettext_lazy("Taken in hand")),
    "in_hand.taken_over": Line(_WORK, gettext_lazy("Taken over from %(from_name)s%(note)s")),
    "in_hand.put_back": Line(_WORK, gettext_lazy("Put back without having been done%(note)s")),
    "work_item.finished": Line(_WORK, gettext_lazy("Done: %(work)s%(note)s"), "met"),
    "work_item.cancelled": Line(_WORK, gettext_lazy("No longer needed: %(work)s")),
    "work_item.reopened": Line(_WORK, gettext_lazy("To be done after all: %(work)s")),
    "work_item.brought_back": Line(
        _WORK, gettext_lazy("No longer put aside: %(work)s, due %(due)s")
    ),
    "note.written": Line(_NOTE, gettext_lazy("%(text)s")),
    "note.pinned": Line(_NOTE, gettext_lazy("On top of the case now%(note)s")),
    "note.unpinned": Line(_NOTE, gettext_lazy("No longer on top of the case%(note)s")),
    "note.struck_out": Line(_NOTE, gettext_lazy("Struck out%(note)s"), "na"),
    "escalation.enrolled": Line(
        _STRATEGY, gettext_lazy("Enrolled in %(strategy)s, version %(version)s")
    ),
    "escalation.step_performed": Line(_STRATEGY, gettext_lazy("Step taken: %(step)s")),
    "escalation.exited": Line(_STRATEGY, gettext_lazy("Left the strategy"), "met"),
    "escalation.finished": Line(_STRATEGY, gettext_lazy("All steps of the strategy are taken")),
    "strategy.draft_started": Line(_STRATEGY, gettext_lazy("Draft started: %(name)s")),
    "strategy.draft_discarded": Line(_STRATEGY, gettext_lazy("Draft discarded: %(name)s")),
    "strategy.proposed": Line(
        _STRATEGY, gettext_lazy("Publication of version %(number)s asked for"), "later"
    ),
    "strategy.published": Line(
        _STRATEGY, gettext_lazy("Version %(number)s put in force%(note)s"), "met"
    ),
    "strategy.retired": Line(_STRATEGY, gettext_lazy("Version %(number)s replaced")),
    "strategy.refused": Line(_STRATEGY, gettext_lazy("Version %(number)s refused%(note)s"), "not"),
    "strategy.sent_back": Line(
        _STRATEGY, gettext_lazy("Version %(number)s sent back%(note)s"), "bang"
    ),
    "strategy.withdrawn": Line(_STRATEGY, gettext_lazy("Version %(number)s withdrawn"), "na"),
    "strategy.cases_moved": Line(
        _STRATEGY, gettext_lazy("Cases moved to version %(number)s: %(moved)s")
    ),
    "contact.logged": Line(_CONTACT, gettext_lazy("%(direction)s%(result)s%(said)s%(note)s")),
    "contact.struck_out": Line(
        _CONTACT, gettext_lazy("Struck out: %(direction)s%(channel)s, %(result)s"), "na"
    ),
    "contact.guard_overridden": Line(
        _CONTACT, gettext_lazy("The contact rules were set aside%(rule)s%(note)s"), "bang"
    ),
    "contact.refused": Line(_CONTACT, gettext_lazy("Stopped by the contact rules%(rule)s"), "no"),
    "promise.made": Line(_PROMISE, gettext_lazy("%(amount)s by %(due)s"), "later"),
    "promise.kept": Line(_PROMISE, gettext_lazy("Kept: %(amount)s by %(due)s"), "met"),
    "promise.broken": Line(
        _PROMISE, gettext_lazy("Broken: %(amount)s by %(due)s, received %(paid)s"), "not"
    ),
    "promise.kept_after_all": Line(
        _PROMISE,
        gettext_lazy("Kept after all, money of an earlier day came: %(amount)s by %(due)s"),
        "met",
    ),
    "promise.broken_after_all": Line(
        _PROMISE,
        gettext_lazy("Broken after all, money was taken back: %(amount)s by %(due)s"),
        "not",
    ),
    "promise.open_again": Line(
        _PROMISE,
        gettext_lazy("Open again, money was taken back: %(amount)s by %(due)s"),
        "later",
    ),
    "promise.withdrawn": Line(_PROMISE, gettext_lazy("Withdrawn: %(amount)s by %(due)s%(note)s")),
    "message.queued": Line(_MESSAGE, gettext_lazy("%(template)s queued")),
    "message.not_queued": Line(_MESSAGE, gettext_lazy("%(template)s could not be made"), "no"),
    "message.handed_over": Line(_MESSAGE, gettext_lazy("%(template)s handed over")),
    "message.delivered": Line(_MESSAGE, gettext_lazy("%(template)s delivered"), "met"),
    "message.returned": Line(_MESSAGE, gettext_lazy("%(template)s returned"), "not"),
    "message.skipped": Line(_MESSAGE, gettext_lazy("%(template)s not sent%(rule)s"), "no"),
    "message.recalled": Line(
        _MESSAGE, gettext_lazy("%(template)s recalled before it went out%(recalled)s"), "no"
    ),
    "payment.posted": Line(
        _PAYMENT, gettext_lazy("Received %(amount)s%(value_day)s%(reference)s%(allocated)s")
    ),
    "balance.adjusted": Line(_DEBT, gettext_lazy("The bank's extract changed the debt%(changes)s")),
    "write_off.posted": Line(_DEBT, gettext_lazy("Written off%(note)s")),
    "balance.fell_due": Line(_DEBT, gettext_lazy("%(amount)s fell due")),
    "posting.reversed": Line(_DEBT, gettext_lazy("A posting was reversed%(note)s"), "bang"),
    "payment.announced": Line(
        _PAYMENT,
        gettext_lazy("The bank announces %(amount)s for %(value_on)s, not booked yet"),
        "later",
    ),
    "payment_name.forgotten": Line(
        _PAYMENT, gettext_lazy("Payments of a sender are not proposed for the debt any more")
    ),
    "account.numbered": Line(
        _DEBT, gettext_lazy("The debt has an account number of its own for repayment")
    ),
    "charge.posted": Line(_DEBT, gettext_lazy("%(component)s charged%(note)s")),
    "balances.replayed": Line(
        _DEBT,
        gettext_lazy(
            "Something from an earlier day became known: later postings corrected%(corrected)s"
        ),
    ),
    "interest.accrued": Line(
        _DEBT, gettext_lazy("Interest for delay through %(through)s: %(amount)s")
    ),
    "book.changed": Line(_DEBT, gettext_lazy("%(book)s from %(from_on)s%(note)s")),
    "overpayment.refunded": Line(
        _PAYMENT, gettext_lazy("Overpayment of %(amount)s paid back%(note)s")
    ),
    "debt.feed_differs": Line(
        _DEBT, gettext_lazy("The bank's extract says otherwise, our book holds%(changes)s"), "bang"
    ),
    "debt.taken_in": Line(
        _DEBT, gettext_lazy("Taken over from the bank's system: %(due_amount)s overdue")
    ),
    "debt.changed": Line(_DEBT, gettext_lazy("The extract changed the terms of the debt")),
    "debt.data_problems_changed": Line(_DEBT, gettext_lazy("Data problems: %(problems)s"), "bang"),
    "debt.missing": Line(_DEBT, gettext_lazy("The debt is missing from the full extract"), "bang"),
    "debt.back": Line(_DEBT, gettext_lazy("The debt is in the extract again")),
    "debt.terminated": Line(_DEBT, gettext_lazy("Contract terminated, all of it is due"), "bang"),
    "debt.party_added": Line(_DEBT, gettext_lazy("Another person answers for it: %(role)s")),
    "debt.standing_changed": Line(
        _DEBT,
        gettext_lazy("From %(standing_from)s: %(standing)s (before: %(standing_before)s)%(late)s"),
        "later",
    ),
    "debtor.changed": Line(_DEBTOR, gettext_lazy("The extract changed the debtor's data")),
    "debtor.corrected": Line(_DEBTOR, gettext_lazy("Data corrected by hand%(note)s")),
    "debtor.contact_point_added": Line(_DEBTOR, gettext_lazy("Contact point added%(note)s")),
    "debtor.contact_point_disabled": Line(
        _DEBTOR, gettext_lazy("Contact point no longer used%(note)s")
    ),
    "debtor.address_changed": Line(_DEBTOR, gettext_lazy("Address changed%(note)s")),
    "debtor.identifier_revealed": Line(
        _DEBTOR, gettext_lazy("Identifier looked at (%(identifier)s)%(note)s")
    ),
    "message.recipient_revealed": Line(
        _DEBTOR, gettext_lazy("Recipient of a message looked at%(note)s")
    ),
    "debtor.identity_confirmed": Line(
        _DEBTOR, gettext_lazy("Identity verified by %(named)s%(caller)s; shown: %(shown)s"), "met"
    ),
    "agreement.proposed": Line(_AGREEMENT, gettext_lazy("Proposed: %(amount)s")),
    "agreement.concluded": Line(_AGREEMENT, gettext_lazy("In force"), "met"),
    "agreement.approved": Line(_AGREEMENT, gettext_lazy("Approved and in force%(note)s"), "met"),
    "agreement.refused": Line(_AGREEMENT, gettext_lazy("Refused%(note)s"), "not"),
    "agreement.sent_back": Line(_AGREEMENT, gettext_lazy("Sent back%(note)s"), "later"),
    "agreement.withdrawn": Line(_AGREEMENT, gettext_lazy("Withdrawn%(note)s")),
    "agreement.kept": Line(_AGREEMENT, gettext_lazy("Kept to the end"), "met"),
    "agreement.broken": Line(_AGREEMENT, gettext_lazy("Broken"), "not"),
    "agreement.not_broken": Line(
        _AGREEMENT,
        gettext_lazy("The instalment due %(due)s had come in time after all: %(paid)s"),
        "bang",
    ),
    "agreement.instalment_paid": Line(
        _AGREEMENT, gettext_lazy("Instalment paid: %(amount)s"), "met"
    ),
    "termination.proposed": Line(_TERMINATION, gettext_lazy("Proposed: %(amount)s"), "later"),
    "termination.approved": Line(_TERMINATION, gettext_lazy("Approved%(note)s"), "met"),
    "termination.refused": Line(_TERMINATION, gettext_lazy("Refused%(note)s"), "not"),
    "termination.sent_back": Line(_TERMINATION, gettext_lazy("Sent back%(note)s"), "later"),
    "termination.withdrawn": Line(_TERMINATION, gettext_lazy("Withdrawn%(note)s")),
    "termination.delivered": Line(
        _TERMINATION, gettext_lazy("Statement delivered; in effect on %(effective)s"), "later"
    ),
    "termination.lapsed": Line(
        _TERMINATION, gettext_lazy("The approval lapsed: the statement was not sent"), "na"
    ),
    "termination.completed": Line(_TERMINATION, gettext_lazy("In effect"), "bang"),
    "restructuring_request.received": Line(
        _REQUEST, gettext_lazy("The debtor asks for restructuring"), "bang"
    ),
    "restructuring_request.granted": Line(_REQUEST, gettext_lazy("Granted%(note)s"), "met"),
    "restructuring_request.refused": Line(_REQUEST, gettext_lazy("Refused%(note)s"), "not"),
    "restructuring_request.withdrawn": Line(_REQUEST, gettext_lazy("Withdrawn%(note)s")),
    "placement.proposed": Line(_PLACEMENT, gettext_lazy("Placement proposed: %(amount)s"), "later"),
    "placement.approved": Line(_PLACEMENT, gettext_lazy("Placement approved%(note)s"), "met"),
    "placement.refused": Line(_PLACEMENT, gettext_lazy("Placement refused%(note)s"), "not"),
    "placement.sent_back": Line(_PLACEMENT, gettext_lazy("Placement sent back%(note)s"), "later"),
    "placement.withdrawn": Line(_PLACEMENT, gettext_lazy("Placement withdrawn%(note)s")),
    "placement.placed": Line(_PLACEMENT, gettext_lazy("Placed with %(agency)s")),
    "placement.recalled": Line(_PLACEMENT, gettext_lazy("Recalled from the agency%(note)s")),
    "placement.returned": Line(_PLACEMENT, gettext_lazy("Given back by the agency%(note)s")),
    "placement.ended": Line(_PLACEMENT, gettext_lazy("Placement ended%(note)s")),
    "placement.payment_recorded": Line(_PLACEMENT, gettext_lazy("%(agency)s passed on %(amount)s")),
    "placement.amount_changed": Line(
        _PLACEMENT, gettext_lazy("Due now %(amount)s, before %(before)s")
    ),
    "referral.amount_changed": Line(
        _COURT, gettext_lazy("To be claimed now %(amount)s, before %(before)s")
    ),
    "referral.proposed": Line(_COURT, gettext_lazy("Referral proposed: %(amount)s"), "later"),
    "referral.approved": Line(_COURT, gettext_lazy("Referral approved%(note)s"), "met"),
    "referral.refused": Line(_COURT, gettext_lazy("Referral refused%(note)s"), "not"),
    "referral.sent_back": Line(_COURT, gettext_lazy("Referral sent back%(note)s"), "later"),
    "referral.withdrawn": Line(_COURT, gettext_lazy("Referral withdrawn%(note)s")),
    "referral.filed": Line(_COURT, gettext_lazy("Claim filed: %(claim)s, %(court)s")),
    "referral.order_issued": Line(_COURT, gettext_lazy("Order for payment issued")),
    "referral.order_served": Line(_COURT, gettext_lazy("Order for payment served on the debtor")),
    "referral.objected": Line(_COURT, gettext_lazy("The debtor objected to the order"), "bang"),
    "referral.order_final": Line(_COURT, gettext_lazy("Order for payment is final"), "met"),
    "referral.enforcement_started": Line(_COURT, gettext_lazy("Enforcement by %(bailiff)s")),
    "referral.closed": Line(_COURT, gettext_lazy("Proceedings closed%(note)s")),
    "referral.cost_recorded": Line(_COURT, gettext_lazy("Cost: %(amount)s")),
}


def event_entry(event: RecordedEvent, *, by: str, titles: StepTitles) -> TimelineEntry:
    """A kind that nobody has written words for is shown by its code, not left out."""
    line = LINES.get(event.kind)
    on = legal_day(event.recorded_at)
    payload = dict(event.payload)
    if event.effective_on != on:
        payload["other_day"] = event.effective_on
    about, about_id = _about(payload)
    return TimelineEntry(
        at=event.recorded_at,
        on=on,
        kind=_kind_name(event, line),
        sentence=str(line.text) % Values(payload, titles) if line else "",
        shape=line.shape if line else "",
        by=by,
        about=about,
        about_id=about_id,
    )


def _kind_name(event: RecordedEvent, line: Line | None) -> str:
    """What was said and sent is named by its channel."""
    if event.kind == "contact.logged" and event.payload.get("channel") == Channel.PHONE:
        return pgettext("event", "Call")
    if event.kind.startswith("message."):
        return Values(event.payload, {})["carrier"]
    return str(line.kind) if line else event.kind


#: What has a page of its own, by the name of its id in a payload.
_ABOUT: Final = ("message", "agreement", "placement", "referral")


def _about(payload: Mapping[str, Any]) -> tuple[str, int]:
    for name in _ABOUT:
        found = payload.get(f"{name}_id")
        if isinstance(found, int):
            return name, found
    return "", 0
