"""The close of a business day: one table of steps, in order, each of which may be repeated.

The close of day D runs after D has ended; the work it makes is due on the next working day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import Error, connection

from agencies import operations as agencies
from cases import operations as cases
from collections_app.night import call_helper
from contacts import operations as contacts
from debtors import operations as debtors
from debtors.queries import get_first_intake_day
from escalation import operations as escalation
from journal.business_days import begin_day, finish_day, get_last_closed_day, mark_step
from journal.delivery import deliver_pending
from journal.sealing import seal_batches
from kernel.actor import system_actor
from kernel.errors import InvalidInput
from ledger import operations as ledger
from negotiations import operations as negotiations
from portfolio import operations as portfolio

ACTOR: Final = system_actor("day_close")


class DayNotOver(InvalidInput):
    """A day can be closed only after it has ended."""

    code = "day_not_over"


class NothingTakenIn(InvalidInput):
    """Before the first portfolio there is no day to close."""

    code = "nothing_taken_in"


Counts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    run: Callable[[date, datetime], Counts]


@dataclass(frozen=True, slots=True)
class ClosedDay:
    on: date
    counts: Mapping[str, Counts]


def _deliver(_: date, at: datetime) -> Counts:
    return {"events": deliver_pending(at=at, waits=True)}


def _end_holds(on: date, at: datetime) -> Counts:
    return {"holds": cases.end_holds_past(on=on, at=at, actor=ACTOR)}


def _judge_promises(on: date, at: datetime) -> Counts:
    return dict(contacts.judge_promises(on=on, at=at, actor=ACTOR))


def _judge_instalments(on: date, at: datetime) -> Counts:
    return dict(negotiations.judge_instalments(on=on, at=at, actor=ACTOR))


def _end_placements(on: date, at: datetime) -> Counts:
    return {
        "recalled": agencies.recall_silenced_placements(on=on, at=at, actor=ACTOR),
        "placements": agencies.end_placements_past(on=on, at=at, actor=ACTOR),
    }


def _complete_terminations(on: date, at: datetime) -> Counts:
    return {"terminations": contacts.complete_terminations(on=on, at=at, actor=ACTOR)}


def _accrue_interest(on: date, at: datetime) -> Counts:
    """At the end of an account's month; on every other night nothing is looked at."""
    return asdict(ledger.accrue_due_interest(on=on, at=at, actor=ACTOR))


def _review_standings(on: date, at: datetime) -> Counts:
    return {"debts": debtors.review_standings(on=on, at=at, actor=ACTOR)}


def _decide(on: date, at: datetime) -> Counts:
    call_helper()
    return dict(escalation.decide_due(on=on, at=at, actor=ACTOR))


def _value_work(on: date, at: datetime) -> Counts:
    """The work list of the next day is ordered by what may be expected then."""
    return {"items": cases.value_aging_work(on=on + timedelta(days=1))}


def _take_snapshot(on: date, at: datetime) -> Counts:
    return {"cases": portfolio.take_snapshot(on=on, at=at)}


def _seal(_: date, at: datetime) -> Counts:
    return {"batches": seal_batches(at=at)}


#: The order matters: what people and payments caused comes before what the machine decides. How
#: debts stand on the morning after is news of that morning, and comes once the day is decided.
STEPS: Final = (
    Step("deliver_before", _deliver),
    Step("end_holds", _end_holds),
    Step("judge_promises", _judge_promises),
    Step("judge_instalments", _judge_instalments),
    Step("end_placements", _end_placements),
    Step("complete_terminations", _complete_terminations),
    Step("accrue_interest", _accrue_interest),
    Step("deliver_judgements", _deliver),
    Step("decide", _decide),
    Step("review_standings", _review_standings),
    Step("deliver_after", _deliver),
    Step("value_work", _value_work),
    Step("snapshot", _take_snapshot),
    Step("seal", _seal),
)


def list_open_days(*, through: date, today: date) -> list[date]:
    """The days not yet closed, oldest first. Raises DayNotOver, NothingTakenIn."""
    if through >= today:
        raise DayNotOver(on=through, today=today)
    first = get_first_intake_day()
    if first is None:
        raise NothingTakenIn
    last = get_last_closed_day()
    start = max(first, last + timedelta(days=1)) if last else first
    return [start + timedelta(days=i) for i in range((through - start).days + 1)]


def close_days(*, through: date, today: date, at: datetime) -> Iterator[ClosedDay]:
    """Close every open day through the given one, oldest first, yielding each when it is closed.

    Safe to run twice at once: both then work on the same day, and nothing happens twice.
    """
    for on in list_open_days(through=through, today=today):
        yield close_day(on=on, at=at)


def close_day(*, on: date, at: datetime) -> ClosedDay:
    """Run the steps of one day that are not done yet, and mark it closed.

    What another closer of the same day has done meanwhile is not done again.
    """
    day = begin_day(on=on, at=at)
    with _patience():
        for step in STEPS:
            day.refresh_from_db()
            if step.name not in day.steps:
                mark_step(on=on, step=step.name, counts=step.run(on, at))
    finish_day(on=on, at=at)
    day.refresh_from_db()
    return ClosedDay(on, day.steps)


@contextmanager
def _patience() -> Iterator[None]:
    """The night waits for whoever holds a row; only people have no time to.

    Otherwise a portfolio that is being taken in, or a second closer in its largest batch, would
    end the night with an error.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '10min'")
    try:
        yield
    finally:
        with suppress(Error), connection.cursor() as cursor:  # a broken session has lost it
            cursor.execute("RESET lock_timeout")
