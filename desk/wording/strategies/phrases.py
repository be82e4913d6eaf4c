"""A strategy in words: when a step is taken, what it does, and what becomes of cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
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
from escalation.earliest import Depends
from escalation.facts import (
    LETTER_STATES,
    PLACEMENT_STATES,
    REFERRAL_STATES,
    TERMINATION_STATES,
)
from escalation.lifecycle import VersionStatus
from escalation.strategy import AfterRefusal, IfRefused, InFlight, Otherwise, Step
from escalation.wording import answer_name, fact_name, proposal_name
from staff.figures import NBSP, currency_symbol, format_decimal

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


_OTHERWISE: Final[dict[Otherwise, Promise]] = {
    Otherwise.SKIP: gettext_lazy("the step is passed over"),
    Otherwise.WAIT: gettext_lazy("the case waits"),
}
_AFTER_REFUSAL: Final[dict[AfterRefusal, Promise]] = {
    AfterRefusal.STOP: gettext_lazy("the case stays where it is"),
    AfterRefusal.GO_ON: gettext_lazy("the case goes on to the next step"),
    AfterRefusal.PROPOSE_AGAIN: gettext_lazy("it is proposed again later"),
}
_DEPENDS: Final[dict[Depends, Promise]] = {
    Depends.DELIVERY: gettext_lazy("when the post delivers"),
    Depends.DECISION: gettext_lazy("when a person decides"),
    Depends.EFFECT: gettext_lazy("when the termination takes effect"),
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
    Comparison.AT_LEAST: gettext_lazy("%(fact)s at least %(value)s"),
    Comparison.AT_MOST: gettext_lazy("%(fact)s at most %(value)s"),
    Comparison.ONE_OF: gettext_lazy("%(fact)s: one of %(value)s"),
    Comparison.NONE_OF: gettext_lazy("%(fact)s: none of %(value)s"),
    Comparison.ANY_OF: gettext_lazy("%(fact)s: one of %(value)s"),
}


#: Conditions that every strategy has, said as people say them.
_SAID: Final[Mapping[tuple[str, Comparison, bool | str], Promise]] = {
    ("overdue", Comparison.IS, "nothing"): gettext_lazy("nothing is overdue"),
    ("overdue", Comparison.IS_NOT, "nothing"): gettext_lazy("something is overdue"),
    ("on_hold", Comparison.IS, True): gettext_lazy("a hold stops it"),
    ("handled_by", Comparison.IS_NOT, "house"): gettext_lazy("the case is in other hands"),
    ("consumer_debt_time_barred", Comparison.IS, True): gettext_lazy(
        "the debt of a consumer is time-barred"
    ),
    # A language that declines what is missing cannot put it together.
    ("consumer", Comparison.IS, False): gettext_lazy("not a consumer"),
    ("phone", Comparison.IS, False): gettext_lazy("no usable phone number"),
    ("mobile", Comparison.IS, False): gettext_lazy("no usable mobile number"),
    ("email", Comparison.IS, False): gettext_lazy("no usable e-mail address"),
    ("postal_address", Comparison.IS, False): gettext_lazy("no usable postal address"),
}
#: A letter or proposal in a state: ``termination in effect``.
_STATE: Final = pgettext_lazy("letter or proposal", "%(fact)s %(value)s")
_STATES: Final = frozenset(
    {*LETTER_STATES, *TERMINATION_STATES, *PLACEMENT_STATES, *REFERRAL_STATES}
)


def describe_condition(condition: Condition) -> str:
    """``days past due at least 30``; a flag is its name alone, or its absence."""
    fact, wanted = condition.fact.key, condition.wanted
    if isinstance(wanted, bool | str):
        said = _SAID.get((fact, condition.test, wanted))
        if said is not None:
            return str(said)
    if wanted is True:
        return fact_name(fact)
    if wanted is False:
        return _("no %(fact)s") % {"fact": fact_name(fact)}
    is_state = condition.test is Comparison.IS and set(condition.fact.words) <= _STATES
    return str(_STATE if is_state and condition.fact.words else _TESTS[condition.test]) % {
        "fact": fact_name(fact),
        "value": _wanted(fact, wanted),
    }


def _wanted(fact: str, wanted: Wanted) -> str:
    if isinstance(wanted, Mapping):
        parts = []
        for currency, major in wanted.items():
            amount = _sum(major)
            parts.append(
                _("%(amount)s in any other currency") % {"amount": amount}
                if currency == OTHER_CURRENCY
                else f"{amount}{NBSP}{currency_symbol(currency)}"
            )
        return ", ".join(parts)
    if isinstance(wanted, frozenset):
        return ", ".join(word_name(fact, word) for word in sorted(wanted))
    if wanted == "nothing":
        return _("nothing")
    return word_name(fact, wanted) if isinstance(wanted, str) else str(wanted)


def _sum(major: Decimal) -> str:
    """Whole sums without decimals."""
    return format_decimal(major, places=0 if major == major.to_integral_value() else 2)


def word_name(fact: str, word: str) -> str:
    """A word that a fact may be."""
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


def step_conditions(step: Step, *, day: int | None = None) -> str:
    """All that must have come and must hold: ``7 days past due, phone known``.

    A wait for the ``day`` past due that stands beside the step already is left out.
    """
    parts = [
        describe_wait(wait)
        for wait in step.wait
        if not (wait.name is WaitName.DAYS_PAST_DUE and wait.days == day)
    ]
    parts += [describe_condition(condition) for condition in step.when]
    return ", ".join(parts)


def step_skips(step: Step) -> str:
    return _or(describe_condition(condition) for condition in step.skip_when)


def otherwise_text(otherwise: Otherwise) -> str:
    """What happens where the conditions of a step do not hold."""
    return str(_OTHERWISE[otherwise])


def after_refusal_name(then: AfterRefusal) -> Promise:
    return _AFTER_REFUSAL[then]


def refusal_text(if_refused: IfRefused) -> str:
    """What follows when a person refuses what the step proposed."""
    if if_refused.then is AfterRefusal.PROPOSE_AGAIN:
        text = ngettext(
            "it is proposed again after %(days)d day",
            "it is proposed again after %(days)d days",
            if_refused.after_days,
        )
        return text % {"days": if_refused.after_days}
    return str(_AFTER_REFUSAL[if_refused.then])


def depends_text(depends: Iterable[Depends]) -> str:
    """Why nobody can foresee the day: ``when the post delivers, when a person decides``"""
    return ", ".join(str(_DEPENDS[one]) for one in Depends if one in set(depends))


def any_of(conditions: Iterable[Condition]) -> str:
    return _or(describe_condition(condition) for condition in conditions)


def _or(parts: Iterable[str]) -> str:
    """``a, b or c``"""
    *first, last = list(parts) or [""]
    return _("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last} if first else last


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


def actions_text(actions: Iterable[Action]) -> str:
    return ", ".join(action_text(action) for action in actions)


def rounds_text(repeat: int) -> str:
    if repeat == 1:
        return _("once")
    return _("up to %(times)s times") % {"times": repeat}


def step_text(step: Step) -> str:
    text = actions_text(step.do)
    return f"{text}, {rounds_text(step.repeat)}" if step.repeat > 1 else text
