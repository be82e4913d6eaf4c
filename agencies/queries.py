"""Reading agencies, placements and what stands in the way of one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from agencies.exchange import DebtLine
from agencies.lifecycle import PlacementStatus
from agencies.models import Agency, AgencyPayment, Placement, PlacementBatch
from agencies.placeable import PlacementFacts
from cases.lifecycle import HOLD_EFFECTS
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.typed import whole_number

#: No list shows more than this at once.
MAX_ROWS = 200
_BLOCKING = sorted(kind for kind, effect in HOLD_EFFECTS.items() if effect.escalation)


class AgencyNotFound(NotFound):
    code = "agency_not_found"


class PlacementNotFound(NotFound):
    """There is no such placement, or its case belongs to another team than the actor's."""

    code = "placement_not_found"


class BatchNotFound(NotFound):
    code = "batch_not_found"


def list_placement_facts(*, case_ids: Sequence[int], on: date) -> dict[int, PlacementFacts]:
    """The facts of each case, in one query. Contracts are named by their number."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.id, c.status, c.handled_by, letters.delivered_on,
                   coalesce(debts.terminated, '{}'), coalesce(debts.collectable, '{}'),
                   coalesce(debts.barred, '{}'), coalesce(holds.kinds, '{}')
            FROM cases_case c
            LEFT JOIN LATERAL (
                SELECT min(m.delivered_on) AS delivered_on FROM contacts_message m
                WHERE m.case_id = c.id AND m.debtor_id = c.debtor_id AND m.status = 'delivered'
                  AND m.template IN ('demand', 'notice_75c', 'termination', 'precourt_demand')
                  AND m.delivered_on <= %(on)s
            ) letters ON true
            LEFT JOIN LATERAL (
                SELECT array_agg(d.contract_no ORDER BY d.id)
                           FILTER (WHERE d.terminated_on <= %(on)s) AS terminated,
                       array_agg(d.contract_no ORDER BY d.id)
                           FILTER (WHERE NOT coalesce(d.is_consumer AND d.limitation_on < %(on)s,
                                                      false)) AS collectable,
                       array_agg(d.contract_no ORDER BY d.id)
                           FILTER (WHERE d.is_consumer AND d.limitation_on < %(on)s) AS barred
                FROM debtors_debtparty p
                JOIN debtors_debt d ON d.id = p.debt_id
                JOIN ledger_account a ON a.id = d.account_id AND a.due_minor > 0
                WHERE p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
            ) debts ON true
            LEFT JOIN LATERAL (
                SELECT array_agg(DISTINCT h.kind::text ORDER BY h.kind::text) AS kinds
                FROM cases_hold h
                WHERE h.case_id = c.id AND h.ended_on IS NULL AND h.from_on <= %(on)s
                  AND h.kind = ANY(%(blocking)s) AND h.cause NOT LIKE 'placement:%%'
            ) holds ON true
            WHERE c.id = ANY(%(cases)s)
            """,
            {"on": on, "cases": list(case_ids), "blocking": _BLOCKING},
        )
        return {
            row[0]: PlacementFacts(*row[:4], *(tuple(part) for part in row[4:]))
            for row in cursor.fetchall()
        }


def list_debt_lines(*, placement_ids: Sequence[int], on: date) -> list[DebtLine]:
    """What goes into an agency's file: the debts with something due that may be demanded."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pl.id, c.number, r.kind, r.display_name,
                   coalesce(adr.street, ''), coalesce(adr.postal_code, ''),
                   coalesce(adr.city, ''), coalesce(adr.country, ''),
                   coalesce(points.phones, ''), coalesce(points.emails, ''),
                   d.product, d.contract_no, a.currency, a.due_since, owed.due::text
            FROM agencies_placement pl
            JOIN cases_case c ON c.id = pl.case_id
            JOIN debtors_debtor r ON r.id = c.debtor_id
            JOIN debtors_debtparty p ON p.debtor_id = r.id AND p.role = 'main_debtor'
            JOIN debtors_debt d ON d.id = p.debt_id
            JOIN ledger_account a ON a.id = d.account_id AND a.due_minor > 0
            JOIN LATERAL (
                SELECT jsonb_object_agg(component, minor) AS due FROM (
                    SELECT b.component, sum(b.amount_minor) AS minor FROM ledger_balance b
                    WHERE b.account_id = a.id AND b.due_on IS NOT NULL GROUP BY b.component
                ) s
            ) owed ON owed.due IS NOT NULL
            LEFT JOIN LATERAL (
                SELECT * FROM debtors_address x WHERE x.debtor_id = r.id AND x.is_usable
                ORDER BY x.kind = 'correspondence' DESC LIMIT 1
            ) adr ON true
            LEFT JOIN LATERAL (
                SELECT string_agg(value, ' ' ORDER BY id) FILTER (WHERE kind <> 'email') AS phones,
                       string_agg(value, ' ' ORDER BY id) FILTER (WHERE kind = 'email') AS emails
                FROM debtors_contactpoint x WHERE x.debtor_id = r.id AND x.is_usable
            ) points ON true
            WHERE pl.id = ANY(%(ids)s)
              AND NOT coalesce(d.is_consumer AND d.limitation_on < %(on)s, false)
            ORDER BY pl.id, d.id
            """,
            {"ids": list(placement_ids), "on": on},
        )
        return [DebtLine._make((*row[:-1], json.loads(row[-1]))) for row in cursor.fetchall()]


def get_agency(*, agency_id: int) -> Agency:
    """Raises AgencyNotFound."""
    agency = Agency.objects.filter(pk=agency_id).first()
    if agency is None:
        raise AgencyNotFound(agency_id=agency_id)
    return agency


def get_agency_by_name(*, name: str) -> Agency:
    """By its name, or its id as text, as commands name it. Raises AgencyNotFound."""
    found = Agency.objects.filter(Q(name=name) | Q(pk=whole_number(name)))
    agency = found.first()
    if agency is None:
        raise AgencyNotFound(agency=name)
    return agency


def list_agencies() -> list[Agency]:
    """All agencies by name, each with ``placed_count`` of what it has now."""
    placed = Count("placements", filter=Q(placements__status=PlacementStatus.PLACED))
    return list(Agency.objects.annotate(placed_count=placed).order_by("name")[:MAX_ROWS])


def list_batches(*, agency_id: int | None = None, limit: int = 50) -> list[PlacementBatch]:
    """The newest batches first, without their content."""
    found = PlacementBatch.objects.select_related("agency", "made_by").defer("content")
    if agency_id is not None:
        found = found.filter(agency_id=agency_id)
    return list(found.order_by("-id")[: min(limit, MAX_ROWS)])


def get_batch(*, batch_id: int) -> PlacementBatch:
    """Raises BatchNotFound."""
    batch = PlacementBatch.objects.select_related("agency").filter(pk=batch_id).first()
    if batch is None:
        raise BatchNotFound(batch_id=batch_id)
    return batch


def list_placements(
    *,
    actor: Actor,
    agency_id: int | None = None,
    case_id: int | None = None,
    status: str = "",
    before_id: int | None = None,
    limit: int = 50,
) -> list[Placement]:
    """Placements of the actor's cases, newest first; page on with ``before_id``."""
    found = (
        _visible(actor).select_related("case__debtor", "agency", "batch").defer("batch__content")
    )
    for name, value in (("agency_id", agency_id), ("case_id", case_id), ("status", status)):
        if value:
            found = found.filter(**{name: value})
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return list(found.order_by("-id")[: min(limit, MAX_ROWS)])


def get_placement(*, placement_id: int, actor: Actor) -> Placement:
    """Raises PlacementNotFound."""
    placement = (
        _visible(actor).select_related("case__debtor", "agency").filter(pk=placement_id).first()
    )
    if placement is None:
        raise PlacementNotFound(placement_id=placement_id)
    return placement


def count_approved_placements() -> int:
    """How many wait for a file, up to 1,000."""
    waiting = Placement.objects.filter(status=PlacementStatus.APPROVED)
    return waiting[:1000].count()


def list_collected(*, agency_id: int) -> list[tuple[str, int, int]]:
    """Collected and commission in minor units, per currency."""
    rows = (
        AgencyPayment.objects.filter(agency_id=agency_id)
        .values("currency")
        .annotate(collected=Sum("amount_minor"), earned=Sum("commission_minor"))
        .order_by("currency")
    )
    return [(row["currency"], row["collected"], row["earned"]) for row in rows]


def list_agency_payments(*, agency_id: int, limit: int = 50) -> list[AgencyPayment]:
    """The newest first."""
    found = AgencyPayment.objects.filter(agency_id=agency_id).select_related("placement__case")
    return list(found.order_by("-id")[: min(limit, MAX_ROWS)])


def _visible(actor: Actor) -> QuerySet[Placement]:
    found = Placement.objects.all()
    return found if actor.team_id is None else found.filter(case__team_id=actor.team_id)
