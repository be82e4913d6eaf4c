"""The life of a court referral, from the proposal to the end of enforcement."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, move


class Procedure(StrEnum):
    """``simplified`` mattered for the fee until 2019-08-20 only (art. 28 UKSC, old)."""

    EPU = "epu"
    UPOMINAWCZE = "upominawcze"
    NAKAZOWE = "nakazowe"
    ORDINARY = "ordinary"
    SIMPLIFIED = "simplified"


class ReferralStatus(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    FILED = "filed"
    ORDER = "order"
    OBJECTED = "objected"
    ORDER_FINAL = "order_final"
    ENFORCEMENT = "enforcement"
    CLOSED = "closed"


_Status = ReferralStatus
#: One of these per case at a time.
LIVE: Final = (
    _Status.PROPOSED,
    _Status.SENT_BACK,
    _Status.APPROVED,
    _Status.FILED,
    _Status.ORDER,
    _Status.OBJECTED,
    _Status.ORDER_FINAL,
    _Status.ENFORCEMENT,
)
OPEN: Final = (_Status.PROPOSED, _Status.SENT_BACK)
#: From here on a court knows of it, and only a person may close it.
AT_COURT: Final = (
    _Status.FILED,
    _Status.ORDER,
    _Status.OBJECTED,
    _Status.ORDER_FINAL,
    _Status.ENFORCEMENT,
)


class Outcome(StrEnum):
    PAID = "paid"
    ENFORCED = "enforced"
    UNENFORCEABLE = "unenforceable"
    DISMISSED = "dismissed"
    DISCONTINUED = "discontinued"
    SETTLED = "settled"
    CLAIM_WITHDRAWN = "claim_withdrawn"


class CostKind(StrEnum):
    COURT_FEE = "court_fee"
    REPRESENTATION = "representation"
    STAMP_DUTY = "stamp_duty"
    BAILIFF_ADVANCE = "bailiff_advance"
    BAILIFF_FEE = "bailiff_fee"
    OTHER = "other"


REFERRAL_LIFECYCLE: Final = Lifecycle(
    subject="referral",
    statuses=ReferralStatus,
    moves={
        "approve": move([_Status.PROPOSED], _Status.APPROVED, "referral.approved"),
        "refuse": move([_Status.PROPOSED], _Status.REFUSED, "referral.refused"),
        "send_back": move([_Status.PROPOSED], _Status.SENT_BACK, "referral.sent_back"),
        "propose_again": move([_Status.SENT_BACK], _Status.PROPOSED, "referral.proposed"),
        "withdraw": move(
            [_Status.PROPOSED, _Status.SENT_BACK, _Status.APPROVED],
            _Status.WITHDRAWN,
            "referral.withdrawn",
        ),
        "file": move([_Status.APPROVED], _Status.FILED, "referral.filed"),
        "issue_order": move(
            [_Status.FILED, _Status.OBJECTED], _Status.ORDER, "referral.order_issued"
        ),
        "object": move([_Status.ORDER], _Status.OBJECTED, "referral.objected"),
        "make_final": move([_Status.ORDER], _Status.ORDER_FINAL, "referral.order_final"),
        "enforce": move([_Status.ORDER_FINAL], _Status.ENFORCEMENT, "referral.enforcement_started"),
        "close": move(AT_COURT, _Status.CLOSED, "referral.closed"),
    },
)
