"""The book as closes left it; boards read sums only, never the cases themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db import connection

from cases.lifecycle import Stage
from portfolio.buckets import BUCKETS
from portfolio.queries.scope import Scope


@dataclass(frozen=True, slots=True)
class Sums:
    cases: int = 0
    due_minor: int = 0
    outstanding_minor: int = 0
    default_cases: int = 0
    default_minor: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.cases + other.cases,
            self.due_minor + other.due_minor,
            self.outstanding_minor + other.outstanding_minor,
            self.default_cases + other.default_cases,
            self.default_minor + other.default_minor,
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


_BOOKS: Final = """
    SELECT taken_on, currency, stage, bucket, sum(cases)::int, sum(due_minor)::bigint,
           sum(outstanding_minor)::bigint, sum(default_cases)::int, sum(default_minor)::bigint
    FROM portfolio_dailysummary
    WHERE taken_on = ANY(%(days)s::date[]) {scope}
    GROUP BY taken_on, currency, stage, bucket
    ORDER BY taken_on, currency
"""


def list_books(*, days: Sequence[date], scope: Scope) -> dict[date, dict[str, CurrencyBook]]:
    """The book at the close of each day, by currency; the one with most cases first."""
    books: dict[date, dict[str, CurrencyBook]] = {day: {} for day in days}
    with connection.cursor() as cursor:
        cursor.execute(_BOOKS.format(scope=scope.where()), {**scope.values(), "days": list(books)})
        for on, currency, stage, bucket, *sums in cursor.fetchall():
            book = books[on].setdefault(currency, CurrencyBook(currency))
            book.cells[stage, bucket] = Sums(*sums)
    return {on: _largest_first(found) for on, found in books.items()}


def _largest_first(books: dict[str, CurrencyBook]) -> dict[str, CurrencyBook]:
    """By cases: amounts of two currencies cannot be compared."""
    order = sorted(books.values(), key=lambda book: (-book.total.cases, book.currency))
    return {book.currency: book for book in order}
