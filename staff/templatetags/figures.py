"""Template filters over ``staff.figures``, and the status mark."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from staff import figures

register = template.Library()

#: Shape, and the class that gives it its colour.
MARKS: Final = {
    "now": "is-good",
    "later": "is-later",
    "no": "is-bad",
    "na": "is-none",
    "met": "is-good",
    "not": "is-bad",
    "bang": "is-later",
    "alarm": "is-bad",
}


def _language() -> str:
    return get_language() or "en"


@register.filter
def in_language(words: Mapping[str, str]) -> str:
    """Of words that come with data, those of the reader's language."""
    return words.get(_language()[:2], words["en"])


@register.filter
def amount(minor: int | None, currency: str) -> str:
    return figures.NOTHING if minor is None else figures.format_amount(minor, currency)


@register.filter
def signed_amount(minor: int | None, currency: str) -> str:
    return "" if minor is None else figures.format_amount(minor, currency, signed=True)


@register.filter
def money(minor: int | None, currency: str) -> str:
    return figures.NOTHING if minor is None else figures.format_money(minor, currency)


@register.filter
def signed_money(minor: int, currency: str) -> str:
    return figures.format_money(minor, currency, signed=True)


@register.filter
def signed_count(number: int) -> str:
    return ("+" if number > 0 else "") + figures.format_count(number)


@register.filter
def currency_symbol(currency: str) -> str:
    return figures.currency_symbol(currency)


@register.filter
def count(number: int | str | None) -> str:
    """A missing number reaches a filter as an empty text."""
    return figures.NOTHING if number in (None, "") else figures.format_count(int(number or 0))


@register.filter
def capped(number: int, cap: int = 1000) -> str:
    return figures.format_capped_count(number, cap=cap)


@register.filter
def percent(share: Decimal, places: int = 1) -> str:
    return figures.format_percent(share, places=places)


@register.filter
def day(on: date | None) -> str:
    return figures.NOTHING if on is None else figures.format_day(on)


@register.filter
def short_day(on: date | None) -> str:
    return figures.NOTHING if on is None else figures.format_short_day(on)


@register.filter
def weekday(on: date | None) -> str:
    return figures.NOTHING if on is None else figures.format_weekday(on, _language())


@register.filter
def short_weekday(on: date | None) -> str:
    return figures.NOTHING if on is None else figures.format_short_weekday(on, _language())


@register.filter
def moment(at: datetime | None) -> str:
    return figures.NOTHING if at is None else figures.format_moment(at)


@register.filter
def clock(at: datetime | None) -> str:
    return figures.NOTHING if at is None else figures.format_clock(at)


@register.filter
def phone_masked(number: str) -> str:
    return figures.mask_phone(number)


@register.filter
def email_masked(address: str) -> str:
    return figures.mask_email(address)


@register.filter
def mark(shape: str) -> SafeString:
    """The SVG of a status mark; the element around it takes ``{{ shape|mark_class }}``."""
    symbol = "bang" if shape == "alarm" else shape
    return format_html(
        '<svg class="mark" aria-hidden="true"><use href="#mark-{}"></use></svg>', symbol
    )


@register.filter
def mark_class(shape: str) -> str:
    return MARKS.get(shape, "is-none")


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    """A value by a key that is itself a variable."""
    return mapping.get(key)


@register.filter
def field(record: object, name: str) -> Any:
    """A field of a record by a name that is itself a variable."""
    return getattr(record, name)


@register.filter
def browser_name(agent: str) -> str:
    """``Firefox, Windows``: what a browser says of itself, short."""
    return figures.browser_name(agent)
