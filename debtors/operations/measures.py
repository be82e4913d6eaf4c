"""Concessions to debtors in difficulty, which make their debts forborne."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from debtors.models import Debt, ForbearanceMeasure
from debtors.operations.reckoning import reckon_standings
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day


class NewMeasure(NamedTuple):
    """Granted on all debts of a main debtor in one currency on which something was due then.

    ``loss_percent`` is the share of them that is given up; ``cause`` names what granted it.
    """

    debtor_id: int
    currency: str
    granted_on: date
    loss_percent: Decimal
    cause: str


@by_machine
@transaction.atomic
def grant_measures(*, measures: Sequence[NewMeasure], actor: Actor, at: datetime) -> int:
    """Note the measures and judge the debts anew (FINREP Annex V); returns how many are new.

    A debt that is not past due is in no difficulty and stays as it is. A cause grants a debt one
    measure, however often it comes.
    """
    debts = _debts_past_due([measure.debtor_id for measure in measures])
    rows = [
        ForbearanceMeasure(
            debt_id=debt_id,
            granted_on=measure.granted_on,
            loss_percent=measure.loss_percent,
            cause=measure.cause,
            recorded_at=at,
        )
        for measure in measures
        for debt_id, debtor_id, currency, due_since in debts
        if (debtor_id, currency) == (measure.debtor_id, measure.currency)
        and due_since < measure.granted_on
    ]
    known = set(
        ForbearanceMeasure.objects.filter(cause__in={row.cause for row in rows}).values_list(
            "debt_id", "cause"
        )
    )
    new = [row for row in rows if (row.debt_id, row.cause) not in known]
    ForbearanceMeasure.objects.bulk_create(new, ignore_conflicts=True)
    _judge([row.debt_id for row in new], actor, at)
    return len(new)


@by_machine
@transaction.atomic
def take_back_measures(*, causes: Sequence[str], on: date, actor: Actor, at: datetime) -> int:
    """What was granted on ``on`` by these causes and taken back the same day was never granted.

    A measure of an earlier day stays: the debtor has had it. Returns how many are void.
    """
    found = ForbearanceMeasure.objects.filter(
        cause__in=causes, granted_on__gte=on, voided_at__isnull=True
    )
    debt_ids = list(found.values_list("debt_id", flat=True))
    voided = found.update(voided_at=at)
    _judge(debt_ids, actor, at)
    return voided


def _debts_past_due(debtor_ids: Sequence[int]) -> list[tuple[int, int, str, date]]:
    return [
        (debt_id, debtor_id, currency, due_since)
        for debt_id, debtor_id, currency, due_since in Debt.objects.filter(
            parties__debtor_id__in=debtor_ids,
            parties__role="main_debtor",
            account__due_minor__gt=0,
        ).values_list("id", "parties__debtor_id", "currency", "account__due_since")
        if due_since is not None
    ]


def _judge(debt_ids: Sequence[int], actor: Actor, at: datetime) -> None:
    account_ids = Debt.objects.filter(pk__in=debt_ids).values_list("account_id", flat=True)
    reckon_standings(account_ids=list(account_ids), through=legal_day(at), actor=actor, at=at)
