"""Writing off: at once within one's authority, above it by two; and taken back as a whole."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookkeeping.lifecycle import WriteOffKind, WriteOffReason
from bookkeeping.models import WriteOff
from bookkeeping.operations import (
    decide_write_off,
    propose_write_off,
    reverse_write_off,
    withdraw_write_off,
)
from bookkeeping.operations.write_offs import (
    WriteOffNotFound,
    WriteOffOpenAlready,
    WriteOffOutdated,
    WriteOffReasonReserved,
)
from bookkeeping.queries.debts import DebtNotOfCase
from cases.models import Case, Hold, WorkItem
from journal.models import Event
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.authority import RightMissing
from kernel.lifecycle import MoveNotAllowed
from ledger.book_of_record import delay_tariff
from ledger.lifecycle import Component, Keeper
from ledger.models import Account, Balance
from ledger.operations import (
    NewBook,
    NothingToWriteOff,
    change_keepers,
    post_charge,
    post_payment,
)
from ledger.verification import verify_ledger, verify_replay
from staff.approvals import OverLimit, OwnProposal, ReasonMissing
from staff.lifecycle import ApprovalKind
from staff.models import ApprovalLimit, Team, User
from staff.operations import delegate_authority
from staff.rights import Role
from tests.integration.bookkeeping.conftest import AT, DUE, ON, account_of
from tests.integration.cases.builders import actor_of, make_user

pytestmark = pytest.mark.django_db

INTEREST = (Component.CONTRACTUAL_INTEREST, Component.DEFAULT_INTEREST)


def propose(case: Case, actor: Actor, amount: int | None, key: str = "1", **more: Any) -> WriteOff:
    values = {
        "account_id": account_of(case).pk, "reason": WriteOffReason.HARDSHIP,
        "note": "Lost their job", "submission": key, **more,
    }  # fmt: skip
    return propose_write_off(case_id=case.pk, amount_minor=amount, actor=actor, at=AT, **values)


def decide(row: WriteOff, actor: Actor, move: str = "approve", reason: str = "Seen") -> WriteOff:
    return decide_write_off(write_off_id=row.pk, move=move, reason=reason, actor=actor, at=AT)


def owed(account: Account) -> dict[str, int]:
    sums: dict[str, int] = {}
    for component, minor in Balance.objects.filter(account=account).values_list(
        "component", "amount_minor"
    ):
        sums[component] = sums.get(component, 0) + minor
    return sums


def kinds(case: Case) -> list[str]:
    return [e.kind for e in list_events(subjects=[Subject("case", case.pk)])]


def is_sound() -> bool:
    return verify_ledger() == [] and verify_replay() == []


def test_an_officer_proposes_and_the_case_waits_until_a_leader_has_decided(
    case: Case, account: Account, as_officer: Actor, as_leader: Actor
) -> None:
    row = propose(case, as_officer, 4_000, components=INTEREST)
    assert (row.status, row.needs_approval) == ("proposed", True)
    assert Hold.objects.get(case=case).cause == f"write_off:{row.pk}"
    assert owed(account)["default_interest"] == 3_000

    done = decide(row, as_leader)

    assert (done.status, done.amount_minor) == ("posted", 4_000)
    assert done.transaction is not None
    left = owed(account)
    assert left.get("default_interest", 0) + left.get("contractual_interest", 0) == 5_000
    assert (left["principal"], left["fees"]) == (500_000, 1_000)
    assert not Hold.objects.filter(case=case, ended_on__isnull=True).exists()
    assert {"write_off.proposed", "write_off.approved"} <= set(kinds(case))
    assert is_sound()


def test_a_leader_writes_small_interest_off_alone_and_larger_by_two(
    case: Case, as_leader: Actor
) -> None:
    assert propose(case, as_leader, 20_000 - 11_000, components=INTEREST).status == "posted"
    other = propose(case, as_leader, 1, "2", components=[Component.PRINCIPAL])
    assert other.status == "proposed", "nobody but a manager gives up principal alone"


def test_a_write_off_without_components_reaches_the_principal_as_long_as_any_is_owed(
    case: Case, as_leader: Actor
) -> None:
    assert propose(case, as_leader, 100).status == "proposed"


def test_a_full_write_off_takes_all_due_or_not(
    case: Case, account: Account, as_manager: Actor, as_second_manager: Actor
) -> None:
    row = propose(case, as_manager, None)
    assert (row.kind, row.amount_minor, row.status) == (WriteOffKind.FULL, 510_000, "proposed")
    decide(row, as_second_manager)
    account.refresh_from_db()
    assert (account.outstanding_minor, account.due_minor, account.due_since) == (0, 0, None)
    assert is_sound()


def test_the_same_form_sent_twice_writes_off_once(case: Case, as_leader: Actor) -> None:
    first = propose(case, as_leader, 500, components=[Component.FEES])
    assert propose(case, as_leader, 500, components=[Component.FEES]).pk == first.pk
    assert WriteOff.objects.count() == 1


def test_nobody_decides_their_own_nor_above_their_authority(
    case: Case, as_officer: Actor, as_leader: Actor, as_manager: Actor
) -> None:
    own = propose(case, as_leader, 100_000)
    with pytest.raises(OwnProposal):
        decide(own, as_leader)
    with pytest.raises(RightMissing):
        decide(own, as_officer)
    withdraw_write_off(write_off_id=own.pk, reason="Mistaken", actor=as_leader, at=AT)
    row = propose(case, as_officer, 200_001, "2")
    with pytest.raises(OverLimit) as refused:
        decide(row, as_leader)
    assert refused.value.values["limit_minor"] == 200_000
    assert decide(row, as_manager).status == "posted"


def test_a_limit_laid_down_binds_on_top_of_the_table(
    case: Case, as_officer: Actor, as_leader: Actor
) -> None:
    ApprovalLimit.objects.create(
        role=Role.TEAM_LEADER, kind="write_off", currency="PLN", amount_minor=1_000
    )
    row = propose(case, as_officer, 1_001)
    with pytest.raises(OverLimit):
        decide(row, as_leader)


def test_a_refusal_ends_the_hold_and_is_told_and_sent_back_can_be_withdrawn(
    case: Case, as_officer: Actor, as_leader: Actor
) -> None:
    row = propose(case, as_officer, 1_000)
    with pytest.raises(ReasonMissing):
        decide(row, as_leader, "refuse", " ")
    assert decide(row, as_leader, "refuse", "They can pay").status == "refused"
    assert not Hold.objects.filter(case=case, ended_on__isnull=True).exists()
    assert WorkItem.objects.filter(case=case, kind="approval_refused").count() == 1
    again = decide(propose(case, as_officer, 900, "2"), as_leader, "send_back", "Which letter?")
    assert Hold.objects.filter(case=case, ended_on__isnull=True).count() == 1
    withdrawn = withdraw_write_off(write_off_id=again.pk, reason="Anew", actor=as_officer, at=AT)
    assert withdrawn.status == "withdrawn"
    assert not Hold.objects.filter(case=case, ended_on__isnull=True).exists()


def test_what_was_paid_meanwhile_is_not_written_off(
    case: Case, account: Account, as_officer: Actor, as_leader: Actor, machine: Actor
) -> None:
    row = propose(case, as_officer, 1_000, components=[Component.FEES])
    post_payment(
        account_id=account.pk, amount_minor=400, currency="PLN", value_on=ON,
        idempotency_key="p", actor=machine, at=AT,
    )  # fmt: skip
    assert decide(row, as_leader).amount_minor == 600
    assert "fees" not in owed(account)


def test_a_full_one_that_has_grown_meanwhile_is_proposed_anew(
    case: Case, account: Account, as_manager: Actor, as_second_manager: Actor, machine: Actor
) -> None:
    row = propose(case, as_manager, None)
    post_charge(
        account_id=account.pk, component=Component.COSTS, amount_minor=1, due_on=ON,
        reason="court", idempotency_key="c", source="test", actor=machine, at=AT,
    )  # fmt: skip
    with pytest.raises(WriteOffOutdated):
        decide(row, as_second_manager)


def test_a_reversal_claims_it_again_and_only_once(
    case: Case, account: Account, as_leader: Actor, as_manager: Actor
) -> None:
    row = propose(case, as_leader, 1_000, components=[Component.FEES])
    with pytest.raises(RightMissing):
        reverse_write_off(write_off_id=row.pk, reason="Found", actor=as_leader, at=AT)
    back = reverse_write_off(write_off_id=row.pk, reason="An heir paid", actor=as_manager, at=AT)
    assert (back.status, back.reversal_reason) == ("reversed", "An heir paid")
    assert owed(account)["fees"] == 1_000
    with pytest.raises(MoveNotAllowed):
        reverse_write_off(write_off_id=row.pk, reason="Again", actor=as_manager, at=AT)
    assert is_sound()


@pytest.mark.parametrize(
    ("amount", "components", "error"),
    [
        (510_001, (), NothingToWriteOff),
        (0, (), NothingToWriteOff),
        (-5, (), NothingToWriteOff),
        (1_001, (Component.FEES,), NothingToWriteOff),
        (None, (Component.COSTS,), NothingToWriteOff),
    ],
)
def test_no_more_is_written_off_than_is_owed(
    case: Case, as_manager: Actor, amount: int | None, components: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        propose(case, as_manager, amount, components=components)
    assert not WriteOff.objects.exists()


def test_two_on_one_debt_do_not_wait_side_by_side(case: Case, as_officer: Actor) -> None:
    propose(case, as_officer, 100)
    with pytest.raises(WriteOffOpenAlready):
        propose(case, as_officer, 100, "2")


def test_a_debt_of_another_a_reserved_reason_and_another_team_are_refused(
    case: Case, as_officer: Actor, book: Any, db: None
) -> None:
    other = book(DUE)
    with pytest.raises(DebtNotOfCase):
        propose(case, as_officer, 100, account_id=account_of(other).pk)
    with pytest.raises(WriteOffReasonReserved):
        propose(case, as_officer, 100, reason=WriteOffReason.SMALL_BALANCE)
    with pytest.raises(ReasonMissing):
        propose(case, as_officer, 100, note="  ")
    row = propose(case, as_officer, 100)
    stranger = actor_of(make_user("obcy", Role.TEAM_LEADER, Team.objects.create(name="South")))
    with pytest.raises(Exception, match="case_not_found"):
        decide(row, stranger)
    with pytest.raises(WriteOffNotFound):
        decide_write_off(write_off_id=0, move="approve", reason="x", actor=stranger, at=AT)


def test_a_full_one_takes_the_interest_that_was_added_until_it_is_decided(
    case: Case, account: Account, as_officer: Actor, as_manager: Actor, machine: Actor
) -> None:
    book = NewBook(account.pk, Keeper.HOUSE, ON, "ours", delay_tariff(None))
    change_keepers(books=[book], at=AT, actor=machine)
    row = propose_write_off(
        case_id=case.pk, account_id=account.pk, amount_minor=None, reason=WriteOffReason.HARDSHIP,
        note="n", submission="full", actor=as_officer, at=AT,
    )  # fmt: skip
    later = AT + timedelta(days=9)

    decided = decide_write_off(
        write_off_id=row.pk, move="approve", reason="Seen", actor=as_manager, at=later
    )

    account.refresh_from_db()
    assert decided.amount_minor > row.amount_minor
    assert account.outstanding_minor == 0
    assert verify_replay([account.pk]) == []


def test_who_stands_in_decides_by_the_table_of_the_person_who_lent_it(
    case: Case, account: Account, as_officer: Actor, manager: User, leader: User
) -> None:
    row = propose_write_off(
        case_id=case.pk, account_id=account.pk, amount_minor=None, reason=WriteOffReason.HARDSHIP,
        note="n", submission="lent", actor=as_officer, at=AT,
    )  # fmt: skip
    decision: dict[str, Any] = {
        "write_off_id": row.pk, "move": "approve", "reason": "Seen", "at": AT,
    }  # fmt: skip
    with pytest.raises(OverLimit):
        decide_write_off(**decision, actor=actor_of(leader))
    delegate_authority(
        deputy_id=leader.pk, kinds=[ApprovalKind.WRITE_OFF], from_on=ON, until_on=ON,
        reason="on leave", actor=actor_of(manager), at=AT,
    )  # fmt: skip

    decided = decide_write_off(**decision, actor=actor_of(leader))

    assert (decided.status, decided.decided_by, decided.decided_for) == ("posted", leader, manager)
    (event,) = Event.objects.filter(kind="write_off.approved")
    assert event.payload["on_behalf_of"] == manager.full_name
