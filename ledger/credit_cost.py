"""The most that a consumer credit may cost besides interest (UKK art. 36a). Pure.

Collection fees for late payment count inside it. The day of the contract decides which formula
holds: that of 2016-03-11, the one of the epidemic (art. 8d of the COVID-19 act), or today's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Final

from kernel.dated_tables import rule_book
from kernel.errors import InvalidInput

DATA: Final = Path(__file__).parent / "data" / "credit_cost.csv"
_HUNDRED: Final = Decimal(100)


class CreditTermInvalid(InvalidInput):
    """A credit runs for at least a day, of a year of 365 or 366 days."""

    code = "credit_term_invalid"


@dataclass(frozen=True, slots=True)
class CostCap:
    """``percent`` of the credit, exact; ``cap_minor`` is that, rounded half up."""

    cap_minor: int
    percent: Decimal
    is_short: bool
    at_maximum: bool
    article: str


def non_interest_cost_cap(
    *, credit_minor: int, days: int, year_days: int, granted_on: date
) -> CostCap:
    """The cap for a credit of ``days`` days granted that day.

    A share at once and one for each year of the term, at most a share in all; less than 30 days:
    a fixed share, where the law of that day knows one. Raises CreditTermInvalid, NoRuleOnDay.
    """
    if days < 1 or year_days not in (365, 366):
        raise CreditTermInvalid(days=days, year_days=year_days)
    book = rule_book(DATA)

    def percent(code: str) -> Decimal:
        return book.value(code, granted_on)

    most = book.get("maximum_percent", granted_on)
    shortest = book.find("short_below_days", granted_on)
    if shortest is not None and days < shortest.value:
        share = percent("short_percent")
        return CostCap(
            _of(credit_minor, share), share, is_short=True, at_maximum=False, article=most.article
        )
    # multiplied first, so that what is exact stays exact
    yearly = percent("yearly_percent") * days
    exact = (percent("fixed_percent") * year_days + yearly) / year_days
    at_maximum = exact >= most.value
    numerator = credit_minor * (percent("fixed_percent") * year_days + yearly)
    cap = (numerator / (year_days * _HUNDRED)).to_integral_value(ROUND_HALF_UP)
    return CostCap(
        _of(credit_minor, most.value) if at_maximum else int(cap),
        most.value if at_maximum else exact,
        is_short=False,
        at_maximum=at_maximum,
        article=most.article,
    )


def _of(credit_minor: int, percent: Decimal) -> int:
    return int((credit_minor * percent / _HUNDRED).to_integral_value(ROUND_HALF_UP))
