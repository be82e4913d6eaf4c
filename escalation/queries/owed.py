"""What each case owes: debts as plain rows in one statement, summed per case in Python.

Most cases have one debt; ordered aggregates in SQL would cost three times as much.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from django.db import connection

from escalation.facts import Amounts
from kernel.sql_text import array_text

_DEBTS: Final = """
SELECT p.debtor_id, a.currency, a.due_minor, a.outstanding_minor, a.due_since, d.product,
       d.is_consumer, d.limitation_on, d.terminated_on
FROM unnest(%(debtors)s::bigint[]) AS n (debtor_id)
JOIN debtors_debtparty p ON p.debtor_id = n.debtor_id AND p.role = 'main_debtor'
JOIN debtors_debt d ON d.id = p.debt_id
JOIN ledger_account a ON a.id = d.account_id
"""


class _Debt(NamedTuple):
    debtor_id: int
    currency: str
    due_minor: int
    outstanding_minor: int
    due_since: date | None
    product: str
    is_consumer: bool
    limitation_on: date | None
    terminated_on: date | None


class Owed(NamedTuple):
    """Product and currency are those of the debt that is due longest. ``limitation_on`` is the
    earliest of what a consumer owes; ``terminated_on`` is set when all that is due is terminated.
    """

    overdue: Amounts
    outstanding: Amounts
    currency: str
    due_since: date | None
    product: str
    consumer: bool
    limitation_on: date | None
    terminated_on: date | None


NOTHING_OWED: Final = Owed((), (), "", None, "other", consumer=False, limitation_on=None,
                           terminated_on=None)  # fmt: skip


def get_owed(*, debtor_ids: Iterable[int], on: date) -> dict[int, Owed]:
    """By the id of the main debtor; one without any debt is missing."""
    with connection.cursor() as cursor:
        cursor.execute(_DEBTS, {"debtors": array_text(debtor_ids)})
        rows: list[tuple[object, ...]] = cursor.fetchall()
    debts: dict[int, list[_Debt]] = defaultdict(list)
    for row in rows:
        debts[row[0]].append(_Debt._make(row))  # type: ignore[index]
    return {
        debtor_id: _owed_by_one(found[0], on) if len(found) == 1 else _owed_by_many(found, on)
        for debtor_id, found in debts.items()
    }


def _owed_by_one(debt: _Debt, on: date) -> Owed:
    is_due = debt.due_minor > 0
    return Owed(
        ((debt.currency, debt.due_minor),) if is_due else (),
        ((debt.currency, debt.outstanding_minor),) if debt.outstanding_minor > 0 else (),
        debt.currency,
        debt.due_since,
        debt.product,
        debt.is_consumer,
        debt.limitation_on if is_due and debt.is_consumer else None,
        _terminated(debt, on) if is_due else None,
    )


def _terminated(debt: _Debt, on: date) -> date | None:
    since = debt.terminated_on
    return since if since is not None and since <= on else None


def _owed_by_many(debts: Sequence[_Debt], on: date) -> Owed:
    due = [debt for debt in debts if debt.due_minor > 0]
    leading = min(due or debts, key=lambda debt: (debt.due_since or date.max, debt.currency))
    limits = [d.limitation_on for d in due if d.is_consumer and d.limitation_on is not None]
    terminated = [_terminated(debt, on) for debt in due]
    known = [day for day in terminated if day is not None]
    return Owed(
        _sums((debt.currency, debt.due_minor) for debt in due),
        _sums((debt.currency, debt.outstanding_minor) for debt in debts),
        leading.currency,
        leading.due_since,
        leading.product,
        any(debt.is_consumer for debt in debts),
        min(limits, default=None),
        max(known) if known and len(known) == len(due) else None,
    )


def _sums(amounts: Iterable[tuple[str, int]]) -> Amounts:
    """Per currency, in order, without those of which nothing is owed."""
    sums: dict[str, int] = defaultdict(int)
    for currency, minor in amounts:
        sums[currency] += minor
    return tuple((currency, minor) for currency, minor in sorted(sums.items()) if minor > 0)
