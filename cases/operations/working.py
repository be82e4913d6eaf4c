"""Work for people: opening, finishing and cancelling items."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from cases.events import WORK_OPENED
from cases.lifecycle import (
    WORK_LIFECYCLE,
    Tray,
    WorkKind,
    WorkStatus,
    priority_of,
    tray_of,
)
from cases.locking import lock_case, lock_cases, lock_work_item
from cases.models import InHand, WorkItem
from cases.operations.claiming import check_hands, claim_next_work_item, release_hands
from cases.operations.touching import touch_cases
from cases.queries.hands import get_hand
from cases.valuation import WORTH_COLUMNS, worth_of
from journal.operations import NewEvent, Subject, record_events, run_once
from journal.status import move_status, move_statuses
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.clock import legal_day
from kernel.errors import Conflict
from staff.rights import Right


class NewWorkItem(NamedTuple):
    """``reason`` holds codes and values, never sentences; no priority means the kind's own."""

    case_id: int
    kind: WorkKind
    due_on: date
    priority: int | None = None
    reason: Mapping[str, Any] = {}


class WorkOpenAlready(Conflict):
    """The case has an open item of that kind."""

    code = "work_open_already"


class NextWork(NamedTuple):
    """``finished`` is None where there was nothing left to finish, ``item`` where nothing
    waits."""

    finished: WorkItem | None
    item: WorkItem | None


_OPEN: Final = """
    INSERT INTO cases_workitem (case_id, team_id, owner_id, kind, tray, status, due_on, priority,
                                reason, opened_at, {columns})
    SELECT n.case_id, c.team_id, c.owner_id, n.kind, n.tray, 'open', n.due_on, n.priority,
           n.reason, %(at)s, w.overdue_minor, w.currency, w.due_since, w.answer, w.chance,
           w.expected_minor, w.rank
    FROM json_to_recordset(%(rows)s::json) AS n (
        case_id bigint, kind text, tray text, due_on date, priority int, reason jsonb)
    JOIN cases_case c ON c.id = n.case_id
    CROSS JOIN LATERAL {worth} w
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
            "tray": tray_of(item.kind),
            "due_on": item.due_on.isoformat(),
            "priority": priority_of(item.kind) if item.priority is None else item.priority,
            "reason": item.reason,
        }
        for item in items
    ]
    lock_cases(case_ids=[item.case_id for item in items])
    on = legal_day(at)
    sql = _OPEN.format(worth=worth_of("c", on), columns=WORTH_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"rows": json.dumps(rows, default=str), "at": at, "on": on})
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
    *,
    case_id: int,
    kind: WorkKind,
    due_on: date,
    note: str,
    actor: Actor,
    at: datetime,
    submission: str | None = None,
) -> WorkItem:
    """A person puts work on the list; the same form (``submission``) sent twice opens one.

    Raises WorkOpenAlready, CaseNotFound.
    """
    lock_case(case_id=case_id, actor=actor)
    new = NewWorkItem(case_id, kind, due_on, None, {"code": "by_hand", "note": note})

    def put() -> int:
        opened = open_work_items(items=[new], at=at, actor=actor)
        if not opened:
            raise WorkOpenAlready(case_id=case_id, kind=kind)
        return opened[0]

    once = run_once(
        scope="cases.open_work_item", key=submission, given=new._asdict(), act=put, at=at
    )
    return WorkItem.objects.get(pk=once.result)


@requires(Right.WORK_CASE)
@transaction.atomic
def finish_work_item(*, work_item_id: int, note: str, actor: Actor, at: datetime) -> WorkItem:
    """Mark an item as done.

    Raises WorkItemNotFound, CaseInHand while a colleague works on the case, MoveNotAllowed when
    it is not open any more.
    """
    item = lock_work_item(work_item_id=work_item_id, actor=actor)
    check_hands(case_id=item.case_id, actor=actor, at=at)
    done = move_status(
        row=item,
        lifecycle=WORK_LIFECYCLE,
        move="finish",
        subject=Subject("case", item.case_id),
        payload={"kind": item.kind, "note": note},
        changes={"finished_at": at},
        actor=actor,
        at=at,
    )
    release_hands(case_id=item.case_id, work_item_id=work_item_id, actor=actor)
    return done


@requires(Right.WORK_CASE)
@transaction.atomic
def finish_and_claim_next(
    *,
    case_id: int,
    note: str,
    on: date,
    actor: Actor,
    at: datetime,
    work_item_id: int | None = None,
    tray: Tray | None = None,
) -> NextWork:
    """Mark what a person did about a case as done, and take the next item in hand.

    What is done is ``work_item_id``, or what the case was taken for; logging a call may have
    finished it already, and then nothing is left to finish. The case is free afterwards.

    Raises CaseInHand while a colleague has the case, WorkItemNotFound, and what
    ``claim_next_work_item`` raises.
    """
    check_hands(case_id=case_id, actor=actor, at=at)
    hand = get_hand(case_id=case_id, at=at)
    wanted = work_item_id or (hand.work_item_id if hand else None)
    open_items = WorkItem.objects.filter(case_id=case_id, status=WorkStatus.OPEN)
    finished = None
    if wanted is not None and open_items.filter(pk=wanted).exists():
        finished = finish_work_item(work_item_id=wanted, note=note, actor=actor, at=at)
    if hand is not None:
        InHand.objects.filter(case_id=case_id, user_id=hand.user_id).delete()
    return NextWork(finished, claim_next_work_item(on=on, actor=actor, at=at, tray=tray))


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
        changes={"finished_at": at},
        actor=actor,
        at=at,
    )
