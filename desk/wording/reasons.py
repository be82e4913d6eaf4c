"""Why a piece of work is on the list, in one line of at most some 45 characters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.lifecycle import WorkKind
from contacts.lifecycle import Direction
from contacts.wording import result_name
from debtors.lifecycle import DataProblem
from debtors.wording import channel_name, problem_name
from desk.queries.context import LastContact, StepTaken
from desk.wording.events import StepTitles
from staff.figures import format_day, format_moment, format_money, format_short_day

_BY_KIND: Final[dict[WorkKind, Promise]] = {
    WorkKind.CALL: gettext_lazy("The strategy asks for a call"),
    WorkKind.BROKEN_PROMISE: gettext_lazy("A promise was not kept"),
    WorkKind.BROKEN_AGREEMENT: gettext_lazy("An agreement was broken"),
    WorkKind.FIND_ADDRESS: gettext_lazy("No usable postal address"),
    WorkKind.FIND_PHONE: gettext_lazy("No usable phone number"),
    WorkKind.SOLVE_DATA_PROBLEM: gettext_lazy("The data are too bad to act on"),
    WorkKind.LETTER_RETURNED: gettext_lazy("A letter came back undelivered"),
    WorkKind.ANSWER_REQUEST: gettext_lazy("The debtor waits for an answer"),
    WorkKind.REVIEW: gettext_lazy("The strategy asks a person to look"),
    WorkKind.APPROVAL_REFUSED: gettext_lazy("What was proposed was refused"),
    WorkKind.PLACEMENT_ENDED: gettext_lazy("The agency has the case no more"),
}


def work_reason(kind: WorkKind, reason: Mapping[str, Any], *, titles: StepTitles) -> str:
    """From the codes and values that the work was opened with."""
    if reason.get("code") == "call_back" and (moment := _moment(reason.get("at"))):
        return _("The debtor asked to be called on %(moment)s") % {"moment": format_moment(moment)}
    if reason.get("code") == "dispute":
        return _("The debtor disputes the debt: %(note)s") % {"note": reason.get("note", "")}
    if reason.get("code") == "paid_at_court":
        return _("Paid after filing: the claim must be limited")
    if reason.get("code") == "wrong_number":
        return _("The last number did not lead to the debtor")
    if reason.get("code") == "agreement_not_broken":
        return _("Late money shows that the broken agreement had been kept")
    if note := reason.get("note"):
        is_refused = kind is WorkKind.APPROVAL_REFUSED
        return _("Not granted: %(note)s") % {"note": note} if is_refused else str(note)
    step = titles.get((str(reason.get("strategy")), str(reason.get("step"))))
    if reason.get("code") == "step" and step:
        return _("Step of the strategy: %(step)s") % {"step": step}
    if kind is WorkKind.SOLVE_DATA_PROBLEM and reason.get("problems"):
        return problems_text(reason["problems"])
    amount, currency = reason.get("amount_minor"), reason.get("currency")
    due_on = _day(reason.get("due_on"))
    if kind is WorkKind.BROKEN_PROMISE and amount and currency and due_on:
        return _("Promise of %(amount)s for %(day)s was not kept") % {
            "amount": format_money(amount, currency),
            "day": format_short_day(due_on),
        }
    if kind is WorkKind.BROKEN_AGREEMENT and amount and currency:
        return _("Instalment of %(amount)s did not come") % {
            "amount": format_money(amount, currency)
        }
    return str(_BY_KIND[kind])


def step_fact(
    reason: Mapping[str, Any],
    *,
    taken: Sequence[StepTaken],
    due_since: date | None,
    titles: StepTitles,
) -> str:
    """What had happened before a step asked for this work; empty where no step asks for it.

    What is to be done says itself which step it is: a row tells what led to it.
    """
    if reason.get("code") != "step":
        return ""
    asking = (str(reason.get("strategy")), str(reason.get("step")))
    at = next((i for i, one in enumerate(taken) if (one.strategy, one.step) == asking), None)
    before = taken[at + 1] if at is not None and at + 1 < len(taken) else None
    title = titles.get((before.strategy, before.step)) if before else None
    if before and title:
        return _("After “%(step)s” on %(day)s") % {
            "step": title,
            "day": format_short_day(before.on),
        }
    return _("Overdue since %(day)s") % {"day": format_day(due_since)} if due_since else ""


def problems_text(problems: Iterable[str]) -> str:
    """``no way to reach the debtor, no amount``"""
    text = ", ".join(
        str(problem_name(DataProblem(problem))) if problem in set(DataProblem) else problem
        for problem in problems
    )
    return text[:1].upper() + text[1:]


def last_contact_text(contact: LastContact | None) -> str:
    """``18.11 phone: promised to pay``"""
    if contact is None:
        return _("no contact yet")
    values = {
        "day": format_short_day(contact.happened_on),
        "channel": str(channel_name(contact.channel)).lower(),
        "result": str(result_name(contact.result)).lower(),
    }
    if contact.direction is Direction.IN:
        return _("%(day)s from them, %(channel)s: %(result)s") % values
    return _("%(day)s %(channel)s: %(result)s") % values


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
