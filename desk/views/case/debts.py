"""What is owed: the totals, and each debt by component."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from debtors.default_rules import Segment, thresholds
from debtors.lifecycle import Product
from debtors.models import Debt
from debtors.queries import DaysCounted, DebtorStanding, StandingNow
from debtors.standing_wording import days_text, standing_text
from debtors.wording import product_name
from desk.queries.case_page import CaseFile, DebtMoney, Total
from ledger.lifecycle import Component
from ledger.queries import ExplainedInterest
from ledger.wording import component_name
from staff.figures import format_account, mask_account


@dataclass(frozen=True, slots=True)
class DebtRow:
    """``pay_to`` is the account to pay to as it may be shown; ``copies`` is what copying it
    gives, empty while it is masked. ``standing`` is empty while it performs in stage 1, and
    ``counted`` while it is not over both thresholds."""

    debt: Debt
    product: str
    days: int
    since: date | None
    parts: Sequence[int]
    due_minor: int
    outstanding_minor: int
    pay_to: str
    copies: str
    standing: str
    counted: str


def debts_context(
    file: CaseFile,
    today: date,
    told_ids: Collection[int],
    interest: Mapping[int, ExplainedInterest],
) -> dict[str, Any]:
    """``told_ids`` are debts about which the caller may be told, so that their account for
    repayment is shown in full. ``currencies`` holds the open debts of each currency with their
    sum; ``settled`` the others, which fold. ``interest`` is through today, by account."""

    def row(money: DebtMoney) -> DebtRow:
        return debt_row(money, today, file.standing, is_told=money.debt.pk in told_ids)

    totals = file.totals
    open_debts = [money for money in file.debts if not money.is_settled]
    settled = [money for money in file.debts if money.is_settled]
    return {
        "totals": [
            {**total_row(total, today), **_with_interest(file, total, interest)} for total in totals
        ],
        "component_names": [component_name(component) for component in Component],
        "currencies": [
            {
                "total": total_row(total, today),
                "rows": [
                    row(money) for money in open_debts if money.debt.currency == total.currency
                ],
            }
            for total in totals
        ],
        "settled": [row(money) for money in settled],
        "debts": file.debts,
        "standing": _standing_text(file.standing.whole),
    }


def _with_interest(
    file: CaseFile, total: Total, interest: Mapping[int, ExplainedInterest]
) -> dict[str, Any]:
    """What is overdue today with the interest for delay that is posted at the end of the month.

    Below zero is what was posted too much, as after a rate was lowered.
    """
    explained = [
        interest[money.debt.account_id]
        for money in file.debts
        if money.debt.currency == total.currency
    ]
    not_posted_minor = sum(one.not_posted_minor for one in explained)
    doubtful = [one.unconfirmed_from for one in explained if one.unconfirmed_from]
    return {
        "not_posted_minor": not_posted_minor,
        "today_minor": total.due_minor + not_posted_minor,
        "unconfirmed_from": min(doubtful, default=None),
    }


def total_row(total: Total, today: date) -> dict[str, Any]:
    since = total.due_since
    return {
        "currency": total.currency,
        "due_minor": total.due_minor,
        "outstanding_minor": total.outstanding_minor,
        "since": since,
        "days": max((today - since).days, 0) if since else 0,
        "components": [
            {"label": component_name(component), "minor": total.due.get(component, 0)}
            for component in Component
        ],
    }


def debt_row(money: DebtMoney, today: date, standing: DebtorStanding, *, is_told: bool) -> DebtRow:
    number = money.debt.account.virtual_account_no or ""
    return DebtRow(
        debt=money.debt,
        product=str(product_name(Product(money.debt.product))),
        days=money.days_past_due(today),
        since=money.debt.account.due_since,
        parts=[money.due.get(component, 0) for component in Component],
        due_minor=money.due_minor,
        outstanding_minor=money.outstanding_minor,
        pay_to=(format_account(number) if is_told else mask_account(number)) if number else "",
        copies=number if is_told else "",
        standing=_standing_text(standing.debts.get(money.debt.pk)),
        counted=_counted_text(standing.counted.get(money.debt.pk), today),
    )


def _standing_text(now: StandingNow | None) -> str:
    if now is None:
        return ""
    return standing_text(default=now.default, forborne=now.forborne, stage=now.stage)


def _counted_text(counted: DaysCounted | None, today: date) -> str:
    """The days that count towards a default, while they do."""
    if counted is None or counted.material_since is None:
        return ""
    segment = Segment.RETAIL if counted.is_consumer else Segment.OTHER
    limits = thresholds(segment=segment, currency=counted.currency, on=today)
    return days_text(material_since=counted.material_since, limit=limits.days, on=today)
