from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from journal.models import Delivery, Event, UnsealedBatch
from journal.operations import NewEvent, Subject, TooManyEvents, record_event, record_events
from journal.partitions import ensure_partitions
from journal.queries import get_backlog, list_events
from kernel.actor import Actor, ActorKind
from tests.integration.journal.things import ACTOR, AT, ON, Record, Recorder, fetch, run

pytestmark = pytest.mark.django_db


def test_an_event_is_read_back_as_it_was_recorded(recorder: Recorder) -> None:
    actor = Actor(ActorKind.USER, "17")
    payload = {
        "text": 'tab\t newline\n back\\slash "quote" ż \\N',
        "amount_minor": 10**15,
        "no": None,
    }
    event_id = record_event(
        kind="thing.happened",
        subject=Subject("thing", 5),
        actor=actor,
        at=AT,
        effective_on=date(2026, 5, 1),
        payload=payload,
    )
    [event] = list_events(subjects=[Subject("thing", 5)])
    assert event.id == event_id
    assert (event.kind, event.subject_kind, event.subject_id) == ("thing.happened", "thing", 5)
    assert (event.actor_kind, event.actor_id) == ("user", "17")
    assert (event.effective_on, event.recorded_on, event.recorded_at) == (date(2026, 5, 1), ON, AT)
    assert event.payload == payload


def test_the_day_of_recording_is_the_legal_day_in_warsaw(recorder: Recorder) -> None:
    late = datetime(2026, 5, 12, 22, 30, tzinfo=UTC)
    record_event(kind="x.y", subject=Subject("thing", 5), actor=ACTOR, at=late)
    [event] = list_events(subjects=[Subject("thing", 5)])
    assert event.recorded_on == event.effective_on == date(2026, 5, 13)


def test_a_bulk_of_events_is_one_batch_in_the_order_given(record: Record) -> None:
    ids = record(*range(500))
    assert ids == sorted(ids)
    events = Event.objects.filter(kind="thing.happened").order_by("id")
    assert [event.subject_id for event in events] == list(range(500))
    assert [batch.events for batch in UnsealedBatch.objects.all()] == [500]


def test_a_bulk_of_events_takes_the_same_few_statements_however_many(
    record: Record, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (2, 2_000):
        with django_assert_num_queries(6):  # a savepoint, a number, COPY, two inserts, release
            record(*range(count))


def test_recording_nothing_touches_nothing(
    record: Record, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert record() == []
    assert not UnsealedBatch.objects.exists()


def test_more_events_than_a_batch_can_number_are_refused() -> None:
    event = NewEvent("x.y", Subject("thing", 1), {}, ON)
    with pytest.raises(TooManyEvents):
        record_events(events=[event] * ((1 << 20) + 1), actor=ACTOR, at=AT)


def test_only_kinds_with_a_subscriber_are_queued(record: Record) -> None:
    record(1, 2, kind="nobody.cares")
    assert not Delivery.objects.exists()
    ids = record(3)
    [row] = Delivery.objects.all()
    assert (row.event_id, row.subscriber, row.subject) == (ids[0], "recorder", "thing:3")


def test_events_are_listed_newest_first_and_paged(record: Record) -> None:
    first = record(1, 2, 1, 3)
    second = record(2)
    about = [Subject("thing", 1), Subject("thing", 2)]
    assert [e.id for e in list_events(subjects=about)] == [*second, first[2], first[1], first[0]]
    page = list_events(subjects=about, limit=2)
    rest = list_events(subjects=about, limit=9, before_id=page[-1].id)
    assert [e.id for e in rest] == [first[1], first[0]]
    assert list_events(subjects=about, kinds=["other.kind"]) == []
    assert list_events(subjects=[]) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET kind = 'x'",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
    ],
)
@pytest.mark.parametrize(
    "table", ["journal_event", "journal_event_2026_12", "journal_event_default"]
)
def test_the_journal_refuses_every_change_also_to_a_partition_by_its_name(
    record: Record, statement: str, table: str
) -> None:
    ensure_partitions(since=date(2026, 12, 1), months=0)
    record(1, at=datetime(2026, 12, 2, 12, tzinfo=UTC))
    record(1, at=datetime(1999, 1, 2, 12, tzinfo=UTC))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(statement.format(table=table))
    assert fetch("SELECT count(*) FROM journal_event") == [(2,)]


def test_partitions_are_made_once_and_rows_go_where_they_belong(record: Record) -> None:
    since = date(2031, 11, 20)
    assert ensure_partitions(since=since, months=3) == 4
    assert ensure_partitions(since=since, months=3) == 0
    record(1, at=datetime(2031, 12, 31, 22, 59, tzinfo=UTC))
    record(1, at=datetime(2031, 12, 31, 23, 1, tzinfo=UTC))
    found = fetch("SELECT tableoid::regclass::text FROM journal_event ORDER BY recorded_at")
    assert found == [("journal_event_2031_12",), ("journal_event_2032_01",)]
    assert not get_backlog().in_default_partition


def test_a_month_without_a_partition_is_caught_and_reported(record: Record) -> None:
    record(1, at=datetime(1999, 1, 2, 12, tzinfo=UTC))
    assert get_backlog().in_default_partition
    assert ensure_partitions(since=date(1999, 1, 1), months=1) == 1  # only February
    assert fetch("SELECT count(*) FROM journal_event") == [(1,)]
