"""What the debts of a case were on a day, and where their interest comes from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection

from api.decimals import decimal_string
from api.queries.case import get_case_row
from debtors.lifecycle import PartyRole
from debtors.models import Debt
from kernel.actor import Actor
from ledger.lifecycle import Component
from ledger.queries import (
    ExplainedInterest,
    ExplainedSegment,
    Standing,
    list_balances_as_of,
    list_interest_explained,
)
from ledger.rates import ARTICLES


def get_ledger(*, number: str, on: date, known_at: datetime | None, actor: Actor) -> dict[str, Any]:
    """As of the end of a day, in a constant number of statements. Raises CaseNotFound."""
    with connection.cursor() as cursor:
        debtor_id = get_case_row(cursor=cursor, number=number, actor=actor)[8]
    debts = list(
        Debt.objects.filter(parties__debtor_id=debtor_id, parties__role=PartyRole.MAIN_DEBTOR)
        .select_related("account")
        .order_by("pk")
    )
    ids = [debt.account_id for debt in debts]
    standings = list_balances_as_of(account_ids=ids, on=on, known_at=known_at)
    interest = list_interest_explained(account_ids=ids, on=on)
    return {
        "number": number,
        "as_of": on.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
        "debts": [
            _debt(debt, standings[debt.account_id], interest[debt.account_id]) for debt in debts
        ],
    }


def _debt(debt: Debt, standing: Standing, interest: ExplainedInterest) -> dict[str, Any]:
    currency = debt.currency
    return {
        "external_id": debt.external_id,
        "contract_no": debt.contract_no,
        "currency": currency,
        "keeper": interest.keeper.value,
        "taken_over_on": debt.account.opened_on.isoformat(),
        "due": decimal_string(standing.due_minor, currency),
        "outstanding": decimal_string(standing.outstanding_minor, currency),
        "paid_ahead": decimal_string(standing.credit_minor, currency),
        "due_since": _day(standing.due_since),
        "days_past_due": standing.days_past_due,
        "components": {
            component.value: {
                "due": decimal_string(standing.due_of(component), currency),
                "not_yet_due": decimal_string(standing.not_yet_due_of(component), currency),
            }
            for component in Component
        },
        "interest": {
            "segments": [_segment(one, currency) for one in interest.segments],
            "total": decimal_string(interest.total_minor, currency),
            "posted": decimal_string(interest.posted_minor, currency),
            "not_posted": decimal_string(interest.not_posted_minor, currency),
            "unconfirmed_from": _day(interest.unconfirmed_from),
        },
    }


def _segment(one: ExplainedSegment, currency: str) -> dict[str, Any]:
    segment = one.segment
    return {
        "first_on": segment.first_on.isoformat(),
        "last_on": segment.last_on.isoformat(),
        "days": segment.days,
        "rate": one.rate.value,
        "percent": f"{segment.percent:f}",
        "article": ARTICLES[one.tariff.kind],
        "source": one.source,
        "base": decimal_string(segment.base_minor, currency),
        "amount": decimal_string(segment.amount_minor, currency),
    }


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None
