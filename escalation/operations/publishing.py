"""Publishing a version of a strategy: one person proposes it, another puts it in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from escalation.events import CASES_MOVED, VERSION_PROPOSED
from escalation.lifecycle import VERSION_LIFECYCLE, VersionStatus
from escalation.lint import Finding
from escalation.models import Strategy as StrategyRow
from escalation.models import StrategyVersion
from escalation.queries.examination import get_examination
from escalation.queries.versions import get_strategy
from escalation.strategy import InFlight
from journal.operations import Subject, record_event
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from staff.rights import Right


class StrategyUnsound(InvalidInput):
    """The linter found errors; ``values["findings"]`` lists every ``Finding``."""

    code = "strategy_unsound"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(findings=self.findings)


class NothingChanged(InvalidInput):
    """The text is that of the version in force."""

    code = "nothing_changed"


class VersionWaitsAlready(Conflict):
    """Another version of the strategy waits for approval: decide or withdraw that first."""

    code = "version_waits_already"


class VersionNotFound(NotFound):
    code = "version_not_found"


class SamePersonDecides(NotAllowed):
    """Publishing takes two people."""

    code = "same_person_decides"


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def propose_version(*, source: str, actor: Actor, at: datetime) -> StrategyVersion:
    """Propose the text as the next version.

    Raises StrategyInvalid, StrategyUnsound, NothingChanged, VersionWaitsAlready.
    """
    examined = get_examination(source=source)
    if not examined.is_sound:
        raise StrategyUnsound(examined.findings)
    strategy, _ = StrategyRow.objects.get_or_create(key=examined.strategy.key)
    StrategyRow.objects.select_for_update().get(pk=strategy.pk)
    versions = StrategyVersion.objects.filter(strategy=strategy)
    if versions.filter(status=VersionStatus.PROPOSED).exists():
        raise VersionWaitsAlready(strategy=strategy.key)
    if versions.filter(status=VersionStatus.IN_FORCE, source=source).exists():
        raise NothingChanged(strategy=strategy.key)
    last = versions.aggregate(last=Max("number"))["last"] or 0
    version = StrategyVersion.objects.create(
        strategy=strategy,
        number=last + 1,
        source=source,
        in_flight=examined.strategy.in_flight,
        proposed_by_id=actor.user_id,
        proposed_at=at,
    )
    record_event(
        kind=VERSION_PROPOSED,
        subject=Subject("strategy", strategy.pk),
        payload=_named(version, in_flight=version.in_flight),
        actor=actor,
        at=at,
    )
    return version


@requires(Right.PUBLISH_STRATEGY)
@transaction.atomic
def approve_version(*, version_id: int, reason: str, actor: Actor, at: datetime) -> StrategyVersion:
    """Put a proposed version in force instead of the one that is.

    Cases in flight finish on the old version, or move to the step of the same key, as the new
    one says; those that stand at a step which it does not have finish on the old one.
    Raises VersionNotFound, SamePersonDecides, MoveNotAllowed, StrategyUnsound.
    """
    version = _lock(version_id, actor)
    examined = get_examination(source=version.source)
    if not examined.is_sound:
        raise StrategyUnsound(examined.findings)
    old = StrategyVersion.objects.filter(
        strategy_id=version.strategy_id, status=VersionStatus.IN_FORCE
    ).first()
    if old is not None:
        _move(old, "retire", actor, at, retired_at=at)
    decided = _decide(version, "approve", reason, actor, at)
    if old is not None and version.in_flight == InFlight.MOVE:
        _move_cases(old, decided, actor, at)
    return decided


@requires(Right.PUBLISH_STRATEGY)
@transaction.atomic
def refuse_version(*, version_id: int, reason: str, actor: Actor, at: datetime) -> StrategyVersion:
    """Raises VersionNotFound, SamePersonDecides, MoveNotAllowed."""
    return _decide(_lock(version_id, actor), "refuse", reason, actor, at)


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def withdraw_version(*, version_id: int, actor: Actor, at: datetime) -> StrategyVersion:
    """Take back a proposed version. Raises VersionNotFound, MoveNotAllowed."""
    version = StrategyVersion.objects.select_related("strategy").filter(pk=version_id).first()
    if version is None:
        raise VersionNotFound(version_id=version_id)
    return _move(version, "withdraw", actor, at)


def _lock(version_id: int, actor: Actor) -> StrategyVersion:
    rows = StrategyVersion.objects.select_for_update(of=("self",)).select_related("strategy")
    version = rows.filter(pk=version_id).first()
    if version is None:
        raise VersionNotFound(version_id=version_id)
    if version.proposed_by_id is not None and version.proposed_by_id == actor.user_id:
        raise SamePersonDecides(version_id=version_id)
    return version


def _decide(
    version: StrategyVersion, move: str, reason: str, actor: Actor, at: datetime
) -> StrategyVersion:
    return _move(
        version, move, actor, at,
        decided_by_id=actor.user_id, decided_at=at, decision_reason=reason,
    )  # fmt: skip


def _move(
    version: StrategyVersion, move: str, actor: Actor, at: datetime, **changes: object
) -> StrategyVersion:
    return move_status(
        row=version,
        lifecycle=VERSION_LIFECYCLE,
        move=move,
        subject=Subject("strategy", version.strategy_id),
        payload=_named(version),
        changes=changes,
        actor=actor,
        at=at,
    )


def _named(version: StrategyVersion, **more: object) -> dict[str, object]:
    return {
        "strategy_version_id": version.pk,
        "key": version.strategy.key,
        "number": version.number,
        **more,
    }


def _move_cases(old: StrategyVersion, new: StrategyVersion, actor: Actor, at: datetime) -> None:
    steps = [step.key for step in get_strategy(version_id=new.pk).steps]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH locked AS MATERIALIZED (
                SELECT e.id FROM escalation_enrolment e JOIN cases_case c ON c.id = e.case_id
                WHERE e.version_id = %s AND e.status = 'active' AND e.step_key = ANY(%s)
                ORDER BY e.case_id FOR NO KEY UPDATE OF c, e
            )
            UPDATE escalation_enrolment e SET version_id = %s FROM locked WHERE locked.id = e.id
            """,
            [old.pk, steps, new.pk],
        )
        moved = cursor.rowcount
    record_event(
        kind=CASES_MOVED,
        subject=Subject("strategy", new.strategy_id),
        payload=_named(new, moved=moved),
        actor=actor,
        at=at,
    )
