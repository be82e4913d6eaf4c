"""Whether an agreement is kept, broken or running, from what was paid so far. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    RUNNING = "running"
    KEPT = "kept"
    BROKEN = "broken"


class Due(NamedTuple):
    """One instalment; instalments are given in the order in which they fall due."""

    due_on: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Tolerance:
    """``days`` after the due day are forgiven, and a shortfall of ``minor`` units in all."""

    days: int
    minor: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """``paid`` is what fell to each instalment; ``missed`` the place of the one that broke it.

    ``judge_on`` is the day at whose end the judgement must be made again without a payment.
    """

    outcome: Outcome
    paid: tuple[int, ...]
    missed: int | None
    judge_on: date


def judge(
    *, instalments: Sequence[Due], paid_minor: int, passed_on: date, tolerance: Tolerance
) -> Judgement:
    """``paid_minor`` falls to the instalments in order; ``passed_on`` is the last day that is over.

    All paid is kept at once. An instalment is missed when its day and the tolerance after it
    are over and more than the tolerated amount is wanting of all that was due until then. At
    the very end a tolerated shortfall is no breach: the agreement is kept.
    """
    paid = _spread(instalments, paid_minor)
    grace = timedelta(days=tolerance.days)
    last_on = instalments[-1].due_on + grace
    wanted = 0
    for place, instalment in enumerate(instalments):
        wanted += instalment.amount_minor
        if wanted - paid_minor > tolerance.minor:
            judge_on = instalment.due_on + grace
            broken = judge_on <= passed_on
            return Judgement(
                Outcome.BROKEN if broken else Outcome.RUNNING,
                paid,
                place if broken else None,
                judge_on,
            )
    kept = paid_minor >= wanted or last_on <= passed_on
    return Judgement(Outcome.KEPT if kept else Outcome.RUNNING, paid, None, last_on)


def _spread(instalments: Sequence[Due], paid_minor: int) -> tuple[int, ...]:
    left = max(paid_minor, 0)
    spread = []
    for instalment in instalments:
        part = min(left, instalment.amount_minor)
        spread.append(part)
        left -= part
    return tuple(spread)
