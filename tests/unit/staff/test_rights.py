from __future__ import annotations

import pytest

from kernel.actor import Actor, ActorKind, system_actor
from staff.lifecycle import ProposalStatus, proposal_lifecycle
from staff.rights import ROLE_RIGHTS, SCOPE_RIGHTS, Right, Role, Scope

PROPOSING = {Right.PROPOSE_TERMINATION, Right.PROPOSE_PLACEMENT, Right.PROPOSE_REFERRAL}
APPROVING = {
    Right.APPROVE_AGREEMENT,
    Right.APPROVE_TERMINATION,
    Right.APPROVE_PLACEMENT,
    Right.APPROVE_REFERRAL,
}


def test_an_officer_proposes_what_hurts_and_approves_none_of_it() -> None:
    assert ROLE_RIGHTS[Role.OFFICER] >= PROPOSING
    assert not ROLE_RIGHTS[Role.OFFICER] & APPROVING


def test_an_auditor_changes_nothing() -> None:
    assert all(right.value.startswith("see_") for right in ROLE_RIGHTS[Role.AUDITOR])
    assert Right.SEE_IDENTIFIERS not in ROLE_RIGHTS[Role.AUDITOR]


def test_an_administrator_sees_no_case() -> None:
    assert not ROLE_RIGHTS[Role.ADMINISTRATOR] & {Right.SEE_CASES, Right.SEE_IDENTIFIERS}


def test_only_compliance_sets_the_guard_aside() -> None:
    assert [role for role in Role if Right.OVERRIDE_GUARD in ROLE_RIGHTS[role]] == [Role.COMPLIANCE]


def test_who_sees_for_whom_the_money_of_a_statement_is_sees_every_team() -> None:
    holders = [role for role in Role if Right.SEE_STATEMENTS in ROLE_RIGHTS[role]]
    assert holders
    assert all(Right.SEE_ALL_TEAMS in ROLE_RIGHTS[role] for role in holders)


@pytest.mark.parametrize("scope", sorted(set(Scope) - {Scope.SEND_STATEMENTS}))
def test_a_token_only_reads(scope: Scope) -> None:
    assert SCOPE_RIGHTS[scope] <= {Right.SEE_CASES}


def test_a_token_that_brings_statements_sees_no_case() -> None:
    assert SCOPE_RIGHTS[Scope.SEND_STATEMENTS] == {
        Right.SEE_STATEMENTS,
        Right.IMPORT_STATEMENTS,
    }


def test_a_right_is_held_as_its_word() -> None:
    """Actors carry words, because the kernel knows no rights."""
    actor = Actor(ActorKind.USER, "1", frozenset({"see_cases"}))
    assert actor.has(Right.SEE_CASES)
    assert not actor.has(Right.SEE_BOARD)
    assert system_actor("day_close").has(Right.SEE_BOARD)


def test_a_proposal_is_decided_once_and_may_be_sent_back_first() -> None:
    lifecycle = proposal_lifecycle("thing")
    status = ProposalStatus
    assert set(lifecycle.allowed(status.PROPOSED)) == {"approve", "refuse", "send_back", "withdraw"}
    assert set(lifecycle.allowed(status.SENT_BACK)) == {"propose_again", "withdraw"}
    for decided in (status.APPROVED, status.REFUSED, status.WITHDRAWN):
        assert lifecycle.allowed(decided) == []
    assert lifecycle.move("approve").event == "thing.approved"
