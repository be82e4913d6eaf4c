"""The tables of the ledger."""

from ledger.models.postings import Account, Balance, Posting, Transaction
from ledger.models.statements import (
    AnnouncedPayment,
    BankStatement,
    EntryPosting,
    ExpectedPayment,
    PaymentName,
    StatementEntry,
    StatementFile,
)
from ledger.models.terms import BookEntry, InterestPause, InterestState, OrderTerm, RateEntry

__all__ = [
    "Account",
    "AnnouncedPayment",
    "Balance",
    "BankStatement",
    "BookEntry",
    "EntryPosting",
    "ExpectedPayment",
    "InterestPause",
    "InterestState",
    "OrderTerm",
    "PaymentName",
    "Posting",
    "RateEntry",
    "StatementEntry",
    "StatementFile",
    "Transaction",
]
