"""Placing and ending what makes a case wait."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from json.encoder import encode_basestring as quoted
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from cases.events import HOLD_ENDED, HOLD_PLACED
from cases.lifecycle import LEGAL_HOLDS, MACHINE_HOLDS, HoldKind
from cases.locking import lock_case, lock_cases
from cases.models import Hold
from cases.operations.pausing import (
    StoppingHold,
    pause_under_holds,
    resume_after_holds,
    stops_interest,
)
from cases.operations.touching import touch_cases
from journal.operations import NewEvent, Subject, record_events, run_once
from kernel.actor import Actor, ActorKind
from kernel.authority import by_machine, check_right, requires
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.sql_text import array_text
from kernel.undo import UndoBuiltUpon, check_undo
from staff.rights import Right


class NewHold(NamedTuple):
    """``cause`` names the thing that carries the hold (``promise:17``)."""

    case_id: int
    kind: HoldKind
    cause: str
    reason: str
    from_on: date
    until_on: date | None = None


class HoldNotFound(NotFound):
    code = "hold_not_found"


class HoldOpenAlready(Conflict):
    """The case has an open hold of that kind already."""

    code = "hold_open_already"


class HoldKindReserved(NotAllowed):
    """Another thing carries such a hold: withdraw or end that thing."""

    code = "hold_kind_reserved"


class InvalidHoldDays(InvalidInput):
    """The last day lies before the first one."""

    code = "invalid_hold_days"


_TAKEN_BACK: Final = "taken_back"
_PLACE = """
    INSERT INTO cases_hold (case_id, kind, cause, reason, from_on, until_on, placed_at,
                            actor_kind, actor_id)
    SELECT case_id, kind, cause, reason, from_on, until_on, %(at)s, %(actor_kind)s, %(actor_id)s
    FROM json_to_recordset(%(rows)s::json) AS n (
        case_id bigint, kind text, cause text, reason text, from_on date, until_on date)
    WHERE case_id = ANY(%(locked)s::bigint[])
    ORDER BY case_id
    ON CONFLICT (case_id, kind, cause) WHERE ended_on IS NULL DO NOTHING
    RETURNING id, case_id, kind, cause, reason, from_on, until_on
"""


@by_machine
@transaction.atomic
def place_holds(*, holds: Sequence[NewHold], at: datetime, actor: Actor) -> list[int]:
    """Place those that are not open already for their kind and cause; returns their ids."""
    if not holds:
        return []
    locked = lock_cases(case_ids=[hold.case_id for hold in holds])
    rows = json.dumps([hold._asdict() for hold in holds], default=str)
    with connection.cursor() as cursor:
        cursor.execute(
            _PLACE,
            {
                "rows": rows,
                "locked": array_text(locked),
                "at": at,
                "actor_kind": actor.kind,
                "actor_id": actor.id,
            },
        )
        placed = sorted(cursor.fetchall())
    record_events(events=[_placed(*row) for row in placed], at=at, actor=actor)
    touch_cases(case_ids=[row[1] for row in placed], at=at)
    pause_under_holds(
        holds=[StoppingHold(row[0], row[1], row[5]) for row in placed if stops_interest(row[2])],
        at=at,
        actor=actor,
    )
    return [row[0] for row in placed]


def _placed(
    hold_id: int,
    case_id: int,
    kind: str,
    cause: str,
    reason: str,
    from_on: date,
    until_on: date | None,
) -> NewEvent:
    """The payload is written as text: thousands of them are made in a night."""
    until = "null" if until_on is None else f'"{until_on}"'
    payload = (
        f'{{"hold_id":{hold_id},"kind":"{kind}","cause":{quoted(cause)},'
        f'"reason":{quoted(reason)},"until_on":{until}}}'
    )
    return NewEvent(HOLD_PLACED, Subject("case", case_id), payload, from_on)


@requires(Right.HOLD_CASE)
@transaction.atomic
def hold_case(
    *,
    case_id: int,
    kind: HoldKind,
    reason: str,
    from_on: date,
    until_on: date | None,
    actor: Actor,
    at: datetime,
    submission: str | None = None,
) -> Hold:
    """Place a hold by hand; ``from_on`` may lie in the past.

    A legal hold needs the right for it; a death or a bankruptcy may be recorded by anybody
    who may hold, because it only protects. ``submission`` is the key of the form: sent twice,
    it places one. Raises HoldKindReserved for kinds that another thing carries,
    HoldOpenAlready, InvalidHoldDays, CaseNotFound.
    """
    if kind in MACHINE_HOLDS:
        raise HoldKindReserved(kind=kind)
    if kind is HoldKind.LEGAL:
        check_right(actor, Right.HOLD_CASE_LEGALLY)
    if until_on is not None and until_on < from_on:
        raise InvalidHoldDays(from_on=from_on, until_on=until_on)
    lock_case(case_id=case_id, actor=actor)
    new = NewHold(case_id, kind, "", reason, from_on, until_on)

    def place() -> int:
        placed = place_holds(holds=[new], at=at, actor=actor)
        if not placed:
            raise HoldOpenAlready(case_id=case_id, kind=kind)
        return placed[0]

    once = run_once(scope="cases.hold_case", key=submission, given=new._asdict(), act=place, at=at)
    return Hold.objects.get(pk=once.result)


@requires(Right.HOLD_CASE)
@transaction.atomic
def take_back_hold(*, hold_id: int, actor: Actor, at: datetime) -> Hold:
    """Who has just placed a hold by hand takes it back.

    Raises HoldNotFound, UndoNotYours, UndoTooLate, UndoBuiltUpon when it has ended meanwhile.
    """
    case_id = Hold.objects.filter(pk=hold_id, cause="").values_list("case_id", flat=True).first()
    if case_id is None:
        raise HoldNotFound(hold_id=hold_id)
    lock_case(case_id=case_id, actor=actor)
    hold = Hold.objects.get(pk=hold_id)
    by_user = hold.actor_id if hold.actor_kind == ActorKind.USER else None
    check_undo(done_by=by_user, done_at=hold.placed_at, actor=actor, at=at)
    if hold.ended_on is not None:
        raise UndoBuiltUpon(what="hold_ended")
    _end([hold.pk], _TAKEN_BACK, legal_day(at), at, actor)
    hold.refresh_from_db()
    return hold


@requires(Right.HOLD_CASE)
@transaction.atomic
def end_hold(*, hold_id: int, reason: str, on: date, actor: Actor, at: datetime) -> Hold:
    """End a hold that was placed by hand. Raises HoldNotFound when none such is open."""
    case_id = Hold.objects.filter(pk=hold_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise HoldNotFound(hold_id=hold_id)
    lock_case(case_id=case_id, actor=actor)
    hold = Hold.objects.filter(pk=hold_id, ended_on__isnull=True).first()
    if hold is None:
        raise HoldNotFound(hold_id=hold_id)
    if hold.kind in MACHINE_HOLDS or hold.cause:
        raise HoldKindReserved(kind=hold.kind)
    if hold.kind in LEGAL_HOLDS:
        check_right(actor, Right.HOLD_CASE_LEGALLY)
    _end([hold.pk], reason, on, at, actor)
    hold.refresh_from_db()
    return hold


@by_machine
@transaction.atomic
def end_holds(
    *, kind: HoldKind, causes: Sequence[str], on: date, at: datetime, actor: Actor
) -> list[int]:
    """End the open holds of one kind that have one of the causes; returns their ids."""
    if not causes:
        return []
    ids = list(
        Hold.objects.filter(kind=kind, cause__in=causes, ended_on__isnull=True)
        .exclude(cause="")
        .values_list("id", flat=True)
    )
    return _end(ids, "cause_ended", on, at, actor)


@by_machine
@transaction.atomic
def end_holds_past(*, on: date, at: datetime, actor: Actor) -> int:
    """End the holds whose last day is ``on`` or earlier; returns how many.

    The day close calls it after that day has passed, before it decides.
    """
    ids = list(
        Hold.objects.filter(until_on__lte=on, ended_on__isnull=True).values_list("id", flat=True)
    )
    return len(_end(ids, "until_passed", on, at, actor))


def _end(hold_ids: Sequence[int], reason: str, on: date, at: datetime, actor: Actor) -> list[int]:
    if not hold_ids:
        return []
    case_ids = Hold.objects.filter(pk__in=hold_ids).values_list("case_id", flat=True)
    lock_cases(case_ids=case_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_hold SET ended_on = %s WHERE id = ANY(%s) AND ended_on IS NULL"
            " RETURNING id, case_id, kind, cause",
            [on, list(hold_ids)],
        )
        ended: list[tuple[Any, ...]] = sorted(cursor.fetchall())
    record_events(
        events=[
            NewEvent(
                HOLD_ENDED,
                Subject("case", case_id),
                {"hold_id": hold_id, "kind": kind, "cause": cause, "reason": reason},
                on,
            )
            for hold_id, case_id, kind, cause in ended
        ],
        at=at,
        actor=actor,
    )
    touch_cases(case_ids=[row[1] for row in ended], at=at)
    resume_after_holds(
        hold_ids=[row[0] for row in ended if stops_interest(row[2])],
        on=on,
        was_mistake=reason == _TAKEN_BACK,
        at=at,
        actor=actor,
    )
    return [row[0] for row in ended]
