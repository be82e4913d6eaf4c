"""``manage.py benchmark nightly``: what it asks for and what it prints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandParser

from escalation.benchmarks.nightly import measure_memory, measure_nightly

HELP = "the due runner beside set-based SQL that writes the same rows"


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3, help="alternating runs; the medians count")
    parser.add_argument(
        "--memory", action="store_true", help="only decide a book of that size and tell the peak"
    )


def run(*, tell: Callable[[str], None], **options: Any) -> dict[str, Any]:
    """The figures; ``ratio`` is ours divided by the limit and should be at most 2."""
    cases = options["cases"]
    if options["memory"]:
        return {"cases": cases, "memory_mb": measure_memory(cases=cases)}
    found = measure_nightly(cases=cases, runs=options["runs"], tell=tell)
    return {
        "cases": found.cases,
        "performed": found.performed,
        "ours_seconds": round(found.ours_seconds, 3),
        "limit_seconds": round(found.limit_seconds, 3),
        "ratio": round(found.ratio, 3),
        "ours_runs": [round(seconds, 3) for seconds in found.ours_runs],
        "limit_runs": [round(seconds, 3) for seconds in found.limit_runs],
        "cases_per_second": round(cases / found.ours_seconds),
        "rows_written": dict(found.rows_written),
        "rows_equal": True,
        "memory_mb": found.memory_mb,
    }
