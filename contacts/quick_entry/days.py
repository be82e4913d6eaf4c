"""Days as people say them: weekdays, dates, and so many days from now. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from contacts.quick_entry import words
from contacts.quick_entry.meaning import Day, Fault, Problem
from contacts.quick_entry.tokens import Token, starts_with
from kernel.calendar import WorkingCalendar

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_MONTH: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2}))?")
_LONGEST: Final = 4
_WEEK: Final = 7
_FRIDAY, _SUNDAY = 4, 6
#: A day without a year that has passed is meant for next year only where that is nearer.
_NEAR: Final = timedelta(days=183)
_MAX_AHEAD: Final = 400

#: A day, and the token after it.
Found = tuple[Day, int]


def read_day(
    tokens: list[Token], at: int, today: date, calendar: WorkingCalendar
) -> Iterator[Found]:
    """Every way to read a day that begins at a token."""
    yield from _named(tokens, at, today)
    yield from _weekday(tokens, at, today)
    yield from _ahead(tokens, at, today, calendar)
    yield from _date(tokens, at, today)
    yield from _day_of_month(tokens, at, today)


def _named(tokens: list[Token], at: int, today: date) -> Iterator[Found]:
    for length in range(1, min(_LONGEST, len(tokens) - at) + 1):
        phrase = tuple(token.text for token in tokens[at : at + length])
        if phrase in words.RELATIVE:
            yield Day(today + timedelta(days=words.RELATIVE[phrase])), at + length
        elif phrase in words.MONTH_ENDS:
            yield Day(_month_end(today)), at + length
        elif phrase in words.WEEK_ENDS:
            for weekday in (_FRIDAY, _SUNDAY):
                yield Day(today + timedelta(days=(weekday - today.weekday()) % _WEEK)), at + length


def _weekday(tokens: list[Token], at: int, today: date) -> Iterator[Found]:
    word, following = tokens[at].text, at + 1
    if tokens[at].glued and word in words.ORDINALS:
        return  # the end of "2nd" is no Sunday
    if (weekday := words.WEEKDAYS.get(word)) is not None:
        coming = _coming(weekday, today)
        for phrase in words.NEXT_WEEK:
            if starts_with(tokens, following, phrase):
                yield Day(_in_next_week(weekday, today)), following + len(phrase)
        for phrase in words.WEEK_LATER:
            if starts_with(tokens, following, phrase):
                yield Day(coming + timedelta(days=_WEEK)), following + len(phrase)
        yield Day(coming, weekday), following
        return
    if word in words.NEXT or word in words.THIS:
        yield from _qualified(tokens, at, today)
    for phrases, find in (
        (words.NEXT_WEEK, _in_next_week),
        (words.WEEK_LATER, lambda day, on: _coming(day, on) + timedelta(days=_WEEK)),
    ):
        for phrase in phrases:
            if starts_with(tokens, at, phrase):
                after = _skip(tokens, at + len(phrase), {"w", "we", "on"})
                if after < len(tokens) and tokens[after].text in words.WEEKDAYS:
                    yield Day(find(words.WEEKDAYS[tokens[after].text], today)), after + 1


def _qualified(tokens: list[Token], at: int, today: date) -> Iterator[Found]:
    """``this friday`` is the coming one; ``next friday`` may be that or the one after."""
    if at + 1 >= len(tokens) or tokens[at + 1].text not in words.WEEKDAYS:
        return
    coming = _coming(words.WEEKDAYS[tokens[at + 1].text], today)
    yield Day(coming), at + 2
    if tokens[at].text in words.NEXT:
        yield Day(coming + timedelta(days=_WEEK)), at + 2


def _ahead(tokens: list[Token], at: int, today: date, calendar: WorkingCalendar) -> Iterator[Found]:
    """``in 3 days``, ``za tydzień``, ``3 working days``"""
    for prefix in words.AHEAD:
        if not starts_with(tokens, at, prefix):
            continue
        here = at + len(prefix)
        count = _count(tokens, here)
        if count is None and not prefix:
            continue
        if count is not None:
            here += 1
        working = here < len(tokens) and tokens[here].text in words.WORKING
        here += working
        if here >= len(tokens):
            continue
        unit, here = tokens[here].text, here + 1
        if unit in words.DAY_UNITS and not working:
            working = here < len(tokens) and tokens[here].text in words.WORKING
            here += working
        if (
            on := _counted(today, 1 if count is None else count, unit, calendar, working=working)
        ) is not None:
            yield Day(on), here


def _counted(
    today: date, count: int, unit: str, calendar: WorkingCalendar, *, working: bool
) -> date | None:
    if count > _MAX_AHEAD:
        return None
    if unit in words.DAY_UNITS:
        return calendar.add_working_days(today, count) if working else today + timedelta(days=count)
    if working:
        return None
    if unit in words.WEEK_UNITS:
        return today + timedelta(days=_WEEK * count)
    if unit in words.MONTH_UNITS:
        year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
        last = _month_end(date(year, month + 1, 1)).day
        return date(year, month + 1, min(today.day, last))
    return None


def _count(tokens: list[Token], at: int) -> int | None:
    if at >= len(tokens):
        return None
    text = tokens[at].text
    return int(text) if text.isdecimal() and len(text) <= 3 else words.NUMBERS.get(text)


def _date(tokens: list[Token], at: int, today: date) -> Iterator[Found]:
    text = tokens[at].text
    if match := _ISO.fullmatch(text):
        yield _on(int(match[3]), int(match[2]), int(match[1]), today), at + 1
    elif match := _DAY_MONTH.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), _year(match[4])
        if 1 <= second <= 12 and 1 <= first <= 31:
            yield _on(first, second, year, today), at + 1
        if match[2] == "/" and 1 <= first <= 12 and 1 <= second <= 31 and first != second:
            yield _on(second, first, year, today), at + 1
    elif text in words.MONTHS and at + 1 < len(tokens) and tokens[at + 1].text.isdecimal():
        yield from _with_year(tokens, int(tokens[at + 1].text), words.MONTHS[text], at + 2, today)
    elif text.isdecimal():
        month_at = _skip(tokens, at + 1, words.ORDINALS | {"of"})
        if month_at < len(tokens):
            word = tokens[month_at].text
            month = words.MONTHS.get(word) or words.ROMAN_MONTHS.get(word)
            if month is not None:
                yield from _with_year(tokens, int(text), month, month_at + 1, today)


def _with_year(tokens: list[Token], day: int, month: int, at: int, today: date) -> Iterator[Found]:
    if not 1 <= day <= 31:
        return
    at = _skip(tokens, at, words.ORDINALS)
    if at < len(tokens) and re.fullmatch(r"20\d\d", tokens[at].text):
        yield _on(day, month, int(tokens[at].text), today), at + 1
    yield _on(day, month, None, today), at


def _day_of_month(tokens: list[Token], at: int, today: date) -> Iterator[Found]:
    """``10th``, ``10.``, ``do 10``: the coming one."""
    here = at + (tokens[at].text in words.BEFORE_DAY)
    while here > at and here < len(tokens) and tokens[here].text in words.BEFORE_DAY:
        here += 1
    if here >= len(tokens) or not re.fullmatch(r"\d{1,2}", tokens[here].text):
        return
    day = int(tokens[here].text)
    is_ordinal = (
        here + 1 < len(tokens)
        and tokens[here + 1].glued
        and tokens[here + 1].text in words.ORDINALS
    )
    if not 1 <= day <= 31 or not (here > at or is_ordinal or tokens[here].dotted):
        return
    month, year = today.month, today.year
    if day < today.day:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    yield _on(day, month, year, today), here + 1 + is_ordinal


def _on(day: int, month: int, year: int | None, today: date) -> Day:
    """The day, or what is wrong with it; without a year the nearest one that is meant."""
    wrong = Day(None, None, Problem(Fault.NO_SUCH_DAY, {"day": day, "month": month}))
    try:
        on = date(year if year is not None else today.year, month, day)
    except ValueError:
        return wrong
    if year is None and on < today:
        try:
            later = date(today.year + 1, month, day)
        except ValueError:
            later = on
        if later - today <= _NEAR:
            on = later
    if on < today:
        return Day(on, None, Problem(Fault.DAY_PAST, {"on": on, "today": today}))
    return Day(on)


def _year(text: str | None) -> int | None:
    return None if text is None else int(text) if len(text) == 4 else 2000 + int(text)


def _coming(weekday: int, today: date) -> date:
    """The next such weekday after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % _WEEK + 1)


def _in_next_week(weekday: int, today: date) -> date:
    return today + timedelta(days=_WEEK - today.weekday() + weekday)


def _month_end(today: date) -> date:
    year, month = divmod(today.year * 12 + today.month, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


def _skip(tokens: list[Token], at: int, skipped: frozenset[str] | set[str]) -> int:
    while at < len(tokens) and tokens[at].text in skipped:
        at += 1
    return at
