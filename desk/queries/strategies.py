"""Strategies with the cases standing on their steps, and their versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from escalation.lifecycle import EnrolmentStatus, VersionStatus
from escalation.models import Enrolment, StrategyVersion
from escalation.queries.versions import get_strategies, list_versions_in_force
from escalation.strategy import Strategy
from escalation.wording import step_title
from kernel.errors import NotFound

#: Cases by version and step; the empty step is past the last one.
Standing = Mapping[int, Mapping[str, int]]


class StrategyNotFound(NotFound):
    code = "strategy_not_found"


@dataclass(frozen=True, slots=True)
class StrategyLine:
    """``waiting`` is the number of a proposed version, if there is one."""

    strategy: Strategy
    number: int
    version_id: int
    cases: int
    waiting: int | None


@dataclass(frozen=True, slots=True)
class StrategyPage:
    """``cases`` counts by step over every version that has cases in flight."""

    strategy: Strategy
    current: StrategyVersion
    versions: list[StrategyVersion]
    cases: Mapping[str, int]
    standing: Standing

    @property
    def proposed(self) -> StrategyVersion | None:
        return next((v for v in self.versions if v.status == VersionStatus.PROPOSED), None)


def count_standing(*, strategy_key: str | None = None) -> Standing:
    """Active enrolments by version and step."""
    rows = Enrolment.objects.filter(status=EnrolmentStatus.ACTIVE)
    if strategy_key is not None:
        rows = rows.filter(version__strategy__key=strategy_key)
    standing: dict[int, dict[str, int]] = defaultdict(dict)
    for version_id, step, cases in (
        rows.order_by().values_list("version_id", "step_key").annotate(cases=Count("id"))
    ):
        standing[version_id][step] = cases
    return standing


def list_strategies() -> list[StrategyLine]:
    """In the order in which their segments are tried."""
    standing = count_standing()
    by_key: dict[str, int] = defaultdict(int)
    keys = dict(StrategyVersion.objects.values_list("id", "strategy__key"))
    for version_id, steps in standing.items():
        by_key[keys[version_id]] += sum(steps.values())
    waiting = dict(
        StrategyVersion.objects.filter(status=VersionStatus.PROPOSED).values_list(
            "strategy__key", "number"
        )
    )
    return [
        StrategyLine(
            version.strategy,
            version.number,
            version.version_id,
            by_key[version.strategy.key],
            waiting.get(version.strategy.key),
        )
        for version in list_versions_in_force()
    ]


def get_strategy_page(*, key: str, number: int | None = None) -> StrategyPage:
    """One version of a strategy: the one in force, or that with ``number``.

    Raises StrategyNotFound.
    """
    versions = list(
        StrategyVersion.objects.filter(strategy__key=key)
        .select_related("strategy", "proposed_by", "decided_by")
        .order_by("-number")
    )
    wanted = [
        version
        for version in versions
        if (version.number == number if number else version.status == VersionStatus.IN_FORCE)
    ]
    current = next(iter(wanted or (versions if number is None else [])), None)
    if current is None:
        raise StrategyNotFound(key=key, number=number)
    standing = count_standing(strategy_key=key)
    cases: dict[str, int] = defaultdict(int)
    for steps in standing.values():
        for step, count in steps.items():
            cases[step] += count
    strategy = get_strategies(version_ids=[current.pk])[current.pk]
    return StrategyPage(strategy, current, versions, cases, standing)


def get_step_titles() -> dict[tuple[str, str], str]:
    """By strategy and step, in the reader's language; the strategy itself under an empty step."""
    titles: dict[tuple[str, str], str] = {}
    for version in list_versions_in_force():
        strategy = version.strategy
        titles[strategy.key, ""] = step_title(strategy.title)
        for step in strategy.steps:
            titles[strategy.key, step.key] = step_title(step.title)
    return titles
