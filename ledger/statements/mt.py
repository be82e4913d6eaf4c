"""MT940 statements and MT942 reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from kernel.money import InvalidAmount, Money
from ledger.statements.accounts import normal_account
from ledger.statements.balancing import check_balances
from ledger.statements.mt_entries import read_entry
from ledger.statements.mt_fields import Field, read_fields
from ledger.statements.tally import EntryFindings, Tally
from ledger.statements.values import (
    Balance,
    Entry,
    Finding,
    Form,
    Opened,
    Part,
    ReadFile,
    Statement,
    StatementUnreadable,
)

_BALANCE: Final = re.compile(r"([CD])(\d{6})([A-Z]{3})([\d,.]+)\s*$")
_TOTAL: Final = re.compile(r"(\d{1,5})\s*([A-Z]{3})([\d,.]+)\s*$")
_LIMIT: Final = re.compile(r"([A-Z]{3})")
_NUMBER: Final = re.compile(r"(\d+)(?:/(\d+))?")
_ACCOUNT: Final = ("25", "25P")
_STATEMENT_NUMBER: Final = ("28C", "28")
_OPENING: Final = ("60F", "60M", "60")
_CLOSING: Final = ("62F", "62M", "62")
#: What only a report has.
_OF_A_REPORT: Final = ("34F", "13D", "13", "90C", "90D")
#: A file that has none of these is something else.
_OF_A_STATEMENT: Final = frozenset({"20", *_ACCOUNT, *_STATEMENT_NUMBER, *_OPENING})
_BEFORE_THE_ENTRIES: Final = frozenset({*_ACCOUNT, *_STATEMENT_NUMBER, *_OPENING})


def read_mt(lines: Iterable[str], encoding: str) -> Iterator[Part]:
    """Each message begins with ``:20:``, or with the first field there is. Raises
    StatementUnreadable."""
    message: _Message | None = None
    form: Form | None = None
    for one in read_fields(lines):
        if message is None or (one.tag == "20" and message.has_begun):
            if message is not None:
                yield from message.finish()
                form = form or message.form
            message = _Message(one.line)
        yield from message.take(one)
    if message is None:
        raise StatementUnreadable("not_a_statement", "line 1")
    yield from message.finish()
    form = form or message.form
    assert form is not None, "a finished message has one"
    yield ReadFile(form, "", encoding)


@dataclass(slots=True)
class _Message:
    """Gives out each entry as soon as its form and currency are known: mostly from the start,
    where there is an opening balance or a report's limit, else at the end."""

    line: int
    has_begun: bool = False
    form: Form | None = None
    currency: str = ""
    firsts: dict[str, Field] = field(default_factory=dict)
    lasts: dict[str, Field] = field(default_factory=dict)
    entry: Field | None = None
    details: list[Field] = field(default_factory=list)
    waiting: list[tuple[Field, list[Field]]] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    findings: EntryFindings = field(default_factory=EntryFindings)

    def take(self, one: Field) -> Iterator[Part]:
        """Field 61 is an entry, with the fields 86 and NS that follow it."""
        self.has_begun = True
        if one.tag == "61":
            yield from self._end_entry()
            self.entry, self.details = one, []
        elif one.tag in ("86", "NS"):
            if self.entry is not None:  # after the balance it is about the statement
                self.details.append(one)
        else:
            if one.tag in _BEFORE_THE_ENTRIES and self._is_too_late(one):
                raise StatementUnreadable(
                    "field_out_of_place", f"line {one.line}", field=f":{one.tag}:"
                )
            yield from self._end_entry()
            self.firsts.setdefault(one.tag, one)
            self.lasts[one.tag] = one

    def finish(self) -> Iterator[Part]:
        yield from self._end_entry()
        account_field = self._first(*_ACCOUNT)
        if account_field is None:
            if self.form is None and not self.waiting and not self._is_a_statement():
                raise StatementUnreadable("not_a_statement", "line 1")
            raise StatementUnreadable("field_missing", f"line {self.line}", field=":25:")
        if self.form is None:
            yield from self._open(self._form_at_the_end(), self._currency_at_the_end(account_field))
        yield self._statement(account_field)

    def _is_too_late(self, one: Field) -> bool:
        """Right after an entry; and a report does not become a statement after its first."""
        return self.entry is not None or (self.form is Form.MT942 and one.tag in _OPENING)

    def _is_a_statement(self) -> bool:
        return not _OF_A_STATEMENT.isdisjoint(self.firsts)

    def _end_entry(self) -> Iterator[Part]:
        if self.entry is None:
            return
        lines, self.entry = (self.entry, self.details), None
        if self.form is None:
            self.waiting.append(lines)
            opening, limit = _balance(self._first(*_OPENING)), self._limit("34F")
            if opening is not None:
                yield from self._open(Form.MT940, opening.currency)
            elif limit:
                yield from self._open(Form.MT942, limit)
        else:
            yield self._entry(*lines)

    def _open(self, form: Form, currency: str) -> Iterator[Part]:
        self.form, self.currency = form, currency
        yield Opened(form)
        for lines in self.waiting:
            yield self._entry(*lines)
        self.waiting.clear()

    def _entry(self, line: Field, details: list[Field]) -> Entry:
        entry, findings = read_entry(line, details, self.currency, self.tally.entries + 1)
        for finding in findings:
            self.findings.add(finding)
        self.tally.add(entry)
        return entry

    def _statement(self, account_field: Field) -> Statement:
        assert self.form is not None, "it was opened"
        opening, closing = _balance(self._first(*_OPENING)), _balance(self._last(*_CLOSING))
        account, is_valid = normal_account(_without_currency(account_field.first, self.currency))
        number, page = _number(self._first(*_STATEMENT_NUMBER))
        statement = Statement(
            form=self.form,
            account=account,
            account_is_valid=is_valid,
            currency=self.currency,
            number=number,
            page=page,
            from_on=opening.on if opening else self.tally.first_on,
            to_on=closing.on if closing else self.tally.last_on,
            opening=opening,
            closing=closing,
            tally=self.tally,
        )
        findings = self.findings.told(f"statement {number}")
        if is_valid is False:
            place = f"line {account_field.line}, :25:"
            findings.append(Finding("account_number_fails", place, {"account": account}))
        is_report = self.form is Form.MT942
        findings += self._check_totals() if is_report else check_balances(statement)
        return replace(statement, findings=tuple(findings))

    def _form_at_the_end(self) -> Form:
        if self._first(*_OPENING) is None and self._first(*_OF_A_REPORT) is not None:
            return Form.MT942
        return Form.MT940

    def _currency_at_the_end(self, account: Field) -> str:
        for balance in (_balance(self._first(*_OPENING)), _balance(self._last(*_CLOSING))):
            if balance is not None:
                return balance.currency
        for tag in ("34F", "90D", "90C"):
            if limit := self._limit(tag):
                return limit
        written = re.search(r"[\d/]([A-Z]{3})$", account.first)
        if written is not None:
            return written[1]
        raise StatementUnreadable("currency_missing", f"line {self.line}")

    def _limit(self, tag: str) -> str:
        one = self._first(tag)
        found = _LIMIT.search(one.first) if one is not None else None
        return found[1] if found is not None else ""

    def _check_totals(self) -> Iterator[Finding]:
        """Fields 90D and 90C: how many entries a report has, and their sum."""
        tally = self.tally
        for tag, sign, entries, minor in (
            ("90D", -1, tally.debits, tally.debits_minor),
            ("90C", 1, tally.credits, tally.credits_minor),
        ):
            one = self._first(tag)
            found = _TOTAL.match(one.first) if one is not None else None
            if one is None or found is None:
                continue
            place = f"line {one.line}, :{tag}:"
            stated = sign * _minor(found[3], found[2], place)
            if (int(found[1]), stated) != (entries, minor):
                values = {
                    "stated_entries": int(found[1]),
                    "entries": entries,
                    "stated_minor": stated,
                    "entries_minor": minor,
                    "currency": found[2],
                }
                yield Finding("totals_do_not_add_up", place, values)

    def _first(self, *tags: str) -> Field | None:
        found = [self.firsts[tag] for tag in tags if tag in self.firsts]
        return min(found, key=lambda one: one.line, default=None)

    def _last(self, *tags: str) -> Field | None:
        found = [self.lasts[tag] for tag in tags if tag in self.lasts]
        return max(found, key=lambda one: one.line, default=None)


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


def _without_currency(account: str, currency: str) -> str:
    return re.sub(rf"/?{currency}$", "", account) if currency else account


def _number(field: Field | None) -> tuple[str, str]:
    found = _NUMBER.match(field.first) if field is not None else None
    return (found[1], found[2] or "") if found is not None else ("", "")
