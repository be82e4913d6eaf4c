"""When a debt may be entered in an economic information bureau (BIG). Pure.

Art. 14 and 15 of the act on making economic information available (UUIG). All conditions are
looked at, so that the answer says everything that stands in the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from kernel.calendar import months_later, years_later
from kernel.dated_tables import RuleBook, rule_book

DATA: Final = Path(__file__).parent / "data" / "bureau.csv"


class Barrier(StrEnum):
    BELOW_MINIMUM = "below_minimum"
    NOT_OVERDUE_LONG_ENOUGH = "not_overdue_long_enough"
    NOTICE_NOT_SENT = "notice_not_sent"
    NOTICE_TOO_RECENT = "notice_too_recent"
    NO_WORD_OF_OBJECTION = "no_word_of_objection"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class BureauFacts:
    """What is known of a debt ``on`` a day. Amounts in zlotys.

    ``noticed_on`` is the day on which the warning was sent, None if it was not;
    ``claim_on`` the due day, or the day of the judgment that confirmed the claim.
    """

    on: date
    is_consumer: bool
    total_due: Decimal
    overdue_days: int
    noticed_on: date | None
    claim_on: date | None = None
    objection_explained: bool = True


class Hindrance(NamedTuple):
    """``limit`` is what the rule asks for."""

    barrier: Barrier
    limit: Decimal | date | None
    article: str


def hindrances(facts: BureauFacts) -> list[Hindrance]:
    """Everything that stands in the way of an entry; empty when it is allowed."""
    book, on = _book(), facts.on
    found: list[Hindrance] = []
    minimum = book.get("minimum_consumer" if facts.is_consumer else "minimum_business", on)
    if facts.total_due < minimum.value:
        found.append(Hindrance(Barrier.BELOW_MINIMUM, minimum.value, minimum.article))
    overdue = book.get("overdue_days", on)
    if facts.overdue_days < overdue.value:
        found.append(Hindrance(Barrier.NOT_OVERDUE_LONG_ENOUGH, overdue.value, overdue.article))
    notice = book.get("notice_months", on)
    if facts.noticed_on is None:
        found.append(Hindrance(Barrier.NOTICE_NOT_SENT, None, notice.article))
    elif on < (since := months_later(facts.noticed_on, int(notice.value))):
        found.append(Hindrance(Barrier.NOTICE_TOO_RECENT, since, notice.article))
    age = book.get("maximum_age_years", on)
    if facts.claim_on and on > (last := years_later(facts.claim_on, int(age.value))):
        found.append(Hindrance(Barrier.TOO_OLD, last, age.article))
    if not facts.objection_explained:
        found.append(Hindrance(Barrier.NO_WORD_OF_OBJECTION, None, "UUIG art. 15a"))
    return found


def _book() -> RuleBook:
    return rule_book(DATA)
