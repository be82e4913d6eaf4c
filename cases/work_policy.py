"""The order of the work list and how long work may be left, from dated data. Pure.

The expected money of a case is what is overdue times the chance that it is paid within 30 days.
It orders work whose deadline is the same, and decides nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from cases.lifecycle import Answer, WorkKind
from kernel.errors import InvalidInput
from kernel.money import MAX_MINOR, currency_exponent

SHIPPED: Final = Path(__file__).parent / "data" / "work_policy.toml"

#: A chance and its parts are whole numbers: per ten thousand, and percent of that.
CERTAIN: Final = 10_000
#: A source is told to the reader in their own language.
LANGUAGES: Final = frozenset({"en", "pl"})
WHOLE_FACTOR: Final = 100
WHOLE_WEIGHT: Final = 1_000


class PolicyInvalid(ValueError):
    """The file names an unknown field or word, or numbers that cannot be."""


class Band(NamedTuple):
    """``chance`` in per ten thousand, from ``from_day`` past due on."""

    from_day: int
    chance: int
    source: Mapping[str, str]


class AnswerFactor(NamedTuple):
    """``factor`` in percent of the chance of the band."""

    factor: int
    source: Mapping[str, str]


class Expectation(NamedTuple):
    """``rank`` orders by expected money: lower is sooner, currencies weighed."""

    chance: int
    expected_minor: int
    rank: int


@dataclass(frozen=True, slots=True)
class WorkPolicy:
    """``weights`` are thousandths by currency, for the order only; bands rise by their day."""

    valid_from: date
    source: Mapping[str, str]
    lease: timedelta
    presence: timedelta
    put_back: timedelta
    aside_days: int
    aside_days_of: Mapping[WorkKind, int]
    most_chance: int
    bands: Sequence[Band]
    answers: Mapping[Answer, AnswerFactor]
    weights: Mapping[str, int]

    def band_of(self, days: int) -> Band:
        """The last band that begins at or before so many days past due."""
        return next(band for band in reversed(self.bands) if band.from_day <= max(days, 0))

    def chance(self, *, days: int, answer: Answer) -> int:
        """In per ten thousand, rounded down."""
        factor = self.answers[answer].factor
        return min(self.band_of(days).chance * factor // WHOLE_FACTOR, self.most_chance)

    def expect(
        self, *, overdue_minor: int, currency: str, days: int, answer: Answer
    ) -> Expectation:
        """What may be expected of so much overdue; nothing overdue is ranked last."""
        chance = self.chance(days=days, answer=answer)
        expected = max(overdue_minor, 0) * chance // CERTAIN
        weight = self.weights.get(currency, WHOLE_WEIGHT)
        return Expectation(chance, expected, -min(expected * weight // WHOLE_WEIGHT, MAX_MINOR))

    def most_aside_days(self, kind: WorkKind) -> int:
        return self.aside_days_of.get(kind, self.aside_days)


def work_policy_on(on: date, path: Path = SHIPPED) -> WorkPolicy:
    """The policy in force on a day; raises PolicyInvalid before the first one."""
    in_force = [policy for policy in load_work_policies(path) if policy.valid_from <= on]
    if not in_force:
        raise PolicyInvalid(f"{path}: no policy on {on}")
    return in_force[-1]


@cache
def load_work_policies(path: Path = SHIPPED) -> tuple[WorkPolicy, ...]:
    """Every policy of the file, the oldest first. Raises PolicyInvalid."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    policies = [_policy(entry, path) for entry in data.get("policy", [])]
    days = [policy.valid_from for policy in policies]
    if not policies or len(set(days)) != len(days):
        raise PolicyInvalid(f"{path}: no policy, or two from one day")
    return tuple(sorted(policies, key=lambda policy: policy.valid_from))


def _policy(entry: Mapping[str, Any], path: Path) -> WorkPolicy:
    try:
        policy = WorkPolicy(
            valid_from=entry["valid_from"],
            source=entry["source"],
            lease=timedelta(minutes=entry["lease_minutes"]),
            presence=timedelta(seconds=entry["presence_seconds"]),
            put_back=timedelta(minutes=entry["put_back_minutes"]),
            aside_days=entry["aside_days"],
            aside_days_of={WorkKind(k): days for k, days in entry["aside_days_of"].items()},
            most_chance=entry["most_chance"],
            bands=tuple(Band(**band) for band in entry["band"]),
            answers={
                Answer(each["answer"]): AnswerFactor(each["factor"], each["source"])
                for each in entry["answer"]
            },
            weights=dict(entry["weights"]),
        )
        for currency in policy.weights:
            currency_exponent(currency)
    except (KeyError, TypeError, ValueError, InvalidInput) as error:
        raise PolicyInvalid(f"{path}: {error}") from error
    _check(policy, path)
    return policy


def _check(policy: WorkPolicy, path: Path) -> None:
    starts = [band.from_day for band in policy.bands]
    if starts != sorted(set(starts)) or starts[:1] != [0]:
        raise PolicyInvalid(f"{path}: bands must begin at day 0 and rise")
    if set(policy.answers) != set(Answer):
        raise PolicyInvalid(f"{path}: every answer needs a factor")
    chances = [policy.most_chance, *(band.chance for band in policy.bands)]
    if not all(0 <= chance < CERTAIN for chance in chances):
        raise PolicyInvalid(f"{path}: a chance lies from nothing to less than certain")
    sources = [
        policy.source,
        *(band.source for band in policy.bands),
        *(each.source for each in policy.answers.values()),
    ]
    if not all(set(source) >= LANGUAGES for source in sources):
        raise PolicyInvalid(f"{path}: a source is named in {', '.join(sorted(LANGUAGES))}")
    numbers = [
        policy.aside_days,
        *policy.aside_days_of.values(),
        *policy.weights.values(),
        *(each.factor for each in policy.answers.values()),
        *(int(t.total_seconds()) for t in (policy.lease, policy.presence, policy.put_back)),
    ]
    if min(numbers) < 1:
        raise PolicyInvalid(f"{path}: every number must be at least 1")
