"""Work for people: opening, claiming, finishing and cancelling items."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from cases.events import WORK_CLAIMED, WORK_OPENED
from cases.lifecycle import WORK_LIFECYCLE, WORK_PRIORITY, WorkKind, WorkStatus
from cases.locking import lock_case, lock_cases
from cases.models import WorkItem
from cases.operations.touching import touch_cases
from journal.operations import NewEvent, Subject, record_event, record_events
from journal.status import move_status, move_statuses
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.errors import Conflict, InvalidInput, NotFound
from staff.rights import Right

#: How long an item that an officer took stays out of the others' way.
LEASE: Final = timedelta(minutes=30)


class NewWorkItem(NamedTuple):
    """``reason`` holds codes and values, never sentences; no priority means the kind's own."""

    case_id: int
    kind: WorkKind
    due_on: date
    priority: int | None = None
    reason: Mapping[str, Any] = {}


class WorkItemNotFound(NotFound):
    code = "work_item_not_found"


class WorkOpenAlready(Conflict):
    """The case has an open item of that kind."""

    code = "work_open_already"


class WorkItemLeased(Conflict):
    """A colleague is working on the item now."""

    code = "work_item_leased"


class OnlyPeopleClaim(InvalidInput):
    code = "only_people_claim"


_OPEN = """
    INSERT INTO cases_workitem (case_id, team_id, owner_id, kind, status, due_on, priority,
                                reason, opened_at)
    SELECT n.case_id, c.team_id, c.owner_id, n.kind, 'open', n.due_on, n.priority, n.reason,
           %(at)s
    FROM json_to_recordset(%(rows)s::json) AS n (
        case_id bigint, kind text, due_on date, priority int, reason jsonb)
    JOIN cases_case c ON c.id = n.case_id
    ORDER BY n.case_id, n.kind
    ON CONFLICT (case_id, kind) WHERE status = 'open' DO NOTHING
    RETURNING id, case_id, kind, due_on, reason::text
"""


@by_machine
@transaction.atomic
def open_work_items(*, items: Sequence[NewWorkItem], at: datetime, actor: Actor) -> list[int]:
    """Open those of which the case has no open one of that kind; returns their ids."""
    if not items:
        return []
    rows = [
        {
            "case_id": item.case_id,
            "kind": item.kind,
            "due_on": item.due_on.isoformat(),
            "priority": WORK_PRIORITY[item.kind] if item.priority is None else item.priority,
            "reason": item.reason,
        }
        for item in items
    ]
    lock_cases(case_ids=[item.case_id for item in items])
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"rows": json.dumps(rows, default=str), "at": at})
        opened = sorted(cursor.fetchall())
    record_events(
        events=[
            NewEvent(
                WORK_OPENED,
                Subject("case", case_id),
                f'{{"work_item_id":{item_id},"kind":"{kind}","due_on":"{due_on}",'
                f'"reason":{reason}}}',
                due_on,
            )
            for item_id, case_id, kind, due_on, reason in opened
        ],
        at=at,
        actor=actor,
    )
    touch_cases(case_ids=[row[1] for row in opened], at=at)
    return [row[0] for row in opened]


@requires(Right.WORK_CASE)
@transaction.atomic
def open_work_item(
    *, case_id: int, kind: WorkKind, due_on: date, note: str, actor: Actor, at: datetime
) -> WorkItem:
    """A person puts work on the list. Raises WorkOpenAlready, CaseNotFound."""
    lock_case(case_id=case_id, actor=actor)
    new = NewWorkItem(case_id, kind, due_on, None, {"code": "by_hand", "note": note})
    opened = open_work_items(items=[new], at=at, actor=actor)
    if not opened:
        raise WorkOpenAlready(case_id=case_id, kind=kind)
    return WorkItem.objects.get(pk=opened[0])


@requires(Right.WORK_CASE)
@transaction.atomic
def finish_work_item(*, work_item_id: int, note: str, actor: Actor, at: datetime) -> WorkItem:
    """Mark an item as done.

    Raises WorkItemNotFound, WorkItemLeased while a colleague works on it, MoveNotAllowed when
    it is not open any more.
    """
    items = WorkItem.objects.select_for_update(no_key=True).filter(pk=work_item_id)
    if actor.team_id is not None:
        items = items.filter(team_id=actor.team_id)
    item = items.first()
    if item is None:
        raise WorkItemNotFound(work_item_id=work_item_id)
    leased = item.leased_until is not None and item.leased_until > at
    if leased and item.leased_by_id != actor.user_id:
        raise WorkItemLeased(work_item_id=work_item_id, leased_until=item.leased_until)
    return move_status(
        row=item,
        lifecycle=WORK_LIFECYCLE,
        move="finish",
        subject=Subject("case", item.case_id),
        payload={"kind": item.kind, "note": note},
        changes={"finished_at": at, "leased_by": None, "leased_until": None},
        actor=actor,
        at=at,
    )


@by_machine
@transaction.atomic
def finish_work_items(
    *, case_ids: Sequence[int], kinds: Sequence[WorkKind], code: str, actor: Actor, at: datetime
) -> list[int]:
    """Mark the open items of these kinds as done because another act did the work."""
    return _end("finish", case_ids, kinds, code, actor, at)


@by_machine
@transaction.atomic
def cancel_work_items(
    *,
    case_ids: Sequence[int],
    kinds: Sequence[WorkKind] | None,
    code: str,
    actor: Actor,
    at: datetime,
) -> list[int]:
    """Take back the open items of these kinds (None: all) because nothing is left to do."""
    return _end("cancel", case_ids, kinds, code, actor, at)


def _end(
    move: str,
    case_ids: Sequence[int],
    kinds: Sequence[WorkKind] | None,
    code: str,
    actor: Actor,
    at: datetime,
) -> list[int]:
    items = WorkItem.objects.filter(case_id__in=case_ids, status=WorkStatus.OPEN)
    if kinds is not None:
        items = items.filter(kind__in=kinds)
    found = {
        pk: (case_id, kind) for pk, case_id, kind in items.values_list("id", "case_id", "kind")
    }
    return move_statuses(
        model=WorkItem,
        ids=list(found),
        lifecycle=WORK_LIFECYCLE,
        move=move,
        subject_of=lambda pk: Subject("case", found[pk][0]),
        payload_of=lambda pk: {"kind": found[pk][1], "reason": code},
        changes={"finished_at": at, "leased_by": None, "leased_until": None},
        actor=actor,
        at=at,
    )


_CLAIM = """
    SELECT id FROM cases_workitem
    WHERE status = 'open' AND due_on <= %(on)s AND {queue}
      AND (leased_until IS NULL OR leased_until <= %(at)s OR leased_by_id = %(user)s)
    ORDER BY due_on, priority, id LIMIT 1
    FOR NO KEY UPDATE SKIP LOCKED
"""
#: The officer's own cases come first, then those of the team that nobody owns.
_QUEUES: Final = (
    "owner_id = %(user)s",
    "owner_id IS NULL AND (%(team)s::bigint IS NULL OR team_id = %(team)s)",
)


@requires(Right.WORK_CASE)
@transaction.atomic
def claim_next_work_item(*, on: date, actor: Actor, at: datetime) -> WorkItem | None:
    """The next item due by ``on`` for this officer, leased for half an hour; None when none waits.

    Two officers who ask at once get two items. Asking again gives back an item that the
    officer holds already.
    """
    if actor.user_id is None:
        raise OnlyPeopleClaim(actor_kind=actor.kind)
    values: dict[str, Any] = {"on": on, "at": at, "user": actor.user_id, "team": actor.team_id}
    for queue in _QUEUES:
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM.format(queue=queue), values)
            row = cursor.fetchone()
        if row is not None:
            return _lease(int(row[0]), actor, at)
    return None


def _lease(work_item_id: int, actor: Actor, at: datetime) -> WorkItem:
    item = WorkItem.objects.get(pk=work_item_id)
    is_new = item.leased_by_id != actor.user_id
    item.leased_by_id = actor.user_id
    item.leased_until = at + LEASE
    item.save(update_fields=["leased_by", "leased_until"])
    if is_new:
        record_event(
            kind=WORK_CLAIMED,
            subject=Subject("case", item.case_id),
            payload={"work_item_id": item.pk, "kind": item.kind, "until": item.leased_until},
            actor=actor,
            at=at,
        )
    return item
