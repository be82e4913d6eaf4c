"""Which strategies there are, which version is in force, and a version as a ``Strategy``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from escalation.facts import Facts
from escalation.lifecycle import VersionStatus
from escalation.loading import load_strategy
from escalation.models import StrategyVersion
from escalation.strategy import Strategy
from kernel.errors import NotFound


class NoStrategyInForce(NotFound):
    """No strategy in force takes the case; one for everything else must exist."""

    code = "no_strategy_in_force"


@dataclass(frozen=True, slots=True)
class VersionInForce:
    version_id: int
    number: int
    strategy: Strategy


@lru_cache(maxsize=128)
def _loaded(source: str) -> Strategy:
    return load_strategy(source)


def get_strategies(*, version_ids: Iterable[int]) -> dict[int, Strategy]:
    """The strategy of each version, by the version's id."""
    rows = StrategyVersion.objects.filter(pk__in=set(version_ids)).values_list("id", "source")
    return {version_id: _loaded(source) for version_id, source in rows}


def get_strategy(*, version_id: int) -> Strategy:
    return get_strategies(version_ids=[version_id])[version_id]


def get_version_in_force_id(*, key: str) -> int | None:
    """Of the strategy with the key; None where none is in force."""
    return (
        StrategyVersion.objects.filter(strategy__key=key, status=VersionStatus.IN_FORCE)
        .values_list("id", flat=True)
        .first()
    )


def list_versions_in_force() -> list[VersionInForce]:
    """In the order in which their segments are tried, the one for everything else last."""
    rows = StrategyVersion.objects.filter(status=VersionStatus.IN_FORCE).values_list(
        "id", "number", "source"
    )
    in_force = [VersionInForce(pk, number, _loaded(source)) for pk, number, source in rows]
    return sorted(in_force, key=lambda version: _place(version.strategy))


def get_fitting_version(
    *, versions: Sequence[VersionInForce], facts: Facts, on: date
) -> VersionInForce:
    """The first whose segment fits; raises NoStrategyInForce."""
    for version in versions:
        if version.strategy.segment.fits(facts, on):
            return version
    raise NoStrategyInForce(product=facts.product, currency=facts.currency)


def _place(strategy: Strategy) -> tuple[bool, int, str]:
    segment = strategy.segment
    return segment.for_everything_else, segment.order, strategy.key
