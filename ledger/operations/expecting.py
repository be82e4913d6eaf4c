"""Registering what was agreed to be paid: amounts by which a payment may find its debts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from kernel.authority import by_machine


class Expected(NamedTuple):
    """``amount_minor`` that ``plan`` (``agreement:17``) expects on ``due_on``, for the account
    alone or together with the plan's others."""

    plan: str
    account_id: int
    due_on: date
    amount_minor: int


@by_machine
def expect_payments(*, plans: Collection[str], expected: Sequence[Expected]) -> None:
    """What each of the plans expects from now on; a plan of which nothing is given expects none."""
    rows = sorted(set(expected))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_expectedpayment WHERE plan = ANY(%s)", [sorted(plans)])
        cursor.execute(
            "INSERT INTO ledger_expectedpayment (plan, account_id, due_on, amount_minor)"
            " SELECT * FROM unnest(%s::text[], %s::bigint[], %s::date[], %s::bigint[])",
            [[row[column] for row in rows] for column in range(4)],
        )
