"""MT940 statements and MT942 reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from ledger.statements.balancing import check_balances
from ledger.statements.mt_accounts import statement_account
from ledger.statements.mt_amounts import read_balance
from ledger.statements.mt_entries import TYPE_MISSING, read_entry
from ledger.statements.mt_fields import END, Field, read_fields
from ledger.statements.mt_totals import check_totals
from ledger.statements.tally import EntryFindings, Tally
from ledger.statements.values import (
    Entry,
    Finding,
    Form,
    Opened,
    Part,
    ReadFile,
    Statement,
    StatementUnreadable,
)

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
#: With these a new statement begins where the one before has ended.
_HEAD: Final = frozenset({*_BEFORE_THE_ENTRIES, "34F"})
#: With these a statement ends; the field for information to its owner may follow.
_TAIL: Final = frozenset({END, *_CLOSING, "90C", "90D"})
#: So many fields that explain an entry are kept; banks write one.
_MOST_DETAILS: Final = 200
#: So many entries are kept until the end of a statement that has no opening balance, nor limit.
_MOST_WAITING: Final = 100_000


def read_mt(lines: Iterable[str], encoding: str) -> Iterator[Part]:
    """Each message begins with ``:20:``, or with the first field there is; after its end also with
    another field of its head. Raises StatementUnreadable."""
    message: _Message | None = None
    form: Form | None = None
    for one in read_fields(lines):
        if message is None:
            message = _Message(one.line)
        elif one.tag == "20" or (message.has_ended and one.tag in _HEAD):
            yield from message.finish()
            form = form or message.form
            message = _Message(one.line, before=message if one.tag != "20" else None)
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
    #: Only where this one has no ``:20:`` of its own.
    before: _Message | None = None
    has_ended: bool = False
    #: A bank that names no types names none at all: that is told once.
    has_untyped: bool = False
    account: Field | None = None
    form: Form | None = None
    currency: str = ""
    own: str = ""
    firsts: dict[str, Field] = field(default_factory=dict)
    lasts: dict[str, Field] = field(default_factory=dict)
    entry: Field | None = None
    details: list[Field] = field(default_factory=list)
    waiting: list[tuple[Field, list[Field]]] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    findings: EntryFindings = field(default_factory=EntryFindings)

    def take(self, one: Field) -> Iterator[Part]:
        """Field 61 is an entry, with the fields 86 and NS that follow it."""
        self.has_ended = self.has_ended or one.tag in _TAIL
        if one.tag == END:
            return
        if one.tag == "61":
            yield from self._end_entry()
            self.entry, self.details = one, []
        elif one.tag in ("86", "NS"):
            # after the balance it is about the statement
            if self.entry is not None and len(self.details) < _MOST_DETAILS:
                self.details.append(one)
        else:
            if self.entry is not None and one.tag in _BEFORE_THE_ENTRIES:
                raise _refused("field_out_of_place", one)
            yield from self._end_entry()
            if (reason := self._wrong(one)) is not None:
                raise _refused(reason, one)
            self.firsts.setdefault(one.tag, one)
            self.lasts[one.tag] = one

    def finish(self) -> Iterator[Part]:
        yield from self._end_entry()
        self.account = self._first(*_ACCOUNT) or self._account_of_the_page_before()
        self.before = None
        if self.account is None:
            if self.form is None and not self.waiting and not self._is_a_statement():
                raise StatementUnreadable("not_a_statement", "line 1")
            raise StatementUnreadable("field_missing", f"line {self.line}", field=":25:")
        if self.form is None:
            yield from self._open(self._form_at_the_end(), self._currency_at_the_end(self.account))
        yield self._statement(self.account)

    def _wrong(self, one: Field) -> str | None:
        """Why a field cannot stand here: nothing of another account's may be taken for ours."""
        if self.form is Form.MT942 and one.tag in (*_OPENING, *_CLOSING):
            return "balance_in_report"
        has_account = self.before is not None or self._first(*_ACCOUNT) is not None
        for tags in (_ACCOUNT, _OPENING):
            known = self._first(*tags) if one.tag in tags else None
            if has_account and known is not None and known.first != one.first:
                return "field_repeated"
        return None

    def _account_of_the_page_before(self) -> Field | None:
        """Where this one goes on from the very balance with which the one before closes."""
        if self.before is None:
            return None
        opening = read_balance(self._first(*_OPENING))
        if not opening or not opening.amount_minor:  # nothing is what many accounts have
            return None
        closing = read_balance(self.before._last(*_CLOSING))
        return self.before.account if opening == closing else None

    def _is_a_statement(self) -> bool:
        return not _OF_A_STATEMENT.isdisjoint(self.firsts)

    def _end_entry(self) -> Iterator[Part]:
        if self.entry is None:
            return
        lines, self.entry = (self.entry, self.details), None
        if self.form is None:
            if len(self.waiting) == _MOST_WAITING:
                raise StatementUnreadable("field_missing", f"line {self.line}", field=":60F:")
            self.waiting.append(lines)
            opening, limit = read_balance(self._first(*_OPENING)), self._limit("34F")
            if opening is not None:
                yield from self._open(Form.MT940, opening.currency)
            elif limit:
                yield from self._open(Form.MT942, limit)
        else:
            yield self._entry(*lines)

    def _open(self, form: Form, currency: str) -> Iterator[Part]:
        self.form, self.currency = form, currency
        account = self._first(*_ACCOUNT) or self._account_of_the_page_before()
        if account is not None:
            self.own = statement_account(account.first, currency)[0]
        yield Opened(form)
        for lines in self.waiting:
            yield self._entry(*lines)
        self.waiting.clear()

    def _entry(self, line: Field, details: list[Field]) -> Entry:
        position = self.tally.entries + 1
        entry, findings = read_entry(line, details, self.currency, position, self.own)
        for finding in findings:
            if finding.code != TYPE_MISSING or not self.has_untyped:
                self.findings.add(finding)
            self.has_untyped = self.has_untyped or finding.code == TYPE_MISSING
        self.tally.add(entry)
        return entry

    def _statement(self, account_field: Field) -> Statement:
        assert self.form is not None, "it was opened"
        opening, closing = read_balance(self._first(*_OPENING)), read_balance(self._last(*_CLOSING))
        account, is_valid = statement_account(account_field.first, self.currency)
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
        if self.form is Form.MT942:
            findings += check_totals(self.tally, self.firsts)
        else:
            findings += check_balances(statement)
        return replace(statement, findings=tuple(findings))

    def _form_at_the_end(self) -> Form:
        has_balance = self._first(*_OPENING, *_CLOSING) is not None
        is_report = not has_balance and self._first(*_OF_A_REPORT) is not None
        return Form.MT942 if is_report else Form.MT940

    def _currency_at_the_end(self, account: Field) -> str:
        for balance in (read_balance(self._first(*_OPENING)), read_balance(self._last(*_CLOSING))):
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

    def _first(self, *tags: str) -> Field | None:
        found = [self.firsts[tag] for tag in tags if tag in self.firsts]
        return min(found, key=lambda one: one.line, default=None)

    def _last(self, *tags: str) -> Field | None:
        found = [self.lasts[tag] for tag in tags if tag in self.lasts]
        return max(found, key=lambda one: one.line, default=None)


def _refused(reason: str, one: Field) -> StatementUnreadable:
    return StatementUnreadable(reason, f"line {one.line}", field=f":{one.tag}:")


def _number(field: Field | None) -> tuple[str, str]:
    found = _NUMBER.match(field.first) if field is not None else None
    return (found[1], found[2] or "") if found is not None else ("", "")
