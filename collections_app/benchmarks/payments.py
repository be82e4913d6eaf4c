"""``manage.py benchmark payments``: a statement imported and posted, beside set-based SQL.

Both start from copies of one made-up book, in the same tables with the same indexes, foreign keys
and triggers. The answers are what a first run of ours wrote; the limit inserts, updates and
deletes them batch by batch, and in the end the databases are compared row by row. The limit reads
no file, looks for no debt, locks and allocates nothing: it moves ready rows. How long the
reactions of cases, promises, agreements and strategies take is told apart.
"""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db import connection

from escalation.benchmarks.book import write_book
from escalation.benchmarks.nightly import ACTOR, AT, ON, RowsDiffer, timed, vacuum
from escalation.benchmarks.ready_rows import ReadyRows, Table
from escalation.benchmarks.scratch import scratch_database, using
from journal.delivery import deliver_pending
from ledger.operations import ENTRIES_AT_ONCE, match_entries, take_in_statements

HELP = "a bank statement imported and posted, beside set-based SQL that writes the same rows"

_BASE: Final = f"ugoda_payments_{os.getpid()}_base"
_RUN: Final = f"ugoda_payments_{os.getpid()}_run"
_OWN: Final = "PL61109010140000071219812874"
#: The one payment of account ``i`` is entry ``i`` of the statement.
_ROWS: Final = ReadyRows(
    added=(
        Table("ledger_statementfile", "1"),
        Table("ledger_bankstatement", "1"),
        Table("ledger_statemententry", "t.id"),
        Table("ledger_transaction", "t.account_id", written="t.kind <> 'opening'"),
        Table(
            "ledger_posting",
            "t.account_id",
            written="t.transaction_id > (SELECT count(*) FROM ledger_account)",
        ),
        Table("ledger_entryposting", "t.entry_id"),
        Table("journal_unsealedbatch", "1", "t.batch"),
        Table("journal_event", "t.subject_id"),
        Table("journal_delivery", "split_part(t.subject, ':', 2)::bigint", "t.event_id"),
    ),
    changed=(Table("ledger_account", "t.id"), Table("ledger_balance", "t.account_id")),
    batch_cases=ENTRIES_AT_ONCE,
)


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("--payments", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3, help="alternating runs; the medians count")
    parser.add_argument(
        "--memory", action="store_true", help="only post a statement of that size; tell the peak"
    )


def run(*, tell: Callable[[str], None], **options: Any) -> dict[str, Any]:
    """The figures; ``ratio`` is ours divided by the limit and should be at most 4."""
    payments = options["payments"]
    with tempfile.TemporaryDirectory() as folder:
        statement = write_statement(Path(folder) / "statement.sta", payments=payments)
        if options["memory"]:
            with scratch_database(_BASE):
                write_base(payments=payments)
                _run_ours(statement)
            return {"payments": payments, "memory_mb": _peak_mb()}
        return _measure(statement, payments, options["runs"], tell)


def _measure(
    statement: Path, payments: int, runs: int, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Raises RowsDiffer when the two ways do not end with the same rows."""
    ours: list[float] = []
    limit: list[float] = []
    digests: set[tuple[str, ...]] = set()
    with scratch_database(_BASE):
        tell(f"writing a book of {payments} debts")
        write_base(payments=payments)
        with tempfile.TemporaryDirectory() as folder:
            with scratch_database(_RUN, template=_BASE):
                tell("first run, for the answers")
                counts = _run_ours(statement)
                _ROWS.save(Path(folder))
                started = perf_counter()
                deliver_pending(at=AT)
                delivery = perf_counter() - started
            with using(_BASE):
                rows = _ROWS.load(Path(folder))
                vacuum()
        ways: tuple[tuple[str, Callable[[], object], list[float]], ...] = (
            ("ours", lambda: _run_ours(statement), ours),
            ("limit", _ROWS.write, limit),
        )
        for number in range(runs):
            for name, way, seconds in ways:
                with scratch_database(_RUN, template=_BASE):
                    seconds.append(timed(way))
                    digests.add(tuple(_ROWS.digest()))
                tell(f"run {number + 1} of {runs}, {name}: {seconds[-1]:.2f} s")
    if len(digests) != 1:
        raise RowsDiffer(digests)
    return {
        "payments": payments,
        "posted": counts.get("post", 0),
        "ours_seconds": round(median(ours), 3),
        "limit_seconds": round(median(limit), 3),
        "ratio": round(median(ours) / median(limit), 3),
        "ours_runs": [round(seconds, 3) for seconds in ours],
        "limit_runs": [round(seconds, 3) for seconds in limit],
        "payments_per_second": round(payments / median(ours)),
        "delivery_seconds": round(delivery, 3),
        "rows_written": rows,
        "rows_equal": True,
        "memory_mb": _peak_mb(),
    }


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def write_base(*, payments: int) -> None:
    """A migrated database with so many debts, each known by the contract that its payment names."""
    call_command("migrate", verbosity=0, skip_checks=True)
    write_book(cases=payments, on=ON)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_paymentname (account_id, kind, key)"
            " SELECT i, 'contract', 'CTR2024' || lpad(i::text, 7, '0')"
            " FROM generate_series(1, %s) AS i",
            [payments],
        )
        cursor.execute(
            "INSERT INTO ledger_paymentname (account_id, kind, key)"
            " SELECT i, 'case', 'UG2026' || lpad(i::text, 7, '0')"
            " FROM generate_series(1, %s) AS i",
            [payments],
        )
    vacuum()


def write_statement(path: Path, *, payments: int) -> Path:
    """One MT940 as Polish banks write it; a quarter of the payments pay a part off."""
    total = sum(map(_amount, range(1, payments + 1)))
    with path.open("w") as file:
        file.write(f":20:ST1\n:25:{_OWN}\n:28C:7/1\n:60F:C260511PLN0,00\n")
        for number in range(1, payments + 1):
            file.write(
                f":61:2605120512C{_amount(number)},00NTRFNONREF//B{number:09}\n"
                f":86:020~00PRZELEW PRZYCHODZACY~20SPLATA UMOWY CTR/2024/{number:07}~21RATA ZA MAJ"
                f"~32JAN TESTOWY{number}~33UL. PROSTA {number}~38PL{10**25 + number}\n"
            )
        file.write(f":62F:C260512PLN{total},00\n-\n")
    return path


def _amount(number: int) -> int:
    """Whole zlotys."""
    return 50 * (number % 4 + 1)


def _run_ours(statement: Path) -> dict[str, int]:
    with statement.open("rb") as file:
        take_in_statements(file=file, name=statement.name, actor=ACTOR, at=AT)
    return dict(match_entries(actor=ACTOR, at=AT))
