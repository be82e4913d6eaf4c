"""Reading the ledger."""

from ledger.queries.facts import AccountFacts, get_account_facts, list_account_facts
from ledger.queries.rates import RateHistoryRow, get_rates, list_rate_history

__all__ = [
    "AccountFacts",
    "RateHistoryRow",
    "get_account_facts",
    "get_rates",
    "list_account_facts",
    "list_rate_history",
]
