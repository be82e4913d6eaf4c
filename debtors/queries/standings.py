"""Reading how debts and debtors stand, and what that is made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from django.db import connection

from debtors.default_rules import Segment, thresholds
from debtors.models import StandingCount
from debtors.regulatory import Measure
from debtors.standing import Movement
from debtors.standing_rows import HELD_COLUMNS, Held, Owner, Sources
from kernel.sql_text import array_text
from ledger.lifecycle import COMPONENTS
from ledger.replay import FIXED

#: The interest of a day is owed when the day is over.
_MOVEMENTS: Final = """
    SELECT p.account_id, t.fact_id, t.is_reversal, t.kind = ANY(%(fixed)s), t.effective_on,
           p.due_on, p.amount_minor
    FROM ledger_posting p
    JOIN (
        SELECT t.id, COALESCE(r.kind, t.kind) AS kind,
               t.effective_on + (COALESCE(r.kind, t.kind) = 'interest')::int AS effective_on,
               COALESCE(r.id, t.id) AS fact_id, r.id IS NOT NULL AS is_reversal
        FROM ledger_transaction t LEFT JOIN ledger_transaction r ON r.id = t.reverses_id
        WHERE t.account_id = ANY(%(accounts)s::bigint[])
    ) t ON t.id = p.transaction_id
    WHERE p.account_id = ANY(%(accounts)s::bigint[]) AND p.leg = ANY(%(components)s)
    ORDER BY p.id
"""
_MEASURES: Final = """
    SELECT debt_id, granted_on, loss_percent FROM debtors_forbearancemeasure
    WHERE debt_id = ANY(%(debts)s::bigint[]) AND voided_at IS NULL ORDER BY granted_on, id
"""
_HELD: Final = f"""
    SELECT debt_id, debtor_id, id, {HELD_COLUMNS} FROM debtors_standing
    WHERE replaced_at IS NULL AND {{subject}} = ANY(%(ids)s::bigint[]) ORDER BY from_on
"""


def get_standing_sources(*, owners: Sequence[Owner]) -> Sources:
    """What was posted on the debts and granted on them, and how they are believed to stand."""
    debts = array_text(owner.debt_id for owner in owners)
    movements: dict[int, list[Movement]] = defaultdict(list)
    measures: dict[int, list[Measure]] = defaultdict(list)
    held: dict[tuple[str, int], list[Held]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVEMENTS,
            {
                "accounts": array_text(owner.account_id for owner in owners),
                "fixed": sorted(FIXED),
                "components": sorted(COMPONENTS),
            },
        )
        for account_id, *movement in cursor.fetchall():
            movements[account_id].append(Movement._make(movement))
        cursor.execute(_MEASURES, {"debts": debts})
        for debt_id, *measure in cursor.fetchall():
            measures[debt_id].append(Measure._make(measure))
        for subject, ids in (
            ("debt_id", debts),
            ("debtor_id", array_text({owner.debtor_id for owner in owners})),
        ):
            cursor.execute(_HELD.format(subject=subject), {"ids": ids})
            for debt_id, debtor_id, *row in cursor.fetchall():
                name = ("debt", debt_id) if debt_id is not None else ("debtor", debtor_id)
                held[name].append(Held._make(row))
        cursor.execute(
            "SELECT debt_id FROM debtors_standingcount"
            " WHERE debt_id = ANY(%(debts)s::bigint[]) AND counted_on IS NOT NULL",
            {"debts": debts},
        )
        counted = frozenset(int(row[0]) for row in cursor.fetchall())
    return Sources(movements, measures, held, counted)


def list_accounts_unmoved_by_interest(*, since: Mapping[int, date]) -> set[int]:
    """Of these accounts, each with the first day of new interest: those whose standing more of it
    cannot change.

    Where both thresholds are exceeded already, an amount added to both sides exceeds them still.
    Where a debt judged by itself is past due below the absolute one, it counts for nothing yet.
    """
    rows = StandingCount.objects.filter(
        debt__account_id__in=since, counted_on__isnull=False, due_since__isnull=False
    ).values_list(
        "debt__account_id", "material_since", "debt__is_consumer", "debt__currency",
        "debt__account__due_minor",
    )  # fmt: skip
    unmoved = set()
    for account_id, material_since, is_consumer, currency, due_minor in rows:
        on = since[account_id]
        limits = thresholds(segment=Segment.RETAIL, currency=currency, on=on)
        if material_since is not None:
            is_unmoved = material_since <= on
        else:
            is_unmoved = is_consumer and due_minor <= limits.absolute_minor
        if is_unmoved:
            unmoved.add(account_id)
    return unmoved
