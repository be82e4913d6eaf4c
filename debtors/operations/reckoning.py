"""Keeping how debts and debtors stand: default, forbearance, stage. Set-based and idempotent."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from debtors import events
from debtors.lifecycle import PartyRole
from debtors.models import StandingCount
from debtors.queries import get_standing_sources
from debtors.regulatory import Status
from debtors.standing import Judged, Spell, judge_debtor, judge_debts
from debtors.standing_rows import HELD_COLUMNS, Held, Owner
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from kernel.sql_text import NULL, PIECE, array_text, escaped_json

#: Debtors whose postings are read at once.
_CHUNK: Final = 4_000
_REVIEWS: Final = 20_000
_PERFORMING: Final = Status()


class _Change(NamedTuple):
    """``replaced`` are ids of rows; ``new`` is in the form of ``Held``."""

    subject: Subject
    replaced: list[int]
    new: list[Held]


@by_machine
@transaction.atomic
def reckon_standings(
    *, account_ids: Iterable[int], through: date, actor: Actor, at: datetime
) -> int:
    """Judge the debts of these accounts anew, and all others of their debtors, through a day.

    What was known later about an earlier day replaces what was told of it; the difference is an
    event, except where a debt is judged for the first time. Returns how many debts changed.
    """
    owners = _lock_debts(account_ids)
    by_debtor: dict[int, list[Owner]] = defaultdict(list)
    for owner in owners:
        by_debtor[owner.debtor_id].append(owner)
    debtor_ids = sorted(by_debtor)
    changed = 0
    for first in range(0, len(debtor_ids), _CHUNK):
        part = {pk: by_debtor[pk] for pk in debtor_ids[first : first + _CHUNK]}
        changed += _reckon(part, through, actor, at)
    return changed


@by_machine
def review_standings(*, on: date, actor: Actor, at: datetime) -> int:
    """Judge the debts that the calendar alone may change by ``on``, or by the day of ``at`` where
    that is later; returns how many changed.

    The day close calls it. Each batch is a transaction of its own; doing it again changes nothing.
    """
    changed, through = 0, max(on, legal_day(at))
    due = StandingCount.objects.filter(
        review_on__lte=through, debt__parties__role=PartyRole.MAIN_DEBTOR
    ).order_by("review_on", "debt_id")
    while True:
        account_ids = list(due.values_list("debt__account_id", flat=True)[:_REVIEWS])
        if not account_ids:
            return changed
        changed += reckon_standings(account_ids=account_ids, through=through, actor=actor, at=at)


def _lock_debts(account_ids: Iterable[int]) -> list[Owner]:
    """All debts of the main debtors of the accounts, in order of their id, locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT d.id, p.debtor_id, d.account_id, d.currency, d.is_consumer, a.opened_on
            FROM debtors_debt d
            JOIN debtors_debtparty p ON p.debt_id = d.id AND p.role = 'main_debtor'
            JOIN ledger_account a ON a.id = d.account_id
            WHERE p.debtor_id IN (
                SELECT q.debtor_id FROM debtors_debt e
                JOIN debtors_debtparty q ON q.debt_id = e.id AND q.role = 'main_debtor'
                WHERE e.account_id = ANY(%s::bigint[]))
            ORDER BY d.id FOR NO KEY UPDATE OF d
            """,
            [array_text(set(account_ids))],
        )
        return [Owner._make(row) for row in cursor.fetchall()]


def _reckon(
    by_debtor: Mapping[int, Sequence[Owner]], through: date, actor: Actor, at: datetime
) -> int:
    owners = [owner for some in by_debtor.values() for owner in some]
    sources = get_standing_sources(owners=owners)
    changes: list[_Change] = []
    told: list[NewEvent] = []
    judged_all: dict[int, Judged] = {}
    for debtor_id, some in by_debtor.items():
        judged = judge_debts([sources.history(owner) for owner in some], through=through)
        judged_all |= judged
        for owner in some:
            held = sources.held.get(("debt", owner.debt_id), [])
            spells = judged[owner.debt_id].spells
            if change := _change(Subject("debt", owner.debt_id), held, spells):
                changes.append(change)
                if owner.debt_id in sources.counted:
                    told += _tell(owner, held, spells, through)
        whole = judge_debtor({pk: one.spells for pk, one in judged.items()})
        held = sources.held.get(("debtor", debtor_id), [])
        if change := _change(Subject("debtor", debtor_id), held, whole):
            changes.append(change)
    _write(changes, at)
    _keep_counts(judged_all, through)
    record_events(events=told, actor=actor, at=at)
    return sum(change.subject.kind == "debt" for change in changes)


def _change(subject: Subject, held: Sequence[Held], spells: Sequence[Spell]) -> _Change | None:
    wanted = [Held.of(spell) for spell in spells]
    replaced = [one.id for one in held if one._replace(id=0) not in wanted]
    known = [one._replace(id=0) for one in held]
    new = [one for one in wanted if one not in known]
    return _Change(subject, replaced, new) if replaced or new else None


def _tell(
    owner: Owner, held: Sequence[Held], spells: Sequence[Spell], through: date
) -> list[NewEvent]:
    """What is known to be otherwise from the first such day on; nothing where only the grounds
    are."""
    before = [(one.from_on, one.until_on, one.status) for one in held]
    after = [(spell.from_on, spell.until_on, spell.status) for spell in spells]
    turns = sorted({day for day, _, _ in (*before, *after)} | _ends(before) | _ends(after))
    days = [day for day in turns if _status(before, day) != _status(after, day)]
    if not days:
        return []
    first = days[0]
    now = _status(after, through)
    grounds = next((spell.grounds for spell in spells if spell.from_on == first), {})
    payload = {
        "debt_id": owner.debt_id,
        "debtor_id": owner.debtor_id,
        "from_on": first,
        "before": _plain(_status(before, first)),
        "after": _plain(_status(after, first)),
        "now": _plain(now),
        "grounds": grounds,
        "back_dated": first < through and any(day <= first for day, _, _ in before),
    }
    subject = Subject("account", owner.account_id)
    return [NewEvent(events.STANDING_CHANGED, subject, payload, first)]


def _ends(rows: Iterable[tuple[date, date | None, Status]]) -> set[date]:
    """The first days after each."""
    return {date.fromordinal(until.toordinal() + 1) for _, until, _ in rows if until}


def _status(rows: Iterable[tuple[date, date | None, Status]], day: date) -> Status:
    held = [s for first, last, s in rows if first <= day and (last is None or day <= last)]
    return held[0] if held else _PERFORMING


def _plain(status: Status) -> dict[str, Any]:
    return {
        "default": status.default or "",
        "default_since": status.default_since,
        "forborne": status.forborne,
        "stage": status.stage,
        "ends_on": status.ends_on,
    }


def _write(changes: Sequence[_Change], at: datetime) -> None:
    replaced = [pk for change in changes for pk in change.replaced]
    rows = [_row(change.subject, held, at) for change in changes for held in change.new]
    with connection.cursor() as cursor:
        if replaced:
            cursor.execute(
                "UPDATE debtors_standing SET replaced_at = %s WHERE id = ANY(%s)", [at, replaced]
            )
        if rows:
            cursor.copy_expert(
                f"COPY debtors_standing (debt_id, debtor_id, {HELD_COLUMNS}, known_at) FROM STDIN",
                io.StringIO("".join(rows)),
                PIECE,
            )


def _row(subject: Subject, held: Held, at: datetime) -> str:
    debt = str(subject.id) if subject.kind == "debt" else NULL
    debtor = str(subject.id) if subject.kind == "debtor" else NULL
    grounds = escaped_json(json.dumps(held.grounds))
    values = [NULL if value is None else str(value) for value in held[1:-1]]
    return "\t".join([debt, debtor, *values, grounds, at.isoformat()]) + "\n"


def _keep_counts(judged: Mapping[int, Judged], through: date) -> None:
    rows = [
        [
            debt_id,
            one.counted.material_since if one.counted else None,
            one.counted.due_since if one.counted else None,
            one.review_on,
        ]
        for debt_id, one in sorted(judged.items())
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO debtors_standingcount AS c
                (debt_id, counted_on, material_since, due_since, review_on)
            SELECT n.debt_id, %s, n.material_since, n.due_since, n.review_on
            FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::date[])
                AS n (debt_id, material_since, due_since, review_on)
            ON CONFLICT (debt_id) DO UPDATE
            SET counted_on = excluded.counted_on, material_since = excluded.material_since,
                due_since = excluded.due_since, review_on = excluded.review_on
            WHERE c.counted_on IS NULL
               OR (c.material_since, c.due_since, c.review_on) IS DISTINCT FROM
                  (excluded.material_since, excluded.due_since, excluded.review_on)
            """,
            [through, *(list(column) for column in zip(*rows, strict=True))],
        )
