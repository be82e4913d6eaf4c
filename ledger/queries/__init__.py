"""Reading the ledger."""

from ledger.queries.accruals import AccountBook, get_book, list_books
from ledger.queries.announced import list_announced
from ledger.queries.as_of import Standing, get_balances_as_of, list_balances_as_of
from ledger.queries.explaining import (
    ExplainedInterest,
    ExplainedSegment,
    get_interest_explained,
    list_interest_explained,
)
from ledger.queries.facts import AccountFacts, get_account_facts, list_account_facts
from ledger.queries.rates import RateHistoryRow, get_rates, list_rate_history
from ledger.queries.running import LedgerRow, list_ledger_rows

__all__ = [
    "AccountBook",
    "AccountFacts",
    "ExplainedInterest",
    "ExplainedSegment",
    "LedgerRow",
    "RateHistoryRow",
    "Standing",
    "get_account_facts",
    "get_balances_as_of",
    "get_book",
    "get_interest_explained",
    "get_rates",
    "list_account_facts",
    "list_announced",
    "list_balances_as_of",
    "list_books",
    "list_interest_explained",
    "list_ledger_rows",
    "list_rate_history",
]
