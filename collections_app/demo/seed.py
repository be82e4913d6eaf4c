"""Months of lifelike history, played day by day through the operations that people use."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Final

from django.db import connection

from collections_app.day_close import close_days
from collections_app.demo.people import Population, write_portfolio
from collections_app.demo.players import (
    banks,
    bookkeepers,
    cashiers,
    deciders,
    leaders,
    managers,
    officers,
    outside,
    payers,
    post,
)
from collections_app.demo.staffing import ACTOR, hire
from collections_app.demo.world import World
from debtors.intake.profile import load_profile
from debtors.operations import IntakeOptions, import_portfolio
from journal.delivery import deliver_pending
from journal.partitions import ensure_partitions
from kernel import clock
from kernel.calendar import POLAND

Progress = Callable[[str, int, int], None]

_SEED: Final = 20_260
#: This share of the debtors is there on the first day; the rest come in week by week.
_FIRST_SHARE: Final = 0.6
_OLDEST_AT_START_DAYS: Final = 420
_OLDEST_LATER_DAYS: Final = 25
_ANALYZE_EVERY_DAYS: Final = 14
#: The share of the work due that is done in a day, and in each of the last days.
_DONE_SHARE: Final = 0.9
_DONE_AT_THE_END: Final = 0.3
_LEFT_UNDONE_DAYS: Final = 6


def seed_demo(*, debtors: int, days: int, progress: Progress) -> None:
    """Fill an empty database with ``days`` days of history that end yesterday."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # a story half told is told anew
    today = clock.today()
    first = today - timedelta(days=days)
    ensure_partitions(since=first, months=days // 28 + 13)
    with clock.fixed_at(clock.instant(first, time(6))):
        hire(at=clock.now())
        world = World.of(_SEED)
        outside.sign_agencies(world, clock.now())
    population = Population(seed=_SEED)
    intakes = _intakes(debtors, first, days)
    for number in range(days):
        on = first + timedelta(days=number)
        if on in intakes:
            _take_in(population, intakes[on], on, is_first=on == first)
        live_through(world, on, is_ending=number >= days - _LEFT_UNDONE_DAYS)
        if number % _ANALYZE_EVERY_DAYS == 0:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        progress("Playing the days", number + 1, days)
    _begin_today(world, today)


def live_through(world: World, on: date, *, is_ending: bool = False) -> None:
    """One day: mail, calls, payments and decisions by day, the close of the day by night.

    At the end of the story people leave most of their work to whoever looks at it.
    """
    with clock.fixed_at(clock.instant(on, time(8))):
        managers.set_targets(world, on, clock.now())
    if POLAND.is_working_day(on):
        with clock.fixed_at(clock.instant(on, time(9, 30))):
            post.hand_over(world, clock.now())
            post.deliver(world, on, clock.now())
            outside.run_agencies(world, on, clock.now())
            outside.run_courts(world, on, clock.now())
            bookkeepers.charge_letters(world, on, clock.now())
            bookkeepers.give_up_claims(world, on, clock.now())
            bookkeepers.pay_back(world, on, clock.now())
            if not is_ending:
                cashiers.place_money(world, on, clock.now())
                deciders.decide(world, on, clock.now())
            deliver_pending(at=clock.now())
        with clock.fixed_at(clock.instant(on, time(9, 45))):
            leaders.give_out_cases(world, clock.now())
        with clock.fixed_at(clock.instant(on, time(10))):
            share = _DONE_AT_THE_END if is_ending else _DONE_SHARE
            officers.work_queues(world, on, clock.now(), share=share)
    with clock.fixed_at(clock.instant(on, time(18))):
        payers.plan_after_messages(world, on)
        payers.plan_agreements(world)
        payers.pay(world, on, clock.now())
        banks.tell(world, on, clock.now())
    with clock.fixed_at(clock.instant(on + timedelta(days=1), time(0, 30))):
        for _ in close_days(through=on, today=clock.today(), at=clock.now()):
            pass


def _begin_today(world: World, today: date) -> None:
    """Whoever opens the desk in the morning sees money that the bank has not booked yet."""
    with clock.fixed_at(clock.instant(today, time(0, 45))):
        payers.pay(world, today, clock.now())
        banks.announce(world, today, clock.now())
        deliver_pending(at=clock.now())


def _intakes(debtors: int, first: date, days: int) -> dict[date, int]:
    """How many new debtors come in on which day."""
    start = round(debtors * _FIRST_SHARE) if days > 7 else debtors
    mondays = [
        first + timedelta(days=i)
        for i in range(1, days)
        if (first + timedelta(days=i)).weekday() == 0
    ]
    left = debtors - start
    counts = {
        day: left // len(mondays) + (place < left % len(mondays))
        for place, day in enumerate(mondays)
    }
    return {first: start, **{day: count for day, count in counts.items() if count}}


def _take_in(population: Population, count: int, on: date, *, is_first: bool) -> None:
    oldest = _OLDEST_AT_START_DAYS if is_first else _OLDEST_LATER_DAYS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"portfel-{on}.csv"
        write_portfolio(
            path, [population.household(on=on, oldest_days=oldest) for _ in range(count)]
        )
        with clock.fixed_at(clock.instant(on, time(7))):
            import_portfolio(
                path=path,
                profile=load_profile("canonical"),
                as_of=on,
                options=IntakeOptions(),
                actor=ACTOR,
                at=clock.now(),
            )
