"""Everything that posts. Balances and account totals change in the same transaction."""

from ledger.operations.bulk import BulkPosting, adjust_accounts, open_accounts
from ledger.operations.changes import (
    NothingToWriteOff,
    move_to_due,
    post_adjustment,
    post_charge,
    post_write_off,
    reverse_posting,
)
from ledger.operations.payments import (
    FutureValueDay,
    PaymentPosted,
    WrongCurrency,
    post_payment,
)
from ledger.operations.posting import AccountNotFound, KeyReused, PostingInvalid
from ledger.operations.rates import change_rates

__all__ = [
    "AccountNotFound",
    "BulkPosting",
    "FutureValueDay",
    "KeyReused",
    "NothingToWriteOff",
    "PaymentPosted",
    "PostingInvalid",
    "WrongCurrency",
    "adjust_accounts",
    "change_rates",
    "move_to_due",
    "open_accounts",
    "post_adjustment",
    "post_charge",
    "post_payment",
    "post_write_off",
    "reverse_posting",
]
