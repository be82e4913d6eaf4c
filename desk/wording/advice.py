"""What to do next and why, in one sentence: do this by then, because fact and fact.

The order is a template that holds the name in the nominative, so that no language has to decline
it; the reasons are clauses that follow "because".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from cases.lifecycle import Handler, HoldKind, WorkKind
from cases.wording import hold_name
from contacts.guard import Refused, Rule, Verdict
from contacts.wording.guard import rule_text
from desk.wording.reasons import problems_text
from kernel.clock import legal_day
from staff.figures import (
    format_clock,
    format_count,
    format_day,
    format_moment,
    format_money,
    format_short_day,
    format_short_weekday,
)

MOST_REASONS: Final = 2


class Advice(NamedTuple):
    """``order`` is set in 600, ``because`` in 400."""

    order: str
    because: str


class Work(NamedTuple):
    """The first thing that waits for a person; ``reason`` holds the codes it was opened with."""

    kind: WorkKind
    due_on: date
    reason: Mapping[str, Any]
    step: str = ""


class Promised(NamedTuple):
    amount_minor: int
    currency: str
    due_on: date


class NextStep(NamedTuple):
    """The step that comes next by itself; ``first_on`` None where nobody can say when."""

    title: str
    first_on: date | None
    is_due: bool
    blocker: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the sentence is made from. ``phone`` says whether the debtor may be called now, and
    ``phone_until`` until what time of the day; ``is_reachable`` whether there is any number,
    mailbox or address that can be used."""

    name: str
    at: datetime
    phone: Verdict
    phone_until: time | None = None
    due: str = ""
    days_past_due: int = 0
    closed_on: date | None = None
    handled_by: Handler = Handler.HOUSE
    work: Work | None = None
    waiting: str = ""
    broken_promise: Promised | None = None
    open_promise: Promised | None = None
    next_instalment: Promised | None = None
    holds: Sequence[tuple[HoldKind, date | None]] = ()
    notice_ends_on: date | None = None
    next_step: NextStep | None = None
    on_strategy: bool = True
    is_reachable: bool = True

    @property
    def today(self) -> date:
        return legal_day(self.at)


#: Why nobody may speak to the debtor, whatever else is to be done.
_SILENT: Final[dict[Rule, Promise]] = {
    Rule.DEATH: gettext_lazy("the debtor has died"),
    Rule.BANKRUPTCY: gettext_lazy("the debtor is bankrupt and claims go to the trustee"),
    Rule.LEGAL_HOLD: gettext_lazy("a legal hold forbids it"),
}

_CALLS: Final[dict[WorkKind, Promise]] = {
    WorkKind.CALL: gettext_lazy("Call %(name)s %(when)s and ask for %(due)s"),
    WorkKind.BROKEN_PROMISE: gettext_lazy("Call %(name)s %(when)s and offer instalments"),
    WorkKind.BROKEN_AGREEMENT: gettext_lazy("Call %(name)s %(when)s and agree on what can be kept"),
}
_ORDERS: Final[dict[WorkKind, Promise]] = {
    WorkKind.FIND_ADDRESS: gettext_lazy("Find an address of %(name)s %(by)s"),
    WorkKind.FIND_PHONE: gettext_lazy("Find a phone number of %(name)s %(by)s"),
    WorkKind.SOLVE_DATA_PROBLEM: gettext_lazy("Put the data of %(name)s right %(by)s"),
    WorkKind.LETTER_RETURNED: gettext_lazy("Check the address of %(name)s %(by)s"),
    WorkKind.ANSWER_REQUEST: gettext_lazy("Answer the request of %(name)s %(by)s"),
    WorkKind.REVIEW: gettext_lazy("Review the case of %(name)s %(by)s and decide what follows"),
    WorkKind.APPROVAL_REFUSED: gettext_lazy("Decide %(by)s what follows the refusal: %(name)s"),
    WorkKind.PLACEMENT_ENDED: gettext_lazy("Take %(name)s over from the agency %(by)s"),
}
_REASONS: Final[dict[WorkKind, Promise]] = {
    WorkKind.CALL: gettext_lazy("the strategy asks for a call"),
    WorkKind.BROKEN_PROMISE: gettext_lazy("a promise was not kept"),
    WorkKind.BROKEN_AGREEMENT: gettext_lazy("an agreement was broken"),
    WorkKind.FIND_ADDRESS: gettext_lazy("no postal address can be used"),
    WorkKind.FIND_PHONE: gettext_lazy("no phone number can be used"),
    WorkKind.SOLVE_DATA_PROBLEM: gettext_lazy("the machine does not act on data that bad"),
    WorkKind.LETTER_RETURNED: gettext_lazy("a letter came back undelivered"),
    WorkKind.ANSWER_REQUEST: gettext_lazy("the debtor waits for an answer"),
    WorkKind.REVIEW: gettext_lazy("the strategy asks a person to look"),
    WorkKind.APPROVAL_REFUSED: gettext_lazy("what was proposed was refused"),
    WorkKind.PLACEMENT_ENDED: gettext_lazy("the agency has the case no more"),
}
#: By the code that the work was opened with.
_CODES: Final[dict[str, Promise]] = {
    "call_back": gettext_lazy("the debtor asked to be called on %(moment)s"),
    "dispute": gettext_lazy("the debtor disputes the debt: %(note)s"),
    "wrong_number": gettext_lazy("the last number did not lead to the debtor"),
}
_ELSEWHERE: Final[dict[Handler, Promise]] = {
    Handler.AGENCY: gettext_lazy("an external agency has the case in hand"),
    Handler.COURT: gettext_lazy("the court has the case in hand"),
}


def advise(situation: Situation) -> Advice:
    """The one sentence of the case page."""
    if situation.closed_on is not None:
        return Advice(
            _("There is nothing to do,"),
            _("because nothing is due any more: the case was closed on %(day)s.")
            % {"day": format_day(situation.closed_on)},
        )
    phone = situation.phone
    if isinstance(phone, Refused) and phone.rule in _SILENT:
        order = _("Do not contact %(name)s,") % {"name": situation.name}
        return _advice(order, [str(_SILENT[phone.rule])])
    if situation.work is not None:
        return _advice(_order(situation, situation.work), _work_reasons(situation, situation.work))
    return _waiting(situation)


def _advice(order: str, reasons: Sequence[str]) -> Advice:
    """``because one and two.``"""
    told = [_lower(reason) for reason in reasons if reason][:MOST_REASONS]
    if not told:
        return Advice(order, "")
    joined = _(" and ").join(told)
    return Advice(order, _("because %(reasons)s.") % {"reasons": joined})


def _lower(text: str) -> str:
    """In the middle of a sentence; an abbreviation keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _order(situation: Situation, work: Work) -> str:
    text = _CALLS.get(work.kind)
    if text is None:
        values = {"name": situation.name, "by": _by(situation, work.due_on)}
        return f"{str(_ORDERS[work.kind]) % values},"
    if isinstance(situation.phone, Refused) and situation.phone.next_at is None:
        return _("Do not call %(name)s now,") % {"name": situation.name}
    values = {"name": situation.name, "when": _when(situation, work), "due": situation.due}
    return f"{str(text) % values},"


def _when(situation: Situation, work: Work) -> str:
    """When the call may be made, or has to be."""
    phone, today = situation.phone, situation.today
    if work.due_on > today:
        return _by(situation, work.due_on)
    if not isinstance(phone, Refused):
        if situation.phone_until is None:
            return _("today")
        return _("today before %(time)s") % {"time": f"{situation.phone_until:%H:%M}"}
    assert phone.next_at is not None
    values = {"time": format_clock(phone.next_at)}
    if legal_day(phone.next_at) == today:
        return _("today from %(time)s") % values
    day = format_short_weekday(legal_day(phone.next_at), get_language() or "en")
    return _("on %(day)s from %(time)s") % {"day": day, **values}


def _by(situation: Situation, due_on: date) -> str:
    if due_on <= situation.today:
        return _("today")
    return _("by %(day)s") % {"day": format_day(due_on)}


def _work_reasons(situation: Situation, work: Work) -> list[str]:
    reasons = []
    phone = situation.phone
    if work.kind in _CALLS and isinstance(phone, Refused) and phone.next_at is None:
        rule = rule_text(phone.rule, phone.values)
        reasons.append(_("it is not allowed (%(rule)s)") % {"rule": _lower(rule)})
    reasons.append(_why_work(situation, work))
    if situation.notice_ends_on is not None:
        reasons.append(
            _("until %(day)s restructuring may be asked for")
            % {"day": format_short_day(situation.notice_ends_on)}
        )
    if work.due_on < situation.today:
        reasons.append(_("it has waited since %(day)s") % {"day": format_short_day(work.due_on)})
    return reasons


def _why_work(situation: Situation, work: Work) -> str:
    reason = work.reason
    if reason.get("code") in _CODES:
        return str(_CODES[reason["code"]]) % {
            "moment": _moment(reason.get("at")),
            "note": reason.get("note", ""),
        }
    if (note := reason.get("note")) and work.kind is WorkKind.APPROVAL_REFUSED:
        return _("what was proposed was not granted: “%(note)s”") % {"note": note}
    if note:
        return _("it was noted: “%(note)s”") % {"note": note}
    amount, currency = reason.get("amount_minor"), reason.get("currency")
    money = format_money(amount, currency) if amount and currency else ""
    broken = situation.broken_promise
    if work.kind is WorkKind.BROKEN_PROMISE and (broken or (money and reason.get("due_on"))):
        due_on = broken.due_on if broken else date.fromisoformat(str(reason["due_on"]))
        kept = format_money(broken.amount_minor, broken.currency) if broken else money
        return _("the promise of %(amount)s for %(day)s was not kept") % {
            "amount": kept,
            "day": format_short_day(due_on),
        }
    if work.kind is WorkKind.BROKEN_AGREEMENT and money:
        return _("the instalment of %(amount)s did not come") % {"amount": money}
    if work.kind is WorkKind.SOLVE_DATA_PROBLEM and reason.get("problems"):
        return _("the machine does not act on it: %(problems)s") % {
            "problems": _lower(problems_text(reason["problems"]))
        }
    if reason.get("code") == "step" and work.step and situation.days_past_due:
        return _step_reason(situation.days_past_due, work.step)
    return str(_REASONS[work.kind])


def _moment(text: Any) -> str:
    try:
        return format_moment(datetime.fromisoformat(str(text)))
    except ValueError:
        return "–"


def _step_reason(days: int, step: str) -> str:
    return ngettext(
        "it is %(days)s day past due and the strategy has come to “%(step)s”",
        "it is %(days)s days past due and the strategy has come to “%(step)s”",
        days,
    ) % {"days": format_count(days), "step": step}


def _waiting(situation: Situation) -> Advice:
    """Nothing is on the list of a person: what the case waits for."""
    if situation.waiting:
        order = _("Wait for the decision: %(what)s,") % {"what": _lower(situation.waiting)}
        return _advice(order, [_("it is proposed and a person with the authority decides")])
    if situation.open_promise is not None:
        return _wait_for(situation.open_promise, _("it was promised and nothing is asked before"))
    if situation.handled_by is Handler.AGREEMENT and situation.next_instalment is not None:
        return _wait_for(
            situation.next_instalment, _("an agreement is in force and is kept so far")
        )
    if situation.handled_by in _ELSEWHERE:
        return _advice(_("Leave it to them,"), [str(_ELSEWHERE[situation.handled_by])])
    if not situation.is_reachable:
        order = _("Find a phone number or an address of %(name)s,") % {"name": situation.name}
        return _advice(order, [_("nothing is known by which the debtor can be reached")])
    if situation.holds:
        return _held(situation.holds)
    if not situation.on_strategy:
        order = _("Decide what follows for %(name)s,") % {"name": situation.name}
        return _advice(order, [_("the case is on no strategy")])
    if situation.next_step is None:
        order = _("Decide what follows for %(name)s,") % {"name": situation.name}
        return _advice(order, [_("every step of the strategy is behind the case")])
    return _ahead(situation.next_step)


def _wait_for(promised: Promised, reason: str) -> Advice:
    order = _("Wait for %(amount)s until %(day)s,") % {
        "amount": format_money(promised.amount_minor, promised.currency),
        "day": format_day(promised.due_on),
    }
    return _advice(order, [reason])


def _held(holds: Sequence[tuple[HoldKind, date | None]]) -> Advice:
    ends = [until for _kind, until in holds]
    names = ", ".join(_lower(str(hold_name(kind))) for kind, _until in holds)
    reason = _("it is on hold: %(holds)s") % {"holds": names}
    if None in ends:
        return _advice(_("Leave the case as it is until the hold is ended,"), [reason])
    last = max(day for day in ends if day is not None)
    order = _("Leave the case as it is until %(day)s,") % {"day": format_day(last)}
    return _advice(order, [reason])


def _ahead(step: NextStep) -> Advice:
    values = {"step": step.title}
    if step.is_due:
        order = _("Nothing is to be done by hand today,")
        return _advice(order, [_("“%(step)s” is taken with the close of the day") % values])
    if step.first_on is not None:
        order = _("Nothing is to be done until %(day)s,") % {"day": format_day(step.first_on)}
        return _advice(order, [_("“%(step)s” comes then at the earliest") % values])
    order = _("Nothing is to be done by hand now,")
    reason = _("“%(step)s” waits for something that has no day") % values
    if step.blocker:
        reason = _("“%(step)s” waits: %(blocker)s") % {**values, "blocker": _lower(step.blocker)}
    return _advice(order, [reason])
