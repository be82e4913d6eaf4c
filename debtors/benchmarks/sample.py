"""A synthetic portfolio in the canonical layout. Nobody in it exists; no number can be called."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Final

COLUMNS: Final = (
    "debtor_ref", "first_name", "last_name", "pesel", "phones", "emails", "street", "house_no",
    "postcode", "city", "debt_ref", "product", "contract_no", "contract_on", "currency",
    "principal", "contractual_interest", "fees", "past_due_amount", "past_due_since",
    "contract_rate", "limitation_on",
)  # fmt: skip
_FIRST: Final = ("Anna", "Łucja", "Świętosława", "Jan", "Żaneta", "Michał", "Zdzisław", "Ewa")
_LAST: Final = ("Nowak", "Wąs", "Brzęczyszczykiewicz", "Żak", "Kowalska", "Ćma", "Łącki")
_WEIGHTS: Final = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_PRODUCTS: Final = ("cash_loan", "credit_card", "overdraft", "mortgage")


def write_sample(path: Path, rows: int) -> Path:
    """A CSV of so many debts, each of a debtor of its own."""
    dice = random.Random(rows)  # noqa: S311 - no secret
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(rows):
            writer.writerow(_row(number, dice))
    return path


def _row(number: int, dice: random.Random) -> tuple[str, ...]:
    principal, interest, fees = dice.randrange(10_000, 5_000_000), dice.randrange(1, 99_999), 4_000
    since = date(2025, 1, 1) + timedelta(days=dice.randrange(240))
    return (
        f"BENCH-{number}", dice.choice(_FIRST), dice.choice(_LAST), _pesel(number),
        f"+48 600 {number // 1000 % 1000:03d} {number % 1000:03d}", f"p{number}@example.org",
        "Źródlana", str(number % 200 + 1), f"{number % 90 + 10}-{number % 900 + 100}", "Łódź",
        f"BENCH-D-{number}", _PRODUCTS[number % len(_PRODUCTS)], f"B/{number}/2023", "2023-03-01",
        "PLN", _amount(principal), _amount(interest), _amount(fees),
        _amount(principal // 10 + interest + fees), since.isoformat(), "7.25", "2028-12-31",
    )  # fmt: skip


def _amount(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def _pesel(number: int) -> str:
    """Born in the year 1950 to 1999, with a valid check digit."""
    body = f"{50 + number % 50:02d}{number % 12 + 1:02d}{number % 28 + 1:02d}{number % 10000:04d}"
    check = -sum(w * int(d) for w, d in zip(_WEIGHTS, body, strict=True)) % 10
    return f"{body}{check}"
