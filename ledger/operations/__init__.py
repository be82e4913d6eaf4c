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
from ledger.operations.matching import (
    EntryNotFound,
    NothingComesIn,
    SharesDoNotAddUp,
    match_entries,
    post_entry,
    set_entry_aside,
    suspend_entry,
    take_entry_back,
)
from ledger.operations.naming import register_names
from ledger.operations.ordering import end_order, register_products, start_order
from ledger.operations.payments import (
    FutureValueDay,
    PaymentPosted,
    WrongCurrency,
    post_payment,
)
from ledger.operations.posting import AccountNotFound, KeyReused, PostingInvalid
from ledger.operations.rates import change_rates
from ledger.operations.refunding import NothingToRefund, post_refund
from ledger.operations.sharing import ShareDebt, SharedPayment, post_shared_payment
from ledger.operations.statements import TakenIn, take_in_statements

__all__ = [
    "AccountNotFound",
    "BulkPosting",
    "EntryNotFound",
    "FutureValueDay",
    "KeyReused",
    "NothingComesIn",
    "NothingToRefund",
    "NothingToWriteOff",
    "PaymentPosted",
    "PostingInvalid",
    "ShareDebt",
    "SharedPayment",
    "SharesDoNotAddUp",
    "TakenIn",
    "WrongCurrency",
    "adjust_accounts",
    "change_rates",
    "end_order",
    "match_entries",
    "move_to_due",
    "open_accounts",
    "post_adjustment",
    "post_charge",
    "post_entry",
    "post_payment",
    "post_refund",
    "post_shared_payment",
    "post_write_off",
    "register_names",
    "register_products",
    "reverse_posting",
    "set_entry_aside",
    "start_order",
    "suspend_entry",
    "take_entry_back",
    "take_in_statements",
]
