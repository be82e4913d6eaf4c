"""Reading the ledger."""

from ledger.queries.facts import AccountFacts, get_account_facts, list_account_facts

__all__ = ["AccountFacts", "get_account_facts", "list_account_facts"]
