"""Which strategies and versions there are, and who may put one in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from desk.queries.strategies.standing import Standing, count_standing
from escalation.lifecycle import VersionStatus
from escalation.models import StrategyVersion
from escalation.queries.versions import get_strategies, list_versions_in_force
from escalation.strategy import Strategy
from escalation.wording import step_title
from kernel.actor import Actor
from kernel.errors import NotFound
from staff.models import User
from staff.rights import ROLE_RIGHTS, Right


class StrategyNotFound(NotFound):
    code = "strategy_not_found"


@dataclass(frozen=True, slots=True)
class StrategyLine:
    """``waiting`` is the proposed version, if there is one."""

    strategy: Strategy
    number: int
    version_id: int
    cases: int
    waiting: StrategyVersion | None


@dataclass(frozen=True, slots=True)
class StrategyPage:
    """One version, ``current``, and what is known of the others; ``versions`` newest first."""

    strategy: Strategy
    current: StrategyVersion
    versions: Sequence[StrategyVersion]
    standing: Standing

    @property
    def proposed(self) -> StrategyVersion | None:
        return next((v for v in self.versions if v.status == VersionStatus.PROPOSED), None)

    @property
    def in_force(self) -> StrategyVersion | None:
        return next((v for v in self.versions if v.status == VersionStatus.IN_FORCE), None)


def list_strategies(*, actor: Actor) -> list[StrategyLine]:
    """In the order in which their segments are tried."""
    by_key: dict[str, int] = defaultdict(int)
    keys = dict(StrategyVersion.objects.values_list("id", "strategy__key"))
    for version_id, steps in count_standing(actor=actor).items():
        by_key[keys[version_id]] += sum(steps.values())
    proposed = StrategyVersion.objects.filter(status=VersionStatus.PROPOSED).select_related(
        "strategy", "proposed_by", "draft"
    )
    waiting = {version.strategy.key: version for version in proposed}
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


def get_strategy_page(*, key: str, actor: Actor, number: int | None = None) -> StrategyPage:
    """One version of a strategy: the one in force, or that with ``number``.

    Raises StrategyNotFound.
    """
    versions = list(
        StrategyVersion.objects.filter(strategy__key=key)
        .select_related("strategy", "proposed_by", "decided_by", "draft")
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
    strategy = get_strategies(version_ids=[current.pk])[current.pk]
    standing = count_standing(actor=actor, strategy_key=key)
    return StrategyPage(strategy, current, versions, standing)


def list_publishers(*, but_not: int | None = None) -> list[User]:
    """Who may put a version in force, without the one who proposed it."""
    roles = [role for role, rights in ROLE_RIGHTS.items() if Right.PUBLISH_STRATEGY in rights]
    people = User.objects.filter(is_active=True, role__in=roles).order_by("full_name")
    return [user for user in people if user.pk != but_not]


def get_step_titles() -> dict[tuple[str, str], str]:
    """By strategy and step, in the reader's language; the strategy itself under an empty step."""
    titles: dict[tuple[str, str], str] = {}
    for version in list_versions_in_force():
        strategy = version.strategy
        titles[strategy.key, ""] = step_title(strategy.title)
        for step in strategy.steps:
            titles[strategy.key, step.key] = step_title(step.title)
    return titles
