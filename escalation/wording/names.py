"""Names of facts, waits, states and values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.lifecycle import Handler, HoldKind, Stage
from cases.wording import handler_name, hold_name, stage_name
from debtors.lifecycle import DebtorKind, Product
from debtors.wording import debtor_kind_name, product_name
from escalation.conditions import WaitName
from escalation.facts import FACTS, FactType
from staff.figures import currency_symbol, format_day, format_money

_FACTS: Final[dict[str, Promise]] = {
    "overdue": _("overdue"),
    "outstanding": _("owed in all"),
    "currency": _("currency"),
    "days_past_due": _("days past due"),
    "product": _("product"),
    "debtor_kind": _("kind of debtor"),
    "consumer": _("consumer"),
    "stage": _("stage"),
    "handled_by": _("in the hands of"),
    "on_hold": _("a hold stops escalation"),
    "holds": _("holds"),
    "days_since_contact": _("days since the last attempt to reach the debtor"),
    "days_since_conversation": _("days since the last conversation"),
    "open_promise": _("open promise to pay"),
    "broken_promises": _("broken promises"),
    "phone": _("usable phone number"),
    "mobile": _("usable mobile number"),
    "email": _("usable e-mail address"),
    "reachable_by_message": _("reachable by SMS or e-mail"),
    "postal_address": _("usable postal address"),
    "consumer_debt_time_barred": _("time-barred consumer debt"),
    "complaint": _("open complaint"),
    "restructuring_request": _("open restructuring request"),
    "data_problem": _("data problem"),
    "agreement_in_force": _("agreement in force"),
    "in_default": _("in default"),
    "forborne": _("forborne"),
    "demand": _("demand for payment"),
    "notice_75c": _("notice under art. 75c"),
    "termination_notice": _("statement of termination"),
    "termination": _("termination"),
    "days_since_termination": _("days since termination"),
    "placement": _("agency placement"),
    "days_since_placement_ended": _("days since the agency gave the case back"),
    "past_placements": _("earlier placements"),
    "referral": _("court referral"),
}
_WAITS: Final[dict[WaitName, Promise]] = {
    WaitName.DAYS_PAST_DUE: _("days past due"),
    WaitName.DAYS_AFTER_PREVIOUS_STEP: _("days after the previous step"),
    WaitName.WORKING_DAYS_AFTER_PREVIOUS_STEP: _("working days after the previous step"),
    WaitName.DAYS_AFTER_DELIVERY_OF: _("days after delivery"),
    WaitName.WORKING_DAYS_AFTER_DELIVERY_OF: _("working days after delivery"),
    WaitName.ANSWER_OF_THE_POST_FOR: _("answer of the post"),
}
_STATES: Final[dict[str, Promise]] = {
    "none": pgettext_lazy("letter or proposal", "none yet"),
    "queued": pgettext_lazy("letter or proposal", "ready to be sent"),
    "handed_over": pgettext_lazy("letter or proposal", "with the post"),
    "delivered": pgettext_lazy("letter or proposal", "delivered"),
    "returned": pgettext_lazy("letter or proposal", "came back"),
    "skipped": pgettext_lazy("letter or proposal", "not sent"),
    "proposed": pgettext_lazy("letter or proposal", "waiting for a decision"),
    "refused": pgettext_lazy("letter or proposal", "refused"),
    "withdrawn": pgettext_lazy("letter or proposal", "taken back"),
    "granted": pgettext_lazy("letter or proposal", "granted"),
    "in_effect": pgettext_lazy("letter or proposal", "in effect"),
    "active": pgettext_lazy("letter or proposal", "with the agency"),
    "ended": pgettext_lazy("letter or proposal", "ended"),
    "filed": pgettext_lazy("letter or proposal", "at court"),
    "closed": pgettext_lazy("letter or proposal", "closed"),
}
_WORDS_OF: Final[Mapping[str, Callable[[str], Promise]]] = {
    "product": lambda word: product_name(Product(word)),
    "debtor_kind": lambda word: debtor_kind_name(DebtorKind(word)),
    "stage": lambda word: stage_name(Stage(word)),
    "handled_by": lambda word: handler_name(Handler(word)),
    "holds": lambda word: hold_name(HoldKind(word)),
}


def fact_name(key: str) -> str:
    return str(_FACTS[key])


def wait_name(name: str) -> str:
    return str(_WAITS[WaitName(name)])


def proposal_name(kind: str) -> str:
    """``termination``, ``placement`` or ``referral``."""
    return str(_FACTS[kind])


def answer_name(state: str) -> str:
    """The state of a letter or a proposal."""
    return str(_STATES[state])


def value_text(fact: str, value: Any) -> str:
    """A recorded value of a fact as a person reads it."""
    kind = FACTS[fact].type
    if kind is FactType.FLAG:
        return str(_("yes")) if value else str(_("no"))
    if value is None:
        return str(_("not known"))
    if kind is FactType.AMOUNT:
        return _amounts(value)
    if kind is FactType.WORDS:
        return ", ".join(word_text(fact, word) for word in value) or str(_("none"))
    return word_text(fact, value) if kind is FactType.WORD else str(value)


def word_text(fact: str, word: str) -> str:
    if fact in _WORDS_OF:
        return str(_WORDS_OF[fact](word))
    return str(_STATES.get(word, word))


def day_text(value: date | str) -> str:
    return format_day(date.fromisoformat(value) if isinstance(value, str) else value)


def _amounts(value: Mapping[str, int]) -> str:
    shown = [format_money(minor, currency) for currency, minor in sorted(value.items())]
    return " + ".join(shown) or str(_("nothing"))


def thresholds_text(wanted: Mapping[str, str]) -> str:
    """``{"PLN": "20000", "other": "50000"}`` as ``20 000 zł, 50 000 in other currencies``.

    In one order, whether it was read from the strategy or from a record that sorts its keys.
    """
    parts = []
    in_order = sorted(wanted.items(), key=lambda each: (each[0] == "other", each[0] != "PLN", each))
    for currency, major in in_order:
        amount = f"{Decimal(major):,}".replace(",", "\u00a0")
        parts.append(
            str(_("%(amount)s in any other currency")) % {"amount": amount}
            if currency == "other"
            else f"{amount}\u00a0{currency_symbol(currency)}"
        )
    return ", ".join(parts)
