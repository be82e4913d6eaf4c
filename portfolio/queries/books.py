"""The book as the last close left it; boards read sums only, never the cases themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import Sum

from cases.lifecycle import Stage
from portfolio.buckets import BUCKETS
from portfolio.models import DailySummary

#: The book is held against how it stood so long before.
COMPARED_AFTER: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sums:
    cases: int = 0
    due_minor: int = 0
    outstanding_minor: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.cases + other.cases,
            self.due_minor + other.due_minor,
            self.outstanding_minor + other.outstanding_minor,
        )


@dataclass(frozen=True, slots=True)
class CurrencyBook:
    """One currency of the book: sums per stage and place in ``BUCKETS``."""

    currency: str
    cells: dict[tuple[str, int], Sums] = field(default_factory=dict)

    def cell(self, stage: str, bucket: int) -> Sums:
        return self.cells.get((stage, bucket), Sums())

    def of_stage(self, stage: str) -> Sums:
        return _sum(self.cell(stage, bucket) for bucket in range(len(BUCKETS)))

    def of_bucket(self, bucket: int) -> Sums:
        return _sum(self.cell(stage, bucket) for stage in Stage)

    @property
    def total(self) -> Sums:
        return _sum(self.cells.values())


def _sum(parts: Iterable[Sums]) -> Sums:
    total = Sums()
    for part in parts:
        total = total + part
    return total


def list_currency_books(*, on: date, team_id: int | None) -> list[CurrencyBook]:
    """The book at the close of ``on``, largest currency first; of one team or of all."""
    rows = DailySummary.objects.filter(taken_on=on)
    if team_id is not None:
        rows = rows.filter(team_id=team_id)
    books: dict[str, CurrencyBook] = {}
    for currency, stage, bucket, cases, due, outstanding in (
        rows.values_list("currency", "stage", "bucket")
        .annotate(n=Sum("cases"), d=Sum("due_minor"), o=Sum("outstanding_minor"))
        .order_by("currency")
    ):
        book = books.setdefault(currency, CurrencyBook(currency))
        book.cells[stage, bucket] = Sums(cases, due, outstanding)
    return sorted(books.values(), key=lambda book: (-book.total.cases, book.currency))


class SnapshotCase(NamedTuple):
    """A case as it stood, and the amount due and the stage that it has by now."""

    case_id: int
    number: str
    debtor_name: str
    stage: str
    days_past_due: int
    due_minor: int
    outstanding_minor: int
    stage_now: str
    status_now: str
    due_now_minor: int

    @property
    def has_changed(self) -> bool:
        then = (self.stage, "open", self.due_minor)
        return (self.stage_now, self.status_now, self.due_now_minor) != then


_CASES = """
    SELECT s.case_id, c.number, d.display_name, s.stage, s.days_past_due, s.due_minor,
           s.outstanding_minor, c.stage, c.status, COALESCE(live.due, 0)
    FROM (
        SELECT case_id, stage, days_past_due, due_minor, outstanding_minor
        FROM portfolio_casesnapshot
        WHERE taken_on = %(on)s AND currency = %(currency)s
          {stage} {bucket} {team} {after}
        ORDER BY case_id
        LIMIT %(limit)s
    ) s
    JOIN cases_case c ON c.id = s.case_id
    JOIN debtors_debtor d ON d.id = c.debtor_id
    CROSS JOIN LATERAL (
        SELECT sum(GREATEST(a.due_minor, 0)) AS due
        FROM debtors_debtparty p
        JOIN debtors_debt b ON b.id = p.debt_id
        JOIN ledger_account a ON a.id = b.account_id
        WHERE p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
          AND a.currency = %(currency)s
    ) live
    ORDER BY s.case_id
"""


def list_snapshot_cases(
    *,
    on: date,
    currency: str,
    stage: str | None,
    bucket: int | None,
    team_id: int | None,
    after_case_id: int | None = None,
    limit: int = 50,
) -> list[SnapshotCase]:
    """The cases behind a figure of the board, by case; page on with ``after_case_id``."""
    sql = _CASES.format(
        stage="AND stage = %(stage)s" if stage is not None else "",
        bucket="AND bucket = %(bucket)s" if bucket is not None else "",
        team="AND team_id = %(team_id)s" if team_id is not None else "",
        after="AND case_id > %(after)s" if after_case_id is not None else "",
    )
    values: dict[str, Any] = {
        "on": on,
        "currency": currency,
        "stage": stage,
        "bucket": bucket,
        "team_id": team_id,
        "after": after_case_id,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [SnapshotCase(*row) for row in cursor.fetchall()]
