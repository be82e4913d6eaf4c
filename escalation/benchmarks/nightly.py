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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from django.core.management import call_command
from django.db import connection

from escalation.benchmarks.book import write_book
from escalation.benchmarks.ready_rows import ReadyRows, Table
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


_CASE_OF_ENROLMENT: Final = "(SELECT case_id FROM escalation_enrolment WHERE id = t.enrolment_id)"
_ADDED: Final = (
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
_CHANGED: Final = (
    Table("escalation_enrolment", "t.case_id"),
    Table("cases_case", "t.id", written=f"t.updated_at = '{AT.isoformat()}'"),
)

#: What a night writes.
ROWS: Final = ReadyRows(_ADDED, _CHANGED, BATCH_CASES)


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
        vacuum()
        with tempfile.TemporaryDirectory() as folder:
            with scratch_database(_RUN, template=_BASE):
                tell("first run, for the answers")
                counts = _run_ours()
                ROWS.save(Path(folder))
            with using(_BASE):
                rows = ROWS.load(Path(folder))
                vacuum()
        ours: list[float] = []
        limit: list[float] = []
        digests: set[tuple[str, ...]] = set()
        for number in range(runs):
            for name, run, seconds in (("ours", _run_ours, ours), ("limit", ROWS.write, limit)):
                with scratch_database(_RUN, template=_BASE):
                    seconds.append(timed(run))
                    digests.add(tuple(ROWS.digest()))
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
        vacuum()
        _run_ours()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def timed(run: Callable[[], object]) -> float:
    with server() as cursor:
        cursor.execute("CHECKPOINT")
    connection.ensure_connection()
    start = perf_counter()
    run()
    return perf_counter() - start


def _run_ours() -> Mapping[str, int]:
    return decide_due(on=ON, at=AT, actor=ACTOR)
