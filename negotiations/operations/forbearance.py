"""What an agreement means for the standing of the debts: a concession makes them forborne."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import Sum

from debtors.lifecycle import PartyRole
from debtors.models import Debt
from debtors.operations import NewMeasure, grant_measures, take_back_measures
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from negotiations.models import Agreement

_PLACES: Final = Decimal("0.0001")


@by_machine
@transaction.atomic
def note_forbearance(*, agreement_ids: Sequence[int], actor: Actor, at: datetime) -> int:
    """An agreement in force on debts past due is a forbearance measure on each of them
    (FINREP Annex V); returns how many are new.

    What it gives up is counted against all that is owed in its currency, not against the arrears.
    """
    agreements = list(
        Agreement.objects.filter(pk__in=agreement_ids, in_force_on__isnull=False)
        .select_related("case")
        .order_by("id")
    )
    owed = _owed([agreement.case.debtor_id for agreement in agreements])
    measures = [
        NewMeasure(
            agreement.case.debtor_id,
            agreement.currency,
            agreement.in_force_on,
            _loss_percent(
                agreement.write_off_minor,
                owed.get((agreement.case.debtor_id, agreement.currency), 0),
            ),
            _cause(agreement.pk),
        )
        for agreement in agreements
        if agreement.in_force_on is not None
    ]
    return grant_measures(measures=measures, actor=actor, at=at)


@by_machine
@transaction.atomic
def take_back_forbearance(*, agreement_ids: Sequence[int], actor: Actor, at: datetime) -> int:
    """An agreement withdrawn on the day it came into force granted nothing; returns how many
    measures are void."""
    causes = [_cause(pk) for pk in agreement_ids]
    return take_back_measures(causes=causes, on=legal_day(at), actor=actor, at=at)


def _owed(debtor_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    rows = (
        Debt.objects.filter(parties__debtor_id__in=debtor_ids, parties__role=PartyRole.MAIN_DEBTOR)
        .values("parties__debtor_id", "currency")
        .annotate(owed=Sum("account__outstanding_minor"))
        .values_list("parties__debtor_id", "currency", "owed")
    )
    return {(debtor_id, currency): owed for debtor_id, currency, owed in rows}


def _loss_percent(write_off_minor: int, owed_minor: int) -> Decimal:
    if owed_minor <= 0 or write_off_minor <= 0:
        return Decimal(0)
    share = Decimal(write_off_minor) * 100 / owed_minor
    return min(share, Decimal(100)).quantize(_PLACES)


def _cause(agreement_id: int) -> str:
    return f"agreement:{agreement_id}"
