"""Typed records on their way into the database: COPY into temporary tables of the session."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db import connection

from debtors.identifiers import IDENTIFIERS, seal
from debtors.intake.record import PersonRecord, RowRecord
from kernel.text import polish_sort_key, search_words

_ROWS_PER_COPY: Final = 5_000
NAME_FIELDS: Final = ("kind", "first_name", "last_name", "company_name")

_TABLES: Final = {
    "intake_row": (
        "row_no int", "line int", "sheet text", "role text", "debt_ref text", "debtor_ref text",
        "kind text", "first_name text", "last_name text", "company_name text",
        "display_name text", "sort_key text", "words text",
        "pesel_sealed bytea", "pesel_fingerprint bytea", "nip_sealed bytea",
        "nip_fingerprint bytea", "regon_sealed bytea", "regon_fingerprint bytea",
        "language text", "preferred_channel text", "tone text", "has_debt boolean",
        "product text", "contract_no text", "contract_on date", "currency text",
        "contract_rate numeric", "is_consumer boolean", "terminated_on date",
        "limitation_on date", "bank_account_no text", "virtual_account_no text",
        "problems jsonb",
    ),
    "intake_contact": ("row_no int", "debtor_ref text", "kind text", "value text"),
    "intake_address": (
        "row_no int", "debtor_ref text", "kind text", "street text", "postal_code text",
        "city text", "country text",
    ),
    "intake_bucket": (
        "row_no int", "debt_ref text", "component text", "due_on date", "amount_minor bigint",
    ),
}  # fmt: skip
#: Debt columns of ``intake_row`` that an extract may leave out.
DEBT_FIELDS: Final = (
    "product", "contract_no", "contract_on", "contract_rate", "terminated_on", "limitation_on",
    "bank_account_no",
)  # fmt: skip
_NULL: Final = "\\N"


def drop_staging() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(_TABLES)}")


def create_staging() -> None:
    """Temporary tables of this session; nobody else sees them, and no crash leaves them behind."""
    drop_staging()
    with connection.cursor() as cursor:
        for table, columns in _TABLES.items():
            cursor.execute(f"CREATE TEMPORARY TABLE {table} ({', '.join(columns)})")


def index_staging() -> None:
    """After the last row: let the planner know what it has."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"ANALYZE {table}")


class StagingWriter:
    """Collects rows and copies them in blocks.

    A field that the file does not bring (``brought``) is staged as NULL and leaves what is known
    untouched; an empty cell of a column that the file has is staged as empty.
    """

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {table: [] for table in _TABLES}
        self._rows = 0

    def add(self, record: RowRecord, brought: frozenset[str]) -> None:
        self._rows += 1
        number, person = str(self._rows), record.person
        self._lines["intake_row"].append(
            "\t".join(
                (
                    number,
                    str(record.line),
                    _text(record.sheet),
                    record.role,
                    _text(record.debt_ref),
                    _text(person.ref),
                    *_person(person, brought),
                    *_debt(record, brought),
                )
            )
        )
        ref = _text(person.ref)
        for contact in person.contacts:
            self._lines["intake_contact"].append(
                f"{number}\t{ref}\t{contact.kind}\t{contact.value}"
            )
        for address in person.addresses:
            cells = "\t".join(_text(cell) for cell in address)
            self._lines["intake_address"].append(f"{number}\t{ref}\t{cells}")
        if record.debt is not None:
            debt_ref = _text(record.debt_ref)
            for component, due_on, amount in record.debt.buckets:
                self._lines["intake_bucket"].append(
                    f"{number}\t{debt_ref}\t{component}\t{due_on or _NULL}\t{amount}"
                )
        if len(self._lines["intake_row"]) >= _ROWS_PER_COPY:
            self.flush()

    def flush(self) -> None:
        with connection.cursor() as cursor:
            for table, lines in self._lines.items():
                if lines:
                    lines.append("")
                    cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO("\n".join(lines)))
                    lines.clear()


def _text(value: str) -> str:
    """For COPY's text format; the reader has taken out every control character."""
    return value.replace("\\", "\\\\") if "\\" in value else value


def _bytes(value: bytes) -> str:
    return f"\\\\x{value.hex()}"


def display_name(person: PersonRecord) -> str:
    own = f"{person.first_name} {person.last_name}".strip()
    return person.company_name if person.company_name and person.kind != "person" else own


def name_columns(person: PersonRecord) -> tuple[str, str, str]:
    """``display_name``, ``sort_key`` and the words by which the name is found."""
    shown = display_name(person) or person.company_name
    sorted_by = shown if shown == person.company_name else f"{person.last_name} {person.first_name}"
    words = search_words(f"{person.first_name} {person.last_name} {person.company_name}")
    return shown, polish_sort_key(sorted_by), " ".join(dict.fromkeys(words))


def _person(person: PersonRecord, brought: frozenset[str]) -> Sequence[str]:
    cells: list[str] = []
    if brought.isdisjoint(NAME_FIELDS):
        cells += [_NULL] * 7
    else:
        names = (person.first_name, person.last_name, person.company_name, *name_columns(person))
        cells += [person.kind, *(_text(name) for name in names)]
    for name in IDENTIFIERS:
        value = getattr(person, name)
        if value:
            sealed = seal(name, value)
            cells += [_bytes(sealed.sealed), _bytes(sealed.fingerprint)]
        else:
            # An empty fingerprint empties the field; NULL leaves it as it is.
            cells += [_bytes(b""), _bytes(b"")] if name in brought else [_NULL, _NULL]
    for value in (person.language, person.preferred_channel, person.tone):
        cells.append(value or _NULL)
    return cells


def _debt(record: RowRecord, brought: frozenset[str]) -> Sequence[str]:
    debt = record.debt
    if debt is None:
        return ["f", *[_NULL] * 10, "[]"]
    cells = {name: _cell(getattr(debt, name)) if name in brought else _NULL for name in DEBT_FIELDS}
    return (
        "t", cells["product"], cells["contract_no"], cells["contract_on"], debt.currency,
        cells["contract_rate"], "t" if debt.is_consumer else "f", cells["terminated_on"],
        cells["limitation_on"], cells["bank_account_no"], debt.virtual_account or _NULL,
        json.dumps(record.problems) if record.problems else "[]",
    )  # fmt: skip


def _cell(value: Any) -> str:
    if value is None:
        return _NULL
    if isinstance(value, str):
        return _text(value)
    return value.isoformat() if isinstance(value, date) else str(value)
