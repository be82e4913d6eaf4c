"""MT940 statements and MT942 reports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from kernel.money import InvalidAmount, Money
from ledger.statements.accounts import normal_account
from ledger.statements.balancing import check_balances
from ledger.statements.mt_entries import read_entry
from ledger.statements.mt_fields import Field, Message, read_messages
from ledger.statements.values import (
    Balance,
    Entry,
    Finding,
    Form,
    ReadFile,
    Statement,
    StatementUnreadable,
)

_BALANCE: Final = re.compile(r"([CD])(\d{6})([A-Z]{3})([\d,.]+)\s*$")
_TOTAL: Final = re.compile(r"(\d{1,5})\s*([A-Z]{3})([\d,.]+)\s*$")
_LIMIT: Final = re.compile(r"([A-Z]{3})")
_NUMBER: Final = re.compile(r"(\d+)(?:/(\d+))?")
_OPENING: Final = ("60F", "60M", "60")
_CLOSING: Final = ("62F", "62M", "62")


def read_mt(text: str, encoding: str) -> ReadFile:
    """Raises StatementUnreadable."""
    statements = [_statement(message) for message in read_messages(text)]
    if not statements:
        raise StatementUnreadable("not_a_statement", "line 1")
    return ReadFile(statements[0].form, "", encoding, tuple(statements))


def _statement(message: Message) -> Statement:
    account_field = message.first("25", "25P")
    if account_field is None:
        raise StatementUnreadable("field_missing", f"line {message.line}", field=":25:")
    opening, closing = _balance(message.first(*_OPENING)), _balance(message.last(*_CLOSING))
    currency = _currency(message, account_field, opening, closing)
    account, is_valid = normal_account(_without_currency(account_field.first, currency))
    entries, findings = _entries(message, currency)
    number, page = _number(message.first("28C", "28"))
    is_report = opening is None and message.first("34F", "13D", "13", "90C", "90D") is not None
    days = [entry.booked_on for entry in entries if entry.booked_on is not None]
    statement = Statement(
        form=Form.MT942 if is_report else Form.MT940,
        account=account,
        account_is_valid=is_valid,
        currency=currency,
        number=number,
        page=page,
        from_on=opening.on if opening else min(days, default=None),
        to_on=closing.on if closing else max(days, default=None),
        opening=opening,
        closing=closing,
        entries=tuple(entries),
    )
    if is_valid is False:
        place = f"line {account_field.line}, :25:"
        findings.append(Finding("account_number_fails", place, {"account": account}))
    findings += _check_totals(message, entries) if is_report else check_balances(statement)
    return replace(statement, findings=tuple(findings))


def _entries(message: Message, currency: str) -> tuple[list[Entry], list[Finding]]:
    """Each field 61 with the fields 86 and NS that follow it."""
    entries: list[Entry] = []
    findings: list[Finding] = []
    line: Field | None = None
    details: list[Field] = []

    def finish() -> None:
        if line is not None:
            entry, found = read_entry(line, details, currency, len(entries) + 1)
            entries.append(entry)
            findings.extend(found)

    for field in message.fields:
        if field.tag == "61":
            finish()
            line, details = field, []
        elif field.tag in ("86", "NS"):
            details.append(field)
        elif field.tag in ("25", "25P", "28", "28C", *_OPENING) and line is not None:
            raise StatementUnreadable(
                "field_out_of_place", f"line {field.line}", field=f":{field.tag}:"
            )
        elif line is not None:
            finish()
            line, details = None, []
    finish()
    return entries, findings


def _balance(field: Field | None) -> Balance | None:
    if field is None:
        return None
    place = f"line {field.line}, :{field.tag}:"
    found = _BALANCE.match(field.first)
    if found is None:
        raise StatementUnreadable("bad_balance", place, value=field.first[:60])
    sign = 1 if found[1] == "C" else -1
    return Balance(sign * _minor(found[4], found[3], place), found[3], _day(found[2], place))


def _minor(written: str, currency: str, place: str) -> int:
    try:
        return Money.from_decimal(Decimal(written.replace(",", ".")), currency).minor
    except (InvalidOperation, InvalidAmount) as error:
        raise StatementUnreadable(
            "bad_amount", place, value=written[:40], currency=currency
        ) from error


def _day(written: str, place: str) -> date:
    try:
        return date(2000 + int(written[:2]), int(written[2:4]), int(written[4:]))
    except ValueError as error:
        raise StatementUnreadable("bad_day", place, value=written) from error


def _currency(
    message: Message, account: Field, opening: Balance | None, closing: Balance | None
) -> str:
    for balance in (opening, closing):
        if balance is not None:
            return balance.currency
    for field in (message.first("34F"), message.first("90D"), message.first("90C")):
        found = _LIMIT.search(field.first) if field is not None else None
        if found is not None:
            return found[1]
    written = re.search(r"[\d/]([A-Z]{3})$", account.first)
    if written is not None:
        return written[1]
    raise StatementUnreadable("currency_missing", f"line {message.line}")


def _without_currency(account: str, currency: str) -> str:
    return re.sub(rf"/?{currency}$", "", account) if currency else account


def _number(field: Field | None) -> tuple[str, str]:
    found = _NUMBER.match(field.first) if field is not None else None
    return (found[1], found[2] or "") if found is not None else ("", "")


def _check_totals(message: Message, entries: Sequence[Entry]) -> Iterator[Finding]:
    """Fields 90D and 90C: how many entries a report has, and their sum."""
    for tag, sign in (("90D", -1), ("90C", 1)):
        field = message.first(tag)
        found = _TOTAL.match(field.first) if field is not None else None
        if field is None or found is None:
            continue
        place = f"line {field.line}, :{tag}:"
        amounts = [e.amount_minor for e in entries if (e.amount_minor < 0) is (sign < 0)]
        stated = sign * _minor(found[3], found[2], place)
        if (int(found[1]), stated) != (len(amounts), sum(amounts)):
            values = {
                "stated_entries": int(found[1]),
                "entries": len(amounts),
                "stated_minor": stated,
                "entries_minor": sum(amounts),
                "currency": found[2],
            }
            yield Finding("totals_do_not_add_up", place, values)
