"""Importing small canonical files at a fixed instant."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from debtors.intake.profile import load_profile
from debtors.operations import IntakeOptions, import_portfolio
from kernel.actor import system_actor

AS_OF = date(2025, 10, 1)
AT = datetime(2025, 10, 1, 6, tzinfo=UTC)
ACTOR = system_actor("test")

GOOD: dict[str, Any] = {
    "debtor_ref": "P-1", "first_name": "Łucja", "last_name": "Wąs-Nowak", "pesel": "44051401359",
    "phones": "600100200", "emails": "lucja@example.org", "street": "Długa", "house_no": "1",
    "postcode": "00-950", "city": "Warszawa", "role": "main_debtor", "debt_ref": "D-1",
    "product": "cash_loan", "contract_no": "U/1", "currency": "PLN", "principal": "100.00",
    "contractual_interest": "10.00", "default_interest": "", "fees": "5.00",
    "past_due_amount": "40.00", "past_due_since": "2025-08-01", "terminated_on": "",
    "virtual_account": "",
}  # fmt: skip

Import = Callable[..., dict[str, Any]]


@pytest.fixture
def take_in(db: None, tmp_path: Path, settings: Any) -> Import:
    """Import rows, each a change of a good one; keywords are options of the import."""
    settings.VAR_DIR = tmp_path / "var"

    def take_in(
        *rows: dict[str, Any], as_of: date = AS_OF, at: datetime = AT, trailer: str = "",
        path: Path | None = None, profile: str = "canonical", **options: Any,
    ) -> dict[str, Any]:  # fmt: skip
        if path is None:
            path = write(tmp_path / "portfolio.csv", *rows, trailer=trailer)
        return import_portfolio(
            path=path, profile=load_profile(profile), as_of=as_of,
            options=IntakeOptions(**options), actor=ACTOR, at=at,
        )  # fmt: skip

    return take_in


def write(path: Path, *rows: dict[str, Any], trailer: str = "") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(GOOD))
        writer.writeheader()
        writer.writerows({**GOOD, **row} for row in rows)
        file.write(trailer)
    return path
