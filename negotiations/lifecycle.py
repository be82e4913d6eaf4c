"""The life of an agreement and of its instalments."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, move


class AgreementKind(StrEnum):
    """``settlement``: what is agreed is paid and the rest is written off."""

    INSTALMENTS = "instalments"
    DEFERRAL = "deferral"
    SETTLEMENT = "settlement"


class AgreementStatus(StrEnum):
    PROPOSED = "proposed"
    SENT_BACK = "sent_back"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    IN_FORCE = "in_force"
    KEPT = "kept"
    BROKEN = "broken"


#: One of these per case at a time.
LIVE: Final = (AgreementStatus.PROPOSED, AgreementStatus.SENT_BACK, AgreementStatus.IN_FORCE)
#: What a person still has to decide or to mend.
OPEN: Final = (AgreementStatus.PROPOSED, AgreementStatus.SENT_BACK)

AGREEMENT_LIFECYCLE: Final = Lifecycle(
    subject="agreement",
    statuses=AgreementStatus,
    moves={
        "conclude": move(
            [AgreementStatus.PROPOSED], AgreementStatus.IN_FORCE, "agreement.concluded"
        ),
        "approve": move([AgreementStatus.PROPOSED], AgreementStatus.IN_FORCE, "agreement.approved"),
        "refuse": move([AgreementStatus.PROPOSED], AgreementStatus.REFUSED, "agreement.refused"),
        "send_back": move(
            [AgreementStatus.PROPOSED], AgreementStatus.SENT_BACK, "agreement.sent_back"
        ),
        "withdraw": move(
            [AgreementStatus.PROPOSED, AgreementStatus.SENT_BACK, AgreementStatus.IN_FORCE],
            AgreementStatus.WITHDRAWN,
            "agreement.withdrawn",
        ),
        "keep": move([AgreementStatus.IN_FORCE], AgreementStatus.KEPT, "agreement.kept"),
        "break": move([AgreementStatus.IN_FORCE], AgreementStatus.BROKEN, "agreement.broken"),
    },
)


class InstalmentStatus(StrEnum):
    OPEN = "open"
    PAID = "paid"
    MISSED = "missed"
