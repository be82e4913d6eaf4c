"""What every approval has in common: who may decide, and where the proposals stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps

from kernel.actor import Actor
from kernel.clock import legal_day
from kernel.errors import InvalidInput, NotAllowed
from staff.authority import Holder, OverLimit, OwnProposal, ProposedByGiver, bound, find_holder
from staff.lifecycle import ApprovalKind
from staff.models import Proposal, User
from staff.queries import get_authority
from staff.rights import Role

__all__ = [
    "DecidedByPersonOnly",
    "Decider",
    "OverLimit",
    "OwnProposal",
    "ProposedByGiver",
    "ReasonMissing",
    "approval_tables",
    "check_may_decide",
]


class DecidedByPersonOnly(NotAllowed):
    """The machine and API clients decide nothing that hurts."""

    code = "decided_by_person_only"


class ReasonMissing(InvalidInput):
    code = "reason_missing"


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, and the colleague whose lent authority it rests on, where it does."""

    user: User
    on_behalf_of: Holder | None = None

    @property
    def role(self) -> str:
        """Of the person whose authority it is."""
        return self.on_behalf_of.role if self.on_behalf_of else self.user.role

    def changes(self, *, reason: str, at: datetime) -> dict[str, Any]:
        """The columns of a decided proposal."""
        return {
            "decided_by": self.user,
            "decided_for_id": self.on_behalf_of.user_id if self.on_behalf_of else None,
            "decided_at": at,
            "decision_reason": reason,
        }

    def payload(self, *, reason: str) -> dict[str, Any]:
        """What the event of the decision says."""
        if self.on_behalf_of is None:
            return {"reason": reason}
        return {
            "reason": reason,
            "on_behalf_of": self.on_behalf_of.name,
            "on_behalf_of_id": self.on_behalf_of.user_id,
        }


@cache
def approval_tables() -> Mapping[str, str]:
    """The table of each kind of proposal, in the order of their names."""
    found = {
        str(model.approval_kind): model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, Proposal) and model.approval_kind is not None
    }
    return dict(sorted(found.items()))


def check_may_decide(
    *,
    proposal: Proposal,
    kind: str,
    actor: Actor,
    reason: str,
    at: datetime,
    amounts: Mapping[str, int] | None = None,
    team_id: int | None = None,
    granted: Callable[[Role], Mapping[str, int]] | None = None,
) -> Decider:
    """Who decides it. Raises one of the errors of this module, or RightMissing.

    ``amounts`` are minor units by currency where there is more than one; ``team_id`` is that of
    the case. The operation requires the right itself; here are the rules that depend on the thing
    and on what others have lent. ``granted`` is what a table of authority of the app grants a
    role, see ``staff.authority.bound``.
    """
    user_id = actor.user_id
    if user_id is None:
        raise DecidedByPersonOnly
    if not reason.strip():
        raise ReasonMissing
    user = User.objects.get(pk=user_id)
    authority = get_authority(user=user, on=legal_day(at))
    if granted is not None:
        authority = bound(authority, kind=ApprovalKind(kind), granted=granted)
    holder = find_holder(
        authority,
        kind=ApprovalKind(kind),
        amounts=amounts or {proposal.currency: proposal.amount_minor},
        proposed_by_id=proposal.proposed_by_id,
        team_id=team_id,
    )
    return Decider(user, None if holder.user_id == user_id else holder)
