"""Reading court referrals and what stands in the way of one."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.db.models import QuerySet, Sum

from cases.lifecycle import HOLD_EFFECTS
from courts.claimable import ClaimedDebt, ReferralFacts
from courts.lifecycle import Procedure
from courts.models import Referral, ReferralCost
from courts.terms import objection_ends_on
from kernel.actor import Actor
from kernel.calendar import POLAND
from kernel.errors import NotFound

#: No list shows more than this at once.
MAX_ROWS = 200
_BLOCKING = sorted(kind for kind, effect in HOLD_EFFECTS.items() if effect.escalation)


class ReferralNotFound(NotFound):
    """There is no such referral, or its case belongs to another team than the actor's."""

    code = "referral_not_found"


def get_referral_facts(*, case_id: int, on: date) -> ReferralFacts:
    """Debts are terminated when the termination has taken effect on or before ``on``."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.status, c.handled_by, ARRAY(
                SELECT DISTINCT h.kind::text FROM cases_hold h
                WHERE h.case_id = c.id AND h.ended_on IS NULL AND h.from_on <= %(on)s
                  AND h.kind = ANY(%(blocking)s) AND h.cause NOT LIKE 'referral:%%'
                ORDER BY 1)
            FROM cases_case c WHERE c.id = %(case)s
            """,
            {"case": case_id, "on": on, "blocking": _BLOCKING},
        )
        status, handled_by, holds = cursor.fetchone()
        cursor.execute(
            """
            SELECT a.id, d.contract_no, a.currency, a.due_minor, a.due_since,
                   coalesce(d.is_consumer AND d.limitation_on < %(on)s, false)
            FROM cases_case c
            JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
            JOIN debtors_debt d ON d.id = p.debt_id AND d.terminated_on <= %(on)s
            JOIN ledger_account a ON a.id = d.account_id AND a.due_minor > 0
            WHERE c.id = %(case)s ORDER BY a.due_since, a.id
            """,
            {"case": case_id, "on": on},
        )
        debts = tuple(ClaimedDebt(*row) for row in cursor.fetchall())
    return ReferralFacts(case_id, status, handled_by, debts, tuple(holds))


def get_referral(*, referral_id: int, actor: Actor) -> Referral:
    """Raises ReferralNotFound."""
    found = _visible(actor).select_related("case__debtor", "proposed_by", "decided_by")
    referral = found.filter(pk=referral_id).first()
    if referral is None:
        raise ReferralNotFound(referral_id=referral_id)
    return referral


def get_objection_end(*, referral: Referral) -> date | None:
    """The last day to object to the order; None while it has not been served."""
    if referral.served_on is None:
        return None
    return objection_ends_on(
        served_on=referral.served_on,
        procedure=Procedure(referral.procedure),
        calendar=POLAND,
    )


def list_referrals(
    *,
    actor: Actor,
    case_id: int | None = None,
    status: str = "",
    before_id: int | None = None,
    limit: int = 50,
) -> list[Referral]:
    """Referrals of the actor's cases, newest first; page on with ``before_id``."""
    found = _visible(actor).select_related("case__debtor")
    if case_id is not None:
        found = found.filter(case_id=case_id)
    if status:
        found = found.filter(status=status)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return list(found.order_by("-id")[: min(limit, MAX_ROWS)])


def list_costs(*, referral_id: int) -> list[ReferralCost]:
    """In the order in which they arose."""
    found = ReferralCost.objects.filter(referral_id=referral_id)
    return list(found.order_by("incurred_on", "id")[:MAX_ROWS])


def list_cost_totals(*, referral_id: int) -> list[tuple[str, int]]:
    """Minor units per currency."""
    rows = (
        ReferralCost.objects.filter(referral_id=referral_id)
        .values("currency")
        .annotate(minor=Sum("amount_minor"))
        .order_by("currency")
    )
    return [(row["currency"], row["minor"]) for row in rows]


def _visible(actor: Actor) -> QuerySet[Referral]:
    found = Referral.objects.all()
    return found if actor.team_id is None else found.filter(case__team_id=actor.team_id)
