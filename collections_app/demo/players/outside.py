"""Agencies that collect for a commission, and courts that issue orders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

from agencies.lifecycle import PlacementStatus
from agencies.models import Agency, Placement
from agencies.operations import add_agency, make_placement_batch, record_agency_payment
from collections_app.demo.world import World, attempt, list_claims
from courts.lifecycle import Procedure, ReferralStatus
from courts.models import Referral
from courts.operations import (
    file_referral,
    record_final_order,
    record_order,
    record_service,
    start_enforcement,
)
from debtors.models import Debt
from kernel.money import Money

_AGENCIES: Final = (
    ("Odra Windykacja sp. z o.o.", "KNF/US/0114/2025", 1_800),
    ("Baltica Collect S.A.", "KNF/US/0167/2025", 2_100),
)
_COURT: Final = "Sąd Rejonowy Lublin-Zachód w Lublinie, VI Wydział Cywilny"
_MONDAY: Final = 0


def sign_agencies(world: World, at: datetime) -> None:
    for name, permit, commission in _AGENCIES:
        add_agency(
            name=name,
            permit_no=permit,
            permit_until=None,
            exclusion_ground=None,
            commission_bp=commission,
            actor=world.managers[0],
            at=at,
        )


def run_agencies(world: World, on: date, at: datetime) -> None:
    """A batch every Monday; a few of those who were placed pay something."""
    if on.weekday() == _MONDAY:
        for agency_id in Agency.objects.order_by("id").values_list("id", flat=True):
            waiting = Placement.objects.filter(status=PlacementStatus.APPROVED).count()
            share = max(1, waiting // 2 if agency_id % 2 else waiting)
            attempt(
                make_placement_batch,
                agency_id=agency_id,
                actor=world.managers[0],
                at=at,
                limit=share,
            )
    placed = Placement.objects.filter(status=PlacementStatus.PLACED)
    for placement_id, agency_id, case_id in placed.values_list("id", "agency_id", "case_id"):
        dice = world.dice("agency", placement_id, on)
        claims = list_claims(case_id) if dice.random() < 0.012 else []
        if claims:
            share = claims[0].due_minor * dice.choice([10, 25, 50, 100]) // 100
            contract = Debt.objects.values_list("contract_no", flat=True).get(
                account_id=claims[0].account_id
            )
            attempt(
                record_agency_payment,
                agency_id=agency_id,
                placement_id=placement_id,
                reference=f"AG/{placement_id}/{on}",
                amount=Money(max(share, 1), claims[0].currency),
                paid_on=on,
                contract_no=contract,
                actor=world.managers[0],
                at=at,
            )


def run_courts(world: World, on: date, at: datetime) -> None:
    """File what was approved, and let the court answer in its time."""
    live = Referral.objects.exclude(status__in=["proposed", "refused", "withdrawn", "closed"])
    for referral in live:
        dice = world.dice("court", referral.pk)
        days = {name: dice.randint(*span) for name, span in _SPANS.items()}
        if step := _next(referral, days, on):
            act, more = step
            attempt(act, referral_id=referral.pk, actor=world.legal[0], at=at, **more)


#: Days between one step and the next, from and to.
_SPANS: Final = {
    "file": (2, 5), "order": (14, 35), "serve": (7, 14), "final": (16, 21), "enforce": (5, 12),
}  # fmt: skip


def _next(
    referral: Referral, days: dict[str, int], on: date
) -> tuple[Callable[..., Any], dict[str, Any]] | None:
    number = f"VI Nc-e {referral.pk + 100_000}/{on:%y}"
    match referral.status:
        case ReferralStatus.APPROVED if _past(_decided_on(referral), days["file"], on):
            terms = {"court": _COURT, "docket_no": number, "filed_on": on, "with_counsel": True}
            return file_referral, {"procedure": Procedure.EPU, **terms}
        case ReferralStatus.FILED if _past(referral.filed_on, days["order"], on):
            return record_order, {"order_on": on, "docket_no": number}
        case ReferralStatus.ORDER if referral.served_on is None:
            if _past(referral.order_on, days["serve"], on):
                return record_service, {"served_on": on}
        case ReferralStatus.ORDER if _past(referral.served_on, days["final"], on):
            return record_final_order, {"final_on": on}
        case ReferralStatus.ORDER_FINAL if _past(referral.final_on, days["enforce"], on):
            bailiff = "Komornik Sądowy przy SR dla Wrocławia-Krzyków"
            docket = f"Km {referral.pk}/{on:%y}"
            return start_enforcement, {
                "enforcement_on": on, "bailiff": bailiff, "bailiff_docket_no": docket,
            }  # fmt: skip
    return None


def _decided_on(referral: Referral) -> date | None:
    return referral.decided_at.date() if referral.decided_at else None


def _past(since: date | None, days: int, on: date) -> bool:
    return since is not None and on >= since + timedelta(days=days)
