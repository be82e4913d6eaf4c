"""Checking what is owed: from amounts by component to buckets with the day they are due from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Final

import pycountry
from stdnum import iban
from stdnum.exceptions import ValidationError

from debtors.intake.findings import CellRefused
from debtors.intake.layout import COMPONENTS
from debtors.intake.record import Bucket
from kernel.money import currency_exponent

#: More than any debt of a bank, and small enough that sums over a whole book fit a bigint.
MAX_AMOUNT_MINOR: Final = 10**15
MAX_RATE: Final = Decimal(1000)
EARLIEST: Final = date(1950, 1, 1)
#: A notice of termination may be running, a limitation day lies years ahead.
_MAX_TERMINATION_AHEAD: Final = timedelta(days=366)
_MAX_LIMITATION_AHEAD: Final = timedelta(days=366 * 40)
_NRB_DIGITS: Final = 26


@cache
def is_currency(code: str) -> bool:
    return pycountry.currencies.get(alpha_3=code) is not None


def to_minor(amount: Decimal, currency: str) -> int:
    """Raises CellRefused for an amount that is negative, too large or finer than the unit."""
    if amount < 0:
        raise CellRefused("negative_amount", amount)
    scaled = amount.scaleb(currency_exponent(currency))
    if scaled > MAX_AMOUNT_MINOR:
        raise CellRefused("amount_too_large", amount)
    whole = int(scaled)
    if whole != scaled:
        raise CellRefused("amount_too_fine", amount)
    return whole


def rate(value: Decimal) -> Decimal:
    """Per cent a year. Raises CellRefused(``rate_out_of_range``, ``rate_too_fine``)."""
    if not 0 <= value < MAX_RATE:
        raise CellRefused("rate_out_of_range", value)
    rounded = value.quantize(Decimal("0.0001"))
    if rounded != value:
        raise CellRefused("rate_too_fine", value)
    return rounded


def virtual_account(value: str) -> str:
    """An IBAN; a Polish NRB of 26 digits gets its country. Raises CellRefused(``invalid_iban``)."""
    compact = "".join(value.split()).upper()
    if compact.isdigit() and len(compact) == _NRB_DIGITS:
        compact = f"PL{compact}"
    try:
        return str(iban.validate(compact))
    except ValidationError:
        raise CellRefused("invalid_iban", value) from None


def is_possible(name: str, on: date, as_of: date) -> bool:
    """Whether a day can stand in the field ``name`` of an extract of ``as_of``."""
    if on < EARLIEST:
        return False
    if name == "terminated_on":
        return on <= as_of + _MAX_TERMINATION_AHEAD
    if name == "limitation_on":
        return on <= as_of + _MAX_LIMITATION_AHEAD
    return on <= as_of


def buckets(
    amounts: Mapping[str, int | None],
    past_due: int | None,
    since: date | None,
    terminated_on: date | None,
    as_of: date,
) -> Sequence[Bucket]:
    """The amounts by component, split into what is due and what is not yet.

    What is past due is due from ``since``. Without a past-due amount everything is past due
    when ``since`` is given. After termination the rest is due from that day. The past-due
    amount fills costs, fees, interest and principal in the order of ``COMPONENTS``. An amount
    without components is principal. Raises CellRefused(``past_due_exceeds_total``).
    """
    owed = {name: amounts.get(name) or 0 for name in COMPONENTS}
    if past_due and all(amounts.get(name) is None for name in COMPONENTS):
        owed["principal"] = past_due
    total = sum(owed.values())
    if past_due is None:
        past_due = total if since is not None else 0
    if past_due > total:
        raise CellRefused("past_due_exceeds_total", past_due)
    rest_due_on = terminated_on if terminated_on and terminated_on <= as_of else None
    due_on = since or rest_due_on or as_of
    found = []
    for name in COMPONENTS:
        due = min(owed[name], past_due)
        past_due -= due
        rest = owed[name] - due
        if due and rest and rest_due_on == due_on:
            due, rest = due + rest, 0
        if due:
            found.append(Bucket(name, due_on, due))
        if rest:
            found.append(Bucket(name, rest_due_on, rest))
    return found
