"""One timeline of a case: its own events, its debtor's and its accounts', merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from cases.events import CASE_ASSIGNED
from cases.models import Case
from debtors.events import DEBT_TAKEN_IN
from desk.running_balance import Point, RunningBalance
from journal.operations import Subject
from journal.queries import list_events
from journal.subscribers import RecordedEvent
from kernel.actor import ActorKind
from kernel.clock import end_of, instant
from ledger.events import DUE_CHANGED
from ledger.models import Account

#: No page of a timeline shows more decisions than these one by one.
MOST_WAITS: Final = 300


@dataclass(frozen=True, slots=True)
class TimelineFilter:
    """``event_kinds`` None: all. ``channels`` narrows messages to those on a channel."""

    event_kinds: Sequence[str] | None = None
    channels: Sequence[str] = ()
    from_on: date | None = None
    to_on: date | None = None


class Waited(NamedTuple):
    """A decision that only waited, which the journal does not tell of."""

    decided_at: datetime
    outcome: str
    strategy: str
    step: str
    look_again_on: date | None


def list_timeline_events(
    *,
    case: Case,
    account_ids: Sequence[int],
    chosen: TimelineFilter,
    before_id: int | None = None,
    limit: int = 40,
) -> list[RecordedEvent]:
    """The newest events that the filter lets through; page on with ``before_id``.

    Those that give a case to somebody also hold the names of who had it and has it.
    """
    subjects = [
        Subject("case", case.pk),
        Subject("debtor", case.debtor_id),
        *(Subject("account", account_id) for account_id in account_ids),
    ]
    events = list_events(
        subjects=subjects,
        kinds=chosen.event_kinds,
        before_id=before_id,
        from_on=chosen.from_on,
        to_on=chosen.to_on,
        payload_words=("channel", chosen.channels) if chosen.channels else None,
        limit=limit,
    )
    return _with_names_of_holders(events)


#: By the name of an id in the payload: whether it is a person's, and what its name is kept as.
_HOLDERS: Final = {
    "owner_id": (True, "owner"),
    "team_id": (False, "team"),
    "from_owner_id": (True, "from_owner"),
    "from_team_id": (False, "from_team"),
}


def _with_names_of_holders(events: list[RecordedEvent]) -> list[RecordedEvent]:
    """The journal keeps ids; one query names them all, and none where no case was assigned."""
    assigned = [event.payload for event in events if event.kind == CASE_ASSIGNED]
    if not assigned:
        return events
    ids: dict[bool, set[int]] = {True: set(), False: set()}
    for payload in assigned:
        for key, (is_person, _name) in _HOLDERS.items():
            if payload.get(key) is not None:
                ids[is_person].add(payload[key])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT true, id, full_name FROM staff_user WHERE id = ANY(%s)"
            " UNION ALL SELECT false, id, name FROM staff_team WHERE id = ANY(%s)",
            [sorted(ids[True]), sorted(ids[False])],
        )
        names = {(is_person, pk): name for is_person, pk, name in cursor.fetchall()}
    return [
        event._replace(payload={**event.payload, **_names_in(event.payload, names)})
        if event.kind == CASE_ASSIGNED
        else event
        for event in events
    ]


def _names_in(
    payload: Mapping[str, Any], names: Mapping[tuple[bool, int], str]
) -> dict[str, str | None]:
    return {
        name: names.get((is_person, payload[key]))
        for key, (is_person, name) in _HOLDERS.items()
        if payload.get(key) is not None
    }


#: What changed the amount due between two events, the last change before the first of them, and
#: the first change after the last of them. The ledger says what an event changed where no event
#: before it does.
_POINTS: Final = """
    SELECT p.account_id, p.id, p.due_after,
           CASE WHEN row_number() OVER (PARTITION BY p.account_id ORDER BY p.id) > 1 THEN NULL
                WHEN p.kind = %(taken_in)s THEN 0
                ELSE p.due_after - coalesce((
                    SELECT sum(l.amount_minor) FROM ledger_posting l
                    WHERE l.transaction_id = p.transaction_id AND l.due_on IS NOT NULL), 0)
           END::bigint
    FROM (
        SELECT a.account_id, e.*
        FROM unnest(%(accounts)s::bigint[]) AS a (account_id)
        CROSS JOIN LATERAL (
            (SELECT {columns} FROM journal_event WHERE {about} AND id BETWEEN %(low)s AND %(high)s)
            UNION ALL
            (SELECT {columns} FROM journal_event WHERE {about} AND id < %(low)s
             ORDER BY id DESC LIMIT 1)
            UNION ALL
            (SELECT {columns} FROM journal_event WHERE {about} AND id > %(high)s
             ORDER BY id LIMIT 1)
        ) e
    ) p
""".format(
    columns="id, kind, (payload ->> 'due_minor')::bigint AS due_after,"
    " (payload ->> 'transaction_id')::bigint AS transaction_id",
    about="subject_kind = 'account' AND subject_id = a.account_id AND kind = ANY(%(kinds)s)",
)


def get_running_balance(
    *, accounts: Sequence[Account], first_id: int, last_id: int
) -> RunningBalance:
    """The overdue balance from the event ``first_id`` to the event ``last_id``."""
    values: dict[str, Any] = {
        "accounts": [account.pk for account in accounts],
        "kinds": sorted({*DUE_CHANGED, DEBT_TAKEN_IN}),
        "taken_in": DEBT_TAKEN_IN,
        "low": first_id,
        "high": last_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_POINTS, values)
        points = [Point(row[1], row[0], row[2], row[3]) for row in cursor.fetchall()]
    return RunningBalance(
        points,
        {account.pk: account.currency for account in accounts},
        {account.pk: account.due_minor for account in accounts},
    )


_WAITS: Final = """
    SELECT d.decided_at, d.outcome, s.key, d.step_key, d.look_again_on
    FROM escalation_enrolment e
    JOIN escalation_decision d ON d.enrolment_id = e.id
    JOIN escalation_strategyversion v ON v.id = d.version_id
    JOIN escalation_strategy s ON s.id = v.strategy_id
    WHERE e.case_id = %(case)s AND d.outcome IN ('wait', 'hold')
      AND d.decided_at >= coalesce(%(since)s::timestamptz, '-infinity')
      AND d.decided_at < coalesce(%(until)s::timestamptz, 'infinity')
    ORDER BY d.decided_at DESC, d.id DESC
    LIMIT %(limit)s
"""


def list_waits(
    *,
    case_id: int,
    since: datetime | None,
    until: datetime | None,
    from_on: date | None = None,
    to_on: date | None = None,
) -> list[Waited]:
    """Decisions from ``since`` to before ``until``, and on the days named; newest first."""
    starts = [since, instant(from_on) if from_on else None]
    ends = [until, end_of(to_on) if to_on else None]
    values: dict[str, Any] = {
        "case": case_id,
        "since": max((at for at in starts if at), default=None),
        "until": min((at for at in ends if at), default=None),
        "limit": MOST_WAITS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, values)
        return [Waited._make(row) for row in cursor.fetchall()]


class ActorNames(NamedTuple):
    """Names by the id that an event or a row keeps of who acted."""

    users: Mapping[str, str]
    clients: Mapping[str, str]


def get_actor_names(*, actors: Iterable[tuple[str, str]]) -> ActorNames:
    """Of (kind, id): who is behind it. The machine has no name here."""
    ids: dict[str, set[int]] = {ActorKind.USER: set(), ActorKind.CLIENT: set()}
    for kind, actor_id in actors:
        if kind in ids:
            ids[kind].add(int(actor_id))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT true, id, full_name FROM staff_user WHERE id = ANY(%s)"
            " UNION ALL SELECT false, id, name FROM staff_apiclient WHERE id = ANY(%s)",
            [sorted(ids[ActorKind.USER]), sorted(ids[ActorKind.CLIENT])],
        )
        rows = cursor.fetchall()
    return ActorNames(
        {str(pk): name for is_user, pk, name in rows if is_user},
        {str(pk): name for is_user, pk, name in rows if not is_user},
    )
