"""Figures as people read them: amounts, counts, shares and days. Pure.

Both languages set them the same way, so that a figure read out over the phone is the same on
both screens: ``12 345,67 zł`` with no-break spaces, U+2212 for minus, ``23.11.2026``. Only words
(``mln``, the name of a weekday) follow the language.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum
from typing import Final

from kernel.clock import WARSAW
from kernel.money import currency_exponent

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
EN_DASH: Final = "\u2013"
NOTHING: Final = EN_DASH

#: ``ul.``, ``pl.``, ``al.``, ``os.`` and the like are no secret.
_LONGEST_ABBREVIATION: Final = 4
_ACCOUNT_IN_TEXT: Final = re.compile(r"(?:PL)?\d{2}(?: ?\d{4}){6}")
#: Without the code of the country.
_LOCAL_DIGITS: Final = 9
_SYMBOLS: Final = {"PLN": "zł", "EUR": "€"}
_SCALES: Final = {"pl": {3: "tys.", 6: "mln"}, "en": {3: "k", 6: "m"}}
_WEEKDAYS: Final = {
    "pl": ("pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz."),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def _grouped(digits: str) -> str:
    """Digits in groups of three from the right, by no-break spaces."""
    first = len(digits) % 3
    groups = [digits[:first]] if first else []
    groups += [digits[i : i + 3] for i in range(first, len(digits), 3)]
    return NBSP.join(groups)


def currency_symbol(currency: str) -> str:
    return _SYMBOLS.get(currency, currency)


def format_count(number: int) -> str:
    """``12 345``"""
    return (MINUS if number < 0 else "") + _grouped(str(abs(number)))


def format_capped_count(number: int, *, cap: int) -> str:
    """``1 000+`` where counting stopped at the cap."""
    return f"{format_count(cap)}+" if number >= cap else format_count(number)


def format_decimal(number: Decimal, *, places: int) -> str:
    """``1 234,5``; rounded half up, for reading only."""
    rounded = abs(number).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    sign = MINUS if number < 0 and rounded else ""
    return sign + _grouped(whole) + (f",{fraction}" if fraction else "")


def format_amount(minor: int, currency: str, *, signed: bool = False) -> str:
    """The amount without its unit, which stands in the heading: ``12 345,67``."""
    exponent = currency_exponent(currency)
    text = format_decimal(Decimal(minor).scaleb(-exponent), places=exponent)
    return f"+{text}" if signed and minor > 0 else text


def format_money(minor: int, currency: str, *, signed: bool = False) -> str:
    """The amount with its unit: ``12 345,67 zł``."""
    return f"{format_amount(minor, currency, signed=signed)}{NBSP}{currency_symbol(currency)}"


def format_about(minor: int, currency: str) -> str:
    """Two figures that count and the unit, for what is only an estimate: ``430 zł``."""
    whole = abs(minor) // 10 ** currency_exponent(currency)
    places = max(len(str(whole)) - 2, 0)
    rounded = int(Decimal(whole).scaleb(-places).to_integral_value(ROUND_HALF_UP)) * 10**places
    text = "<1" if minor and not whole else format_count(rounded)
    return f"{MINUS if minor < 0 else ''}{text}{NBSP}{currency_symbol(currency)}"


class Scale(IntEnum):
    """The unit in which a table of money is set; the value is its power of ten."""

    THOUSANDS = 3
    MILLIONS = 6


def scale_for(minor: int, currency: str) -> Scale:
    """Thousands below ten millions, so that small books show more than zeros."""
    return Scale.MILLIONS if minor >= 10 ** (7 + currency_exponent(currency)) else Scale.THOUSANDS


def format_scaled(minor: int, currency: str, scale: Scale) -> str:
    """One place: ``18,4``."""
    value = Decimal(minor).scaleb(-currency_exponent(currency) - scale)
    return format_decimal(value, places=1)


def scaled_unit(currency: str, scale: Scale, language: str) -> str:
    """``mln zł``, ``tys. zł``; ``m zł``, ``k zł``"""
    return f"{_SCALES[_known(language)][scale]}{NBSP}{currency_symbol(currency)}"


def format_percent(share: Decimal, *, places: int = 1) -> str:
    """A share of one as percent: ``7,1 %``."""
    return f"{format_decimal(share * 100, places=places)}{NBSP}%"


def format_day(on: date) -> str:
    """``23.11.2026``"""
    return f"{on:%d.%m.%Y}"


def format_short_day(on: date) -> str:
    """``23.11``, where the year is plain from the context."""
    return f"{on:%d.%m}"


def format_weekday(on: date, language: str) -> str:
    """``pon. 23.11.2026`` or ``Mon 23.11.2026``"""
    return f"{_WEEKDAYS[_known(language)][on.weekday()]}{NBSP}{format_day(on)}"


def format_short_weekday(on: date, language: str) -> str:
    """``pon. 23.11`` or ``Mon 23.11``"""
    return f"{_WEEKDAYS[_known(language)][on.weekday()]}{NBSP}{format_short_day(on)}"


def weekday_name(weekday: int, language: str) -> str:
    """``pt.`` or ``Fri``; Monday is 0."""
    return _WEEKDAYS[_known(language)][weekday]


def format_clock(at: datetime) -> str:
    """The time of day in Warsaw: ``00:14``."""
    return f"{at.astimezone(WARSAW):%H:%M}"


def format_moment(at: datetime) -> str:
    """``23.11.2026 00:14``, in Warsaw."""
    return f"{format_day(at.astimezone(WARSAW).date())}{NBSP}{format_clock(at)}"


def mask_phone(number: str) -> str:
    """The country, the first three and the last two digits: ``+48 601 ••• •17``."""
    digits = "".join(ch for ch in number if ch.isdigit())
    if len(digits) < 9:
        return "•" * len(digits)
    prefix = f"+{digits[:-9]} " if len(digits) > 9 else ""
    local = digits[-9:]
    return f"{prefix}{local[:3]} ••• •{local[-2:]}".replace(" ", NBSP)


def mask_email(address: str) -> str:
    """Three letters of the box and the domain: ``mko•••@example.org``."""
    box, at, domain = address.partition("@")
    return f"{box[:3]}•••{at}{domain}" if at else "•••"


def mask_identifier(value: str) -> str:
    """The first two and the last character: ``84••••••••6``."""
    if len(value) < 6:
        return "•" * len(value)
    return f"{value[:2]}{'•' * (len(value) - 3)}{value[-1]}"


def mask_address(line: str) -> str:
    """The first letter of each word and the last sign of each number: ``ul. L••• ••3``."""
    return " ".join(map(_mask_word, line.split()))


def _mask_word(word: str) -> str:
    if any(ch.isdigit() for ch in word):
        return f"••{word[-1]}"
    if word.endswith(".") and len(word) <= _LONGEST_ABBREVIATION:
        return word
    return f"{word[0]}•••"


def format_phone(number: str) -> str:
    """In groups of three from the right, after the code of the country: ``+48 601 234 517``."""
    digits = "".join(ch for ch in number if ch.isdigit())
    if len(digits) < _LOCAL_DIGITS:
        return number
    local = digits[-_LOCAL_DIGITS:]
    code = f"+{digits[:-_LOCAL_DIGITS]} " if len(digits) > _LOCAL_DIGITS else ""
    return f"{code}{local[:3]} {local[3:6]} {local[6:]}".replace(" ", NBSP)


def mask_account(number: str) -> str:
    """The last four digits of an account number: ``•••• 4031``."""
    return f"••••{NBSP}{number[-4:]}" if len(number) > 8 else "••••"


def mask_accounts_in(text: str) -> str:
    """Polish account numbers in what others wrote, each as its last four digits."""
    return _ACCOUNT_IN_TEXT.sub(lambda found: mask_account(found[0]), text)


def format_account(number: str) -> str:
    """``PL61 1090 1014 0000 0712 1981 2874``, with no-break spaces."""
    return NBSP.join(number[i : i + 4] for i in range(0, len(number), 4))


def mask_day(on: date) -> str:
    """Only the year: ``••.••.1984``."""
    return f"••.••.{on:%Y}"


#: In this order: Edge says that it is Chrome, Chrome that it is Safari.
_BROWSERS: Final = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_name(agent: str) -> str:
    """``Firefox, Windows``; the first word of what is not known."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return (
        ", ".join(filter(None, (browser, system)))
        or agent.split("/", maxsplit=1)[0][:40]
        or NOTHING
    )


def _known(language: str) -> str:
    short = language.split("-", maxsplit=1)[0]
    return short if short in _WEEKDAYS else "en"
