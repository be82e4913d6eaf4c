"""Account numbers for repayment, for accounts that were opened before there were any."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection, transaction

from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from ledger import events
from ledger.virtual_accounts import own_number_sql

_AT_ONCE: Final = 5_000


@by_machine
def number_accounts(*, actor: Actor, at: datetime) -> int:
    """Give every account without a number for repayment its own; returns how many got one.

    None gets one where the bank agreed on no numbers. A number that another account has already
    is left out. Each some thousand are a transaction of their own.
    """
    numbered, after = 0, 0
    while True:
        with transaction.atomic():
            last, numbers = _number(after)
            record_events(
                events=[
                    NewEvent(
                        events.ACCOUNT_NUMBERED,
                        Subject("account", account_id),
                        {"account_no": number},
                        legal_day(at),
                    )
                    for account_id, number in numbers
                ],
                actor=actor,
                at=at,
            )
        if last is None:
            return numbered
        numbered, after = numbered + len(numbers), last


def _number(after: int) -> tuple[int | None, list[tuple[int, str]]]:
    """The last account looked at, and those that got a number."""
    own = own_number_sql("id", beginning=settings.REPAYMENT_ACCOUNTS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {own} FROM ledger_account"
            " WHERE virtual_account_no IS NULL AND id > %s ORDER BY id LIMIT %s FOR NO KEY UPDATE",
            [after, _AT_ONCE],
        )
        chosen = cursor.fetchall()
        cursor.execute(
            """
            UPDATE ledger_account a SET virtual_account_no = n.number
            FROM unnest(%s::bigint[], %s::text[]) AS n (id, number)
            WHERE a.id = n.id AND n.number IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM ledger_account taken WHERE taken.virtual_account_no = n.number
            )
            RETURNING a.id, a.virtual_account_no
            """,
            [[account_id for account_id, _ in chosen], [number for _, number in chosen]],
        )
        return (chosen[-1][0] if chosen else None), cursor.fetchall()
