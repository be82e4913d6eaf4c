"""A strategy in words: when a step is taken, what it does, and what becomes of cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from cases.lifecycle import Handler, HoldKind, Stage, WorkKind
from cases.wording import handler_name, hold_name, stage_name, work_name
from contacts.lifecycle import Template
from contacts.wording import template_name
from debtors.lifecycle import DebtorKind, Product
from debtors.wording import debtor_kind_name, product_name
from escalation.actions import Action, ActionName
from escalation.conditions import OTHER_CURRENCY, Comparison, Condition, Wait, WaitName, Wanted
from escalation.lifecycle import VersionStatus
from escalation.strategy import InFlight, Step
from escalation.wording import answer_name, fact_name, proposal_name
from staff.figures import format_decimal

_STATUSES: Final[dict[VersionStatus, Promise]] = {
    VersionStatus.PROPOSED: pgettext_lazy("version", "waits for a second person"),
    VersionStatus.IN_FORCE: pgettext_lazy("version", "in force"),
    VersionStatus.RETIRED: pgettext_lazy("version", "replaced"),
    VersionStatus.REFUSED: pgettext_lazy("version", "refused"),
    VersionStatus.SENT_BACK: pgettext_lazy("version", "sent back"),
    VersionStatus.WITHDRAWN: pgettext_lazy("version", "withdrawn"),
}
_IN_FLIGHT: Final[dict[InFlight, Promise]] = {
    InFlight.FINISH: gettext_lazy("Cases in flight finish on the version they are on."),
    InFlight.MOVE: gettext_lazy("Cases in flight move to the step of the same key."),
}


_WORDS: Final[Mapping[str, Callable[[str], Any]]] = {
    "product": lambda word: product_name(Product(word)),
    "debtor_kind": lambda word: debtor_kind_name(DebtorKind(word)),
    "stage": lambda word: stage_name(Stage(word)),
    "handled_by": lambda word: handler_name(Handler(word)),
    "holds": lambda word: hold_name(HoldKind(word)),
}
_TESTS: Final[dict[Comparison, Promise]] = {
    Comparison.IS: gettext_lazy("%(fact)s: %(value)s"),
    Comparison.IS_NOT: gettext_lazy("%(fact)s: not %(value)s"),
    Comparison.AT_LEAST: gettext_lazy("%(fact)s: at least %(value)s"),
    Comparison.AT_MOST: gettext_lazy("%(fact)s: at most %(value)s"),
    Comparison.ONE_OF: gettext_lazy("%(fact)s: one of %(value)s"),
    Comparison.NONE_OF: gettext_lazy("%(fact)s: none of %(value)s"),
    Comparison.ANY_OF: gettext_lazy("%(fact)s: one of %(value)s"),
}


def describe_condition(condition: Condition) -> str:
    """``days past due: at least 30``; a flag is its name alone, or its absence."""
    fact, wanted = condition.fact.key, condition.wanted
    if wanted is True:
        return fact_name(fact)
    if wanted is False:
        return _("no %(fact)s") % {"fact": fact_name(fact)}
    return str(_TESTS[condition.test]) % {
        "fact": fact_name(fact),
        "value": _wanted(fact, wanted),
    }


def _wanted(fact: str, wanted: Wanted) -> str:
    if isinstance(wanted, Mapping):
        parts = []
        for currency, major in wanted.items():
            amount = format_decimal(major, places=0)
            parts.append(
                _("%(amount)s in any other currency") % {"amount": amount}
                if currency == OTHER_CURRENCY
                else f"{amount} {currency}"
            )
        return ", ".join(parts)
    if isinstance(wanted, frozenset):
        return ", ".join(_word(fact, word) for word in sorted(wanted))
    if wanted == "nothing":
        return _("nothing")
    return _word(fact, wanted) if isinstance(wanted, str) else str(wanted)


def _word(fact: str, word: str) -> str:
    if fact in _WORDS:
        return str(_WORDS[fact](word))
    return word if fact == "currency" else answer_name(word)


def describe_wait(wait: Wait) -> str:
    """``14 working days after delivery: notice under art. 75c``"""
    match wait.name:
        case WaitName.DAYS_PAST_DUE:
            term = ngettext("%(days)d day past due", "%(days)d days past due", wait.days)
        case WaitName.DAYS_AFTER_PREVIOUS_STEP:
            term = ngettext(
                "%(days)d day after the previous step",
                "%(days)d days after the previous step",
                wait.days,
            )
        case WaitName.WORKING_DAYS_AFTER_PREVIOUS_STEP:
            term = ngettext(
                "%(days)d working day after the previous step",
                "%(days)d working days after the previous step",
                wait.days,
            )
        case WaitName.DAYS_AFTER_DELIVERY_OF:
            term = ngettext(
                "%(days)d day after delivery: %(letter)s",
                "%(days)d days after delivery: %(letter)s",
                wait.days,
            )
        case WaitName.WORKING_DAYS_AFTER_DELIVERY_OF:
            term = ngettext(
                "%(days)d working day after delivery: %(letter)s",
                "%(days)d working days after delivery: %(letter)s",
                wait.days,
            )
        case WaitName.ANSWER_OF_THE_POST_FOR:
            term = _("the answer of the post: %(letter)s")
    return term % {"days": wait.days, "letter": fact_name(wait.letter) if wait.letter else ""}


def version_status_name(status: VersionStatus) -> Promise:
    return _STATUSES[status]


def in_flight_text(in_flight: InFlight) -> Promise:
    return _IN_FLIGHT[in_flight]


def step_conditions(step: Step) -> str:
    """All that must have come and must hold: ``7 days past due, phone known``."""
    parts = [describe_wait(wait) for wait in step.wait]
    parts += [describe_condition(condition) for condition in step.when]
    return ", ".join(parts)


def step_skips(step: Step) -> str:
    return _or(describe_condition(condition) for condition in step.skip_when)


def any_of(conditions: Iterable[Condition]) -> str:
    return _or(describe_condition(condition) for condition in conditions)


def _or(parts: Iterable[str]) -> str:
    return _(" or ").join(parts)


def action_text(action: Action) -> str:
    match action.name:
        case ActionName.ASK_PERSON_TO:
            return _("A person: %(what)s") % {"what": work_name(WorkKind(action.what))}
        case ActionName.SEND_MESSAGE:
            return _("SMS or e-mail: %(what)s") % {"what": template_name(Template(action.what))}
        case ActionName.SEND_LETTER:
            return _("Letter: %(what)s") % {"what": template_name(Template(action.what))}
        case ActionName.PROPOSE:
            return _("Ask a person to decide: %(what)s") % {"what": proposal_name(action.what)}


def step_text(step: Step) -> str:
    text = ", ".join(action_text(action) for action in step.do)
    if step.repeat > 1:
        text += _(", up to %(times)s times") % {"times": step.repeat}
    return text
