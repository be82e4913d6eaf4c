"""Drafts, what would become of cases in flight, and the simulations of a draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import Count, Q

from escalation.lifecycle import (
    OPEN_RUN_STATUSES,
    REOPENED_STATUSES,
    EnrolmentStatus,
    RunStatus,
    VersionStatus,
)
from escalation.models import Draft, Enrolment, SimulationRun, StrategyVersion
from escalation.moving import Standing, keeps_place
from escalation.queries.versions import get_strategies
from escalation.strategy import Strategy
from kernel.errors import NotFound


class DraftNotFound(NotFound):
    code = "draft_not_found"


def get_draft(*, draft_id: int) -> Draft:
    """With its author and versions. Raises DraftNotFound."""
    rows = Draft.objects.select_related("author", "version__decided_by", "from_version")
    draft = rows.filter(pk=draft_id).first()
    if draft is None:
        raise DraftNotFound(draft_id=draft_id)
    return draft


def list_open_drafts(*, strategy_key: str | None = None) -> list[Draft]:
    """Those that are written or wait for a second person, the last saved first."""
    open_statuses = [*REOPENED_STATUSES, VersionStatus.PROPOSED]
    drafts = Draft.objects.select_related("author", "version").filter(discarded_at=None)
    if strategy_key is not None:
        drafts = drafts.filter(strategy_key=strategy_key)
    drafts = drafts.filter(Q(version=None) | Q(version__status__in=open_statuses))
    return list(drafts.order_by("-saved_at", "-pk"))


def count_drafts_of(*, author_id: int) -> int:
    """Drafts that the author may write on."""
    drafts = Draft.objects.filter(author_id=author_id, discarded_at=None)
    return drafts.filter(Q(version=None) | Q(version__status__in=REOPENED_STATUSES)).count()


def count_waiting_for(*, user_id: int) -> int:
    """Proposed versions that somebody else than the user asked for."""
    waiting = StrategyVersion.objects.filter(status=VersionStatus.PROPOSED)
    return waiting.exclude(proposed_by_id=user_id).count()


def is_writable(*, draft: Draft) -> bool:
    """Whether its author may go on writing."""
    asked = draft.version
    return draft.discarded_at is None and (asked is None or asked.status in REOPENED_STATUSES)


@dataclass(frozen=True, slots=True)
class InFlight:
    """Cases on the strategy now. Those in ``without_step`` (by step) and ``asking`` would finish
    on the version they are on, whatever the new one says."""

    total: int
    moving: int
    without_step: Mapping[str, int]
    #: They wait for an answer that the step of the new version no longer asks for.
    asking: int


def get_in_flight(*, new: Strategy) -> InFlight:
    """What would become of them if the new version said that they move."""
    rows = (
        Enrolment.objects.filter(status=EnrolmentStatus.ACTIVE, version__strategy__key=new.key)
        .order_by()
        .values_list("version_id", "step_key", "asked")
        .annotate(cases=Count("id"))
    )
    counted = list(rows)
    strategies = get_strategies(version_ids={row[0] for row in counted})
    moving, asking, without = 0, 0, dict[str, int]()
    for version_id, step, asked, cases in counted:
        if keeps_place(strategies[version_id], new, Standing(step, asked)):
            moving += cases
        elif step in new.place_of:
            asking += cases
        else:
            without[step] = without.get(step, 0) + cases
    return InFlight(sum(row[3] for row in counted), moving, without, asking)


def get_open_run(*, draft_id: int) -> SimulationRun | None:
    """The simulation that waits or is played now."""
    runs = SimulationRun.objects.filter(draft_id=draft_id, status__in=OPEN_RUN_STATUSES)
    return runs.order_by("-pk").first()


def get_last_run(*, draft_id: int) -> SimulationRun | None:
    """The latest one that has ended by itself: done or failed."""
    ended = (RunStatus.DONE, RunStatus.FAILED)
    runs = SimulationRun.objects.filter(draft_id=draft_id, status__in=ended)
    return runs.order_by("-pk").first()


class ChangedRow(NamedTuple):
    """A case that would take another next step; ``id`` pages on."""

    id: int
    number: str
    debtor_name: str
    today_outcome: str
    today_step: str
    draft_outcome: str
    draft_step: str
    since_on: date


_CHANGED: Final = """
    SELECT x.id, c.number, d.display_name, x.today_outcome, x.today_step, x.draft_outcome,
           x.draft_step, x.since_on
    FROM escalation_simulatedchange x
    JOIN cases_case c ON c.id = x.case_id
    JOIN debtors_debtor d ON d.id = c.debtor_id
    WHERE x.run_id = %(run)s AND x.case_id > (
              SELECT coalesce(max(p.case_id), 0) FROM escalation_simulatedchange p
              WHERE p.id = %(after)s AND p.run_id = %(run)s)
      AND (%(team)s IS NULL OR c.team_id = %(team)s)
    ORDER BY x.case_id LIMIT %(limit)s
"""


def list_changed_cases(
    *, run_id: int, team_id: int | None, after_id: int = 0, limit: int
) -> list[ChangedRow]:
    """In the order of the cases, those of one team where there is one."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CHANGED, {"run": run_id, "after": after_id, "team": team_id, "limit": limit}
        )
        return [ChangedRow(*row) for row in cursor.fetchall()]


def list_all_changed_cases(*, run_id: int, team_id: int | None) -> Iterator[ChangedRow]:
    """The same to the end, for a file."""
    after, size = 0, 5_000
    while True:
        rows = list_changed_cases(run_id=run_id, team_id=team_id, after_id=after, limit=size)
        yield from rows
        if len(rows) < size:
            return
        after = rows[-1].id
