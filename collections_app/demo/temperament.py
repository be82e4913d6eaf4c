"""How the debtors of the demo behave: whether they answer, pay, promise and keep."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Temperament(StrEnum):
    FORGETFUL = "forgetful"
    WILLING = "willing"
    STRAPPED = "strapped"
    SILENT = "silent"
    STUBBORN = "stubborn"
    DISPUTING = "disputing"
    STRICKEN = "stricken"


@dataclass(frozen=True, slots=True)
class Habits:
    """Chances from 0 to 1: per call, per promise, per instalment, per letter and per day."""

    answers: float
    pays_after_reminder: float
    keeps_promise: float
    keeps_instalment: float
    pays_after_letter: float
    pays_something_any_day: float


HABITS: Final = {
    Temperament.FORGETFUL: Habits(0.6, 0.55, 0.95, 0.98, 0.7, 0.01),
    Temperament.WILLING: Habits(0.55, 0.12, 0.72, 0.93, 0.2, 0.004),
    Temperament.STRAPPED: Habits(0.5, 0.03, 0.45, 0.94, 0.08, 0.002),
    Temperament.SILENT: Habits(0.04, 0.01, 0.3, 0.5, 0.03, 0.0004),
    Temperament.STUBBORN: Habits(0.45, 0.01, 0.15, 0.3, 0.03, 0.0004),
    Temperament.DISPUTING: Habits(0.6, 0.02, 0.5, 0.7, 0.05, 0.001),
    Temperament.STRICKEN: Habits(0.4, 0.01, 0.4, 0.6, 0.02, 0.0005),
}
_SHARES: Final = {
    Temperament.FORGETFUL: 22,
    Temperament.WILLING: 22,
    Temperament.STRAPPED: 20,
    Temperament.SILENT: 22,
    Temperament.STUBBORN: 9,
    Temperament.DISPUTING: 3,
    Temperament.STRICKEN: 2,
}


def temperament_of(case_id: int, seed: int) -> Temperament:
    """The same for a case throughout the story."""
    source = random.Random(f"{seed}:{case_id}")  # noqa: S311 - a story, not a secret
    return source.choices(list(_SHARES), list(_SHARES.values()))[0]
