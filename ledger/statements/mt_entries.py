"""Field 61: one entry of an MT940 or MT942, with what fields 86 and NS say of it."""

from __future__ import annotations

import calendar
import logging
import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

import mt940

from ledger.statements.days import possible_day
from ledger.statements.mt_amounts import AMOUNT, minor_of
from ledger.statements.mt_details import Details, read_details
from ledger.statements.mt_fields import Field
from ledger.statements.values import Entry, EntryStatus, Finding, Party, StatementUnreadable

#: The library tells of each form it tries in vain; we say ourselves what could not be read.
logging.getLogger("mt940").setLevel(logging.CRITICAL)

_OPTIONS: Final = mt940.Options(reversal_sign=True, case_insensitive_marks=True)
_NO_STATEMENT: Final = mt940.models.Transactions(options=_OPTIONS)
#: The standard first, then banks that write longer references.
_FORMS: Final = (
    mt940.tags.Statement(),
    mt940.tags.StatementGLS(),
    mt940.tags.StatementASNB(),
)
_DAY: Final = re.compile(r"(\d\d)(\d\d)(\d\d)")
_PADDED: Final = re.compile(r"^(\d{6}(?:\d{4}|\s{4})?\s*[A-Za-z]{1,3}[\s]*)0+(?=\d)")
#: Up to the type of the transaction: without it nothing says where the amount ends.
_HEAD: Final = re.compile(
    rf"\d{{6}}(?:\d{{4}}|\s{{4}})?\s*([RE]?[CD])[A-Z]?\s*({AMOUNT})"
    r"[A-Z](?:[A-Z0-9 ]{3}|[A-Z0-9]{0,2}$)",
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)
#: A reversal of a credit takes money out; what is expected, only reports tell of.
_OUT: Final = frozenset({"D", "RC", "ED"})
_NONE: Final = frozenset({"NONREF", "NOTPROVIDED"})
_RETURNED: Final = "NRTI"


def read_entry(
    field: Field, details: list[Field], currency: str, position: int
) -> tuple[Entry, list[Finding]]:
    """Raises StatementUnreadable with the line."""
    findings: list[Finding] = []
    value = _mended(field, findings)
    head = _HEAD.match(value)
    if head is None:
        raise StatementUnreadable("bad_entry", _place(field), value=field.first[:60])
    mark, written = head[1].upper(), head[2]
    minor = minor_of(written, currency, _place(field))
    data = _parsed(value, head, field)
    said = _details(details)
    swift_code = (data.get("id") or "").strip()
    extra = " ".join((data.get("extra_details") or "").split())
    value_on = _plain(data["date"], field)
    is_reversal = mark.startswith("R")
    return (
        Entry(
            position=position,
            booked_on=_plain(data["entry_date"], field) if "entry_date" in data else value_on,
            value_on=value_on,
            amount_minor=-minor if mark in _OUT else minor,
            currency=currency,
            status=EntryStatus.PENDING if mark.startswith("E") else EntryStatus.BOOKED,
            party=said.party,
            title=said.title or extra,
            bank_reference=_reference(data.get("bank_reference")),
            end_to_end_id=said.end_to_end_id or _reference(data.get("customer_reference")),
            code="/".join(part for part in (swift_code, said.code) if part),
            is_reversal=is_reversal,
            is_return=swift_code == _RETURNED,
            return_code=said.return_code if is_reversal or swift_code == _RETURNED else "",
        ),
        findings,
    )


def _mended(field: Field, findings: list[Finding]) -> str:
    """Zeros before the amount go, and a day that no month has becomes the month's last."""
    first = _PADDED.sub(r"\1", field.first)
    rest = " ".join(" ".join(field.lines[1:]).split())
    if rest and re.fullmatch(r"\d{6}(\d{4}|\s{4})?[A-Za-z]{1,3}", first):
        first, rest = _PADDED.sub(r"\1", first + rest), ""  # wrapped before the amount
    found = _DAY.match(first)
    if found is not None:
        year, month, day = 2000 + int(found[1]), int(found[2]), int(found[3])
        if 1 <= month <= 12 and day > (last := calendar.monthrange(year, month)[1]) and day <= 31:
            findings.append(Finding("day_not_in_calendar", _place(field), {"value": found[0]}))
            first = f"{found[1]}{found[2]}{last:02}{first[6:]}"
    return f"{first}\n{rest}" if rest else first


def _parsed(value: str, head: re.Match[str], field: Field) -> dict[str, Any]:
    """The days and references. A form that sees another amount than stands there has cut it."""
    mark, amount = head[1].upper().lstrip("E"), head[2].replace(".", ",")
    value = f"{value[: head.start(1)]}{mark}{value[head.end(1) : head.start(2)]}{amount}"
    value += head.string[head.end(2) :]
    expected = Decimal(amount.replace(",", "."))
    for form in _FORMS:
        try:
            data: dict[str, Any] = dict(form(_NO_STATEMENT, form.parse(_NO_STATEMENT, value)))
        except (RuntimeError, ValueError, ArithmeticError):
            continue
        if abs(data["amount"].amount) == expected:
            return data
    raise StatementUnreadable("bad_entry", _place(field), value=field.first[:60])


def _details(fields: list[Field]) -> Details:
    """Several fields 86 go on where the one before ended; NS lines are the bank's own words."""
    lines = [line for field in fields if field.tag == "86" for line in field.lines]
    if lines and any(line.strip() for line in lines):
        return read_details(lines)
    own = [re.sub(r"^\d\d", "", line) for field in fields for line in field.lines]
    return Details(Party(), " ".join(" ".join(own).split()))


def _reference(text: str | None) -> str:
    written = (text or "").strip()
    return "" if written.upper() in _NONE else written


def _plain(day: Any, field: Field) -> date:
    """The library's dates are a class of their own."""
    return possible_day(date(day.year, day.month, day.day), _place(field))


def _place(field: Field) -> str:
    return f"line {field.line}, :{field.tag}:"
