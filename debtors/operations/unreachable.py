"""Addresses, numbers and mailboxes that the post or a gateway found not to work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from debtors import events
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day

_DISABLE: Final = """
    WITH locked AS MATERIALIZED (
        SELECT id FROM {table} WHERE id = ANY(%s) AND is_usable ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE {table} t SET is_usable = false FROM locked WHERE t.id = locked.id
    RETURNING t.id, t.debtor_id, t.kind
"""


@by_machine
@transaction.atomic
def mark_addresses_unusable(
    *, address_ids: Sequence[int], reason: str, actor: Actor, at: datetime
) -> list[int]:
    """Nothing is sent there any more until somebody sets the address anew; returns the ids."""
    return _disable(
        "debtors_address", "address_id", events.ADDRESS_CHANGED, address_ids, reason, actor, at
    )


@by_machine
@transaction.atomic
def mark_contact_points_unusable(
    *, contact_point_ids: Sequence[int], reason: str, actor: Actor, at: datetime
) -> list[int]:
    """The same for numbers and mailboxes."""
    return _disable(
        "debtors_contactpoint", "contact_point_id", events.CONTACT_POINT_DISABLED,
        contact_point_ids, reason, actor, at,
    )  # fmt: skip


def _disable(
    table: str,
    id_name: str,
    event: str,
    ids: Sequence[int],
    reason: str,
    actor: Actor,
    at: datetime,
) -> list[int]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_DISABLE.format(table=table), [list(ids)])
        disabled = sorted(cursor.fetchall())
    record_events(
        events=[
            NewEvent(
                event,
                Subject("debtor", debtor_id),
                {id_name: pk, "kind": kind, "reason": reason},
                legal_day(at),
            )
            for pk, debtor_id, kind in disabled
        ],
        actor=actor,
        at=at,
    )
    return [pk for pk, _, _ in disabled]
