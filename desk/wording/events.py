"""A line of the timeline: what an event says in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.lifecycle import HoldKind, Stage, WorkKind
from cases.wording import hold_name, stage_name, work_name
from contacts.lifecycle import AttemptResult, Direction, MessageChannel, Template
from contacts.wording import message_channel_name, result_name, template_name
from debtors.lifecycle import Channel, DataProblem, PartyRole
from debtors.wording import channel_name, problem_name, role_name
from journal.subscribers import RecordedEvent
from kernel.clock import legal_day
from ledger.lifecycle import Component
from ledger.wording import component_name
from staff.figures import format_amount, format_day, format_money

Payload = Mapping[str, Any]
#: The title of a step by strategy key and step key, in the reader's language.
StepTitles = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """``amount_minor`` is what the event changed on the debt: below zero is money in."""

    at: datetime
    on: date
    new_day: bool
    kind: str
    sentence: str
    shape: str
    by: str
    amount_minor: int | None
    currency: str


class Line(NamedTuple):
    """How one kind of event is told. ``text`` may name the values of ``_values``."""

    kind: Promise
    text: Promise
    shape: str = ""
    #: Which way the amount of the event moves the debt; 0 where it moves nothing.
    sign: int = 0


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
    "case.opened": Line(_CASE, gettext_lazy("Case opened")),
    "case.closed": Line(_CASE, gettext_lazy("Case closed: nothing is due any more"), "met"),
    "case.reopened": Line(_CASE, gettext_lazy("Case opened again: arrears have returned"), "bang"),
    "case.stage_changed": Line(_CASE, gettext_lazy("Stage: from %(from)s to %(to)s")),
    "case.assigned": Line(_CASE, gettext_lazy("Assigned")),
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
    "contact.logged": Line(_CONTACT, gettext_lazy("%(direction)s%(channel)s: %(result)s%(note)s")),
    "contact.struck_out": Line(
        _CONTACT, gettext_lazy("Struck out: %(direction)s%(channel)s, %(result)s"), "na"
    ),
    "contact.guard_overridden": Line(
        _CONTACT, gettext_lazy("The contact rules were set aside%(note)s"), "bang"
    ),
    "contact.refused": Line(_CONTACT, gettext_lazy("Stopped by the contact rules"), "no"),
    "promise.made": Line(_PROMISE, gettext_lazy("%(amount)s by %(due)s"), "later"),
    "promise.kept": Line(_PROMISE, gettext_lazy("Kept: %(amount)s by %(due)s"), "met"),
    "promise.broken": Line(
        _PROMISE, gettext_lazy("Broken: %(amount)s by %(due)s, received %(paid)s"), "not"
    ),
    "promise.withdrawn": Line(_PROMISE, gettext_lazy("Withdrawn: %(amount)s by %(due)s%(note)s")),
    "message.queued": Line(_MESSAGE, gettext_lazy("%(template)s queued, %(medium)s")),
    "message.not_queued": Line(_MESSAGE, gettext_lazy("%(template)s could not be made"), "no"),
    "message.handed_over": Line(_MESSAGE, gettext_lazy("%(template)s handed over, %(medium)s")),
    "message.delivered": Line(_MESSAGE, gettext_lazy("%(template)s delivered, %(medium)s"), "met"),
    "message.returned": Line(_MESSAGE, gettext_lazy("%(template)s returned, %(medium)s"), "not"),
    "message.skipped": Line(_MESSAGE, gettext_lazy("%(template)s not sent, %(medium)s"), "no"),
    "payment.posted": Line(_PAYMENT, gettext_lazy("Received%(reference)s%(allocated)s"), "", -1),
    "balance.adjusted": Line(_DEBT, gettext_lazy("The bank's extract changed the debt%(changes)s")),
    "write_off.posted": Line(_DEBT, gettext_lazy("Written off%(note)s"), "", -1),
    "balance.fell_due": Line(_DEBT, gettext_lazy("%(amount)s fell due")),
    "posting.reversed": Line(_DEBT, gettext_lazy("A posting was reversed%(note)s"), "bang"),
    "charge.posted": Line(_DEBT, gettext_lazy("%(component)s charged%(note)s"), "", 1),
    "debt.taken_in": Line(
        _DEBT, gettext_lazy("Taken over from the bank's system: %(due_amount)s overdue")
    ),
    "debt.changed": Line(_DEBT, gettext_lazy("The extract changed the terms of the debt")),
    "debt.data_problems_changed": Line(_DEBT, gettext_lazy("Data problems: %(problems)s"), "bang"),
    "debt.missing": Line(_DEBT, gettext_lazy("The debt is missing from the full extract"), "bang"),
    "debt.back": Line(_DEBT, gettext_lazy("The debt is in the extract again")),
    "debt.terminated": Line(_DEBT, gettext_lazy("Contract terminated, all of it is due"), "bang"),
    "debt.party_added": Line(_DEBT, gettext_lazy("Another person answers for it: %(role)s")),
    "debtor.changed": Line(_DEBTOR, gettext_lazy("The extract changed the debtor's data")),
    "debtor.corrected": Line(_DEBTOR, gettext_lazy("Data corrected by hand%(note)s")),
    "debtor.contact_point_added": Line(_DEBTOR, gettext_lazy("Contact point added%(note)s")),
    "debtor.contact_point_disabled": Line(
        _DEBTOR, gettext_lazy("Contact point no longer used%(note)s")
    ),
    "debtor.address_changed": Line(_DEBTOR, gettext_lazy("Address changed%(note)s")),
    "debtor.identifier_revealed": Line(_DEBTOR, gettext_lazy("Identifier looked at%(note)s")),
    "agreement.proposed": Line(_AGREEMENT, gettext_lazy("Proposed: %(amount)s")),
    "agreement.concluded": Line(_AGREEMENT, gettext_lazy("In force"), "met"),
    "agreement.approved": Line(_AGREEMENT, gettext_lazy("Approved and in force%(note)s"), "met"),
    "agreement.refused": Line(_AGREEMENT, gettext_lazy("Refused%(note)s"), "not"),
    "agreement.sent_back": Line(_AGREEMENT, gettext_lazy("Sent back%(note)s"), "later"),
    "agreement.withdrawn": Line(_AGREEMENT, gettext_lazy("Withdrawn%(note)s")),
    "agreement.kept": Line(_AGREEMENT, gettext_lazy("Kept to the end"), "met"),
    "agreement.broken": Line(_AGREEMENT, gettext_lazy("Broken"), "not"),
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


def event_entry(
    event: RecordedEvent, *, by: str, new_day: bool, titles: StepTitles
) -> TimelineEntry:
    """A kind that nobody has written words for is shown by its code, not left out."""
    line = LINES.get(event.kind)
    payload = event.payload
    amount, currency = payload.get("amount_minor"), payload.get("currency") or ""
    moves = line is not None and line.sign and amount and currency
    return TimelineEntry(
        at=event.recorded_at,
        on=legal_day(event.recorded_at),
        new_day=new_day,
        kind=str(line.kind) if line else event.kind,
        sentence=str(line.text) % _Values(payload, titles) if line else "",
        shape=line.shape if line else "",
        by=by,
        amount_minor=line.sign * amount if line and moves and amount else None,
        currency=currency,
    )


class _Values(dict[str, str]):
    """The words for what a text names; looked up only when named, a dash where not known."""

    def __init__(self, payload: Payload, titles: StepTitles) -> None:
        super().__init__()
        self._payload = payload
        self._titles = titles

    def __missing__(self, name: str) -> str:
        if name == "step":
            key = (str(self._payload.get("strategy")), str(self._payload.get("step")))
            return self._titles.get(key) or key[1].replace("_", " ")
        if name == "strategy":
            key = (str(self._payload.get("strategy")), "")
            return self._titles.get(key) or key[0].replace("_", " ")
        found = _WORDS[name](self._payload) if name in _WORDS else self._payload.get(name)
        return "–" if found is None else str(found)


def _word(enum: Callable[[str], Any], name: Callable[[Any], Any], key: str) -> Any:
    def word(payload: Payload) -> str | None:
        value = payload.get(key)
        try:
            return str(name(enum(str(value)))) if value else None
        except ValueError:
            return str(value)

    return word


def _lower(word: Callable[[Payload], str | None]) -> Callable[[Payload], str | None]:
    """In the middle of a sentence; an abbreviation stays as it is."""

    def lower(payload: Payload) -> str | None:
        text = word(payload)
        return text if text is None or text.isupper() else text.lower()

    return lower


def _money(key: str) -> Callable[[Payload], str | None]:
    def money(payload: Payload) -> str | None:
        minor, currency = payload.get(key), payload.get("currency")
        return format_money(minor, currency) if isinstance(minor, int) and currency else None

    return money


def _day(key: str) -> Callable[[Payload], str | None]:
    def day(payload: Payload) -> str | None:
        value = payload.get(key)
        return format_day(date.fromisoformat(str(value)[:10])) if value else None

    return day


def _note(payload: Payload) -> str:
    """What a person wrote. The codes by which the machine explains itself are left out."""
    text = payload.get("note") or payload.get("reason") or ""
    if not isinstance(text, str) or not text or " " not in text:
        return f": {text}" if isinstance(text, str) and payload.get("note") else ""
    return f": {text}"


def _until(payload: Payload) -> str:
    day = _day("until_on")(payload)
    return _(" until %(day)s") % {"day": day} if day else ""


def _allocated(payload: Payload) -> str:
    """``; to fees 45,00, interest 255,00``"""
    parts = _components(payload.get("allocated"), str(payload.get("currency")), signed=False)
    return _("; to %(parts)s") % {"parts": parts} if parts else ""


def _changes(payload: Payload) -> str:
    parts = _components(payload.get("changes"), str(payload.get("currency")), signed=True)
    return f": {parts}" if parts else ""


def _components(parts: Any, currency: str, *, signed: bool) -> str:
    if not isinstance(parts, Mapping):
        return ""
    return ", ".join(
        f"{str(component_name(Component(name))).lower()} "
        f"{format_amount(minor, currency, signed=signed)}"
        for name, minor in parts.items()
        if name in set(Component) and minor
    )


def _problems(payload: Payload) -> str:
    problems = payload.get("problems") or []
    if not problems:
        return _("all solved")
    return ", ".join(
        str(problem_name(DataProblem(problem))) if problem in set(DataProblem) else str(problem)
        for problem in problems
    )


def _direction(payload: Payload) -> str:
    return _("From the debtor, ") if payload.get("direction") == Direction.IN else ""


def _reference(payload: Payload) -> str:
    reference = payload.get("reference")
    return f", {reference}" if reference else ""


_WORDS: Final[dict[str, Callable[[Payload], str | None]]] = {
    "from": _word(Stage, stage_name, "from"),
    "to": _word(Stage, stage_name, "to"),
    "hold": _word(HoldKind, hold_name, "kind"),
    "work": _word(WorkKind, work_name, "kind"),
    "channel": _word(Channel, channel_name, "channel"),
    "medium": _lower(_word(MessageChannel, message_channel_name, "channel")),
    "result": _word(AttemptResult, result_name, "result"),
    "template": _word(Template, template_name, "template"),
    "component": _word(Component, component_name, "component"),
    "role": _word(PartyRole, role_name, "role"),
    "amount": _money("amount_minor"),
    "paid": _money("paid_minor"),
    "claim": _money("claim_minor"),
    "due_amount": _money("due_minor"),
    "due": _day("due_on"),
    "effective": _day("effective_on"),
    "put_aside_until": _day("until_on"),
    "until": _until,
    "note": _note,
    "text": lambda payload: str(payload.get("note") or ""),
    "allocated": _allocated,
    "changes": _changes,
    "problems": _problems,
    "direction": _direction,
    "reference": _reference,
}
