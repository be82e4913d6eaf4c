"""A file of payments: each named by an account for repayment, a contract, a bank account or id."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.db.models import Q

from debtors.intake import cells
from debtors.intake.encoding import inspect_file
from debtors.intake.findings import CellRefused, ColumnsMissing, FileEmpty, FileTooLarge, Finding
from debtors.models import Debt
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import Conflict, DomainError, NotFound
from kernel.money import Money
from ledger.operations import PaymentPosted, post_payment
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
    for line, row in _rows(path):
        same = tuple(row.get(column, "").strip() for column in COLUMNS)
        seen[same] = seen.get(same, 0) + 1
        try:
            posted, money = _post(row, f"{'|'.join(same)}|{seen[same]}", actor, at)
        except CellRefused as error:
            result.refused.append(Finding(line, "", str(error.value)[:100], error.code))
        except DomainError as error:
            value = ", ".join(str(v) for v in error.values.values())
            result.refused.append(Finding(line, "", value[:100], error.code))
        else:
            if posted.is_new:
                result.posted += 1
                total = result.totals.get(money.currency, 0) + money.minor
                result.totals[money.currency] = total
            else:
                result.repeated += 1
    return result


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


def _post(
    row: Mapping[str, Any], key: str, actor: Actor, at: datetime
) -> tuple[PaymentPosted, Money]:
    amount: Decimal | None = cells.to_decimal(row["amount"])
    value_on: date | None = cells.to_date(row["value_on"], ["YYYY-MM-DD"])
    if amount is None or value_on is None:
        raise CellRefused("value_missing")
    money = Money.from_decimal(amount, row["currency"].strip().upper())
    posted = post_payment(
        account_id=find_account_id(name=row["account"].strip()),
        amount_minor=money.minor,
        currency=money.currency,
        value_on=value_on,
        reference=row.get("reference", "").strip()[:500],
        idempotency_key=hashlib.sha256(key.encode()).hexdigest(),
        source="payment_file",
        actor=actor,
        at=at,
    )
    return posted, money
