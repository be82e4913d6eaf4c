"""The files exchanged with an agency, as text: what is placed, and what was paid. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from kernel.errors import InvalidInput
from kernel.money import Money
from kernel.typed import whole_number

#: A cell that starts with one of these is taken for a formula by spreadsheets.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
COMPONENTS: Final = ("principal", "contractual_interest", "default_interest", "fees", "costs")
COLUMNS: Final = (
    "placement_id", "case_number", "debtor_kind", "debtor_name", "street", "postal_code", "city",
    "country", "phones", "emails", "product", "contract_no", "currency", "due_since",
    *COMPONENTS, "total",
)  # fmt: skip
PAYMENT_COLUMNS: Final = (
    "reference", "placement_id", "contract_no", "amount", "currency", "paid_on"
)  # fmt: skip
TOTAL: Final = "TOTAL"


class DebtLine(NamedTuple):
    """One debt of a placed case; ``due_minor`` is what is due per component, in minor units."""

    placement_id: int
    case_number: str
    debtor_kind: str
    debtor_name: str
    street: str
    postal_code: str
    city: str
    country: str
    phones: str
    emails: str
    product: str
    contract_no: str
    currency: str
    due_since: date
    due_minor: Mapping[str, int]

    @property
    def total(self) -> Money:
        return Money(sum(self.due_minor.values()), self.currency)


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """``contract_no`` may be empty: then the debt that is due longest is paid first."""

    line: int
    reference: str
    placement_id: int
    contract_no: str
    amount: Money
    paid_on: date


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line cannot be taken: a column, its value and a code."""

    line: int
    column: str
    value: str
    why: str


class PaymentFileRefused(InvalidInput):
    """The file lacks columns that it must have: ``columns``."""

    code = "payment_file_refused"


def totals_of(lines: Iterable[DebtLine]) -> dict[str, int]:
    """Minor units per currency; amounts of different currencies are never added."""
    totals: dict[str, int] = {}
    for line in lines:
        totals[line.currency] = totals.get(line.currency, 0) + line.total.minor
    return dict(sorted(totals.items()))


def write_placements(lines: Sequence[DebtLine]) -> bytes:
    """CSV in UTF-8: a header, a line per debt, and a ``TOTAL`` line per currency with the count of
    its lines. Amounts are decimals with a point."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        amounts = [_decimal(line.due_minor.get(name, 0), line.currency) for name in COMPONENTS]
        cells = [*line[:13], line.due_since.isoformat(), *amounts]
        writer.writerow([*map(_safe, map(str, cells)), _decimal(line.total.minor, line.currency)])
    for currency, minor in totals_of(lines).items():
        count = sum(line.currency == currency for line in lines)
        cells = [""] * len(COLUMNS)
        cells[0], cells[1] = TOTAL, str(count)
        cells[COLUMNS.index("currency")] = currency
        cells[-1] = _decimal(minor, currency)
        writer.writerow(cells)
    return text.getvalue().encode()


def read_payments(text: str) -> Iterator[PaymentLine | Fault]:
    """Each line as a payment, or why it is none. Raises PaymentFileRefused."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    missing = [name for name in PAYMENT_COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise PaymentFileRefused(columns=missing)
    for cells in reader:
        yield _payment(reader.line_num, {k: (v or "").strip() for k, v in cells.items() if k})


def _payment(line: int, cells: Mapping[str, str]) -> PaymentLine | Fault:
    if not cells["reference"]:
        return Fault(line, "reference", "", "missing")
    placement_id = whole_number(cells["placement_id"])
    if placement_id is None:
        return Fault(line, "placement_id", cells["placement_id"], "not_a_number")
    try:
        amount = Money.from_decimal(Decimal(cells["amount"]), cells["currency"])
    except (InvalidOperation, InvalidInput):
        return Fault(line, "amount", f"{cells['amount']} {cells['currency']}", "not_an_amount")
    if amount.minor <= 0:
        return Fault(line, "amount", cells["amount"], "not_positive")
    try:
        paid_on = date.fromisoformat(cells["paid_on"])
    except ValueError:
        return Fault(line, "paid_on", cells["paid_on"], "not_a_day")
    return PaymentLine(
        line, cells["reference"], placement_id, cells["contract_no"], amount, paid_on
    )


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _decimal(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).to_decimal():f}"
