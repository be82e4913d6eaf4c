from __future__ import annotations

import hashlib
import hmac

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from journal.models import Seal, SealHead, UnsealedBatch
from journal.sealing import GENESIS, Link, chain, digest_batches, key_head, seal_batches
from journal.verification import verify_journal
from tests.integration.journal.things import AT, Record, fetch, run

pytestmark = pytest.mark.django_db

BATCHES = 10
EVENTS = 5


@pytest.fixture
def sealed(record: Record) -> list[list[int]]:
    """Ten sealed batches of five events; gives their ids."""
    ids = [record(*range(EVENTS)) for _ in range(BATCHES)]
    assert seal_batches(at=AT) == BATCHES
    run("SET LOCAL session_replication_role = replica")  # as a superuser could
    return ids


def _codes() -> set[str]:
    return {finding.code for finding in verify_journal()}


def _places(code: str) -> list[int]:
    return [finding.values["event"] for finding in verify_journal() if finding.code == code]


def test_an_untouched_journal_is_clean_sealed_or_not(record: Record) -> None:
    record(1, 2)
    assert verify_journal() == []
    seal_batches(at=AT)
    record(3)
    assert verify_journal() == []
    assert seal_batches(at=AT) == 1
    assert seal_batches(at=AT) == 0
    assert not UnsealedBatch.objects.exists()
    assert SealHead.objects.get().position == Seal.objects.count() == 2


def test_a_round_of_sealing_takes_the_same_few_statements(
    record: Record, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(40):
        record(1)
    with django_assert_max_num_queries(14):
        assert seal_batches(at=AT) == 40


def test_many_waiting_batches_are_taken_in_one_pass_off_a_list_analysed_while_empty() -> None:
    """The planner then takes the list for a tiny one; a batch must not cost a pass over it."""
    fill = (
        "INSERT INTO journal_unsealedbatch (batch, recorded_on, events)"
        " SELECT n, date '2026-05-12', 0 FROM generate_series(1, 8000) n"
    )
    run(fill)
    run("DELETE FROM journal_unsealedbatch")
    run("ANALYZE journal_unsealedbatch")
    run(fill)
    run("SET LOCAL statement_timeout = 2500")
    assert seal_batches(at=AT) == 8_000


@pytest.mark.parametrize("batch", [0, 4, BATCHES - 1])
@pytest.mark.parametrize("place", [0, 2, EVENTS - 1])
@pytest.mark.parametrize(
    "change",
    [
        "kind = 'thing.never'",
        "payload = '{\"place\": 99}'",
        "actor_id = 'someone'",
        "subject_id = 4711",
        "effective_on = effective_on - 1",
        "recorded_at = recorded_at + interval '1 microsecond'",
    ],
)
def test_an_edited_event_is_named(
    sealed: list[list[int]], batch: int, place: int, change: str
) -> None:
    event_id = sealed[batch][place]
    run(f"UPDATE journal_event SET {change} WHERE id = %s", [event_id])
    assert _places("event_changed") == [event_id]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_deleted_event_is_named(sealed: list[list[int]], batch: int) -> None:
    event_id = sealed[batch][batch % EVENTS]
    run("DELETE FROM journal_event WHERE id = %s", [event_id])
    assert _places("event_missing") == [event_id]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_an_event_added_to_a_batch_is_named(sealed: list[list[int]], batch: int) -> None:
    run(
        "INSERT INTO journal_event SELECT recorded_on, id + 1, kind, subject_kind, subject_id,"
        " actor_kind, actor_id, effective_on, recorded_at, payload FROM journal_event"
        " WHERE id = %s",
        [sealed[batch][-1]],
    )
    assert _places("event_inserted") == [sealed[batch][-1] + 1]


def test_an_event_that_came_from_nowhere_is_named(sealed: list[list[int]]) -> None:
    forged = sealed[-1][0] + (1 << 30)
    run(
        "INSERT INTO journal_event SELECT recorded_on, %s, kind, subject_kind, subject_id,"
        " actor_kind, actor_id, effective_on, recorded_at, payload FROM journal_event"
        " WHERE id = %s",
        [forged, sealed[0][0]],
    )
    assert _places("event_inserted") == [forged]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_two_swapped_events_are_both_named(sealed: list[list[int]], batch: int) -> None:
    one, other = sealed[batch][0], sealed[batch][3]
    for old, new in ((one, -1), (other, one), (-1, other)):
        run("UPDATE journal_event SET id = %s WHERE id = %s", [new, old])
    assert _places("event_changed") == [one, other]


def test_a_truncated_journal_is_missed(sealed: list[list[int]]) -> None:
    run("TRUNCATE journal_event")
    assert _places("event_missing") == [event_id for batch in sealed for event_id in batch]


@pytest.mark.parametrize("kept", range(BATCHES))
def test_seals_cut_off_at_the_end_are_missed(sealed: list[list[int]], kept: int) -> None:
    later = [event_id for batch in sealed[kept:] for event_id in batch]
    run("DELETE FROM journal_event WHERE id = ANY(%s)", [later])
    run("DELETE FROM journal_seal WHERE position > %s", [kept])
    [finding] = verify_journal()
    assert finding.code == "seal_missing"
    assert finding.values == {"position": kept + 1, "through": BATCHES}


@pytest.mark.parametrize("position", range(1, BATCHES + 1))
def test_a_chain_computed_anew_without_the_key_is_found(
    sealed: list[list[int]], position: int
) -> None:
    """The event, its seal and every later seal agree with each other, but not with the key."""
    event_id = sealed[position - 1][2]
    run("UPDATE journal_event SET actor_id = 'someone' WHERE id = %s", [event_id])
    _reseal_from(position, b"some other key")
    findings = [finding for finding in verify_journal() if finding.code == "chain_broken"]
    assert [f.values["position"] for f in findings] == list(range(position, BATCHES + 1))
    assert "head_changed" in _codes()


def _reseal_from(position: int, key: bytes) -> None:
    previous = GENESIS
    for seal in Seal.objects.order_by("position"):
        if seal.position >= position:
            with connection.cursor() as cursor:
                now = digest_batches(cursor, [(seal.batch, seal.recorded_on)])[seal.batch]
            link = Link(
                seal.position,
                seal.batch,
                seal.recorded_on,
                now.events,
                now.fingerprints,
                now.digest,
                seal.sealed_at,
            )
            run(
                "UPDATE journal_seal SET fingerprints = %s, digest = %s, chained = %s"
                " WHERE position = %s",
                [now.fingerprints, now.digest, chain(key, previous, link), seal.position],
            )
            seal.refresh_from_db()
        previous = bytes(seal.chained)
    run(
        "UPDATE journal_sealhead SET chained = %s, keyed = %s",
        [previous, key_head(key, BATCHES, previous)],
    )


@pytest.mark.parametrize(
    "change",
    [
        "fingerprints = substr(fingerprints, 9) || substr(fingerprints, 1, 8)",
        "digest = sha256('x')",
        "chained = sha256('x')",
        "events = events + 1",
        "sealed_at = sealed_at - interval '1 day'",
        "recorded_on = recorded_on - 1",
    ],
)
@pytest.mark.parametrize("position", [1, 5, BATCHES])
def test_a_changed_seal_breaks_the_chain_at_its_place(
    sealed: list[list[int]], change: str, position: int
) -> None:
    run(f"UPDATE journal_seal SET {change} WHERE position = %s", [position])
    broken = [f.values["position"] for f in verify_journal() if f.code == "chain_broken"]
    assert broken[0] == position


def test_a_missing_seal_is_named(sealed: list[list[int]]) -> None:
    run("DELETE FROM journal_seal WHERE position = 4")
    findings = verify_journal()
    assert ("seal_missing", {"position": 4}) in [(f.code, f.values) for f in findings]
    assert "event_inserted" in {f.code for f in findings}, "its events have no seal any more"


def test_a_head_that_was_removed_or_set_back_is_found(sealed: list[list[int]]) -> None:
    with transaction.atomic():
        run("DELETE FROM journal_sealhead")
        assert _codes() == {"head_missing"}
        transaction.set_rollback(True)
    run("UPDATE journal_sealhead SET position = 3")
    assert _codes() == {"head_changed"}


def test_events_lost_before_they_were_sealed_are_counted(record: Record) -> None:
    ids = record(1, 2, 3)
    run("SET LOCAL session_replication_role = replica")
    run("DELETE FROM journal_event WHERE id = %s", [ids[1]])
    [finding] = verify_journal()
    assert finding.code == "event_missing"
    assert (finding.values["events"], finding.values["found"]) == (3, 2)


def test_the_chain_depends_on_the_order_of_batches() -> None:
    key, digest = b"k" * 32, hashlib.sha256(b"x").digest()
    on = AT.date()

    def link(position: int, batch: int) -> Link:
        return Link(position, batch, on, 1, b"12345678", digest, AT)

    one = chain(key, chain(key, GENESIS, link(1, 7)), link(2, 8))
    other = chain(key, chain(key, GENESIS, link(1, 8)), link(2, 7))
    assert not hmac.compare_digest(one, other)


def test_seals_refuse_to_be_changed(record: Record) -> None:
    record(1)
    seal_batches(at=AT)
    for statement in (
        "UPDATE journal_seal SET events = 2",
        "DELETE FROM journal_seal",
        "TRUNCATE journal_seal",
    ):
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            run(statement)
    assert fetch("SELECT count(*) FROM journal_seal") == [(1,)]
