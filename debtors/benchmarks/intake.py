"""How fast a portfolio comes in, beside the same rows written by hand.

``manage.py benchmark intake`` prints what ``measure_intake`` returns.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction

from debtors.benchmarks.limit import write_by_hand
from debtors.benchmarks.sample import write_sample
from debtors.intake.profile import load_profile
from debtors.operations import IntakeOptions, import_portfolio
from journal.delivery import deliver_pending
from kernel.actor import system_actor
from kernel.authority import by_machine

REPEATS: Final = 3
ACTOR: Final = system_actor("benchmark")
_TABLES: Final = (
    "debtors_debtor", "debtors_address", "debtors_contactpoint", "debtors_debt",
    "debtors_debtparty", "ledger_account", "ledger_transaction", "ledger_posting",
    "ledger_balance",
)  # fmt: skip


class _Undo(Exception):
    """Rolls a measured run back."""


@by_machine
def measure_intake(
    *, rows: int, on: date, at: datetime, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Alternate our import with rows written by hand; everything is rolled back.

    ``ours_seconds`` and ``limit_seconds`` are medians of three runs without the reactions of
    other apps (opening cases and so on), which ``delivery_seconds`` times once.
    """
    ours: list[float] = []
    limits: list[float] = []
    written: set[Any] = set()
    with tempfile.TemporaryDirectory() as folder:
        path = write_sample(Path(folder) / "sample.csv", rows)
        for number in range(REPEATS):
            delivery = number == REPEATS - 1
            times = _measure(lambda: _import(path, on, at), written, at, delivery=delivery)
            ours.append(times[0])
            limits.append(_measure(lambda: write_by_hand(path, on, ACTOR, at), written, at)[0])
            tell(f"run {number + 1}: ours {ours[-1]:.2f} s, limit {limits[-1]:.2f} s")
    if len(written) != 1:
        raise AssertionError(f"the two did not write the same: {written}")
    median, limit = statistics.median(ours), statistics.median(limits)
    return {
        "rows": rows,
        "ours_seconds": round(median, 3),
        "limit_seconds": round(limit, 3),
        "ratio": round(median / limit, 2),
        "ours_rows_per_second": round(rows / median),
        "delivery_seconds": round(times[1], 3),
    }


def _import(path: Path, on: date, at: datetime) -> None:
    import_portfolio(
        path=path, profile=load_profile("canonical"), as_of=on,
        options=IntakeOptions(deliver=False), actor=ACTOR, at=at,
    )  # fmt: skip


def _measure(
    work: Callable[[], None], written: set[Any], at: datetime, *, delivery: bool = False
) -> tuple[float, float]:
    """Seconds of the work and, if asked for, of the delivery after it."""
    seconds = after = 0.0
    try:
        with transaction.atomic():
            before = _counts()
            started = time.perf_counter()
            work()
            seconds = time.perf_counter() - started
            written.add(tuple(b - a for a, b in zip(before, _counts(), strict=True)))
            if delivery:
                started = time.perf_counter()
                deliver_pending(at=at)
                after = time.perf_counter() - started
            raise _Undo  # noqa: TRY301 - the way out of the transaction
    except _Undo:
        pass
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM {', '.join(_TABLES)}, journal_event")
    return seconds, after


def _counts() -> list[int]:
    """Rows per table, and the sum of what is owed."""
    with connection.cursor() as cursor:
        counts = [f"(SELECT count(*) FROM {table})" for table in _TABLES]
        counts.append("(SELECT count(*) FROM journal_event WHERE kind = 'debt.taken_in')")
        counts.append("(SELECT COALESCE(sum(outstanding_minor), 0) FROM ledger_account)")
        counts.append("(SELECT COALESCE(sum(due_minor), 0) FROM ledger_account)")
        cursor.execute(f"SELECT {', '.join(counts)}")
        return [int(count) for count in cursor.fetchone()]
