"""Whose authority decides, as a table and against a second reading of the rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.authority import RightMissing
from kernel.errors import NotAllowed
from staff.authority import (
    Authority,
    Holder,
    OverLimit,
    OwnProposal,
    ProposedByGiver,
    bound,
    find_holder,
    holder_of,
    lend,
)
from staff.lifecycle import ApprovalKind
from staff.rights import DEPUTIES, RIGHT_TO_DECIDE, Right, Role

TERMINATION, PLACEMENT = ApprovalKind.TERMINATION, ApprovalKind.PLACEMENT
LEADER, MANAGER, OTHER = 1, 2, 3
NORTH, SOUTH = 10, 11


def holder(user_id: int, role: Role, *, team: int | None = NORTH, top: int | None = None) -> Holder:
    limits = {} if top is None else {(str(kind), "PLN"): top for kind in ApprovalKind}
    return holder_of(user_id=user_id, name=f"user {user_id}", role=role, team_id=team,
                     limits=limits)  # fmt: skip


def find(
    authority: Authority,
    kind: ApprovalKind = PLACEMENT,
    *,
    proposer: int | None = None,
    team: int = NORTH,
    **amounts: int,
) -> int:
    found = find_holder(authority, kind=kind, amounts=amounts or {"PLN": 100},
                        proposed_by_id=proposer, team_id=team)  # fmt: skip
    return found.user_id


def deputising(top: int | None = None) -> Authority:
    """A team leader whom a manager has lent everything."""
    giver = holder(MANAGER, Role.MANAGER, top=top)
    return Authority(
        holder(LEADER, Role.TEAM_LEADER, top=50),
        [lend(giver, kinds=list(ApprovalKind), to=Role.TEAM_LEADER)],
    )


def test_every_kind_has_a_right_and_roles_that_may_stand_in() -> None:
    assert set(RIGHT_TO_DECIDE) == set(DEPUTIES) == set(ApprovalKind)
    assert all(DEPUTIES.values())


def test_one_s_own_authority_comes_first() -> None:
    assert find(deputising(), TERMINATION, PLN=50) == LEADER
    assert find(deputising(), TERMINATION, PLN=51) == MANAGER
    assert find(deputising(), PLACEMENT) == MANAGER


def test_lent_authority_ends_at_the_giver_s_limit_in_each_currency() -> None:
    assert find(deputising(top=100), PLN=100) == MANAGER
    with pytest.raises(OverLimit) as refused:
        find(deputising(top=100), PLN=101)
    assert refused.value.values["limit_minor"] == 100
    assert find(deputising(top=100), PLN=100, EUR=10**9) == MANAGER
    with pytest.raises(OverLimit):
        find(deputising(top=100), PLN=101, EUR=1)


def test_what_oneself_or_the_giver_proposed_is_out_of_reach() -> None:
    with pytest.raises(OwnProposal):
        find(deputising(), proposer=LEADER)
    with pytest.raises(ProposedByGiver):
        find(deputising(), proposer=MANAGER)
    assert find(deputising(), TERMINATION, proposer=MANAGER, PLN=50) == LEADER


def test_nothing_is_decided_without_the_right() -> None:
    alone = Authority(holder(LEADER, Role.TEAM_LEADER))
    with pytest.raises(RightMissing) as refused:
        find(alone)
    assert refused.value.values["right"] == Right.APPROVE_PLACEMENT
    assert alone.rights == {
        Right.APPROVE_AGREEMENT,
        Right.APPROVE_TERMINATION,
        Right.WRITE_OFF,
        Right.APPROVE_REFUND,
        Right.APPROVE_CHARGE,
    }


def test_a_table_of_authority_binds_beside_a_limit_and_stands_in_for_none() -> None:
    def granted(role: Role) -> dict[str, int]:
        return {"PLN": 50 if role is Role.MANAGER else 20}

    for top, limit in ((None, 50), (70, 50), (30, 30)):
        authority = Authority(holder(MANAGER, Role.MANAGER, top=top))
        within = bound(authority, kind=PLACEMENT, granted=granted)
        assert within.own.limit(PLACEMENT, "PLN") == limit
        assert within.own.limit(TERMINATION, "PLN") == top
        assert within.own.limit(PLACEMENT, "EUR") is None
    lent = lend(holder(OTHER, Role.MANAGER), kinds=[PLACEMENT], to=Role.TEAM_LEADER)
    authority = Authority(holder(LEADER, Role.TEAM_LEADER), [lent])
    within = bound(authority, kind=PLACEMENT, granted=granted)
    assert find(within, PLN=50) == OTHER
    with pytest.raises(OverLimit):
        find(within, PLN=51)


def test_a_giver_of_one_team_lends_for_that_team_alone() -> None:
    giver = lend(holder(OTHER, Role.TEAM_LEADER, top=90), kinds=[TERMINATION], to=Role.MANAGER)
    authority = Authority(holder(MANAGER, Role.LEGAL, top=10), [giver])
    assert find(authority, TERMINATION, PLN=90) == OTHER
    with pytest.raises(OverLimit):
        find(authority, TERMINATION, team=SOUTH, PLN=90)


def test_what_a_role_is_not_enough_for_is_not_lent_to_it() -> None:
    giver = holder(MANAGER, Role.LEGAL)
    assert ApprovalKind.REFERRAL in giver.kinds
    assert (
        ApprovalKind.REFERRAL
        not in lend(giver, kinds=list(ApprovalKind), to=Role.TEAM_LEADER).kinds
    )
    assert lend(giver, kinds=[], to=Role.MANAGER).kinds == frozenset()
    assert lend(giver, kinds=list(ApprovalKind), to=Role.OFFICER).kinds == frozenset()


ROLES = st.sampled_from(list(Role))
TOPS = st.none() | st.integers(0, 200)


@given(
    own_role=ROLES, own_top=TOPS, giver_role=ROLES, giver_top=TOPS,
    kind=st.sampled_from(list(ApprovalKind)), amount=st.integers(0, 200),
    proposer=st.sampled_from([None, LEADER, MANAGER, OTHER]),
)  # fmt: skip
def test_somebody_decides_exactly_when_the_rule_read_anew_says_so(
    own_role: Role, own_top: int | None, giver_role: Role, giver_top: int | None,
    kind: ApprovalKind, amount: int, proposer: int | None,
) -> None:  # fmt: skip
    own, giver = holder(LEADER, own_role, top=own_top), holder(MANAGER, giver_role, top=giver_top)
    authority = Authority(own, [lend(giver, kinds=list(ApprovalKind), to=own_role)])

    def enough(role: Role, top: int | None) -> bool:
        if kind not in holder(OTHER, role).kinds:
            return False
        if top is not None:
            return amount <= top
        return amount == 0 or role in (Role.MANAGER, Role.LEGAL)

    by_own = proposer != LEADER and enough(own_role, own_top)
    by_loan = (
        proposer not in (LEADER, MANAGER)
        and own_role in DEPUTIES[kind]
        and enough(giver_role, giver_top)
    )
    expected = LEADER if by_own else MANAGER if by_loan else None
    try:
        found: int | None = find(authority, kind, proposer=proposer, PLN=amount)
    except NotAllowed:
        found = None

    assert found == expected
