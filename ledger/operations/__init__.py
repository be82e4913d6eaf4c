"""Everything that posts. Balances and account totals change in the same transaction."""

from ledger.operations.accruing import (
    Accrued,
    DayAhead,
    accrue_account,
    accrue_due_interest,
    accrue_interest,
)
from ledger.operations.bulk import BulkPosting, adjust_accounts, lock_accounts, open_accounts
from ledger.operations.bulk_payments import PAYMENTS_AT_ONCE, NewPayment, post_payments
from ledger.operations.changes import (
    NothingToWriteOff,
    move_to_due,
    post_adjustment,
    post_charge,
    post_write_off,
    reverse_posting,
)
from ledger.operations.expecting import Expected, expect_payments
from ledger.operations.finding_debts import ENTRIES_AT_ONCE, match_entries
from ledger.operations.keeping import (
    NewBook,
    NewPause,
    change_keepers,
    forget_pauses,
    pause_interest,
    resume_interest,
)
from ledger.operations.matching import (
    EntryNotFound,
    NothingComesIn,
    NothingLearnt,
    SharesDoNotAddUp,
    forget_sender,
    post_entry,
    set_entry_aside,
    suspend_entry,
    take_entry_back,
)
from ledger.operations.naming import register_names
from ledger.operations.numbering import number_accounts, take_over_numbers
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
from ledger.operations.returning import NotItsReturn, return_payment
from ledger.operations.sharing import ShareDebt, SharedPayment, post_shared_payment
from ledger.operations.statements import TakenIn, take_in_statements

__all__ = [
    "ENTRIES_AT_ONCE",
    "PAYMENTS_AT_ONCE",
    "AccountNotFound",
    "Accrued",
    "BulkPosting",
    "DayAhead",
    "EntryNotFound",
    "Expected",
    "FutureValueDay",
    "KeyReused",
    "NewBook",
    "NewPause",
    "NewPayment",
    "NotItsReturn",
    "NothingComesIn",
    "NothingLearnt",
    "NothingToRefund",
    "NothingToWriteOff",
    "PaymentPosted",
    "PostingInvalid",
    "ShareDebt",
    "SharedPayment",
    "SharesDoNotAddUp",
    "TakenIn",
    "WrongCurrency",
    "accrue_account",
    "accrue_due_interest",
    "accrue_interest",
    "adjust_accounts",
    "change_keepers",
    "change_rates",
    "end_order",
    "expect_payments",
    "forget_pauses",
    "forget_sender",
    "lock_accounts",
    "match_entries",
    "move_to_due",
    "number_accounts",
    "open_accounts",
    "pause_interest",
    "post_adjustment",
    "post_charge",
    "post_entry",
    "post_payment",
    "post_payments",
    "post_refund",
    "post_shared_payment",
    "post_write_off",
    "register_names",
    "register_products",
    "resume_interest",
    "return_payment",
    "reverse_posting",
    "set_entry_aside",
    "start_order",
    "suspend_entry",
    "take_entry_back",
    "take_in_statements",
    "take_over_numbers",
]
