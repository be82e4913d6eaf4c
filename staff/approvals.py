"""What every approval has in common: who may decide, and how the inbox sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.actor import Actor
from kernel.errors import InvalidInput, NotAllowed
from staff.models import Proposal, User
from staff.queries import get_approval_limit
from staff.rights import Role

#: A role without a limit for a kind and currency may decide nothing of it, except a manager's
#: or a legal officer's, whose authority is the bank's unless a limit is laid down.
_UNLIMITED = frozenset({Role.MANAGER, Role.LEGAL})


class OwnProposal(NotAllowed):
    """Nobody decides what they proposed themselves."""

    code = "own_proposal"


class OverLimit(NotAllowed):
    code = "over_limit"


class DecidedByPersonOnly(NotAllowed):
    """The machine and API clients decide nothing that hurts."""

    code = "decided_by_person_only"


class ReasonMissing(InvalidInput):
    code = "reason_missing"


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One line of the approvals inbox. ``kind`` and ``id`` name the thing itself."""

    kind: str
    id: int
    case_id: int
    case_number: str
    debtor_name: str
    amount_minor: int
    currency: str
    status: str
    proposed_by_id: int | None
    proposed_by_name: str
    proposed_at: datetime
    grounds: Mapping[str, Any]


def check_may_decide(
    *, proposal: Proposal, kind: str, actor: Actor, reason: str, granted_minor: int | None = None
) -> User:
    """The deciding user. Raises one of the errors of this module.

    The right itself is required by the operation; here are the rules that depend on the thing.
    ``granted_minor`` is what a table of authority of the app grants the role: it stands in for a
    limit that was not laid down, and binds beside one that was.
    """
    user_id = actor.user_id
    if user_id is None:
        raise DecidedByPersonOnly
    if not reason.strip():
        raise ReasonMissing
    if proposal.proposed_by_id == user_id:
        raise OwnProposal(kind=kind, id=proposal.pk)
    user = User.objects.get(pk=user_id)
    limit = get_approval_limit(role=Role(user.role), kind=kind, currency=proposal.currency)
    unlimited = limit is None and granted_minor is None and user.role in _UNLIMITED
    if granted_minor is not None:
        limit = granted_minor if limit is None else min(limit, granted_minor)
    if not unlimited and proposal.amount_minor > (limit or 0):
        raise OverLimit(
            kind=kind,
            amount_minor=proposal.amount_minor,
            limit_minor=limit or 0,
            currency=proposal.currency,
        )
    return user
