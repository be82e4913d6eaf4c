"""Publishing a version of a strategy: one person proposes it, another puts it in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Max

from escalation.events import CASES_MOVED, VERSION_PROPOSED
from escalation.lifecycle import VERSION_LIFECYCLE, VersionStatus
from escalation.lint import Finding
from escalation.models import Draft, StrategyVersion
from escalation.models import Strategy as StrategyRow
from escalation.moving import kept_places
from escalation.operations.drafting import VersionInForceChanged, check_revision, lock_draft
from escalation.queries.examination import get_examination
from escalation.queries.versions import get_strategies, get_version_in_force_id
from escalation.strategy import InFlight
from journal.operations import Subject, record_event
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
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


class NotYourVersion(NotAllowed):
    """Only who proposed a version takes it back; others refuse it or send it back."""

    code = "not_your_version"


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


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def ask_for_publication(*, draft_id: int, revision: int, actor: Actor, at: datetime) -> Draft:
    """Propose the draft as its author saw it; until it is decided it cannot be changed.

    Raises what ``save_draft`` and ``propose_version`` do, and VersionInForceChanged.
    """
    draft = lock_draft(draft_id, actor)
    check_revision(draft, revision)
    key = get_examination(source=draft.source).strategy.key
    if get_version_in_force_id(key=key) != draft.from_version_id:
        raise VersionInForceChanged(draft_id=draft_id)
    draft.version = propose_version(source=draft.source, actor=actor, at=at)
    draft.save(update_fields=["version"])
    return draft


@requires(Right.PUBLISH_STRATEGY)
@transaction.atomic
def approve_version(*, version_id: int, reason: str, actor: Actor, at: datetime) -> StrategyVersion:
    """Put a proposed version in force instead of the one that is.

    Cases in flight finish on the version they are on, or move to the step of the same key, as
    the new one says, and are decided anew with the next close; those that find no place in it
    (see ``moving.py``) finish on theirs.
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
        _move_cases(decided, actor, at)
    return decided


@requires(Right.PUBLISH_STRATEGY)
@transaction.atomic
def refuse_version(*, version_id: int, reason: str, actor: Actor, at: datetime) -> StrategyVersion:
    """Raises VersionNotFound, SamePersonDecides, MoveNotAllowed."""
    return _decide(_lock(version_id, actor), "refuse", reason, actor, at)


@requires(Right.PUBLISH_STRATEGY)
@transaction.atomic
def send_back_version(
    *, version_id: int, reason: str, actor: Actor, at: datetime
) -> StrategyVersion:
    """Its author may change the draft and ask again. Raises as ``refuse_version``."""
    return _decide(_lock(version_id, actor), "send_back", reason, actor, at)


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def withdraw_version(*, version_id: int, actor: Actor, at: datetime) -> StrategyVersion:
    """Take back one's own proposed version, so that its draft can be changed.

    Raises VersionNotFound, NotYourVersion, MoveNotAllowed.
    """
    version = StrategyVersion.objects.select_related("strategy").filter(pk=version_id).first()
    if version is None:
        raise VersionNotFound(version_id=version_id)
    if version.proposed_by_id != actor.user_id:
        raise NotYourVersion(version_id=version_id)
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
        version, move, actor, at, reason=reason,
        decided_by_id=actor.user_id, decided_at=at, decision_reason=reason,
    )  # fmt: skip


def _move(
    version: StrategyVersion,
    move: str,
    actor: Actor,
    at: datetime,
    *,
    reason: str = "",
    **changes: object,
) -> StrategyVersion:
    return move_status(
        row=version,
        lifecycle=VERSION_LIFECYCLE,
        move=move,
        subject=Subject("strategy", version.strategy_id),
        payload=_named(version, reason=reason) if reason else _named(version),
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


#: The night holds cases for seconds, and a large book is moved in one transaction.
_PATIENCE: Final = (
    "SELECT set_config('lock_timeout', '60s', true), set_config('statement_timeout', '5min', true)"
)
_MOVE: Final = """
WITH locked AS MATERIALIZED (
    SELECT e.id
    FROM escalation_enrolment e
    JOIN cases_case c ON c.id = e.case_id
    JOIN unnest(%(versions)s::bigint[], %(steps)s::text[], %(asked)s::boolean[])
        AS kept (version_id, step, asked)
      ON kept.version_id = e.version_id AND kept.step = e.step_key AND kept.asked = e.asked
    WHERE e.status = 'active'
    ORDER BY e.case_id FOR NO KEY UPDATE OF c, e
)
UPDATE escalation_enrolment e
SET version_id = %(new)s, next_due_on = least(e.next_due_on, %(on)s)
FROM locked WHERE locked.id = e.id
"""


def _move_cases(new: StrategyVersion, actor: Actor, at: datetime) -> None:
    """From every older version. What the new one waits for may have come already: each case is
    looked at with the next close."""
    older = StrategyVersion.objects.filter(
        strategy_id=new.strategy_id, status=VersionStatus.RETIRED
    )
    strategies = get_strategies(version_ids=[*older.values_list("id", flat=True), new.pk])
    wanted = strategies.pop(new.pk)
    places = [
        (version_id, *standing)
        for version_id, old in strategies.items()
        for standing in kept_places(old, wanted)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PATIENCE)
        cursor.execute(
            _MOVE,
            {
                "versions": [place[0] for place in places],
                "steps": [place[1] for place in places],
                "asked": [place[2] for place in places],
                "new": new.pk,
                "on": legal_day(at),
            },
        )
        moved = cursor.rowcount
    record_event(
        kind=CASES_MOVED,
        subject=Subject("strategy", new.strategy_id),
        payload=_named(new, moved=moved),
        actor=actor,
        at=at,
    )
