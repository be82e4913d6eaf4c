"""A file of payments: each named by an account for repayment, a contract, a bank account or id."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from debtors.intake import cells
from debtors.intake.encoding import inspect_file
from debtors.intake.findings import CellRefused, ColumnsMissing, FileEmpty, FileTooLarge, Finding
from debtors.models import Debt
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import Conflict, DomainError, NotFound
from kernel.money import Money
from ledger.operations import PAYMENTS_AT_ONCE, NewPayment, post_payments
from staff.rights import Right

COLUMNS: Final = ("account", "amount", "currency", "value_on", "reference")
MAX_PAYMENTS: Final = 200_000
_MAX_BYTES: Final = 50 * 1024**2


class AccountNameUnknown(NotFound):
    """No debt has this account for repayment, contract number or bank account."""

    code = "account_name_unknown"


class AccountNameAmbiguous(Conflict):
    """Several debts share the contract or bank account number; a person must choose."""

    code = "account_name_ambiguous"


@dataclass(slots=True)
class PaymentsImported:
    """``totals`` are minor units per currency of what was posted now."""

    posted: int = 0
    repeated: int = 0
    refused: list[Finding] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)


def find_account_id(*, name: str) -> int:
    """The ledger account that a payment names: by its account for repayment, else by contract,
    bank account or the bank's reference of the debt.

    Raises AccountNameUnknown, AccountNameAmbiguous.
    """
    compact = "".join(name.split()).upper()
    debts = Debt.objects.order_by("account_id")
    virtual = Q(account__virtual_account_no__in=[compact, f"PL{compact}"])
    found = list(debts.filter(virtual).values_list("account_id", flat=True)[:2])
    if not found:
        others = Q(contract_no=name) | Q(bank_account_no=compact) | Q(external_id=name)
        found = list(debts.filter(others).values_list("account_id", flat=True)[:2])
    if not found:
        raise AccountNameUnknown(name=name)
    if len(found) > 1:
        raise AccountNameAmbiguous(name=name)
    return found[0]


@requires(Right.POST_PAYMENT)
def import_payments(*, path: Path, actor: Actor, at: datetime) -> PaymentsImported:
    """Post every row of a CSV with the columns ``account,amount,currency,value_on,reference``.

    A row is known by its account, day, amount, reference and its place among equal ones, so that
    the same file, or an overlapping one, posts nothing twice. Bad rows are refused one by one.
    Raises FileRefused kinds for the file as a whole.
    """
    result = PaymentsImported()
    seen: dict[tuple[str, ...], int] = {}
    rows = _rows(path)
    while chunk := list(islice(rows, PAYMENTS_AT_ONCE)):
        _import_chunk(chunk, seen, result, actor, at)
    return result


def _import_chunk(
    chunk: Sequence[tuple[int, Mapping[str, str]]],
    seen: dict[tuple[str, ...], int],
    result: PaymentsImported,
    actor: Actor,
    at: datetime,
) -> None:
    accounts = _accounts_named({row["account"].strip() for _, row in chunk})
    lines: list[int] = []
    payments: list[NewPayment] = []
    refused: list[tuple[int, DomainError | CellRefused]] = []
    for line, row in chunk:
        same = tuple(row.get(column, "").strip() for column in COLUMNS)
        seen[same] = seen.get(same, 0) + 1
        try:
            payments.append(_payment(row, accounts, f"{'|'.join(same)}|{seen[same]}"))
            lines.append(line)
        except (DomainError, CellRefused) as error:
            refused.append((line, error))
    outcomes = post_payments(payments=payments, source="payment_file", actor=actor, at=at)
    for line, payment, outcome in zip(lines, payments, outcomes, strict=True):
        if isinstance(outcome, DomainError):
            refused.append((line, outcome))
        elif outcome.is_new:
            result.posted += 1
            total = result.totals.get(payment.currency, 0) + payment.amount_minor
            result.totals[payment.currency] = total
        else:
            result.repeated += 1
    result.refused += [_finding(*one) for one in sorted(refused, key=lambda one: one[0])]


def _finding(line: int, error: DomainError | CellRefused) -> Finding:
    if isinstance(error, CellRefused):
        return Finding(line, "", str(error.value)[:100], error.code)
    value = ", ".join(str(v) for v in error.values.values())
    return Finding(line, "", value[:100], error.code)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    encoding = inspect_file(path, ["utf-8", "windows-1250"]).encoding
    if path.stat().st_size > _MAX_BYTES:
        raise FileTooLarge(file=path.name, bytes=path.stat().st_size, limit=_MAX_BYTES)
    text = path.read_text(encoding=encoding)
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    found = [name.strip() for name in reader.fieldnames or []]
    if not found:
        raise FileEmpty(file=path.name)
    reader.fieldnames = found
    if missing := sorted(set(COLUMNS) - {"reference"} - set(found)):
        raise ColumnsMissing(missing=missing, nearest=[], unknown=[], found=found)
    for count, row in enumerate(reader, start=1):
        if count > MAX_PAYMENTS:
            raise FileTooLarge(rows=count, limit=MAX_PAYMENTS)
        yield reader.line_num, {key: value or "" for key, value in row.items() if key}


def _payment(row: Mapping[str, Any], accounts: Mapping[str, Sequence[int]], key: str) -> NewPayment:
    amount: Decimal | None = cells.to_decimal(row["amount"])
    value_on: date | None = cells.to_date(row["value_on"], ["YYYY-MM-DD"])
    if amount is None or value_on is None:
        raise CellRefused("value_missing")
    money = Money.from_decimal(amount, row["currency"].strip().upper())
    name = row["account"].strip()
    found = accounts.get(name, ())
    if len(found) != 1:
        raise AccountNameAmbiguous(name=name) if found else AccountNameUnknown(name=name)
    return NewPayment(
        found[0],
        money.minor,
        money.currency,
        value_on,
        hashlib.sha256(key.encode()).hexdigest(),
        row.get("reference", "").strip()[:500],
    )


_NAMED: Final = """
    SELECT n.name, a.id, true
    FROM unnest(%(names)s::text[], %(compact)s::text[]) AS n (name, compact)
    JOIN ledger_account a ON a.virtual_account_no IN (n.compact, 'PL' || n.compact)
    JOIN debtors_debt d ON d.account_id = a.id
    UNION
    SELECT n.name, d.account_id, false
    FROM unnest(%(names)s::text[], %(compact)s::text[]) AS n (name, compact)
    JOIN LATERAL (
        SELECT account_id FROM debtors_debt WHERE contract_no = n.name
        UNION SELECT account_id FROM debtors_debt WHERE bank_account_no = n.compact
        UNION SELECT account_id FROM debtors_debt WHERE external_id = n.name
    ) d ON true
    ORDER BY 1, 2
"""


def _accounts_named(names: Collection[str]) -> dict[str, list[int]]:
    """As ``find_account_id`` finds them: by the account for repayment before anything else."""
    in_order = sorted(name for name in names if name)
    virtual: dict[str, list[int]] = {}
    others: dict[str, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _NAMED,
            {"names": in_order, "compact": ["".join(name.split()).upper() for name in in_order]},
        )
        for name, account_id, is_virtual in cursor.fetchall():
            (virtual if is_virtual else others).setdefault(name, []).append(account_id)
    return {**others, **virtual}
