"""The fields of a step's form: what each is called, its unit, and the names of its choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.lifecycle import Stage, WorkKind
from cases.wording import stage_name, work_name
from contacts.lifecycle import Template
from contacts.wording import template_name
from desk.wording.strategies.phrases import (
    after_refusal_name,
    in_flight_text,
    otherwise_text,
    word_name,
)
from escalation.actions import ActionName
from escalation.conditions import OTHER_CURRENCY, Comparison, WaitName
from escalation.editing import Field
from escalation.strategy import AfterRefusal, InFlight, Otherwise
from escalation.wording import fact_name, proposal_name
from staff.figures import currency_symbol

_LABELS: Final[dict[str, Promise]] = {
    "title.en": gettext_lazy("Name in English"),
    "title.pl": gettext_lazy("Name in Polish"),
    "stage": gettext_lazy("Stage"),
    "in_flight": gettext_lazy("Cases in flight"),
    "otherwise": gettext_lazy("If a condition does not hold"),
    "repeat": gettext_lazy("At most so many times"),
    "if_refused": gettext_lazy("If a person refuses"),
    "if_refused.propose_again_after_days": gettext_lazy("Proposed again after"),
}
_WAITS: Final[dict[WaitName, Promise]] = {
    WaitName.DAYS_PAST_DUE: gettext_lazy("Not before the arrears are"),
    WaitName.DAYS_AFTER_PREVIOUS_STEP: gettext_lazy("After the previous step, wait"),
    WaitName.WORKING_DAYS_AFTER_PREVIOUS_STEP: gettext_lazy("After the previous step, wait"),
    WaitName.DAYS_AFTER_DELIVERY_OF: gettext_lazy("After delivery, wait: %(letter)s"),
    WaitName.WORKING_DAYS_AFTER_DELIVERY_OF: gettext_lazy("After delivery, wait: %(letter)s"),
    WaitName.ANSWER_OF_THE_POST_FOR: gettext_lazy("Waits for the answer of the post"),
}
_ACTIONS: Final[dict[ActionName, Promise]] = {
    ActionName.ASK_PERSON_TO: gettext_lazy("A person does"),
    ActionName.SEND_MESSAGE: gettext_lazy("SMS or e-mail"),
    ActionName.SEND_LETTER: gettext_lazy("Letter"),
    ActionName.PROPOSE: gettext_lazy("A person decides on"),
}
_CONDITIONS: Final[dict[Comparison, Promise]] = {
    Comparison.IS: gettext_lazy("%(fact)s"),
    Comparison.IS_NOT: gettext_lazy("%(fact)s is not"),
    Comparison.AT_LEAST: gettext_lazy("%(fact)s at least"),
    Comparison.AT_MOST: gettext_lazy("%(fact)s at most"),
    Comparison.ONE_OF: gettext_lazy("%(fact)s is one of"),
    Comparison.NONE_OF: gettext_lazy("%(fact)s is none of"),
    Comparison.ANY_OF: gettext_lazy("%(fact)s has one of"),
}
_DAYS: Final = frozenset(WaitName) - {WaitName.ANSWER_OF_THE_POST_FOR}
_WORKING: Final = (
    WaitName.WORKING_DAYS_AFTER_PREVIOUS_STEP,
    WaitName.WORKING_DAYS_AFTER_DELIVERY_OF,
)


def field_label(field: Field) -> str:
    """What the field is called, with a capital."""
    label = _LABELS.get(field.name) or _label_of_part(field.path)
    text = str(label)
    return text[:1].upper() + text[1:]


def _label_of_part(path: tuple[str, ...]) -> str:
    match path:
        case ("wait", wait, *letter):
            return str(_WAITS[WaitName(wait)]) % {"letter": fact_name(letter[0]) if letter else ""}
        case ("do", action):
            return str(_ACTIONS[ActionName(action)])
        case (("when" | "skip_when"), fact, *rest):
            test = Comparison(rest[0]) if rest else Comparison.IS
            return str(_CONDITIONS[test]) % {"fact": fact_name(fact)}
    raise KeyError(path)


def field_unit(field: Field) -> str:
    """What stands behind the input: ``days``, ``working days``, ``zł``."""
    match field.path:
        case ("wait", WaitName.DAYS_PAST_DUE):
            return _("days past due")
        case ("wait", wait, *_rest) if wait in _WORKING:
            return _("working days")
        case ("wait", wait, *_rest) if wait in _DAYS:
            return _("days")
        case ("if_refused", _again):
            return _("days")
        case (("when" | "skip_when"), _fact, _test, currency) if currency == OTHER_CURRENCY:
            return _("in any other currency")
        case (("when" | "skip_when"), _fact, _test, currency):
            return currency_symbol(currency)
    return ""


def field_choices(field: Field) -> list[tuple[str, str]]:
    """Each word that the field may be, and its name."""
    name = _namer(field.path)
    return [(str(word), str(name(word))) for word in field.choices]


_NAMERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "stage": lambda word: stage_name(Stage(word)),
    "in_flight": lambda word: in_flight_text(InFlight(word)),
    "otherwise": lambda word: otherwise_text(Otherwise(word)),
    "if_refused": lambda word: after_refusal_name(AfterRefusal(word)),
    "do.ask_person_to": lambda word: work_name(WorkKind(word)),
    "do.send_message": lambda word: template_name(Template(word)),
    "do.send_letter": lambda word: template_name(Template(word)),
    "do.propose": proposal_name,
    "wait.answer_of_the_post_for": fact_name,
}


def _namer(path: tuple[str, ...]) -> Callable[[str], Any]:
    found = _NAMERS.get(".".join(path))
    return found or (lambda word: word_name(path[1], word))
