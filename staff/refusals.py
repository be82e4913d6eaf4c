"""A refusal in the reader's language: a sentence per code, with its typed values put in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from kernel.money import Money
from staff.figures import format_day, format_money

#: Refusals that every app meets.
_COMMON: Final[dict[str, Promise]] = {
    "right_missing": _("Your role may not do this."),
    "own_proposal": _("You proposed this yourself: somebody else must decide it."),
    "over_limit": _("%(amount_minor)s is over your limit of %(limit_minor)s."),
    "decided_by_person_only": _("Only a person may decide this."),
    "reason_missing": _("Give a reason."),
    "case_not_found": _("There is no such case among those you may see."),
    "case_busy": _("Somebody else changed it first. Look again and decide anew."),
    "case_handled_by_another": _("The case is in other hands already: %(handled_by)s."),
    "move_not_allowed": _("It has changed meanwhile: its status is now %(status)s."),
    "user_not_found": _("There is no active user %(username)s."),
    "wrong_currency": _("The account is kept in %(account)s, the payment is in %(payment)s."),
    "future_value_day": _("The value day %(value_on)s has not come yet."),
}


def say_refusal(
    error: DomainError, sentences: Mapping[str, Promise], words: Mapping[str, object] | None = None
) -> str:
    """The sentence for the error's code, else a plain one that names the code.

    Amounts named ``…_minor`` are written in the error's currency. ``words`` are codes among the
    error's values with the names that the app has for them.
    """
    sentence = sentences.get(error.code) or _COMMON.get(error.code)
    if sentence is None:
        return gettext("This cannot be done now (%(code)s).") % {"code": error}
    named = words or {}
    return fill(sentence, {name: _named(value, named) for name, value in error.values.items()})


def fill(sentence: Promise, values: Mapping[str, Any]) -> str:
    """The sentence with typed values put in as people read them."""
    return str(sentence) % _Shown(values)


def _named(value: Any, words: Mapping[str, object]) -> Any:
    if isinstance(value, list | tuple):
        return [_named(part, words) for part in value]
    return str(words[value]) if isinstance(value, str) and value in words else value


class _Shown(dict[str, str]):
    """The values as people read them; a value that is not known is a dash."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        currency = values.get("currency", "")
        super().__init__({name: _show(name, value, currency) for name, value in values.items()})

    def __missing__(self, name: str) -> str:
        return "–"


def _show(name: str, value: Any, currency: str) -> str:
    if name.endswith("_minor") and isinstance(value, int) and currency:
        return format_money(value, currency)
    if isinstance(value, Money):
        return format_money(value.minor, value.currency)
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value)
