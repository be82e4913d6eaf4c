"""``manage.py benchmark intake --rows N``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any, Final

from debtors.benchmarks.intake import measure_intake
from kernel import clock

HELP: Final = "A portfolio file, beside the same rows checked in a plain loop and copied in."
_ROWS: Final = 100_000


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=_ROWS)


def run(*, tell: Callable[[str], None], rows: int, **_: Any) -> dict[str, Any]:
    return measure_intake(rows=rows, on=clock.today(), at=clock.now(), tell=tell)
