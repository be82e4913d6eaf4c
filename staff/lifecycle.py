"""The lifecycle that every proposal shares: a person other than the proposer decides."""

from __future__ import annotations

from enum import StrEnum

from kernel.lifecycle import Lifecycle, move


class ProposalStatus(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"


class ApprovalKind(StrEnum):
    """What waits for a person with the authority; each has a limit of its own."""

    TERMINATION = "termination"
    AGREEMENT = "agreement"
    PLACEMENT = "placement"
    REFERRAL = "referral"
    WRITE_OFF = "write_off"
    REFUND = "refund"
    CHARGE = "charge"


def proposal_lifecycle(subject: str) -> Lifecycle[ProposalStatus]:
    """The moves of a proposal; the events are ``<subject>.approved`` and so on."""
    status = ProposalStatus
    return Lifecycle(
        subject=subject,
        statuses=status,
        moves={
            "approve": move([status.PROPOSED], status.APPROVED, f"{subject}.approved"),
            "refuse": move([status.PROPOSED], status.REFUSED, f"{subject}.refused"),
            "send_back": move([status.PROPOSED], status.SENT_BACK, f"{subject}.sent_back"),
            "propose_again": move([status.SENT_BACK], status.PROPOSED, f"{subject}.proposed"),
            "withdraw": move(
                [status.PROPOSED, status.SENT_BACK], status.WITHDRAWN, f"{subject}.withdrawn"
            ),
        },
    )
