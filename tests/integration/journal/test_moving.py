from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from journal.models import IdempotencyKey
from journal.operations import Subject
from journal.queries import list_events
from journal.status import ThingNotFound, move_status, move_statuses
from kernel.lifecycle import Lifecycle, MoveNotAllowed
from staff.lifecycle import ProposalStatus, proposal_lifecycle
from staff.models import ApprovalLimit
from tests.integration.journal.things import ACTOR, AT, fetch

LIFECYCLE: Lifecycle[ProposalStatus] = proposal_lifecycle("thing")
PROPOSED, APPROVED, REFUSED = "proposed", "approved", "refused"


def _things(statuses: list[str]) -> list[int]:
    """Any rows with a text column will do: the door is told which one holds the status."""
    rows = [
        ApprovalLimit(role="officer", kind=status, currency=f"{place:03x}", amount_minor=0)
        for place, status in enumerate(statuses)
    ]
    return [row.pk for row in ApprovalLimit.objects.bulk_create(rows)]


def _thing(status: str = PROPOSED) -> ApprovalLimit:
    return ApprovalLimit.objects.get(pk=_things([status])[0])


def _move(row: ApprovalLimit, move: str, **more: Any) -> ApprovalLimit:
    return move_status(
        row=row,
        lifecycle=LIFECYCLE,
        move=move,
        subject=Subject("thing", row.pk),
        actor=ACTOR,
        at=AT,
        field="kind",
        **more,
    )


@pytest.mark.django_db
def test_a_move_changes_the_status_and_tells_of_it() -> None:
    row = _move(_thing(), "approve", payload={"why": "good"}, changes={"amount_minor": 7})
    assert (row.kind, row.amount_minor) == (APPROVED, 7)
    [event] = list_events(subjects=[Subject("thing", row.pk)])
    assert event.kind == "thing.approved"
    assert event.payload == {"thing_id": row.pk, "why": "good"}


@pytest.mark.django_db
def test_a_move_that_the_table_does_not_have_changes_nothing() -> None:
    row = _thing(REFUSED)
    with pytest.raises(MoveNotAllowed) as refused:
        _move(row, "approve")
    assert refused.value.values == {"subject": "thing", "move": "approve", "status": REFUSED}
    row.refresh_from_db()
    assert row.kind == REFUSED
    assert list_events(subjects=[Subject("thing", row.pk)]) == []


@pytest.mark.django_db
def test_a_stale_copy_does_not_win() -> None:
    row = _thing()
    stale = ApprovalLimit.objects.get(pk=row.pk)
    _move(row, "refuse")
    with pytest.raises(MoveNotAllowed):
        _move(stale, "approve")


@pytest.mark.django_db
def test_a_thing_that_is_gone_cannot_move() -> None:
    row = _thing()
    ApprovalLimit.objects.all().delete()
    with pytest.raises(ThingNotFound):
        _move(row, "approve")


@pytest.mark.django_db
def test_an_event_that_cannot_be_written_undoes_the_move() -> None:
    row = _thing()
    with pytest.raises(Exception, match="JSON"):
        _move(row, "approve", payload={"bad": "\x00"})
    row.refresh_from_db()
    assert row.kind == PROPOSED


@pytest.mark.commits
def test_of_two_who_move_at_once_one_wins_and_the_other_is_told() -> None:
    row = _thing()
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def decide(move: str) -> None:
        mine = ApprovalLimit.objects.get(pk=row.pk)
        start.wait()
        try:
            _move(mine, move)
            outcomes.append("won")
        except MoveNotAllowed:
            outcomes.append("told")
        connection.close()

    deciders = [threading.Thread(target=decide, args=(move,)) for move in ("approve", "refuse")]
    for decider in deciders:
        decider.start()
    for decider in deciders:
        decider.join()
    assert sorted(outcomes) == ["told", "won"]
    assert len(list_events(subjects=[Subject("thing", row.pk)])) == 1


@pytest.fixture
def keys() -> list[int]:
    return _things([PROPOSED, APPROVED, PROPOSED, REFUSED, PROPOSED])


@pytest.mark.django_db
def test_a_bulk_move_takes_those_that_still_may_and_leaves_the_rest(keys: list[int]) -> None:
    moved = move_statuses(
        model=ApprovalLimit,
        ids=[*reversed(keys), 10**9],
        lifecycle=LIFECYCLE,
        move="approve",
        subject_of=lambda pk: Subject("thing", pk),
        payload_of=lambda pk: {"twice": 2 * pk},
        actor=ACTOR,
        at=datetime(2026, 5, 12, 22, 30, tzinfo=UTC),
        field="kind",
    )
    assert moved == [keys[0], keys[2], keys[4]]
    names = list(ApprovalLimit.objects.order_by("pk").values_list("kind", flat=True))
    assert names == [APPROVED, APPROVED, APPROVED, REFUSED, APPROVED]
    events = list_events(subjects=[Subject("thing", pk) for pk in keys])
    assert [event.subject_id for event in reversed(events)] == moved
    assert events[0].payload == {"thing_id": keys[4], "twice": 2 * keys[4]}
    assert str(events[0].effective_on) == "2026-05-13"


@pytest.mark.django_db
def test_a_bulk_move_takes_the_same_few_statements_however_many(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    more = _things([PROPOSED] * 1_000)
    with django_assert_max_num_queries(9):
        moved = move_statuses(
            model=ApprovalLimit,
            ids=more,
            lifecycle=LIFECYCLE,
            move="refuse",
            subject_of=lambda pk: Subject("thing", pk),
            actor=ACTOR,
            at=AT,
            field="kind",
        )
    assert len(moved) == 1_000


@pytest.mark.commits
def test_two_bulk_moves_over_the_same_rows_share_them_without_a_deadlock() -> None:
    ids = _things([PROPOSED] * 2_000)
    start = threading.Barrier(2)
    moved: dict[str, list[int]] = {}

    def work(move: str, mine: list[int]) -> None:
        start.wait()
        moved[move] = move_statuses(
            model=ApprovalLimit,
            ids=mine,
            lifecycle=LIFECYCLE,
            move=move,
            subject_of=lambda pk: Subject("thing", pk),
            actor=ACTOR,
            at=AT,
            field="kind",
        )
        connection.close()

    workers = [
        threading.Thread(target=work, args=("approve", ids)),
        threading.Thread(target=work, args=("refuse", ids[::-1])),
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(moved["approve"] + moved["refuse"]) == sorted(ids)
    assert fetch("SELECT count(*) FROM journal_event") == [(len(ids),)]


@pytest.mark.django_db
def test_the_same_key_cannot_be_used_twice() -> None:
    row = {"scope": "api", "key": "k", "input_hash": b"1", "result": {}, "created_at": AT}
    IdempotencyKey.objects.create(**row)
    with pytest.raises(Exception, match="unique"), transaction.atomic():
        IdempotencyKey.objects.create(**row)
