"""Money that people move by hand, each within their authority. One file per subject."""

from bookkeeping.operations.batches import (
    decide_write_off_batch,
    propose_small_balances,
    withdraw_write_off_batch,
)
from bookkeeping.operations.charges import (
    cancel_charge,
    charge_fee,
    decide_charge,
    withdraw_charge,
)
from bookkeeping.operations.refunds import (
    confirm_refund,
    decide_refund,
    hand_over_refund,
    propose_refund,
    recall_refunds,
    return_refund,
    withdraw_refund,
)
from bookkeeping.operations.residuals import propose_residual_interest
from bookkeeping.operations.statements import note_statement
from bookkeeping.operations.taking_back import take_statement_entry_back
from bookkeeping.operations.told_refunds import confirm_told_refunds
from bookkeeping.operations.write_offs import (
    decide_write_off,
    propose_write_off,
    reverse_write_off,
    withdraw_write_off,
)

__all__ = [
    "cancel_charge",
    "charge_fee",
    "confirm_refund",
    "confirm_told_refunds",
    "decide_charge",
    "decide_refund",
    "decide_write_off",
    "decide_write_off_batch",
    "hand_over_refund",
    "note_statement",
    "propose_refund",
    "propose_residual_interest",
    "propose_small_balances",
    "propose_write_off",
    "recall_refunds",
    "return_refund",
    "reverse_write_off",
    "take_statement_entry_back",
    "withdraw_charge",
    "withdraw_refund",
    "withdraw_write_off",
    "withdraw_write_off_batch",
]
