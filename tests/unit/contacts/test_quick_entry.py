"""What is typed in one line and what it means, on Tuesday 24.11.2026 with 6 183,01 PLN overdue."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.quick_entry import (
    MAX_LENGTH,
    Entry,
    Fault,
    Owed,
    read_day_entry,
    read_entry,
    read_moment_entry,
    write_entry,
)
from contacts.quick_entry.words import FILLERS, MONTHS, WEEKDAYS
from kernel.calendar import POLAND
from kernel.clock import instant

TODAY = date(2026, 11, 24)
OWED = Owed({"PLN": 618_301, "EUR": 25_000})
FRIDAY = date(2026, 11, 27)


def read(text: str, *, today: date = TODAY, owed: Owed = OWED) -> Entry:
    return read_entry(text, today=today, owed=owed, calendar=POLAND)


def faults(text: str) -> list[Fault]:
    return [problem.fault for problem in read(text).problems]


@pytest.mark.parametrize(
    ("amount", "minor"),
    [
        ("500", 50_000),
        ("500 zł", 50_000),
        ("500zł", 50_000),
        ("500 PLN", 50_000),
        ("PLN 500", 50_000),
        ("500,-", 50_000),
        ("500,00", 50_000),
        ("500.00", 50_000),
        ("500,5", 50_050),
        ("1200,50", 120_050),
        ("1200.50", 120_050),
        ("1 200,50", 120_050),
        ("1\u00a0200,50", 120_050),
        ("1.200,50", 120_050),
        ("1,200.50", 120_050),
        ("1 200", 120_000),
        ("1.200", 120_000),
        ("1,200", 120_000),
        ("5 000 zł", 500_000),
        ("2 tys.", 200_000),
        ("2 tysiące", 200_000),
        ("1,5 tys. zł", 150_000),
        ("2k", 200_000),
        ("all", 618_301),
        ("everything", 618_301),
        ("cała", 618_301),
        ("całość", 618_301),
        ("całą zaległość", 618_301),
        ("wszystko", 618_301),
        ("half", 309_151),
        ("połowę", 309_151),
        ("pół", 309_151),
        ("25%", 154_576),
        ("25 %", 154_576),
    ],
)
def test_an_amount_is_read_with_polish_and_english_separators(amount: str, minor: int) -> None:
    entry = read(f"{amount} piątek")
    assert entry == Entry(minor, "PLN", FRIDAY)
    assert read(f"piątek {amount}") == entry


@pytest.mark.parametrize(
    ("day", "on"),
    [
        ("today", TODAY),
        ("dziś", TODAY),
        ("dzisiaj", TODAY),
        ("tomorrow", date(2026, 11, 25)),
        ("jutro", date(2026, 11, 25)),
        ("do jutra", date(2026, 11, 25)),
        ("pojutrze", date(2026, 11, 26)),
        ("the day after tomorrow", date(2026, 11, 26)),
        ("wednesday", date(2026, 11, 25)),
        ("pt", FRIDAY),
        ("pt.", FRIDAY),
        ("Pt", FRIDAY),
        ("piątek", FRIDAY),
        ("piatek", FRIDAY),
        ("w piątek", FRIDAY),
        ("do piątku", FRIDAY),
        ("fri", FRIDAY),
        ("by Friday", FRIDAY),
        ("this friday", FRIDAY),
        ("w ten piątek", FRIDAY),
        ("najbliższy piątek", FRIDAY),
        ("nd", date(2026, 11, 29)),
        ("niedziela", date(2026, 11, 29)),
        ("poniedziałek", date(2026, 11, 30)),
        ("we wtorek", date(2026, 12, 1)),
        ("tuesday", date(2026, 12, 1)),
        ("za tydzień w piątek", date(2026, 12, 4)),
        ("w piątek za tydzień", date(2026, 12, 4)),
        ("next week on friday", date(2026, 12, 4)),
        ("friday next week", date(2026, 12, 4)),
        ("w przyszłym tygodniu w środę", date(2026, 12, 2)),
        ("za 3 dni", FRIDAY),
        ("3 dni", FRIDAY),
        ("za trzy dni", FRIDAY),
        ("w ciągu 3 dni", FRIDAY),
        ("in 3 days", FRIDAY),
        ("within three days", FRIDAY),
        ("in 5 working days", date(2026, 12, 1)),
        ("za 5 dni roboczych", date(2026, 12, 1)),
        ("za tydzień", date(2026, 12, 1)),
        ("in a week", date(2026, 12, 1)),
        ("za 2 tygodnie", date(2026, 12, 8)),
        ("in two weeks", date(2026, 12, 8)),
        ("za miesiąc", date(2026, 12, 24)),
        ("27.11", FRIDAY),
        ("27.11.", FRIDAY),
        ("27.11.2026", FRIDAY),
        ("27.11.26", FRIDAY),
        ("2026-11-27", FRIDAY),
        ("27-11-2026", FRIDAY),
        ("27/11", FRIDAY),
        ("11/27", FRIDAY),
        ("do 27.11", FRIDAY),
        ("27 listopada", FRIDAY),
        ("27 lis", FRIDAY),
        ("27 nov", FRIDAY),
        ("nov 27", FRIDAY),
        ("27th of November", FRIDAY),
        ("27 listopada 2026", FRIDAY),
        ("November 27th 2026", FRIDAY),
        ("27 XI", FRIDAY),
        ("5 XII", date(2026, 12, 5)),
        ("piątek 27.11", FRIDAY),
        ("27.11 piątek", FRIDAY),
        ("do 27.", FRIDAY),
        ("27.", FRIDAY),
        ("do 10.", date(2026, 12, 10)),
        ("do 10", date(2026, 12, 10)),
        ("10th", date(2026, 12, 10)),
        ("by the 10th", date(2026, 12, 10)),
        ("na 10-go", date(2026, 12, 10)),
        ("do 10tego", date(2026, 12, 10)),
        ("2nd", date(2026, 12, 2)),
        ("24.", TODAY),
        ("end of month", date(2026, 11, 30)),
        ("do końca miesiąca", date(2026, 11, 30)),
        ("eom", date(2026, 11, 30)),
        ("5.1", date(2027, 1, 5)),
    ],
)
def test_a_day_is_read_as_people_say_it(day: str, on: date) -> None:
    assert read(f"500 {day}") == Entry(50_000, "PLN", on)


@pytest.mark.parametrize(
    "text",
    [
        "500 zł do piątku",
        "zapłaci 500 w piątek",
        "obiecuje 500 zł najpóźniej w piątek",
        "will pay 500 by friday",
        "promised 500 PLN, by Friday!",
        "500; pt",
        "nie później niż w piątek 500",
        "500 no later than friday",
        "500zł pt",
        "500pt",
    ],
)
def test_words_around_it_change_nothing(text: str) -> None:
    assert read(text) == Entry(50_000, "PLN", FRIDAY)


def test_a_weekday_is_the_next_one_and_never_today() -> None:
    for offset in range(7):
        today = TODAY + timedelta(days=offset)
        on = read("500 friday", today=today).due_on
        assert on is not None
        assert on.weekday() == 4
        assert timedelta(days=1) <= on - today <= timedelta(days=7)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("500 next friday", [(50_000, FRIDAY), (50_000, date(2026, 12, 4))]),
        ("500 w przyszły piątek", [(50_000, FRIDAY), (50_000, date(2026, 12, 4))]),
        ("500 koniec tygodnia", [(50_000, FRIDAY), (50_000, date(2026, 11, 29))]),
        ("500 end of week", [(50_000, FRIDAY), (50_000, date(2026, 11, 29))]),
        ("500 5/12", [(50_000, date(2026, 12, 5)), (50_000, date(2027, 5, 12))]),
        ("27.11 5.12", [(2_711, date(2026, 12, 5)), (512, FRIDAY)]),
        ("27.11 friday", [(2_711, FRIDAY), (None, FRIDAY)]),
        ("27.11", [(2_711, None), (None, FRIDAY)]),
    ],
)
def test_what_can_be_read_in_two_ways_is_said_and_not_chosen(
    text: str, options: list[tuple[int | None, date | None]]
) -> None:
    entry = read(text)
    assert not entry.is_complete
    (problem,) = entry.problems
    assert problem.fault is Fault.AMBIGUOUS
    found = {(option.amount_minor, option.due_on) for option in problem.values["options"]}
    assert found == set(options)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("500 wczoraj", Fault.NOT_UNDERSTOOD),
        ("500 nie pt", Fault.NOT_UNDERSTOOD),
        ("500 przed piątkiem", Fault.NOT_UNDERSTOOD),
        ("<script>alert(1)</script>", Fault.NOT_UNDERSTOOD),
        ("-500 pt; DROP TABLE", Fault.NOT_UNDERSTOOD),
        ("500", Fault.DAY_MISSING),
        ("friday", Fault.AMOUNT_MISSING),
        ("500 600", Fault.DAY_MISSING),
        ("500 10", Fault.TWO_AMOUNTS),
        ("500 60 pt", Fault.TWO_AMOUNTS),
        ("500 pt sob", Fault.TWO_DAYS),
        ("500 jutro 30.11", Fault.TWO_DAYS),
        ("500 piątek 26.11", Fault.OTHER_WEEKDAY),
        ("500 20.11", Fault.DAY_PAST),
        ("500 23.11.2026", Fault.DAY_PAST),
        ("500 1.7", Fault.DAY_PAST),
        ("500 2020-01-01", Fault.DAY_PAST),
        ("500 31.11", Fault.NO_SUCH_DAY),
        ("500 do 31", Fault.NO_SUCH_DAY),
        ("500 29.2.2027", Fault.NO_SUCH_DAY),
        ("0 pt", Fault.AMOUNT_ZERO),
        ("0,00 pt", Fault.AMOUNT_ZERO),
        ("999999999999 pt", Fault.TOO_LARGE),
        ("500 usd pt", Fault.CURRENCY_NOT_OWED),
        ("5" * (MAX_LENGTH + 1), Fault.TOO_LONG),
        ("a " * 30, Fault.TOO_LONG),
    ],
)
def test_what_is_wrong_is_named(text: str, fault: Fault) -> None:
    assert faults(text) == [fault]
    assert not read(text).is_complete


def test_a_past_day_is_named_with_today() -> None:
    (problem,) = read("500 20.11").problems
    assert problem.values == {"on": date(2026, 11, 20), "today": TODAY}


def test_the_word_that_was_not_understood_is_named() -> None:
    (problem,) = read("500 w piontek").problems
    assert problem.values == {"words": ("piontek",)}


def test_nothing_typed_lacks_both() -> None:
    assert faults("") == [Fault.AMOUNT_MISSING, Fault.DAY_MISSING]
    assert faults("  ,") == [Fault.AMOUNT_MISSING, Fault.DAY_MISSING]


def test_half_of_nothing_is_nothing() -> None:
    entry = read("half friday", owed=Owed({"PLN": 0}))
    assert [problem.fault for problem in entry.problems] == [Fault.NOTHING_DUE]


def test_a_currency_is_that_of_the_debt_unless_another_owed_one_is_named() -> None:
    assert read("500 pt").currency == "PLN"
    assert read("500 eur pt") == Entry(50_000, "EUR", FRIDAY)
    assert read("€500 pt") == Entry(50_000, "EUR", FRIDAY)
    assert read("5000 pt", owed=Owed({"JPY": 9_000})) == Entry(5_000, "JPY", FRIDAY)
    too_fine = read("50,5 pt", owed=Owed({"JPY": 9_000}))
    assert [problem.fault for problem in too_fine.problems] == [Fault.TOO_FINE]


def test_the_29th_of_february_is_a_day_only_in_a_leap_year() -> None:
    assert read("500 29.2", today=date(2028, 2, 1)).due_on == date(2028, 2, 29)
    problems = read("500 29.2", today=date(2027, 2, 1)).problems
    assert [problem.fault for problem in problems] == [Fault.NO_SUCH_DAY]


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("pt", FRIDAY),
        ("27.11.2026", FRIDAY),
        ("2026-11-27", FRIDAY),
        ("12.12", date(2026, 12, 12)),
        ("do 10", date(2026, 12, 10)),
        ("za 2 tyg.", date(2026, 12, 8)),
    ],
)
def test_a_day_alone_is_no_amount(text: str, on: date) -> None:
    assert read_day_entry(text, today=TODAY, calendar=POLAND) == (on, None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.DAY_MISSING),
        ("500", Fault.NOT_UNDERSTOOD),
        ("500 pt", Fault.NOT_UNDERSTOOD),
        ("20.11", Fault.DAY_PAST),
        ("next friday", Fault.AMBIGUOUS),
        ("pt sob", Fault.TWO_DAYS),
    ],
)
def test_what_is_no_day_is_said(text: str, fault: Fault) -> None:
    on, problem = read_day_entry(text, today=TODAY, calendar=POLAND)
    assert on is None
    assert problem is not None
    assert problem.fault is fault


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("jutro 14:00", date(2026, 11, 25), time(14)),
        ("tomorrow at 14:00", date(2026, 11, 25), time(14)),
        ("14:30", TODAY, time(14, 30)),
        ("o 16", TODAY, time(16)),
        ("pt o 9", FRIDAY, time(9)),
        ("at 10 friday", FRIDAY, time(10)),
        ("27.11 godz. 8:05", FRIDAY, time(8, 5)),
        ("2026-11-27 14:00", FRIDAY, time(14)),
    ],
)
def test_a_moment_is_a_day_with_a_time_or_a_time_of_today(
    text: str, day: date, clock: time
) -> None:
    assert read_moment_entry(text, today=TODAY, calendar=POLAND) == (instant(day, clock), None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("jutro", Fault.TIME_MISSING),
        ("25:00", Fault.TIME_MISSING),
        ("next friday 14:00", Fault.AMBIGUOUS),
        ("20.11 14:00", Fault.DAY_PAST),
    ],
)
def test_what_is_no_moment_is_said(text: str, fault: Fault) -> None:
    at, problem = read_moment_entry(text, today=TODAY, calendar=POLAND)
    assert at is None
    assert problem is not None
    assert problem.fault is fault


days_ahead = st.dates(min_value=TODAY, max_value=TODAY + timedelta(days=400))
amounts = st.integers(min_value=1, max_value=10**11)


@given(amount_minor=amounts, currency=st.sampled_from(["PLN", "EUR"]), due_on=days_ahead)
def test_what_is_written_is_read_again(amount_minor: int, currency: str, due_on: date) -> None:
    entry = read(write_entry(amount_minor, currency, due_on))
    assert entry == Entry(amount_minor, currency, due_on)


def _polish(minor: int) -> str:
    return f"{minor // 100:,}".replace(",", " ") + f",{minor % 100:02d}"


def _english(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02d}"


@given(
    minor=amounts.filter(lambda minor: minor < 10**9), style=st.sampled_from([_polish, _english])
)
def test_any_amount_is_read_in_both_ways_of_writing_it(minor: int, style: object) -> None:
    assert callable(style)
    assert read(f"{style(minor)} tomorrow").amount_minor == minor


@given(today=st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31)),
       days=st.integers(min_value=0, max_value=300))  # fmt: skip
def test_a_number_of_days_and_the_date_are_the_same_day(today: date, days: int) -> None:
    on = today + timedelta(days=days)
    assert read(f"5000 za {days} dni", today=today).due_on == on
    assert read(f"5000 {on:%d.%m.%Y}", today=today).due_on == on


@given(today=st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31)),
       word=st.sampled_from(sorted(WEEKDAYS)))  # fmt: skip
def test_any_word_for_a_weekday_is_within_the_week(today: date, word: str) -> None:
    on = read(f"5000 {word}", today=today).due_on
    assert on is not None
    assert on.weekday() == WEEKDAYS[word]
    assert 1 <= (on - today).days <= 7


@given(text=st.text(max_size=100))
def test_any_text_is_answered(text: str) -> None:
    entry = read(text)
    assert entry.is_complete == (not entry.problems)


_word = st.sampled_from(sorted({*WEEKDAYS, *MONTHS, *FILLERS, "500", "10.", "27.11", "za", "dni"}))


@given(words=st.lists(_word, max_size=12))
def test_a_complete_entry_lies_in_the_future_and_asks_for_something(words: list[str]) -> None:
    entry = read(" ".join(words))
    if entry.is_complete:
        assert entry.amount_minor is not None
        assert entry.amount_minor > 0
        assert entry.due_on is not None
        assert entry.due_on >= TODAY
