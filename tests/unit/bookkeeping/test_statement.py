"""A statement of account says what the postings say, in both languages, and nothing runs in it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bookkeeping.movements import (
    AccountStatement,
    Balance,
    Booked,
    Statement,
    cut_segments,
    state_account,
)
from bookkeeping.statement_pdf import set_statement
from bookkeeping.statement_sheet import statement_workbook
from bookkeeping.statement_words import interest_note, statement_document
from contacts.creditor import load_creditor
from ledger.interest import Segment
from ledger.legs import Leg
from ledger.lifecycle import COMPONENTS, Book, Component, TransactionKind
from tests.unit.bookkeeping.pdf_text import pdf_text

FIRST = date(2026, 3, 2)
AT = datetime(2026, 5, 12, 9, tzinfo=UTC)
HOSTILE = '=HYPERLINK("http://evil")#panic("x") *b* _i_ $a$ <l> @ref \\ [c] {d} // --'


def booked(number: int, kind: TransactionKind, on: date, *legs: Leg, **more: Any) -> Booked:
    return Booked(number, kind, on, on, more.pop("reason", ""), more.pop("source", "manual"),
                  legs, **more)  # fmt: skip


def charge(number: int, on: date, minor: int, component: Component = Component.FEES) -> Booked:
    return booked(number, TransactionKind.CHARGE, on, Leg(component, on, minor),
                  Leg(Book.CHARGE, None, -minor))  # fmt: skip


def payment(number: int, on: date, fees: int, over: int = 0, **more: Any) -> Booked:
    legs = [Leg(Component.FEES, FIRST, -fees)] if fees else []
    if over:
        legs.append(Leg(Book.OVERPAYMENT, None, -over))
    return booked(number, TransactionKind.PAYMENT, on, *legs, Leg(Book.CASH, None, fees + over),
                  **more)  # fmt: skip


_DAYS = st.integers(0, 9).map(lambda days: FIRST + timedelta(days=days))
_LEGS = st.lists(
    st.tuples(
        st.sampled_from([*Component, Book.OVERPAYMENT, Book.CASH, Book.CHARGE]),
        st.none() | _DAYS,
        st.integers(-500, 500).filter(bool),
    ),
    min_size=1,
    max_size=4,
)
_ROWS = st.lists(st.tuples(_DAYS, _LEGS), max_size=12).map(
    lambda rows: [
        booked(number, TransactionKind.PAYMENT, on, *(Leg(*leg) for leg in legs))
        for number, (on, legs) in enumerate(rows, start=1)
    ]
)


def naive_balance(rows: list[Booked], until: date) -> int:
    """What is owed less what was paid ahead: one leg after the other."""
    total = 0
    for row in rows:
        if row.on <= until:
            for leg in row.legs:
                if leg.leg in COMPONENTS or leg.leg == Book.OVERPAYMENT:
                    total += leg.amount_minor
    return total


@given(_ROWS, _DAYS, _DAYS)
def test_opening_and_movements_come_to_the_closing_balance_that_a_naive_sum_gives(
    rows: list[Booked], one: date, other: date
) -> None:
    first, last = min(one, other), max(one, other)
    opening, movements, closing = state_account(rows, from_on=first, until_on=last)
    assert opening.total_minor == naive_balance(rows, first - timedelta(days=1))
    assert closing.total_minor == naive_balance(rows, last)
    running = list(accumulate((m.amount_minor for m in movements), initial=opening.total_minor))
    assert [m.after.total_minor for m in movements] == running[1:]


@given(_ROWS, st.randoms())
def test_the_order_in_which_postings_are_read_changes_nothing(
    rows: list[Booked], chance: Any
) -> None:
    days = {"from_on": FIRST, "until_on": FIRST + timedelta(days=9)}
    assert state_account(chance.sample(rows, len(rows)), **days) == state_account(rows, **days)


def test_what_corrects_a_payment_is_part_of_what_it_came_to() -> None:
    rows = [
        charge(1, FIRST, 100),
        payment(2, FIRST, 100),
        booked(3, TransactionKind.REALLOCATION, FIRST, Leg(Component.FEES, FIRST, 40),
               Leg(Component.COSTS, FIRST, -40), corrects_id=2),
    ]  # fmt: skip
    _, movements, closing = state_account(rows, from_on=FIRST, until_on=FIRST)
    assert [m.id for m in movements] == [1, 2]
    assert movements[1].changes == {Component.FEES: -60, Component.COSTS: -40}
    assert closing.total_minor == 0


def test_a_credit_is_a_balance_below_zero() -> None:
    _, _, closing = state_account([payment(1, FIRST, 0, 250)], from_on=FIRST, until_on=FIRST)
    assert (closing.total_minor, closing.credit_minor) == (-250, 250)


def test_a_period_cuts_its_part_out_of_a_row_and_the_parts_add_up() -> None:
    whole = [
        Segment(FIRST, FIRST + timedelta(days=9), 10, Decimal("11.25"), 12_345, 38),
        Segment(FIRST + timedelta(days=10), FIRST + timedelta(days=19), 10, Decimal(9), 12_345, 30),
    ]
    cut_on = FIRST + timedelta(days=3)
    before = [Segment(FIRST, cut_on - timedelta(days=1), 3, Decimal("11.25"), 12_345, 11)]
    rows = cut_segments(whole, before=before, from_on=cut_on)
    assert [(row.first_on, row.days, row.amount_minor) for row in rows] == [
        (cut_on, 7, 27), (FIRST + timedelta(days=10), 10, 30),
    ]  # fmt: skip
    assert cut_segments(whole, before=(), from_on=FIRST) == tuple(whole)


def test_what_is_said_of_interest_fits_whose_it_is() -> None:
    one = statement().accounts[0]
    with override("en"):
        said = [
            interest_note(replace(one, is_ours=ours, is_charged=charged))
            for ours, charged in ((True, True), (True, False), (False, False))
        ]
    assert [text.split(" (art.")[0][:32] for text in said] == [
        "This interest is charged above. ",
        "This is the interest for delay o",
        "For comparison: the statutory in",
    ]


def test_a_statement_as_it_was_known_says_that_it_holds_the_interest_posted_then() -> None:
    note = "as far as it had been posted on that day"
    assert note not in " ".join(words(statement(), "en")["notes"])
    assert note in " ".join(words(statement(as_known_on=FIRST), "en")["notes"])


def statement(**changes: Any) -> Statement:
    rows = [
        booked(1, TransactionKind.OPENING, FIRST, Leg(Component.PRINCIPAL, FIRST, 1_234_567),
               Leg(Component.DEFAULT_INTEREST, FIRST, 4_321), source="intake", reason="extract"),
        charge(2, FIRST + timedelta(days=1), 1_500)._replace(
            source="charge", reason="charge:demand_letter:w/12"),
        payment(3, FIRST + timedelta(days=2), 1_500, 500, reason=f"Przelew {HOSTILE}"),
        booked(4, TransactionKind.WRITE_OFF, FIRST + timedelta(days=3),
               Leg(Component.DEFAULT_INTEREST, FIRST, -4_321), reason="write_off:7",
               source="write_off"),
    ]  # fmt: skip
    last = FIRST + timedelta(days=9)
    opening, movements, closing = state_account(rows, from_on=FIRST, until_on=last)
    account = AccountStatement(
        1, "cash_loan", "K/1[2]:x", "PLN", "PL61109010140000071219812874", opening, movements,
        closing, (Segment(FIRST, last, 10, Decimal("11.25"), 1_234_567, 3_805),),
    )  # fmt: skip
    values: dict[str, Any] = {
        "case_number": "UG-1", "debtor_name": f"Łucja Żółć {HOSTILE}",
        "address": ("ul. Prosta 1", "00-001 Warszawa"), "from_on": FIRST, "until_on": last,
        "made_on": last, "as_known_on": None, "accounts": (account,), **changes,
    }  # fmt: skip
    return Statement(**values)


def words(made: Statement, language: str = "pl") -> dict[str, Any]:
    return statement_document(made, creditor=load_creditor(), language=language)


def read(made: Statement, language: str = "pl") -> str:
    return pdf_text(set_statement(words(made, language), made_at=AT)).replace("\xa0", " ")


def joined(text: str) -> str:
    """Without the breaks that the width of a column makes."""
    return "".join(text.split())


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("pl", ["Zestawienie", "Wezwanie do zapłaty", "Saldo"]),
        ("en", ["Statement of account", "Demand letter", "Opening balance", "Closing balance"]),
    ],
)
def test_the_page_says_all_in_the_language_of_the_debtor(
    language: str, expected: list[str]
) -> None:
    text = joined(read(statement(), language))
    for part in (*expected, "12 345,67", "12 340,67", "−43,21", "38,05", "11,25", "UG-1"):
        assert joined(part) in text, part


def test_a_name_and_a_title_that_are_markup_are_texts_on_the_page() -> None:
    text = joined(read(statement()))
    assert joined(f"Łucja Żółć {HOSTILE}") in text
    assert joined(f"Przelew {HOSTILE}") in text


def test_codes_of_the_product_never_reach_the_debtor() -> None:
    text = read(statement())
    for code in ("write_off:7", "charge:demand", "extract", "principal"):
        assert code not in text


def test_the_same_statement_is_the_same_file_and_is_tagged_for_reading_aloud() -> None:
    made = words(statement())
    pdf = set_statement(made, made_at=AT)
    assert pdf == set_statement(made, made_at=AT)
    assert b"/Lang(pl)" in pdf
    assert b"/StructTreeRoot" in pdf


def cells(made: Statement, sheet: int, language: str = "en") -> list[list[Any]]:
    with override(language):
        content = statement_workbook(made, words(made, language))
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(sheet).to_python()


def test_the_sheet_holds_numbers_and_days_that_reckon() -> None:
    rows = cells(statement(), 1)
    assert rows[1][:3] == ["Day", "What happened", "Amount, zł"]
    movements = rows[3:7]
    assert [row[0] for row in movements] == [FIRST + timedelta(days=n) for n in range(4)]
    assert [row[2] for row in movements] == [12_388.88, 15.0, -20.0, -43.21]
    assert [row[7] for row in movements] == [12_388.88, 12_403.88, 12_383.88, 12_340.67]
    assert rows[7][7] == 12_340.67


def test_a_name_that_a_spreadsheet_would_run_is_a_text() -> None:
    overview = cells(replace(statement(), debtor_name="=cmd|' /C calc'!A0"), 0)
    assert ["=cmd|' /C calc'!A0", "", ""] in overview
    with override("en"):
        content = statement_workbook(statement(), words(statement(), "en"))
    assert b"<f>" not in content


def test_currencies_are_never_added() -> None:
    one = statement().accounts[0]
    other = replace(one, currency="JPY", closing=Balance({Component.PRINCIPAL: 5}))
    made = replace(statement(), accounts=(one, other))
    assert made.totals() == {"PLN": (0, 1_234_067), "JPY": (0, 5)}
    assert joined("5 ¥") in joined(read(made, "en")) or "JPY" in read(made, "en")


def test_a_statement_without_debts_or_movements_is_a_page_all_the_same() -> None:
    empty = replace(statement().accounts[0], movements=(), segments=())
    assert "No movements" in read(replace(statement(), accounts=(empty,)), "en")
    assert "Statement of account" in read(replace(statement(), accounts=()), "en")
