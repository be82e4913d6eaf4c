"""The life of a placement with an external agency."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, move


class ExclusionGround(StrEnum):
    """Why an agency needs no permit under the act on credit servicers (Dz.U. 2025/146)."""

    BANK = "bank"
    CREDIT_UNION = "credit_union"
    LOAN_INSTITUTION = "loan_institution"
    FUND_MANAGER = "fund_manager"
    PERFORMING_CREDIT_ONLY = "performing_credit_only"


class PlacementStatus(StrEnum):
    """``recalled``: the bank took it back; ``returned``: the agency gave it back."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    PLACED = "placed"
    RECALLED = "recalled"
    RETURNED = "returned"
    ENDED = "ended"


#: One of these per case at a time.
LIVE: Final = (
    PlacementStatus.PROPOSED,
    PlacementStatus.SENT_BACK,
    PlacementStatus.APPROVED,
    PlacementStatus.PLACED,
)
OPEN: Final = (PlacementStatus.PROPOSED, PlacementStatus.SENT_BACK)


class EndReason(StrEnum):
    """Why a placement is over, or why an approved one was never handed over."""

    PAID = "paid"
    COMPLAINT = "complaint"
    BANKRUPTCY = "bankruptcy"
    DEATH = "death"
    DIRECT_SETTLEMENT = "direct_settlement"
    COURT = "court"
    NOT_FOUND = "not_found"
    NO_MEANS = "no_means"
    TERM_OVER = "term_over"
    AGENCY_CHANGE = "agency_change"
    OTHER = "other"


PLACEMENT_LIFECYCLE: Final = Lifecycle(
    subject="placement",
    statuses=PlacementStatus,
    moves={
        "approve": move([PlacementStatus.PROPOSED], PlacementStatus.APPROVED, "placement.approved"),
        "refuse": move([PlacementStatus.PROPOSED], PlacementStatus.REFUSED, "placement.refused"),
        "send_back": move(
            [PlacementStatus.PROPOSED], PlacementStatus.SENT_BACK, "placement.sent_back"
        ),
        "propose_again": move(
            [PlacementStatus.SENT_BACK], PlacementStatus.PROPOSED, "placement.proposed"
        ),
        "withdraw": move(
            [PlacementStatus.PROPOSED, PlacementStatus.SENT_BACK, PlacementStatus.APPROVED],
            PlacementStatus.WITHDRAWN,
            "placement.withdrawn",
        ),
        "place": move([PlacementStatus.APPROVED], PlacementStatus.PLACED, "placement.placed"),
        "recall": move([PlacementStatus.PLACED], PlacementStatus.RECALLED, "placement.recalled"),
        "return": move([PlacementStatus.PLACED], PlacementStatus.RETURNED, "placement.returned"),
        "end": move([PlacementStatus.PLACED], PlacementStatus.ENDED, "placement.ended"),
    },
)
