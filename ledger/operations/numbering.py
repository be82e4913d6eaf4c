"""Account numbers for repayment, for accounts that were opened without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

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
    own = own_number_sql(
        account_id="a.id", currency="a.currency", beginnings=settings.REPAYMENT_ACCOUNTS
    )
    currencies = list(settings.REPAYMENT_ACCOUNTS)
    numbered = _number(
        f"SELECT a.id, {own} FROM ledger_account a WHERE a.currency = ANY(%(currencies)s)",
        {"currencies": currencies}, actor, at,
    )  # fmt: skip
    left = Account.objects.filter(virtual_account_no__isnull=True, currency__in=currencies)
    return Numbered(numbered, left.count())


@by_machine
def take_over_numbers(*, named_in: str, actor: Actor, at: datetime) -> int:
    """Give accounts without a number those that an extract has brought since, some at a time,
    each a transaction of its own; returns how many.

    ``named_in`` names a temporary table with account_id bigint and virtual_account_no text. A
    number that another account has is left out, and so is an account that somebody has in hand:
    the next extract brings the number again.
    """
    return _number(
        f"SELECT a.id, n.virtual_account_no FROM ledger_account a"
        f" JOIN {named_in} n ON n.account_id = a.id WHERE n.virtual_account_no IS NOT NULL",
        {}, actor, at,
    )  # fmt: skip


def _number(candidates: str, values: Mapping[str, Any], actor: Actor, at: datetime) -> int:
    """``candidates`` selects accounts as ``a``, each with its number; returns how many got it.

    The number is a key that others may refer to, so that changing it needs the whole lock of the
    row, which whoever writes about the account holds against us, in an order of their own: what
    somebody has in hand is passed over, and what is locked is let go soon.
    """
    numbered, after = 0, 0
    while True:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    f"{candidates} AND a.virtual_account_no IS NULL AND a.id > %(after)s"
                    " ORDER BY a.id LIMIT %(most)s FOR UPDATE OF a SKIP LOCKED",
                    {**values, "after": after, "most": _AT_ONCE},
                )
                chosen = cursor.fetchall()
            if not chosen:
                return numbered
            numbers = _assign(chosen)
            _tell(numbers, actor, at)
        numbered, after = numbered + len(numbers), chosen[-1][0]


def _tell(numbers: Sequence[tuple[int, str]], actor: Actor, at: datetime) -> None:
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


def _assign(chosen: Sequence[tuple[int, str | None]]) -> list[tuple[int, str]]:
    """The numbers that no other account has, to accounts that are locked."""
    with connection.cursor() as cursor:
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
        return list(cursor.fetchall())
