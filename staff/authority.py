"""Who may decide what: one's own authority and what colleagues have lent. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kernel.authority import RightMissing
from kernel.errors import NotAllowed
from staff.lifecycle import ApprovalKind
from staff.rights import DEPUTIES, RIGHT_TO_DECIDE, ROLE_RIGHTS, Right, Role

#: A role without a limit for a kind and currency may decide nothing of it, except a manager's
#: or a legal officer's, whose authority is the bank's unless a limit is laid down.
_UNLIMITED: Final = frozenset({Role.MANAGER, Role.LEGAL})

#: Minor units by kind and currency.
Limits = Mapping[tuple[str, str], int]


class OwnProposal(NotAllowed):
    """Nobody decides what they proposed themselves."""

    code = "own_proposal"


class ProposedByGiver(NotAllowed):
    """Lent authority does not reach what the person who lent it proposed."""

    code = "proposed_by_giver"


class OverLimit(NotAllowed):
    """``amount_minor`` is above ``limit_minor``, the highest that the decider has or was lent."""

    code = "over_limit"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with authority of their own; ``limits`` are those of their role.

    ``team_id`` is the only team whose cases they decide about; None: every team's.
    """

    user_id: int
    name: str
    role: Role
    team_id: int | None
    kinds: frozenset[ApprovalKind]
    limits: Limits

    @property
    def is_unlimited(self) -> bool:
        """Where no limit is laid down."""
        return self.role in _UNLIMITED

    def limit(self, kind: ApprovalKind, currency: str) -> int | None:
        """Minor units, 0 for nothing at all; None: no limit."""
        if kind not in self.kinds:
            return 0
        return self.limits.get((kind, currency), None if self.is_unlimited else 0)

    def covers(self, kind: ApprovalKind, amounts: Mapping[str, int]) -> bool:
        """Within the limit in each currency by itself."""
        if kind not in self.kinds:
            return False
        limits = {currency: self.limit(kind, currency) for currency in amounts}
        return all(
            limit is None or amounts[currency] <= limit for currency, limit in limits.items()
        )

    def reaches(self, team_id: int | None) -> bool:
        return self.team_id is None or self.team_id == team_id


@dataclass(frozen=True, slots=True)
class Authority:
    """One's own, and that of each colleague who has lent it for now."""

    own: Holder
    lent: Sequence[Holder] = ()

    @property
    def kinds(self) -> frozenset[ApprovalKind]:
        return self.own.kinds.union(*(holder.kinds for holder in self.lent))

    @property
    def rights(self) -> frozenset[Right]:
        return frozenset(RIGHT_TO_DECIDE[kind] for kind in self.kinds)


def holder_of(
    *, user_id: int, name: str, role: Role, team_id: int | None, limits: Limits
) -> Holder:
    """The authority that follows from a role."""
    rights = ROLE_RIGHTS[role]
    kinds = frozenset(kind for kind, right in RIGHT_TO_DECIDE.items() if right in rights)
    reach = None if Right.SEE_ALL_TEAMS in rights else (team_id or 0)
    return Holder(user_id, name, role, reach, kinds, limits)


def lend(giver: Holder, *, kinds: Sequence[str], to: Role) -> Holder:
    """What of the giver's own authority a colleague of the role ``to`` may use."""
    lent = frozenset(kind for kind in giver.kinds if kind in kinds and to in DEPUTIES[kind])
    return replace(giver, kinds=lent)


def bound(
    authority: Authority, *, kind: ApprovalKind, granted: Callable[[Role], Mapping[str, int]]
) -> Authority:
    """With what a table of authority grants each role, in minor units by currency.

    It stands in for a limit that was not laid down, and binds beside one that was; a currency that
    the table does not name stays as it was.
    """

    def bound_holder(holder: Holder) -> Holder:
        limits = dict(holder.limits)
        for currency, minor in granted(holder.role).items():
            limits[kind, currency] = min(minor, limits.get((kind, currency), minor))
        return replace(holder, limits=limits)

    return Authority(bound_holder(authority.own), [bound_holder(one) for one in authority.lent])


def find_holder(
    authority: Authority,
    *,
    kind: ApprovalKind,
    amounts: Mapping[str, int],
    proposed_by_id: int | None,
    team_id: int | None,
) -> Holder:
    """Whose authority decides a proposal over ``amounts`` (minor units by currency) about a case
    of the team: one's own where it is enough, otherwise the first that was lent and is.

    Raises OwnProposal, ProposedByGiver, RightMissing, OverLimit.
    """
    own = authority.own
    if proposed_by_id == own.user_id:
        raise OwnProposal(kind=kind)
    if own.covers(kind, amounts):
        return own
    lent = [one for one in authority.lent if kind in one.kinds and one.reaches(team_id)]
    others = [one for one in lent if one.user_id != proposed_by_id]
    for holder in others:
        if holder.covers(kind, amounts):
            return holder
    if kind not in own.kinds and not others:
        if lent:
            raise ProposedByGiver(kind=kind, giver=lent[0].name)
        raise RightMissing(right=RIGHT_TO_DECIDE[kind])
    raise _over_limit(kind, amounts, [own, *others])


def _over_limit(
    kind: ApprovalKind, amounts: Mapping[str, int], holders: Sequence[Holder]
) -> OverLimit:
    """Told of the holder who comes nearest: the one with the highest limit where it is passed."""
    best: tuple[int, str] | None = None
    for holder in holders:
        for currency, amount_minor in sorted(amounts.items()):
            limit = holder.limit(kind, currency)
            if limit is not None and amount_minor > limit and (best is None or limit > best[0]):
                best = (limit, currency)
    assert best is not None
    limit_minor, currency = best
    return OverLimit(
        kind=kind, amount_minor=amounts[currency], limit_minor=limit_minor, currency=currency
    )
