"""What was understood of a line that was typed, said back, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from contacts.promise_rules import PromiseFault, PromiseLimits
from contacts.quick_entry import Fault, Option, Problem
from staff.figures import currency_symbol, format_day, format_money, format_weekday, weekday_name

_FAULTS: Final[dict[Fault, Promise]] = {
    Fault.NOT_UNDERSTOOD: gettext_lazy("Not understood: “%(words)s”."),
    Fault.AMOUNT_MISSING: gettext_lazy("How much?"),
    Fault.DAY_MISSING: gettext_lazy("By when?"),
    Fault.TIME_MISSING: gettext_lazy("At what time? Write it as 14:00."),
    Fault.TWO_AMOUNTS: gettext_lazy("Two amounts: %(amounts)s. For a day write “by the 10th”."),
    Fault.TWO_DAYS: gettext_lazy("Two days: %(days)s."),
    Fault.DAY_PAST: gettext_lazy("%(on)s has passed."),
    Fault.NO_SUCH_DAY: gettext_lazy("There is no day %(day)s.%(month)s."),
    Fault.OTHER_WEEKDAY: gettext_lazy("%(on)s is not a %(weekday)s."),
    Fault.AMBIGUOUS: gettext_lazy("It can be read in more than one way: %(options)s."),
    Fault.NOTHING_DUE: gettext_lazy("Nothing is overdue in %(currency)s."),
    Fault.AMOUNT_ZERO: gettext_lazy("Give an amount above zero."),
    Fault.TOO_FINE: gettext_lazy("Too many decimal places for this currency."),
    Fault.TOO_LARGE: gettext_lazy("The amount is too large."),
    Fault.CURRENCY_NOT_OWED: gettext_lazy("Nothing is owed in %(currency)s."),
    Fault.TOO_LONG: gettext_lazy("At most %(limit)s characters, please."),
}
_LIMITS: Final[dict[PromiseFault, Promise]] = {
    PromiseFault.OPEN_ALREADY: gettext_lazy("A promise is open already: withdraw it first."),
    PromiseFault.TURNS_USED: gettext_lazy(
        "The last %(broken)s promises were broken: only a team leader takes another one."
    ),
    PromiseFault.DAY_PAST: gettext_lazy("The day has passed."),
    PromiseFault.DAY_TOO_LATE: gettext_lazy("That is too late: %(last)s is the last day."),
    PromiseFault.NOTHING_OWED: gettext_lazy("Nothing is owed in this currency."),
    PromiseFault.AMOUNT_TOO_LARGE: gettext_lazy("No more can be promised than is owed: %(owed)s."),
}


def say_entry(amount_minor: int | None, currency: str, due_on: date | None) -> str:
    """``500,00 zł by Fri 27.11.2026``"""
    amount = None if amount_minor is None else format_money(amount_minor, currency)
    day = None if due_on is None else format_weekday(due_on, get_language() or "en")
    if amount and day:
        return _("%(amount)s by %(day)s") % {"amount": amount, "day": day}
    if day:
        return _("by %(day)s") % {"day": day}
    return amount or ""


def say_problem(problem: Problem) -> str:
    """A sentence; every reading is named where there are several."""
    return str(_FAULTS[problem.fault]) % _Words(problem.values)


class _Words(dict[str, str]):
    def __init__(self, values: Any) -> None:
        super().__init__({name: _word(name, value) for name, value in values.items()})

    def __missing__(self, name: str) -> str:
        return "–"


def _word(name: str, value: Any) -> str:
    if name == "options":
        return _("; or ").join(_option(option) for option in value)
    if name == "amounts":
        return _listed(format_money(minor, currency) for minor, currency in value if minor)
    if name == "days":
        return _listed(format_day(on) for on in value if on)
    if name == "words":
        return _listed(value)
    if name == "weekday":
        return weekday_name(value, get_language() or "en")
    if name == "currency":
        return currency_symbol(value)
    if name in ("day", "month"):
        return f"{value:02d}"
    return format_day(value) if isinstance(value, date) else str(value)


def _option(option: Option) -> str:
    said = say_entry(option.amount_minor, option.currency, option.due_on)
    if option.due_on is None:
        return _("%(amount)s without a day") % {"amount": said}
    return said


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def say_limit(fault: PromiseFault, limits: PromiseLimits, currency: str) -> str:
    """Why the rules of promises stand against it."""
    owed = format_money(limits.owed_minor.get(currency, 0), currency)
    values = {"broken": limits.broken, "last": format_day(limits.last_on), "owed": owed}
    return str(_LIMITS[fault]) % values


def limits_text(limits: PromiseLimits, *, who_may_extend: str) -> str:
    """What may be promised, said before anybody tries."""
    if limits.may_extend:
        text = _("At the latest %(last)s.") % {"last": format_day(limits.last_on)}
    else:
        text = _(
            "At most %(days)s working days ahead, until %(last)s; until %(latest)s: %(who)s."
        ) % {
            "days": limits.working_days,
            "last": format_day(limits.last_on),
            "latest": format_day(limits.latest_on),
            "who": who_may_extend,
        }
    left = limits.max_broken - limits.broken
    if limits.broken and left == 1:
        text += " " + _("The last promise was broken: one more is allowed.")
    return text


def share_text(limits: PromiseLimits, amount_minor: int, currency: str) -> str:
    """The amount against what is overdue: the rest, or by how much it goes beyond."""
    due = limits.due_minor.get(currency, 0)
    if amount_minor == due:
        return _("That is all that is overdue.")
    if amount_minor > due:
        return _("That is %(more)s more than is overdue.") % {
            "more": format_money(amount_minor - due, currency)
        }
    return _("%(rest)s stays overdue.") % {"rest": format_money(due - amount_minor, currency)}
