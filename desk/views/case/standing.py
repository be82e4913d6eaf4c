"""How the debts of a case stood on every day, why, and what was told otherwise before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from debtors.default_rules import Segment, thresholds
from debtors.lifecycle import Product
from debtors.models import Debt
from debtors.queries import StandingNow, StandingSpell
from debtors.standing_wording import counted_text, days_text, standing_text
from debtors.wording import product_name
from desk.queries.standing import StandingFile, get_standing_file
from desk.views.case.show import find_case
from kernel import clock
from staff.access import StaffRequest, page
from staff.rights import Right


@dataclass(frozen=True, slots=True)
class SpellRow:
    """Some days of a debt. ``replaced_at``: since when we know that it was otherwise."""

    from_on: date
    until_on: date | None
    text: str
    counted: str
    material_since: date | None
    known_at: datetime
    replaced_at: datetime | None


@dataclass(frozen=True, slots=True)
class DebtStanding:
    """``rows`` is what holds now, ``replaced`` what was told before it was known better."""

    debt: Debt
    product: str
    text: str
    counted: str
    ends_on: date | None
    review_on: date | None
    rows: Sequence[SpellRow]
    replaced: Sequence[SpellRow]


@require_safe
@page(Right.SEE_CASES)
def show_standing(request: StaffRequest, number: str) -> HttpResponse:
    case, today = find_case(request, number), clock.today()
    file = get_standing_file(case=case, on=today)
    whole = file.standing.whole
    context = {
        "case": case,
        "whole": _text(whole),
        "ends_on": whole.ends_on if whole else None,
        "debts": [_debt(debt, file, today) for debt in file.debts],
    }
    return render(request, "desk/standing.html", context)


def _debt(debt: Debt, file: StandingFile, today: date) -> DebtStanding:
    now, days = file.standing.debts.get(debt.pk), file.standing.counted.get(debt.pk)
    limit = thresholds(
        segment=Segment.RETAIL if debt.is_consumer else Segment.OTHER,
        currency=debt.currency,
        on=today,
    ).days
    own = [spell for spell in file.spells if spell.debt_id == debt.pk]
    counted = days_text(material_since=days.material_since, limit=limit, on=today) if days else ""
    return DebtStanding(
        debt=debt,
        product=str(product_name(Product(debt.product))),
        text=_text(now),
        counted=counted,
        ends_on=now.ends_on if now else None,
        review_on=days.review_on if days else None,
        rows=[_spell(spell) for spell in own if spell.replaced_at is None],
        replaced=[_spell(spell) for spell in own if spell.replaced_at is not None],
    )


def _text(now: StandingNow | None) -> str:
    if now is None:
        return standing_text(default="", forborne="no", stage=1)
    return standing_text(default=now.default, forborne=now.forborne, stage=now.stage)


def _spell(spell: StandingSpell) -> SpellRow:
    since = spell.grounds.get("material_since")
    return SpellRow(
        from_on=spell.from_on,
        until_on=spell.until_on,
        text=standing_text(default=spell.default, forborne=spell.forborne, stage=spell.stage),
        counted=counted_text(spell.grounds),
        material_since=date.fromisoformat(since) if since else None,
        known_at=spell.known_at,
        replaced_at=spell.replaced_at,
    )
