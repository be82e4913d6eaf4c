"""Everything that reads for boards. One file per subject."""

from portfolio.queries.books import (
    COMPARED_AFTER,
    CurrencyBook,
    SnapshotCase,
    Sums,
    list_currency_books,
    list_snapshot_cases,
)
from portfolio.queries.snapshots import get_compared_day, get_last_snapshot
from portfolio.queries.verification import list_unmet_days

__all__ = [
    "COMPARED_AFTER",
    "CurrencyBook",
    "SnapshotCase",
    "Sums",
    "get_compared_day",
    "get_last_snapshot",
    "list_currency_books",
    "list_snapshot_cases",
    "list_unmet_days",
]
