"""The one door for status changes: checks the table of moves, compares and swaps, records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import connection, models, transaction

from journal.operations import NewEvent, Subject, record_event, record_events
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from kernel.errors import Conflict, NotFound
from kernel.lifecycle import Lifecycle, Move

Row = TypeVar("Row", bound=models.Model)


class ThingNotFound(NotFound):
    code = "thing_not_found"


class ChangedMeanwhile(Conflict):
    """The status went away and came back while the move was made; read it again."""

    code = "changed_meanwhile"


@by_machine
@transaction.atomic
def move_status(
    *,
    row: Row,
    lifecycle: Lifecycle[Any],
    move: str,
    subject: Subject,
    actor: Actor,
    at: datetime,
    effective_on: date | None = None,
    payload: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
    field: str = "status",
) -> Row:
    """Make a named move of ``row`` and write its event; return the row read anew.

    ``changes`` are further columns that change with the status. Raises MoveNotAllowed when
    the row is no longer in a status from which the move starts.
    """
    step: Move[Any] = lifecycle.move(move)
    model = type(row)
    values = {field: step.target, **(changes or {})}
    won = (
        model._default_manager.filter(pk=row.pk, **{f"{field}__in": list(step.sources)})
        .order_by()
        .update(**values)
    )
    if not won:
        current = model._default_manager.filter(pk=row.pk).values_list(field, flat=True).first()
        if current is None:
            raise ThingNotFound(subject=lifecycle.subject, id=row.pk)
        lifecycle.check(move, lifecycle.statuses(current))
        raise ChangedMeanwhile(subject=lifecycle.subject, id=row.pk)
    record_event(
        kind=step.event,
        subject=subject,
        actor=actor,
        at=at,
        effective_on=effective_on,
        payload={f"{lifecycle.subject}_id": row.pk, **(payload or {})},
    )
    row.refresh_from_db()
    return row


@by_machine
@transaction.atomic
def move_statuses(
    *,
    model: type[models.Model],
    ids: Sequence[int],
    lifecycle: Lifecycle[Any],
    move: str,
    subject_of: Callable[[int], Subject],
    actor: Actor,
    at: datetime,
    effective_on: date | None = None,
    payload_of: Callable[[int], Mapping[str, Any]] | None = None,
    changes: Mapping[str, Any] | None = None,
    json_of: tuple[str, Callable[[int], str]] | None = None,
    field: str = "status",
) -> list[int]:
    """The same for thousands: moves those of ``ids`` that still may, and returns them in order.

    The rows are locked in order of their id first, so that two bulk moves cannot deadlock.
    ``json_of`` is a JSON column that changes with the status, and what each row gets there.
    """
    step: Move[Any] = lifecycle.move(move)
    table = connection.ops.quote_name(model._meta.db_table)
    status_field = model._meta.get_field(field)
    assert isinstance(status_field, models.Field)
    column = connection.ops.quote_name(status_field.column or field)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {table} WHERE id = ANY(%s) AND {column} = ANY(%s)"
            " ORDER BY id FOR NO KEY UPDATE",
            [list(ids), [str(source) for source in step.sources]],
        )
        moved = [int(row[0]) for row in cursor.fetchall()]
    if not moved:
        return []
    values = {field: step.target, **(changes or {})}
    if json_of is None:
        model._default_manager.filter(pk__in=moved).order_by().update(**values)
    else:
        _update_each(model, moved, values, *json_of)
    on = effective_on or legal_day(at)
    extra = payload_of or (lambda _: {})
    record_events(
        events=[
            NewEvent(step.event, subject_of(pk), {f"{lifecycle.subject}_id": pk, **extra(pk)}, on)
            for pk in moved
        ],
        actor=actor,
        at=at,
    )
    return moved


def _update_each(
    model: type[models.Model],
    ids: Sequence[int],
    values: Mapping[str, Any],
    json_column: str,
    text_of: Callable[[int], str],
) -> None:
    """One statement, so that no row is written twice."""
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(name)} = %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(model._meta.db_table)} r"
            f" SET {sets}, {quote(json_column)} = n.text::jsonb"
            " FROM unnest(%s::bigint[], %s::text[]) AS n (id, text) WHERE r.id = n.id",
            [*values.values(), list(ids), [text_of(pk) for pk in ids]],
        )
