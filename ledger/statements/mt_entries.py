"""Field 61: one entry of an MT940 or MT942, with what fields 86 and NS say of it."""

from __future__ import annotations

import calendar
import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import mt940

from ledger.statements.accounts import normal_account
from ledger.statements.days import possible_day
from ledger.statements.mt_amounts import AMOUNT, minor_of
from ledger.statements.mt_details import read_details
from ledger.statements.mt_fields import Field
from ledger.statements.mt_parts import Details
from ledger.statements.mt_references import real_reference
from ledger.statements.mt_slashed import parties_of
from ledger.statements.values import Entry, EntryStatus, Finding, Party, StatementUnreadable

#: The library tells of each form it tries in vain; we say ourselves what could not be read.
logging.getLogger("mt940").setLevel(logging.CRITICAL)

TYPE_MISSING: Final = "type_missing"
_OPTIONS: Final = mt940.Options(reversal_sign=True, case_insensitive_marks=True)
_NO_STATEMENT: Final = mt940.models.Transactions(options=_OPTIONS)
_FORM: Final = mt940.tags.Statement()
_PADDED: Final = re.compile(r"^(\d{6}(?:\d{4}|\s{4})?\s*[A-Za-z]{1,3}[\s]*)0+(?=\d)")
#: Up to what follows the amount, which says where it ends: the type of the transaction; or, from
#: banks that name none, a reference. Two letters in the end are a type that was cut.
_HEAD: Final = re.compile(
    rf"(\d{{6}})(\d{{4}}|\s{{4}})?\s*([RE]?[CD])[A-Z]?\s*({AMOUNT})\s*"
    r"(?:(?=NONREF|//)|([A-Z](?:[A-Z0-9 ]{3}|[A-Z0-9]{0,2}$)))",
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)
_LONGEST_AMOUNT: Final = 15
_FILLED: Final = re.compile(r"\s{2,}")
#: A reversal of a credit takes money out; what is expected, only reports tell of.
_OUT: Final = frozenset({"D", "RC", "ED"})
_RETURNED: Final = "NRTI"


def read_entry(
    field: Field, details: list[Field], currency: str, position: int, own: str
) -> tuple[Entry, list[Finding]]:
    """``own`` is the account of the statement. Raises StatementUnreadable with the line."""
    findings: list[Finding] = []
    value, _, rest = _unwrapped(field).partition("\n")
    head = _HEAD.match(value)
    if head is None or len(head[4]) > _LONGEST_AMOUNT:
        raise _bad(field)
    mark, swift_code = head[3].upper(), (head[5] or "").strip().upper()
    if not swift_code:
        findings.append(Finding(TYPE_MISSING, _place(field)))
    minor = minor_of(head[4], currency, _place(field))
    value_on, booked_on = _days(head, field, findings)
    customer, bank, extra = _references(value[head.end() :], rest)
    is_reversal, is_return = mark.startswith("R"), swift_code == _RETURNED
    came_in = (mark in _OUT) == is_reversal
    parties = parties_of(came_in=came_in, was_taken_back=is_reversal or is_return)
    said = _details(details, own, parties)
    party = _with_account(said.party, extra, own)
    return (
        Entry(
            position=position,
            booked_on=booked_on,
            value_on=value_on,
            amount_minor=-minor if mark in _OUT else minor,
            currency=currency,
            status=EntryStatus.PENDING if mark.startswith("E") else EntryStatus.BOOKED,
            party=party,
            title=said.title or extra,
            bank_reference=bank,
            end_to_end_id=said.end_to_end_id or _unless_account(customer, party),
            code="/".join(part for part in (swift_code, said.code) if part),
            is_reversal=is_reversal,
            is_return=is_return,
            return_code=said.return_code if is_reversal or is_return else "",
        ),
        findings,
    )


def _unwrapped(field: Field) -> str:
    """The line and, after a line end, the bank's words about it; zeros before the amount go."""
    first = _PADDED.sub(r"\1", field.first)
    rest = " ".join(" ".join(field.lines[1:]).split())
    if rest and re.fullmatch(r"\d{6}(\d{4}|\s{4})?[A-Za-z]{1,3}", first):
        return _PADDED.sub(r"\1", first + rest)
    return f"{first}\n{rest}"


def _references(written: str, rest: str) -> tuple[str, str, str]:
    """The customer's, the bank's, and the words that stand behind them."""
    customer, _, bank = written.partition("//")
    own, behind = _apart(customer)
    theirs, further = _apart(bank)
    words = " ".join(part for part in (behind, further, rest) if part)
    return real_reference(own), real_reference(theirs), words


def _apart(written: str) -> tuple[str, str]:
    """A reference, and the text that stands behind one filled up to its full length."""
    reference, *text = _FILLED.split(written.strip(), maxsplit=1)
    return reference, "".join(text)


def _with_account(party: Party, extra: str, own: str) -> Party:
    """Dutch banks write the other side's account beside the entry. Polish ones may write there
    to which number of ours was paid."""
    number, is_valid = normal_account(extra)
    if party.account or not is_valid or number == own or own.startswith("PL"):
        return party
    return replace(party, account=number, account_is_valid=True)


def _unless_account(reference: str, party: Party) -> str:
    """Where banks write the other side's account for a reference, all its payments have it."""
    return "" if party.account and normal_account(reference)[0] == party.account else reference


def _days(head: re.Match[str], field: Field, findings: list[Finding]) -> tuple[date, date]:
    """Value day and booking day. The library knows in which year a booking without one is."""
    value_day = _in_calendar(head[1], int(head[1][:2]), field, findings)
    entry_day = (head[2] or "").strip()
    if entry_day:
        known = findings if entry_day != head[1][2:] else []
        entry_day = _in_calendar(entry_day, int(head[1][:2]), field, known)
    try:
        found = _FORM.parse(_NO_STATEMENT, f"{value_day}{entry_day}C1,NMSC")
        data = dict(_FORM(_NO_STATEMENT, found))
    except (RuntimeError, ValueError, ArithmeticError) as error:
        raise _bad(field) from error
    value_on = _plain(data["date"], field)
    return value_on, _plain(data["entry_date"], field) if "entry_date" in data else value_on


def _in_calendar(written: str, year: int, field: Field, findings: list[Finding]) -> str:
    """Banks that count thirty days to each month write days that February has not: its last is
    meant. ``written`` ends with month and day."""
    month, day = int(written[-4:-2]), int(written[-2:])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise StatementUnreadable("bad_day", _place(field), value=written)
    last = calendar.monthrange(2000 + year, month)[1]
    if day > last:
        findings.append(Finding("day_not_in_calendar", _place(field), {"value": written}))
    return f"{written[:-2]}{min(day, last):02}"


def _bad(field: Field) -> StatementUnreadable:
    return StatementUnreadable("bad_entry", _place(field), value=field.first[:60])


def _details(fields: list[Field], own: str, parties: Sequence[str]) -> Details:
    """NS lines are the bank's own words: they stand for field 86 where there is none."""
    texts = [field.lines for field in fields if field.tag == "86"]
    if any(line.strip() for lines in texts for line in lines):
        return read_details(texts, own, parties)
    words = [re.sub(r"^\d\d", "", line) for field in fields for line in field.lines]
    return Details(Party(), " ".join(" ".join(words).split()))


def _plain(day: Any, field: Field) -> date:
    """The library's dates are a class of their own."""
    return possible_day(date(day.year, day.month, day.day), _place(field))


def _place(field: Field) -> str:
    return f"line {field.line}, :{field.tag}:"
