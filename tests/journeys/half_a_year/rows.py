"""A small file in the columns of the UCI portfolio: clients from one to eight months late."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from tests.journeys.half_a_year.script import FIRST

_HEADER = (
    *("ID", "LIMIT_BAL", "SEX", "EDUCATION", "MARRIAGE", "AGE", "PAY_0"),
    *(f"PAY_{month}" for month in range(2, 7)),
    *(f"BILL_AMT{month}" for month in range(1, 7)),
    *(f"PAY_AMT{month}" for month in range(1, 7)),
    "default.payment.next.month",
)
#: As in the file itself, debts lie on both sides of the sum from which a case goes to court.
_OWED = ((390, 9_000), (9_000, 49_000), (51_000, 400_000))


def write_rows(path: Path, *, late: int, not_late: int) -> None:
    """``late`` clients who owe and are late, the rest owe nothing or are in time."""
    dice = random.Random(f"rows of {FIRST}")
    with path.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(_HEADER)
        for number in range(1, late + not_late + 1):
            is_late = number <= late
            months = dice.randint(1, 8) if is_late else dice.choice((-2, -1, 0))
            owed = dice.randint(*_OWED[number % 3]) if is_late or number % 2 else 0
            row = dict.fromkeys(_HEADER, 0) | {"ID": number, "PAY_0": months, "BILL_AMT1": owed}
            lines.writerow([row[column] for column in _HEADER])
