"""The approvals inbox: every app's open proposals in one list, and the door to decide them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from agencies import operations as agency_operations
from agencies import queries as agency_queries
from bookkeeping import operations as bookkeeping_operations
from bookkeeping import queries as bookkeeping_queries
from contacts import operations as contact_operations
from contacts import queries as contact_queries
from courts import operations as court_operations
from courts import queries as court_queries
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.errors import NotFound
from negotiations import operations as negotiation_operations
from negotiations import queries as negotiation_queries
from staff.approvals import ProposalRow


class Verdict(StrEnum):
    """What a person decides; the values are the moves of a proposal's lifecycle."""

    GRANT = "approve"
    REFUSE = "refuse"
    SEND_BACK = "send_back"


class UnknownApproval(NotFound):
    code = "unknown_approval"


@dataclass(frozen=True, slots=True)
class _Kind:
    list_open: Callable[..., list[ProposalRow]]
    decide: Callable[..., Any]


_KINDS: Final[dict[str, _Kind]] = {
    "termination": _Kind(contact_queries.list_proposals, contact_operations.decide_termination),
    "agreement": _Kind(negotiation_queries.list_proposals, negotiation_operations.decide_agreement),
    "placement": _Kind(agency_queries.list_proposals, agency_operations.decide_placement),
    "referral": _Kind(court_queries.list_proposals, court_operations.decide_referral),
    "write_off": _Kind(
        bookkeeping_queries.list_write_off_proposals, bookkeeping_operations.decide_write_off
    ),
    "write_off_batch": _Kind(
        bookkeeping_queries.list_batch_proposals, bookkeeping_operations.decide_write_off_batch
    ),
    "refund": _Kind(
        bookkeeping_queries.list_refund_proposals, bookkeeping_operations.decide_refund
    ),
    "charge": _Kind(
        bookkeeping_queries.list_charge_proposals, bookkeeping_operations.decide_charge
    ),
}


def list_approvals(*, actor: Actor) -> list[ProposalRow]:
    """Everything that waits for a decision and that the actor may see, oldest first."""
    rows = [row for kind in _KINDS.values() for row in kind.list_open(actor=actor)]
    return sorted(rows, key=lambda row: (row.proposed_at, row.kind, row.id))


@by_machine
def decide_approval(
    *, kind: str, proposal_id: int, verdict: Verdict, reason: str, actor: Actor, at: datetime
) -> None:
    """Grant, refuse or send back; the app's own operation requires the right for it.

    Raises UnknownApproval, and what the app's operation raises.
    """
    if kind not in _KINDS:
        raise UnknownApproval(kind=kind, id=proposal_id)
    _KINDS[kind].decide(
        **{f"{kind}_id": proposal_id}, move=verdict.value, reason=reason, actor=actor, at=at
    )
