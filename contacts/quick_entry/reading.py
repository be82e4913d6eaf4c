"""Every way to read an entry, and which of them counts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from contacts.quick_entry.amounts import read_amount
from contacts.quick_entry.days import read_day
from contacts.quick_entry.meaning import (
    Amount,
    Day,
    Entry,
    Fault,
    Filler,
    Meaning,
    Option,
    Owed,
    Problem,
)
from contacts.quick_entry.tokens import Token, split, starts_with
from contacts.quick_entry.words import FILLER_PHRASES, FILLERS
from kernel.calendar import WorkingCalendar

MAX_LENGTH: Final = 80
_MAX_TOKENS: Final = 20
#: More ways than a sentence of twenty words has.
_MAX_READINGS: Final = 2_000

Reading = tuple[Meaning, ...]
#: What is owed where no amount is asked for.
_NOTHING: Final = Owed({})


def read_entry(text: str, *, today: date, owed: Owed, calendar: WorkingCalendar) -> Entry:
    """What ``text`` says about an amount and a day; ``today`` is the day on which it is said."""
    return _read(text, today, owed, calendar)


def read_day_alone(text: str, *, today: date, calendar: WorkingCalendar) -> Entry:
    """The same where only a day can be meant: a number is no amount."""
    entry = _read(text, today, _NOTHING, calendar)
    problems = tuple(p for p in entry.problems if p.fault is not Fault.AMOUNT_MISSING)
    return Entry(None, entry.currency, entry.due_on, problems)


def _read(text: str, today: date, owed: Owed, calendar: WorkingCalendar) -> Entry:
    tokens = split(text)
    if len(text) > MAX_LENGTH or len(tokens) > _MAX_TOKENS:
        return _wrong(owed, Fault.TOO_LONG, limit=MAX_LENGTH)
    readings: list[Reading] = []
    for reading in _readings(tokens, 0, today, owed, calendar):
        readings.append(reading)
        if len(readings) == _MAX_READINGS:
            break
    if not readings:
        return _wrong(owed, Fault.NOT_UNDERSTOOD, words=_unknown(tokens, today, owed, calendar))
    entries = [
        (_fillers(reading), entry) for reading in readings for entry in _entry(reading, owed)
    ]
    if not entries:
        return _conflict(readings, owed)
    return _decide(entries, owed)


def _readings(
    tokens: list[Token], at: int, today: date, owed: Owed, calendar: WorkingCalendar
) -> Iterator[Reading]:
    if at == len(tokens):
        yield ()
        return
    for meaning, end in _meanings(tokens, at, today, owed, calendar):
        for rest in _readings(tokens, end, today, owed, calendar):
            yield (meaning, *rest)


def _meanings(
    tokens: list[Token], at: int, today: date, owed: Owed, calendar: WorkingCalendar
) -> Iterator[tuple[Meaning, int]]:
    if owed is not _NOTHING:
        yield from read_amount(tokens, at, owed)
    yield from read_day(tokens, at, today, calendar)
    for phrase in FILLER_PHRASES:
        if starts_with(tokens, at, phrase):
            yield Filler(" ".join(phrase)), at + len(phrase)
    if tokens[at].text in FILLERS:
        yield Filler(tokens[at].text), at + 1


def _entry(reading: Reading, owed: Owed) -> Iterator[Entry]:
    """The entry that a reading makes; nothing where it names two amounts or two days."""
    amounts = _amounts(reading)
    days = [meaning for meaning in reading if isinstance(meaning, Day)]
    if len(amounts) > 1 or len(days) > 2:
        return
    day = days[0] if days else None
    if len(days) == 2:
        day = _together(*days)
        if day is None:
            return
    problems = [amount.problem for amount in amounts if amount.problem]
    if day is not None and day.problem is not None:
        problems.append(day.problem)
    amount = amounts[0] if amounts else Amount(None, owed.currency)
    yield Entry(amount.minor, amount.currency, day.on if day else None, tuple(problems))


def _together(one: Day, other: Day) -> Day | None:
    """``Friday 27.11`` is one day; a weekday beside a date of another weekday is a mistake."""
    if (one.weekday is None) == (other.weekday is None):
        return one if one == other else None
    said, dated = (one, other) if one.weekday is not None else (other, one)
    if dated.on is None or dated.problem or dated.on.weekday() == said.weekday:
        return dated
    values = {"on": dated.on, "weekday": said.weekday}
    return Day(dated.on, None, Problem(Fault.OTHER_WEEKDAY, values))


def _decide(entries: Sequence[tuple[int, Entry]], owed: Owed) -> Entry:
    """The readings with nothing wrong come first, then those that leave fewer words aside."""
    sound = [found for found in entries if not found[1].problems]
    chosen = sound or list(entries)
    fewest = min(fillers for fillers, _ in chosen)
    distinct: list[Entry] = []
    for fillers, entry in chosen:
        if fillers == fewest and entry not in distinct:
            distinct.append(entry)
    if len(distinct) > 1:
        options = tuple(
            Option(entry.amount_minor, entry.currency, entry.due_on) for entry in distinct
        )
        return _wrong(owed, Fault.AMBIGUOUS, options=options)
    return _completed(distinct[0])


def _completed(entry: Entry) -> Entry:
    """The entry with what it lacks named."""
    faults = {problem.fault for problem in entry.problems}
    missing = []
    if entry.amount_minor is None and not faults & _ABOUT_AMOUNT:
        missing.append(Problem(Fault.AMOUNT_MISSING, {}))
    if entry.due_on is None and not faults & _ABOUT_DAY:
        missing.append(Problem(Fault.DAY_MISSING, {}))
    return Entry(entry.amount_minor, entry.currency, entry.due_on, (*entry.problems, *missing))


_ABOUT_AMOUNT: Final = frozenset(
    {
        Fault.NOTHING_DUE,
        Fault.AMOUNT_ZERO,
        Fault.TOO_FINE,
        Fault.TOO_LARGE,
        Fault.CURRENCY_NOT_OWED,
    }
)
_ABOUT_DAY: Final = frozenset({Fault.DAY_PAST, Fault.NO_SUCH_DAY, Fault.OTHER_WEEKDAY})


def _conflict(readings: Sequence[Reading], owed: Owed) -> Entry:
    """Two amounts or two days, as the reading with the fewest parts and amounts has them."""
    reading = min(readings, key=lambda parts: (len(parts), len(_amounts(parts))))
    amounts = _amounts(reading)
    if len(amounts) > 1:
        minors = tuple((amount.minor, amount.currency) for amount in amounts)
        return _wrong(owed, Fault.TWO_AMOUNTS, amounts=minors)
    days = tuple(meaning.on for meaning in reading if isinstance(meaning, Day))
    return _wrong(owed, Fault.TWO_DAYS, days=days)


def _unknown(
    tokens: list[Token], today: date, owed: Owed, calendar: WorkingCalendar
) -> tuple[str, ...]:
    """The words at which every reading stops, in their order."""
    reached, waiting = {0}, [0]
    while waiting:
        at = waiting.pop()
        if at < len(tokens):
            for _, end in _meanings(tokens, at, today, owed, calendar):
                if end not in reached:
                    reached.add(end)
                    waiting.append(end)
    furthest = max(reached)
    return tuple(token.text for token in tokens[furthest : furthest + 1])


def _amounts(reading: Reading) -> list[Amount]:
    return [meaning for meaning in reading if isinstance(meaning, Amount)]


def _fillers(reading: Reading) -> int:
    return sum(isinstance(meaning, Filler) for meaning in reading)


def _wrong(owed: Owed, fault: Fault, **values: object) -> Entry:
    return Entry(None, owed.currency, None, (Problem(fault, values),))
