"""The approvals inbox: every kind of proposal in one list, and the door to decide one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from agencies import operations as agency_operations
from bookkeeping import operations as bookkeeping_operations
from cases.queries.approvals import ApprovalKey, ApprovalRow, ApprovalsFilter, Order, list_approvals
from contacts import operations as contact_operations
from courts import operations as court_operations
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.errors import NotFound
from negotiations import operations as negotiation_operations

_ALL: Final = ApprovalsFilter()
_CHUNK: Final = 500


class Verdict(StrEnum):
    """What a person decides; the values are the moves of a proposal's lifecycle."""

    GRANT = "approve"
    REFUSE = "refuse"
    SEND_BACK = "send_back"


class UnknownApproval(NotFound):
    code = "unknown_approval"


_DECIDE: Final[dict[str, Callable[..., Any]]] = {
    "termination": contact_operations.decide_termination,
    "agreement": negotiation_operations.decide_agreement,
    "placement": agency_operations.decide_placement,
    "referral": court_operations.decide_referral,
    "write_off": bookkeeping_operations.decide_write_off,
    "write_off_batch": bookkeeping_operations.decide_write_off_batch,
    "refund": bookkeeping_operations.decide_refund,
    "charge": bookkeeping_operations.decide_charge,
}


def each_approval(*, actor: Actor) -> Iterator[ApprovalRow]:
    """Everything that waits for a decision and that the actor may see, oldest first."""
    after: ApprovalKey | None = None
    while True:
        rows = list_approvals(actor=actor, chosen=_ALL, after=after, limit=_CHUNK)
        yield from rows
        if len(rows) < _CHUNK:
            return
        after = rows[-1].key(Order.OLDEST)


@by_machine
def decide_approval(
    *, kind: str, proposal_id: int, verdict: Verdict, reason: str, actor: Actor, at: datetime
) -> None:
    """Grant, refuse or send back; the app's own operation requires the right for it.

    Raises UnknownApproval, and what the app's operation raises.
    """
    if kind not in _DECIDE:
        raise UnknownApproval(kind=kind, id=proposal_id)
    _DECIDE[kind](
        **{f"{kind}_id": proposal_id}, move=verdict.value, reason=reason, actor=actor, at=at
    )
