"""Account numbers for repayment, for accounts that were opened before there were any."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from django.conf import settings
from django.db import connection, transaction

from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from ledger import events
from ledger.models import Account
from ledger.virtual_accounts import own_number_sql

_AT_ONCE: Final = 1_000


class Numbered(NamedTuple):
    """How many accounts got a number, and how many still have none though there are numbers in
    their currency: somebody had them in hand, or another account has their number."""

    numbered: int
    left_out: int


@by_machine
def number_accounts(*, actor: Actor, at: datetime) -> Numbered:
    """Give every account without a number for repayment its own, some at a time, each a
    transaction of its own."""
    numbered, after = 0, 0
    while True:
        with transaction.atomic():
            last, numbers = _number(after)
            record_events(
                events=[
                    NewEvent(
                        events.ACCOUNT_NUMBERED,
                        Subject("account", account_id),
                        {"ends_with": number[-4:]},
                        legal_day(at),
                    )
                    for account_id, number in numbers
                ],
                actor=actor,
                at=at,
            )
        if last is None:
            left = Account.objects.filter(
                virtual_account_no__isnull=True, currency__in=list(settings.REPAYMENT_ACCOUNTS)
            )
            return Numbered(numbered, left.count())
        numbered, after = numbered + len(numbers), last


def _number(after: int) -> tuple[int | None, list[tuple[int, str]]]:
    """The last account looked at, and those that got a number.

    The number is a key that others may refer to, so that changing it needs the whole lock of the
    row, which whoever writes about the account holds against us, in an order of their own: what
    somebody has in hand is passed over.
    """
    own = own_number_sql(
        account_id="id", currency="currency", beginnings=settings.REPAYMENT_ACCOUNTS
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {own} FROM ledger_account"
            " WHERE virtual_account_no IS NULL AND currency = ANY(%s) AND id > %s"
            " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED",
            [list(settings.REPAYMENT_ACCOUNTS), after, _AT_ONCE],
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
