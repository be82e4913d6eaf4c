from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from journal import subscribers
from journal.delivery import MAX_ATTEMPTS, deliver_pending, retry_parked
from journal.models import Delivery
from journal.queries import get_backlog
from journal.subscribers import RecordedEvent, Subscriber
from tests.integration.journal.things import AT, Record, Recorder, run

LATER = timedelta(days=1)


@pytest.mark.django_db
def test_events_come_once_in_order_and_as_one_list(record: Record, recorder: Recorder) -> None:
    ids = record(1, 2, 1) + record(1)
    assert deliver_pending(at=AT) == 4
    assert recorder.ids == ids
    assert len(recorder.calls) == 1
    assert deliver_pending(at=AT) == 0
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_what_handlers_record_meanwhile_is_delivered_too(record: Record) -> None:
    heard: list[str] = []

    def echo(*, events: Sequence[RecordedEvent], at: datetime) -> None:
        heard.extend(event.kind for event in events)
        record(*[event.subject_id for event in events], kind="thing.echoed")

    def listen(*, events: Sequence[RecordedEvent], at: datetime) -> None:
        heard.extend(event.kind for event in events)

    subscribers.install(
        [
            Subscriber("listen", frozenset({"thing.echoed"}), listen),
            Subscriber("echo", frozenset({"thing.happened"}), echo),
        ]
    )
    record(7)
    assert deliver_pending(at=AT) == 2
    assert heard == ["thing.happened", "thing.echoed"]


@pytest.mark.django_db
def test_a_failing_subject_waits_and_stops_no_other(record: Record, recorder: Recorder) -> None:
    ids = record(1, 2, 3, 1, 2)
    recorder.fails_for = {2}
    deliver_pending(at=AT)
    assert sorted(recorder.ids) == [ids[0], ids[2], ids[3]]
    waiting = Delivery.objects.order_by("event_id")
    assert [(row.event_id, row.attempts) for row in waiting] == [(ids[1], 1), (ids[4], 0)]
    assert "cannot handle [2]" in waiting[0].last_error

    recorder.fails_for = set()
    deliver_pending(at=AT)
    assert Delivery.objects.count() == 2, "it comes again only after a while"
    deliver_pending(at=AT + LATER)
    assert recorder.ids[-2:] == [ids[1], ids[4]]


@pytest.mark.django_db
def test_a_failed_handler_leaves_nothing_behind(record: Record, recorder: Recorder) -> None:
    def half_done(*, events: Sequence[RecordedEvent], at: datetime) -> None:
        record(*[event.subject_id for event in events], kind="thing.half_done")
        raise RuntimeError

    subscribers.install([Subscriber("half", frozenset({"thing.happened"}), half_done)])
    record(1, 2)
    deliver_pending(at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_event WHERE kind = 'thing.half_done'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_after_eight_failures_a_delivery_is_parked_for_a_person(
    record: Record, recorder: Recorder
) -> None:
    ids = record(1, 1, 2)
    recorder.fails_for = {1}
    for day in range(MAX_ATTEMPTS + 3):
        deliver_pending(at=AT + day * LATER)
    assert recorder.ids == [ids[2]]
    assert Delivery.objects.get(event_id=ids[0]).attempts == MAX_ATTEMPTS == 8
    assert get_backlog().parked == 1

    recorder.fails_for = set()
    deliver_pending(at=AT + 400 * LATER)
    assert recorder.ids == [ids[2]], "a parked one is not tried again by itself"
    assert retry_parked(subscriber="recorder") == 1
    deliver_pending(at=AT + 400 * LATER)
    assert recorder.ids == [ids[2], ids[0], ids[1]]
    assert get_backlog().parked == 0


@pytest.mark.django_db
def test_a_long_queue_behind_a_failure_does_not_starve_the_others(
    record: Record, recorder: Recorder
) -> None:
    record(*[1] * 30)
    last = record(2)
    recorder.fails_for = {1}
    deliver_pending(at=AT, batch_events=5)
    assert recorder.ids == last


@pytest.mark.django_db
def test_more_failures_than_a_batch_holds_do_not_end_the_round(
    record: Record, recorder: Recorder
) -> None:
    record(*range(10))
    last = record(99)
    recorder.fails_for = set(range(10))
    deliver_pending(at=AT, batch_events=5)
    assert recorder.ids == last


@pytest.mark.commits
def test_an_event_that_commits_late_is_not_lost(record: Record, recorder: Recorder) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            record(1)
            begun.set()
            go_on.wait(10)
        connection.close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    assert begun.wait(10)
    newer = record(2)
    deliver_pending(at=AT)
    assert recorder.ids == newer
    go_on.set()
    writer.join()
    deliver_pending(at=AT)
    assert len(recorder.ids) == 2
    assert recorder.ids[1] < recorder.ids[0], "its number is the lower one"


@pytest.mark.commits
def test_two_deliverers_at_once_deliver_each_event_once_and_in_order(record: Record) -> None:
    lock = threading.Lock()
    seen: dict[int, list[int]] = {}

    def note(*, events: Sequence[RecordedEvent], at: datetime) -> None:
        with lock:
            for event in events:
                seen.setdefault(event.subject_id, []).append(event.id)

    subscribers.install([Subscriber("note", frozenset({"thing.happened"}), note)])
    ids = [event_id for _ in range(20) for event_id in record(*range(10))]
    start = threading.Barrier(3)

    def deliver() -> None:
        start.wait()
        for _ in range(40):
            deliver_pending(at=AT, batch_events=7)
        connection.close()

    workers = [threading.Thread(target=deliver) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    deliver_pending(at=AT)
    assert sorted(event_id for its in seen.values() for event_id in its) == ids
    assert all(its == sorted(its) for its in seen.values())


@pytest.mark.commits
def test_a_subject_that_another_deliverer_holds_is_left_alone(
    record: Record, recorder: Recorder
) -> None:
    first = record(1, 2)
    second = record(1, 3)
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            list(Delivery.objects.select_for_update().filter(event_id=first[0]))
            held.set()
            go_on.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    deliver_pending(at=AT)
    assert recorder.ids == [first[1], second[1]], "the later event of subject 1 waits, too"
    go_on.set()
    holder.join()
    deliver_pending(at=AT)
    assert recorder.ids[2:] == [first[0], second[0]]


@pytest.mark.django_db
def test_a_long_backlog_is_claimed_in_one_pass_on_a_table_analysed_while_empty(
    record: Record, recorder: Recorder
) -> None:
    """The planner then takes the table for a tiny one; a row must not cost a pass over it."""
    record(*range(6_000))
    Delivery.objects.all().delete()
    run("ANALYZE journal_delivery")
    ids = record(*(number % 3_000 for number in range(6_000)))
    run("SET LOCAL statement_timeout = 4000")
    assert deliver_pending(at=AT) == 6_000
    assert recorder.ids == ids


@pytest.mark.commits
def test_whoever_waits_returns_only_when_others_have_delivered_too(record: Record) -> None:
    begun, go_on = threading.Event(), threading.Event()
    done: list[int] = []

    def slow(*, events: Sequence[RecordedEvent], at: datetime) -> None:
        begun.set()
        assert go_on.wait(10)
        done.extend(event.id for event in events)

    subscribers.install([Subscriber("slow", frozenset({"thing.happened"}), slow)])
    ids = record(1, 2)

    def deliver() -> None:
        deliver_pending(at=AT)
        connection.close()

    worker = threading.Thread(target=deliver)
    worker.start()
    assert begun.wait(10)
    assert deliver_pending(at=AT) == 0, "what the worker holds is passed over"
    assert done == []
    timer = threading.Timer(1, go_on.set)
    timer.start()

    assert deliver_pending(at=AT, waits=True) == 0

    assert done == list(ids)
    assert not Delivery.objects.exists()
    worker.join()
    timer.join()
