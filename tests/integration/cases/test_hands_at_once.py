"""Several officers reach for work in the same moment: each in a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

from cases.lifecycle import WorkKind
from cases.models import Case, InHand, TakenOver, WorkItem
from cases.operations import (
    CaseInHand,
    NewWorkItem,
    claim_next_work_item,
    finish_and_claim_next,
    keep_in_hand,
    open_cases,
    open_work_items,
    take_over_case,
)
from journal.models import Event
from kernel.actor import Actor, system_actor
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_debtor, make_user

pytestmark = pytest.mark.commits

AT = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
ON = date(2026, 5, 12)
MACHINE = system_actor("tests")


@pytest.fixture
def officers(committed_db: dict[str, Any], django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        team = Team.objects.create(name="North")
        yield [make_user(f"officer{i}", Role.OFFICER, team) for i in range(4)]


@pytest.fixture
def make_work(officers: list[User]) -> Callable[..., Case]:
    def make(*work: WorkKind) -> Case:
        debtor = make_debtor()
        make_debt(debtor)
        (pk,) = open_cases(debtor_ids=[debtor.pk], on=ON, at=AT, actor=MACHINE)
        items = [NewWorkItem(pk, kind, ON) for kind in work]
        open_work_items(items=items, at=AT, actor=MACHINE)
        return Case.objects.get(pk=pk)

    return make


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; results, or the errors they raised."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return call()
        except Exception as error:  # noqa: BLE001
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def claim(user: User) -> WorkItem | None:
    return claim_next_work_item(on=ON, actor=actor_of(user), at=AT)


def test_four_officers_who_start_at_once_get_four_cases(
    make_work: Callable[..., Case], officers: list[User]
) -> None:
    for _ in range(4):
        make_work(WorkKind.CALL)
    taken = at_once(*[lambda user=user: claim(user) for user in officers])
    assert len({item.case_id for item in taken}) == 4
    assert InHand.objects.count() == 4
    assert Event.objects.filter(kind="work_item.claimed").count() == 4


def test_two_pieces_of_work_on_one_case_go_to_one_officer(
    make_work: Callable[..., Case], officers: list[User]
) -> None:
    case = make_work(WorkKind.CALL, WorkKind.REVIEW, WorkKind.FIND_PHONE)
    taken = at_once(*[lambda user=user: claim(user) for user in officers])
    assert sum(item is not None for item in taken) == 1
    assert InHand.objects.get().case == case


def test_while_one_is_claiming_the_other_gets_the_next_and_does_not_wait(
    make_work: Callable[..., Case], officers: list[User]
) -> None:
    make_work(WorkKind.CALL)
    make_work(WorkKind.CALL)
    with transaction.atomic():
        first = claim(officers[0])
        (second,) = at_once(lambda: claim(officers[1]))
    assert first is not None
    assert isinstance(second, WorkItem)
    assert first.case_id != second.case_id


def test_done_and_next_pressed_by_all_at_once_loses_and_doubles_nothing(
    make_work: Callable[..., Case], officers: list[User]
) -> None:
    for _ in range(8):
        make_work(WorkKind.CALL)
    first = [claim(user) for user in officers]

    def go_on(user: User, item: WorkItem | None) -> Any:
        assert item is not None
        return finish_and_claim_next(
            case_id=item.case_id, note="", on=ON, actor=actor_of(user), at=AT
        )

    pairs = zip(officers, first, strict=True)
    done = at_once(*[lambda user=user, item=item: go_on(user, item) for user, item in pairs])
    assert len({step.item.case_id for step in done} | {item.case_id for item in first if item}) == 8
    assert WorkItem.objects.filter(status="done").count() == 4


def test_of_two_first_acts_on_a_free_case_one_is_refused(
    make_work: Callable[..., Case], officers: list[User]
) -> None:
    case = make_work(WorkKind.CALL)

    def act(actor: Actor) -> Any:
        return keep_in_hand(case_id=case.pk, actor=actor, at=AT)

    both = at_once(*[lambda user=user: act(actor_of(user)) for user in officers[:2]])
    assert sum(isinstance(result, CaseInHand) for result in both) == 1
    assert InHand.objects.count() == 1


def test_two_who_take_over_at_once_do_so_one_after_the_other(
    make_work: Callable[..., Case], officers: list[User]
) -> None:
    case = make_work(WorkKind.CALL)
    keep_in_hand(case_id=case.pk, actor=actor_of(officers[0]), at=AT)

    def take(actor: Actor) -> Any:
        return take_over_case(
            case_id=case.pk, reason="urgent", actor=actor, at=AT + timedelta(minutes=1)
        )

    at_once(*[lambda user=user: take(actor_of(user)) for user in officers[1:3]])
    rows = list(TakenOver.objects.order_by("id").values_list("from_user_id", "by_user_id"))
    assert [rows[0][0], rows[1][0]] == [officers[0].pk, rows[0][1]], "each is told by whom"
    assert InHand.objects.get().user_id == rows[1][1]
