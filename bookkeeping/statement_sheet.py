"""A statement of account as a spreadsheet: numbers are numbers, texts are never formulas. Pure."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import xlsxwriter

from bookkeeping.movements import AccountStatement, Balance, Movement, Statement
from bookkeeping.statement_words import (
    account_title,
    group_amounts,
    interest_note,
    movement_head,
    movement_text,
    segment_head,
)
from kernel.money import currency_exponent
from ledger.lifecycle import Component

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOT_IN_A_NAME: Final = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME: Final = 31
_WIDTHS: Final = (12, 46, 14, 14, 14, 14, 14, 16)


def statement_workbook(statement: Statement, words: dict[str, Any]) -> bytes:
    """One sheet for the whole, and one for each debt. ``words`` is ``statement_document``; the
    language of the statement must be active."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": words["title"], "author": words["creditor"][0]})
    sheets = _Sheets(book)
    sheets.overview(statement, words)
    for place, account in enumerate(statement.accounts, start=1):
        sheets.account(place, account, words["accounts"][place - 1], statement.until_on)
    book.close()
    return file.getvalue()


class _Sheets:
    """The sheets of one book."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True})
        self._day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._rate = book.add_format({"num_format": "0.00"})
        self._formats: dict[tuple[int, bool], Any] = {}

    def overview(self, statement: Statement, words: dict[str, Any]) -> None:
        sheet = self._book.add_worksheet(_sheet_name(words["summary_title"], 0))
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 2, 34)
        row = self._texts(sheet, 0, [[words["title"]]], self._bold)
        row = self._texts(sheet, row, [[line] for line in words["creditor"]])
        row = self._texts(sheet, row + 1, [[line] for line in words["debtor"]])
        row = self._texts(sheet, row + 1, words["facts"])
        row = self._texts(sheet, row + 1, [words["summary_head"]], self._bold)
        for currency, both in statement.totals().items():
            sheet.write_string(row, 0, currency)
            for column, minor in enumerate(both, start=1):
                self._money(sheet, row, column, minor, currency)
            row += 1
        self._texts(sheet, row + 1, [[note] for note in words["notes"]])

    def account(
        self, place: int, account: AccountStatement, words: dict[str, Any], until_on: date
    ) -> None:
        sheet = self._book.add_worksheet(_sheet_name(account.contract_no, place))
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        self._texts(sheet, 0, [[account_title(account)]], self._bold)
        self._texts(sheet, 1, [movement_head(account.currency)], self._bold)
        sheet.freeze_panes(2, 0)
        self._balance(sheet, 2, words["opening"][0], account.opening, account.currency)
        row = 3
        for movement in account.movements:
            self._movement(sheet, row, movement, account.currency)
            row += 1
        if account.accrued_minor:
            self._accrued(sheet, row, account, words["accrued"][1], until_on)
            row += 1
        self._balance(sheet, row, words["closing"][0], account.closing, account.currency)
        if account.segments:
            self._interest(sheet, row + 2, account, words)

    def _movement(self, sheet: Any, row: int, movement: Movement, currency: str) -> None:
        self._date(sheet, row, 0, movement.on)
        sheet.write_string(row, 1, movement_text(movement))
        amounts = [
            movement.amount_minor,
            *group_amounts(movement.changes),
            movement.credit_minor,
            movement.after.total_minor,
        ]
        for column, minor in enumerate(amounts, start=2):
            self._money(sheet, row, column, minor, currency)

    def _accrued(
        self, sheet: Any, row: int, account: AccountStatement, text: str, until_on: date
    ) -> None:
        self._date(sheet, row, 0, until_on)
        sheet.write_string(row, 1, text)
        changes = {Component.DEFAULT_INTEREST: account.accrued_minor}
        amounts = [
            account.accrued_minor, *group_amounts(changes), 0, account.closing.total_minor
        ]  # fmt: skip
        for column, minor in enumerate(amounts, start=2):
            self._money(sheet, row, column, minor, account.currency)

    def _balance(self, sheet: Any, row: int, name: str, balance: Balance, currency: str) -> None:
        sheet.write_string(row, 1, name, self._bold)
        for column, minor in enumerate(
            [*group_amounts(balance.owed), balance.credit_minor, balance.total_minor], start=3
        ):
            self._money(sheet, row, column, minor, currency, bold=True)

    def _interest(
        self, sheet: Any, row: int, account: AccountStatement, words: dict[str, Any]
    ) -> None:
        row = self._texts(sheet, row, [[words["interest_title"]]], self._bold)
        row = self._texts(sheet, row, [segment_head(account.currency)], self._bold)
        for segment in account.segments:
            self._date(sheet, row, 0, segment.first_on)
            self._date(sheet, row, 1, segment.last_on)
            sheet.write_number(row, 2, segment.days)
            sheet.write_number(row, 3, segment.percent, self._rate)
            self._money(sheet, row, 4, segment.base_minor, account.currency)
            self._money(sheet, row, 5, segment.amount_minor, account.currency)
            row += 1
        self._money(sheet, row, 5, account.interest_minor, account.currency, bold=True)
        self._texts(sheet, row + 1, [[interest_note(account)]])

    def _texts(self, sheet: Any, row: int, lines: Sequence[Sequence[str]], look: Any = None) -> int:
        for line in lines:
            for column, text in enumerate(line):
                sheet.write_string(row, column, text, look)
            row += 1
        return row

    def _date(self, sheet: Any, row: int, column: int, on: date) -> None:
        sheet.write_datetime(row, column, on, self._day)

    def _money(
        self, sheet: Any, row: int, column: int, minor: int, currency: str, *, bold: bool = False
    ) -> None:
        places = currency_exponent(currency)
        key = (places, bold)
        if key not in self._formats:
            digits = f".{'0' * places}" if places else ""
            self._formats[key] = self._book.add_format(
                {"num_format": f"#,##0{digits}", "bold": bold}
            )
        sheet.write_number(row, column, Decimal(minor).scaleb(-places), self._formats[key])


def _sheet_name(text: str, place: int) -> str:
    """Unlike any other of the book, and without the signs that a name may not hold."""
    plain = _NOT_IN_A_NAME.sub("-", text).strip() or "-"
    return f"{place} {plain}"[:_LONGEST_NAME] if place else plain[:_LONGEST_NAME]
