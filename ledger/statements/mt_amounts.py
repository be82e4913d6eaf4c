"""Amounts and balances as SWIFT messages write them: a comma before the decimals, and nothing
between thousands."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from kernel.money import InvalidAmount, Money, currency_exponent
from ledger.statements.mt_fields import Field
from ledger.statements.values import Balance, StatementUnreadable

#: Some banks write a full stop before the decimals; before three signs it may part thousands.
AMOUNT: Final = r"(?:\d+(?:,\d*|\.\d{1,2})?|,\d+)"
_AMOUNT: Final = re.compile(AMOUNT, re.ASCII)
_BALANCE: Final = re.compile(r"([CD])(\d{6})([A-Z]{3})([\d,.]+)\s*$", re.ASCII)


def read_balance(field: Field | None) -> Balance | None:
    if field is None:
        return None
    place = f"line {field.line}, :{field.tag}:"
    found = _BALANCE.match(field.first)
    if found is None:
        raise StatementUnreadable("bad_balance", place, value=field.first[:60])
    sign = 1 if found[1] == "C" else -1
    return Balance(sign * minor_of(found[4], found[3], place), found[3], _day(found[2], place))


def minor_of(written: str, currency: str, place: str) -> int:
    """Raises StatementUnreadable also where a comma seems to part thousands, as in ``1,050``."""
    plain = written.replace(",", ".")
    decimals = len(plain.partition(".")[2])
    try:
        if _AMOUNT.fullmatch(written) and decimals <= max(2, currency_exponent(currency)):
            return Money.from_decimal(Decimal(plain), currency).minor
    except (ArithmeticError, InvalidAmount):
        pass
    raise StatementUnreadable("bad_amount", place, value=written[:40], currency=currency)


def _day(written: str, place: str) -> date:
    try:
        return date(2000 + int(written[:2]), int(written[2:4]), int(written[4:]))
    except ValueError as error:
        raise StatementUnreadable("bad_day", place, value=written) from error
