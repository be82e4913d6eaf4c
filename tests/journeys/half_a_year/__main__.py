"""``python -m tests.journeys.half_a_year FILE``: the half year over a whole file, and its counts.

On an empty, migrated database of its own (DATABASE_URL). With ``--read`` and no file it reads
again what an earlier run has left there.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from kernel import clock  # noqa: E402
from tests.journeys.half_a_year.pages import Reader  # noqa: E402
from tests.journeys.half_a_year.reading import Reading, read_everything  # noqa: E402
from tests.journeys.half_a_year.script import DAYS, FIRST, begin, live, recall  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.half_a_year")
    parser.add_argument("file", type=Path, nargs="?", help="a file in the columns of the UCI one")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--read", action="store_true", help="only read what a run has left")
    chosen = parser.parse_args()
    if chosen.read == (chosen.file is not None):
        parser.error("either a file or --read")
    logging.disable(logging.INFO)
    said: dict[str, Any] = {} if chosen.read else _play(chosen.file, chosen.days)
    said["pages_at_the_end"], faults = _read_pages(FIRST + timedelta(days=chosen.days))
    reading = read_everything(first=FIRST, days=chosen.days)
    faults += [*reading.faults, *said.get("page_faults", [])]
    _print(said, reading, faults)
    return 1 if faults else 0


def _play(file: Path, days: int) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # a story half told is told anew
    story, taken_in = begin(file=file, days=days)
    with clock.fixed_at(clock.instant(FIRST)):
        pages = Reader(story)
    for day in live(story, days=days, each_morning=pages.read_what_is_new):
        print(day.on, json.dumps(day.counts["decide"]), file=sys.stderr, flush=True)
        if day.on.weekday() == 0:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
    return {
        "taken_in": {key: taken_in[key] for key in ("rows_read", "rows_filtered", "cases_opened")},
        "people": {**story.verdicts, **story.done},
        "pages_of_steps": pages.steps,
        "pages_of_stages": pages.stages,
        "page_faults": pages.faults,
    }


def _read_pages(morning: date) -> tuple[dict[str, str], list[str]]:
    """The pages of cases in every situation, on the morning after the last closed day."""
    with clock.fixed_at(clock.instant(morning, time(9))):
        pages = Reader(recall(clock.now()))
        pages.read_what_is_new(morning)
        pages.read_what_waits(morning)
    return {**pages.steps, **pages.stages, **pages.waiting}, pages.faults


def _print(said: dict[str, Any], reading: Reading, faults: list[str]) -> None:
    whole = {**said, "counts": reading.counts, "faults": len(faults)}
    for fault in faults[:50]:
        print(fault)
    print(json.dumps(whole, indent=1, default=str))


if __name__ == "__main__":
    sys.exit(main())
