"""The due runner beside set-based SQL that writes the very same rows from ready answers.

Both start from copies of one made-up book, in the same tables with the same indexes, foreign
keys and triggers. The answers are what a first run of ours wrote; the limit inserts and updates
them batch by batch, and in the end the two databases are compared row by row. Nothing is decided,
gathered, locked or numbered by the limit: each of its statements moves ready rows.
"""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from django.core.management import call_command
from django.db import connection, transaction

from escalation.benchmarks.book import write_book
from escalation.benchmarks.scratch import scratch_database, server, using
from escalation.operations.deciding import BATCH_CASES, decide_due
from kernel.actor import system_actor

ON: Final = date(2026, 5, 12)
AT: Final = datetime(2026, 5, 12, 22, 30, tzinfo=UTC)
ACTOR: Final = system_actor("benchmark")
#: Of this process alone, so that two benchmarks do not meet.
_BASE: Final = f"ugoda_benchmark_{os.getpid()}_base"
_RUN: Final = f"ugoda_benchmark_{os.getpid()}_run"


class RowsDiffer(Exception):
    """The limit did not write what the due runner writes: the figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Table:
    """``case_of`` is the expression that gives the case of a row ``t``, for its batch;
    ``written`` is true of the rows that the night wrote."""

    name: str
    case_of: str
    order: str = "t.id"
    written: str = "true"


_CASE_OF_ENROLMENT: Final = "(SELECT case_id FROM escalation_enrolment WHERE id = t.enrolment_id)"
#: Rows that a night adds, in the order in which the foreign keys allow them.
ADDED: Final = (
    Table("escalation_decision", _CASE_OF_ENROLMENT),
    Table("escalation_performedstep", _CASE_OF_ENROLMENT),
    Table("cases_workitem", "t.case_id"),
    Table("contacts_message", "t.case_id"),
    Table("contacts_termination", "t.case_id"),
    Table("agencies_placement", "t.case_id"),
    Table("courts_referral", "t.case_id"),
    Table("cases_hold", "t.case_id", written="t.kind = 'approval'"),
    Table("journal_event", "t.subject_id"),
    Table("journal_delivery", "split_part(t.subject, ':', 2)::bigint", "t.event_id"),
)
#: Rows that a night changes.
CHANGED: Final = (
    Table("escalation_enrolment", "t.case_id"),
    Table("cases_case", "t.id", written=f"t.updated_at = '{AT.isoformat()}'"),
)


@dataclass(frozen=True, slots=True)
class Nightly:
    """Medians of alternating runs, in seconds; memory is the peak of the process in MB."""

    cases: int
    performed: int
    ours_seconds: float
    limit_seconds: float
    ours_runs: Sequence[float]
    limit_runs: Sequence[float]
    rows_written: Mapping[str, int]
    memory_mb: int

    @property
    def ratio(self) -> float:
        return self.ours_seconds / self.limit_seconds


def measure_nightly(
    *, cases: int, runs: int = 3, tell: Callable[[str], None] = lambda _: None
) -> Nightly:
    """Raises RowsDiffer when the two ways do not end with the same rows."""
    tell(f"writing a book of {cases} cases")
    with scratch_database(_BASE):
        call_command("migrate", verbosity=0, skip_checks=True)
        write_book(cases=cases, on=ON)
        _vacuum()
        with tempfile.TemporaryDirectory() as folder:
            with scratch_database(_RUN, template=_BASE):
                tell("first run, for the answers")
                counts = _run_ours()
                _save_answers(Path(folder))
            with using(_BASE):
                rows = _load_answers(Path(folder), cases)
                _vacuum()
        ours: list[float] = []
        limit: list[float] = []
        digests: set[tuple[str, ...]] = set()
        for number in range(runs):
            for name, run, seconds in (("ours", _run_ours, ours), ("limit", _run_limit, limit)):
                with scratch_database(_RUN, template=_BASE):
                    seconds.append(_timed(run))
                    digests.add(tuple(_digest()))
                tell(f"run {number + 1} of {runs}, {name}: {seconds[-1]:.2f} s")
        if len(digests) != 1:
            raise RowsDiffer(digests)
    return Nightly(
        cases=cases,
        performed=counts["perform"],
        ours_seconds=median(ours),
        limit_seconds=median(limit),
        ours_runs=ours,
        limit_runs=limit,
        rows_written=rows,
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


def measure_memory(*, cases: int) -> int:
    """The peak of this process in MB after deciding a book of that size."""
    with scratch_database(_BASE):
        call_command("migrate", verbosity=0, skip_checks=True)
        write_book(cases=cases, on=ON)
        _vacuum()
        _run_ours()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _timed(run: Callable[[], object]) -> float:
    with server() as cursor:
        cursor.execute("CHECKPOINT")
    connection.ensure_connection()
    start = perf_counter()
    run()
    return perf_counter() - start


def _run_ours() -> Mapping[str, int]:
    return decide_due(on=ON, at=AT, actor=ACTOR)


# -- the answers -----------------------------------------------------------------------------


def _save_answers(folder: Path) -> None:
    with connection.cursor() as cursor:
        for table in (*ADDED, *CHANGED):
            with (folder / table.name).open("wb") as file:
                rows = f"SELECT * FROM {table.name} t WHERE {table.written}"
                cursor.copy_expert(f"COPY ({rows}) TO STDOUT (FORMAT binary)", file)


def _load_answers(folder: Path, cases: int) -> dict[str, int]:
    """Into tables ``answer_…`` of the base, sorted by batch, with the batch's number."""
    rows: dict[str, int] = {}
    with connection.cursor() as cursor:
        for table in (*ADDED, *CHANGED):
            cursor.execute(f"CREATE TEMP TABLE loaded (LIKE {table.name})")
            with (folder / table.name).open("rb") as file:
                cursor.copy_expert("COPY loaded FROM STDIN (FORMAT binary)", file)
            cursor.execute(
                f"""
                CREATE TABLE answer_{table.name} AS
                SELECT (({table.case_of}) - 1) / {BATCH_CASES} AS batch, t.*
                FROM loaded t ORDER BY 1, {table.order}
                """
            )
            rows[table.name] = cursor.rowcount
            cursor.execute(f"CREATE INDEX ON answer_{table.name} (batch)")
            cursor.execute("DROP TABLE loaded")
    return rows


# -- the limit -------------------------------------------------------------------------------


def _run_limit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(batch) FROM answer_escalation_enrolment")
        last = int(cursor.fetchone()[0])
        inserts = [(table, _columns(table.name)) for table in ADDED]
        updates = [(table, _columns(table.name)) for table in CHANGED]
        for batch in range(last + 1):
            with transaction.atomic():
                for table, columns in updates:
                    cursor.execute(_update_of(table, columns), [batch])
                for table, columns in inserts:
                    cursor.execute(_insert_of(table, columns), [batch])


def _insert_of(table: Table, columns: Sequence[str]) -> str:
    names = ", ".join(columns)
    answers = f"SELECT {names} FROM answer_{table.name} WHERE batch = %s"
    return f"INSERT INTO {table.name} ({names}) {answers}"


def _update_of(table: Table, columns: Sequence[str]) -> str:
    sets = ", ".join(f"{name} = a.{name}" for name in columns if name != '"id"')
    return (
        f"UPDATE {table.name} t SET {sets} FROM answer_{table.name} a"
        " WHERE a.id = t.id AND a.batch = %s"
    )


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")
        return [f'"{column.name}"' for column in cursor.description or ()]


def _digest() -> Iterator[str]:
    """One line for each table: the rows and the sum of their hashes, in no order."""
    with connection.cursor() as cursor:
        for table in (*ADDED, *CHANGED):
            cursor.execute(
                f"SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {table.name} t"
            )
            count, digest = cursor.fetchone()
            yield f"{table.name} {count} {digest}"
