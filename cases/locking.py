"""Locks on cases and their work, taken before a fact is changed; on cases in order of ids."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import OperationalError, connection
from psycopg2.errors import LockNotAvailable

from cases.models import Case, WorkItem
from kernel.actor import Actor
from kernel.errors import Conflict, NotFound
from kernel.sql_text import array_text


class CaseNotFound(NotFound):
    """There is no such case, or it belongs to another team than the actor's."""

    code = "case_not_found"


class WorkItemNotFound(NotFound):
    """There is no such work, or it belongs to another team than the actor's."""

    code = "work_item_not_found"


class CaseBusy(Conflict):
    """Somebody else, or the night, has held the case for longer than a person waits."""

    code = "case_busy"


def lock_case(*, case_id: int, actor: Actor) -> Case:
    """The case, locked until the transaction ends.

    The lock leaves room for rows that refer to the case, such as a logged call. Raises
    CaseNotFound outside the actor's team, and CaseBusy when ``lock_timeout`` has passed: the
    caller's transaction is over then, and nothing of it is kept.
    """
    cases = Case.objects.select_for_update(no_key=True).filter(pk=case_id)
    if actor.team_id is not None:
        cases = cases.filter(team_id=actor.team_id)
    try:
        case = cases.first()
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise CaseBusy(case_id=case_id) from error
        raise
    if case is None:
        raise CaseNotFound(case_id=case_id)
    return case


def lock_cases(*, case_ids: Iterable[int]) -> list[int]:
    """Those of the cases that exist, locked in order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM cases_case WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE",
            [array_text(case_ids)],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def lock_work_item(*, work_item_id: int, actor: Actor) -> WorkItem:
    """The item alone, locked until the transaction ends, within the actor's team.

    Raises WorkItemNotFound.
    """
    items = WorkItem.objects.select_for_update(no_key=True).filter(pk=work_item_id)
    if actor.team_id is not None:
        items = items.filter(team_id=actor.team_id)
    item = items.first()
    if item is None:
        raise WorkItemNotFound(work_item_id=work_item_id)
    return item


def keep_switches_still() -> None:
    """Until the transaction ends no red switch is turned: what the caller reads of them holds."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE cases_redswitch IN SHARE MODE")


def lock_switches() -> None:
    """Wait for those who keep the switches still, and for whoever is turning one."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE cases_redswitch IN SHARE ROW EXCLUSIVE MODE")
