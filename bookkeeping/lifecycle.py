"""The lives of write-offs, refunds and charges, and the closed words they are made of."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, move
from staff.lifecycle import proposal_lifecycle


class WriteOffKind(StrEnum):
    """``full``: all that is owed on the debt, or on the chosen components."""

    FULL = "full"
    PARTIAL = "partial"
    SMALL_BALANCE = "small_balance"
    RESIDUAL_INTEREST = "residual_interest"


class WriteOffReason(StrEnum):
    """Why the bank stops claiming; the last two are the machine's own rules."""

    UNCOLLECTABLE = "uncollectable"
    TIME_BARRED = "time_barred"
    DEBTOR_DIED = "debtor_died"
    BANKRUPTCY = "bankruptcy"
    COSTS_EXCEED_VALUE = "costs_exceed_value"
    HARDSHIP = "hardship"
    GOODWILL = "goodwill"
    BANK_ERROR = "bank_error"
    SMALL_BALANCE = "small_balance"
    RESIDUAL_INTEREST = "residual_interest"


#: What a person may choose; the others follow from a rule.
CHOSEN_REASONS: Final = tuple(
    reason
    for reason in WriteOffReason
    if reason not in (WriteOffReason.SMALL_BALANCE, WriteOffReason.RESIDUAL_INTEREST)
)


class WriteOffStatus(StrEnum):
    PROPOSED = "proposed"
    SENT_BACK = "sent_back"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    POSTED = "posted"
    REVERSED = "reversed"


#: One of these per account at a time.
OPEN_WRITE_OFF: Final = (WriteOffStatus.PROPOSED, WriteOffStatus.SENT_BACK)

_W = WriteOffStatus
WRITE_OFF_LIFECYCLE: Final = Lifecycle(
    subject="write_off",
    statuses=WriteOffStatus,
    moves={
        "conclude": move([_W.PROPOSED], _W.POSTED, "write_off.concluded"),
        "approve": move([_W.PROPOSED], _W.POSTED, "write_off.approved"),
        "refuse": move([_W.PROPOSED], _W.REFUSED, "write_off.refused"),
        "send_back": move([_W.PROPOSED], _W.SENT_BACK, "write_off.sent_back"),
        "withdraw": move([_W.PROPOSED, _W.SENT_BACK], _W.WITHDRAWN, "write_off.withdrawn"),
        "reverse": move([_W.POSTED], _W.REVERSED, "write_off.reversed"),
    },
)

BATCH_LIFECYCLE: Final = proposal_lifecycle("write_off_batch")


class LineOutcome(StrEnum):
    """What became of one balance of a batch."""

    WAITING = "waiting"
    WRITTEN_OFF = "written_off"
    #: The rule that found it would not find it any more; the code of the line says why.
    LEFT_OUT = "left_out"


class RefundStatus(StrEnum):
    """``recalled``: new arrears came before the money went; ``returned``: the bank sent it back."""

    PROPOSED = "proposed"
    SENT_BACK = "sent_back"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"
    APPROVED = "approved"
    HANDED_OVER = "handed_over"
    PAID_BACK = "paid_back"
    RETURNED = "returned"


#: One of these per account at a time; they hold the case.
LIVE_REFUND: Final = (
    RefundStatus.PROPOSED,
    RefundStatus.SENT_BACK,
    RefundStatus.APPROVED,
    RefundStatus.HANDED_OVER,
)
#: The money has not left yet.
RECALLABLE_REFUND: Final = (
    RefundStatus.PROPOSED,
    RefundStatus.SENT_BACK,
    RefundStatus.APPROVED,
)

_R = RefundStatus
REFUND_LIFECYCLE: Final = Lifecycle(
    subject="refund",
    statuses=RefundStatus,
    moves={
        "conclude": move([_R.PROPOSED], _R.APPROVED, "refund.concluded"),
        "approve": move([_R.PROPOSED], _R.APPROVED, "refund.approved"),
        "refuse": move([_R.PROPOSED], _R.REFUSED, "refund.refused"),
        "send_back": move([_R.PROPOSED], _R.SENT_BACK, "refund.sent_back"),
        "withdraw": move(list(RECALLABLE_REFUND), _R.WITHDRAWN, "refund.withdrawn"),
        "recall": move(list(RECALLABLE_REFUND), _R.RECALLED, "refund.recalled"),
        "hand_over": move([_R.APPROVED], _R.HANDED_OVER, "refund.handed_over"),
        "confirm": move([_R.HANDED_OVER], _R.PAID_BACK, "refund.paid_back"),
        "return": move([_R.HANDED_OVER, _R.PAID_BACK], _R.RETURNED, "refund.returned"),
    },
)


class ChargeStatus(StrEnum):
    PROPOSED = "proposed"
    SENT_BACK = "sent_back"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    POSTED = "posted"
    CANCELLED = "cancelled"


#: Of one fee for one occasion there is one of these.
STANDING_CHARGE: Final = (ChargeStatus.PROPOSED, ChargeStatus.SENT_BACK, ChargeStatus.POSTED)

_C = ChargeStatus
CHARGE_LIFECYCLE: Final = Lifecycle(
    subject="charge",
    statuses=ChargeStatus,
    moves={
        "conclude": move([_C.PROPOSED], _C.POSTED, "charge.concluded"),
        "approve": move([_C.PROPOSED], _C.POSTED, "charge.approved"),
        "refuse": move([_C.PROPOSED], _C.REFUSED, "charge.refused"),
        "send_back": move([_C.PROPOSED], _C.SENT_BACK, "charge.sent_back"),
        "withdraw": move([_C.PROPOSED, _C.SENT_BACK], _C.WITHDRAWN, "charge.withdrawn"),
        "cancel": move([_C.POSTED], _C.CANCELLED, "charge.cancelled"),
    },
)
