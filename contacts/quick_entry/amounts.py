"""Amounts with Polish or English separators, and shares of what is overdue. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from contacts.quick_entry.meaning import Amount, Fault, Owed, Problem
from contacts.quick_entry.tokens import Token
from contacts.quick_entry.words import ALL, CURRENCIES, HALF, THOUSAND
from kernel.money import currency_exponent

_WHOLE: Final = re.compile(r"\d{1,12}")
_DECIMAL: Final = re.compile(r"(\d{1,12})[.,](\d{1,2})")
_GROUPED: Final = re.compile(r"\d{1,3}(?:(?:\.\d{3})+(?:,\d{1,2})?|(?:,\d{3})+(?:\.\d{1,2})?)")
_LATER_GROUP: Final = re.compile(r"\d{3}(?:[.,]\d{1,2})?")
_MAX_MINOR: Final = 10**13
_MAX_GROUPS: Final = 4

#: An amount, and the token after it.
Found = tuple[Amount, int]


def read_amount(tokens: list[Token], at: int, owed: Owed) -> Iterator[Found]:
    """Every way to read an amount that begins at a token."""
    word = tokens[at].text
    if word in CURRENCIES and at + 1 < len(tokens):
        for number, end in _numbers(tokens, at + 1):
            yield _amount(number, CURRENCIES[word], owed), end
    elif word in ALL or word in HALF:
        currency, end = _currency(tokens, at + 1, owed)
        yield _share(100 if word in ALL else 50, currency, owed), end
    elif tokens[at].is_number:
        if at + 1 < len(tokens) and tokens[at + 1].text == "%":
            yield from _percent(tokens[at], at + 2, owed)
            return
        for number, end in _numbers(tokens, at):
            currency, after = _currency(tokens, end, owed)
            yield _amount(number, currency, owed), after


def _numbers(tokens: list[Token], at: int) -> Iterator[tuple[Decimal, int]]:
    """``1 200,50`` is one number; so is ``1`` before something else."""
    text, end = tokens[at].text, at + 1
    if not tokens[at].is_number:
        return
    if (number := _number(text)) is not None:
        yield from _multiplied(number, tokens, end)
    if not re.fullmatch(r"[1-9]\d{0,2}", text) or tokens[at].dotted:
        return
    while end < len(tokens) and end - at < _MAX_GROUPS:
        group = tokens[end]
        if group.glued or not _LATER_GROUP.fullmatch(group.text):
            return
        text, end = text + group.text, end + 1
        number = _number(text)
        assert number is not None
        yield from _multiplied(number, tokens, end)
        if len(group.text) > 3 or group.dotted:
            return


def _number(text: str) -> Decimal | None:
    if _WHOLE.fullmatch(text):
        return Decimal(text)
    if match := _DECIMAL.fullmatch(text):
        return Decimal(f"{match[1]}.{match[2]}")
    if _GROUPED.fullmatch(text):
        point = max(text.rfind("."), text.rfind(","))
        fraction = text[point + 1 :]
        if len(fraction) == 3:
            return Decimal(re.sub(r"[.,]", "", text))
        return Decimal(f"{re.sub(r'[.,]', '', text[:point])}.{fraction}")
    return None


def _multiplied(number: Decimal, tokens: list[Token], at: int) -> Iterator[tuple[Decimal, int]]:
    if at < len(tokens) and tokens[at].text in THOUSAND:
        yield number * 1000, at + 1
    else:
        yield number, at


def _currency(tokens: list[Token], at: int, owed: Owed) -> tuple[str, int]:
    if at < len(tokens) and (currency := CURRENCIES.get(tokens[at].text)):
        return currency, at + 1
    return owed.currency, at


def _percent(token: Token, end: int, owed: Owed) -> Iterator[Found]:
    if token.text.isdigit() and 1 <= int(token.text) <= 100:
        yield _share(int(token.text), owed.currency, owed), end


def _amount(number: Decimal, currency: str, owed: Owed) -> Amount:
    if currency not in owed.due_minor:
        return Amount(None, currency, Problem(Fault.CURRENCY_NOT_OWED, {"currency": currency}))
    minor = number.scaleb(currency_exponent(currency))
    if minor != minor.to_integral_value():
        return Amount(None, currency, Problem(Fault.TOO_FINE, {"currency": currency}))
    if minor == 0:
        return Amount(None, currency, Problem(Fault.AMOUNT_ZERO, {}))
    if minor > _MAX_MINOR:
        return Amount(None, currency, Problem(Fault.TOO_LARGE, {}))
    return Amount(int(minor), currency)


def _share(percent: int, currency: str, owed: Owed) -> Amount:
    """A share of what is overdue, rounded up to a whole minor unit."""
    due = owed.due_minor.get(currency, 0)
    if due <= 0:
        return Amount(None, currency, Problem(Fault.NOTHING_DUE, {"currency": currency}))
    return Amount(-(-due * percent // 100), currency)
