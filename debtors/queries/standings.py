"""Reading how debts and debtors stand, and what that is made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import Q

from debtors.default_rules import Segment, thresholds
from debtors.models import Standing, StandingCount
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


class StandingNow(NamedTuple):
    """How a thing stands on a day, as is believed now; ``grounds`` as they are kept."""

    from_on: date
    default: str
    default_since: date | None
    forborne: str
    forborne_since: date | None
    ends_on: date | None
    stage: int
    grounds: dict[str, Any]


class DaysCounted(NamedTuple):
    """Days in a row over both thresholds and days past due, each from its first day."""

    material_since: date | None
    due_since: date | None
    review_on: date | None
    is_consumer: bool
    currency: str


@dataclass(frozen=True, slots=True)
class DebtorStanding:
    """``whole`` is None where the debtor performs in stage 1; so are debts that are missing in
    ``debts``. ``counted`` has every debt that was ever judged."""

    whole: StandingNow | None
    debts: Mapping[int, StandingNow]
    counted: Mapping[int, DaysCounted]


_STANDS = """
    SELECT s.debt_id, s.from_on, s."default", s.default_since, s.forborne, s.forborne_since,
           s.ends_on, s.stage, s.grounds
    FROM debtors_standing s
    WHERE s.replaced_at IS NULL AND s.from_on <= %(on)s
      AND (s.until_on IS NULL OR s.until_on >= %(on)s)
      AND (s.debtor_id = %(debtor)s OR s.debt_id = ANY(%(debts)s))
"""


def get_debtor_standing(
    *, debtor_id: int, debt_ids: Sequence[int], on: date, with_days: bool = True
) -> DebtorStanding:
    """A debtor and some of their debts as they stand on a day; ``with_days`` also what is
    counted towards another standing."""
    whole: StandingNow | None = None
    debts: dict[int, StandingNow] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, {"debtor": debtor_id, "debts": list(debt_ids), "on": on})
        for debt_id, *row in cursor.fetchall():
            if debt_id is None:
                whole = StandingNow._make(row)
            else:
                debts[debt_id] = StandingNow._make(row)
    return DebtorStanding(whole, debts, _days_counted(debt_ids) if with_days else {})


def _days_counted(debt_ids: Sequence[int]) -> dict[int, DaysCounted]:
    counted = StandingCount.objects.filter(debt_id__in=debt_ids, counted_on__isnull=False)
    return {
        debt_id: DaysCounted._make(row)
        for debt_id, *row in counted.values_list(
            "debt_id", "material_since", "due_since", "review_on", "debt__is_consumer",
            "debt__currency",
        )
    }  # fmt: skip


class StandingSpell(NamedTuple):
    """A row of the history of a debt. ``replaced_at`` is when something else became known."""

    debt_id: int
    from_on: date
    until_on: date | None
    default: str
    forborne: str
    stage: int
    grounds: dict[str, Any]
    known_at: datetime
    replaced_at: datetime | None


def list_standing_spells(*, debt_ids: Sequence[int], limit: int = 500) -> list[StandingSpell]:
    """The history of the debts, newest days first, with what was told otherwise before."""
    rows = Standing.objects.filter(debt_id__in=debt_ids).order_by("-from_on", "-known_at", "-id")
    return [
        StandingSpell._make(row)
        for row in rows.values_list(
            "debt_id", "from_on", "until_on", "default", "forborne", "stage", "grounds",
            "known_at", "replaced_at",
        )[:limit]
    ]  # fmt: skip


def list_debtor_standings(*, debtor_ids: Sequence[int], on: date) -> dict[int, StandingNow]:
    """By debtor; one who performs in stage 1 is missing."""
    rows = Standing.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on),
        debtor_id__in=debtor_ids,
        replaced_at__isnull=True,
        from_on__lte=on,
    )
    return {
        debtor_id: StandingNow._make(row)
        for debtor_id, *row in rows.values_list("debtor_id", *StandingNow._fields)
    }
