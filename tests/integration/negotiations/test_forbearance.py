"""An agreement in force on debts past due makes them forborne, for as long as the law says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from cases.models import Case
from debtors.models import Debt, ForbearanceMeasure, Standing
from journal.delivery import deliver_pending
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor, system_actor
from kernel.calendar import years_later
from ledger.allocation import Bucket
from ledger.lifecycle import Component
from ledger.models import Account, Balance
from ledger.operations import post_adjustment
from negotiations.models import Agreement
from negotiations.operations import note_forbearance, withdraw_agreement
from negotiations.operations.force import put_into_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def debt(case: Case, at: datetime) -> Debt:
    """1,250.00 of 5,000.00 due since 2026-04-01, as postings say."""
    debt = Debt.objects.get(parties__debtor=case.debtor)
    Balance.objects.filter(account=debt.account).delete()
    Account.objects.filter(pk=debt.account_id).update(
        due_minor=0, outstanding_minor=0, due_since=None
    )
    post_adjustment(
        account_id=debt.account_id,
        changes=[
            Bucket(Component.PRINCIPAL, date(2026, 4, 1), 125_000),
            Bucket(Component.PRINCIPAL, None, 375_000),
        ],
        reason="as it was", idempotency_key="opening", effective_on=date(2026, 4, 1),
        actor=system_actor("tests"), at=at,
    )  # fmt: skip
    deliver_pending(at=at)
    return debt


def agree(case: Case, on: date, at: datetime, machine: Actor, *, write_off: int = 0) -> Agreement:
    agreement = Agreement.objects.create(
        case=case, kind="settlement" if write_off else "instalments", status="proposed",
        amount_minor=125_000, currency="PLN", needs_approval=False, write_off_minor=write_off,
        tolerance_days=5, tolerance_minor=0, last_transaction_id=0, policy_from=on,
        proposed_at=at, grounds={},
    )  # fmt: skip
    agreement.instalments.create(
        number=1, due_on=on + timedelta(days=30), amount_minor=125_000 - write_off
    )
    put_into_force(agreement=agreement, move="conclude", on=on, actor=machine, at=at)
    deliver_pending(at=at)
    agreement.refresh_from_db()
    return agreement


def stands(debt: Debt) -> tuple[str, str, int]:
    now = Standing.objects.get(debt=debt, until_on=None, replaced_at=None)
    return now.default, now.forborne, now.stage


def test_an_agreement_makes_the_debt_forborne_for_two_years(
    case: Case, debt: Debt, on: date, at: datetime, machine: Actor
) -> None:
    agreement = agree(case, on, at, machine)
    assert stands(debt) == ("", "probation", 2)
    measure = ForbearanceMeasure.objects.get(debt=debt)
    assert (measure.granted_on, measure.loss_percent) == (on, Decimal(0))
    now = Standing.objects.get(debtor=case.debtor, until_on=None, replaced_at=None)
    assert now.ends_on == years_later(on, 2)
    (event, *_) = list_events(
        subjects=[Subject("account", debt.account_id)], kinds=["debt.standing_changed"]
    )
    assert event.payload["after"]["forborne"] == "probation"
    assert note_forbearance(agreement_ids=[agreement.pk], actor=machine, at=at) == 0


def test_what_a_settlement_gives_up_counts_against_all_that_is_owed(
    case: Case, debt: Debt, on: date, at: datetime, machine: Actor
) -> None:
    agree(case, on, at, machine, write_off=25_000)
    assert ForbearanceMeasure.objects.get(debt=debt).loss_percent == 5
    assert stands(debt) == ("restructuring", "cure", 3)


def test_an_agreement_withdrawn_the_same_day_granted_nothing(
    case: Case, debt: Debt, on: date, at: datetime, machine: Actor
) -> None:
    agreement = agree(case, on, at, machine)
    withdraw_agreement(agreement_id=agreement.pk, reason="a mistake", actor=machine, at=at)
    deliver_pending(at=at)
    assert stands(debt) == ("", "no", 2), "41 days past due all the same"


def test_an_agreement_withdrawn_later_leaves_the_debt_forborne(
    case: Case, debt: Debt, on: date, at: datetime, machine: Actor
) -> None:
    agreement = agree(case, on, at, machine)
    later = at + timedelta(days=10)
    withdraw_agreement(agreement_id=agreement.pk, reason="no longer", actor=machine, at=later)
    deliver_pending(at=later)
    assert stands(debt)[1] == "probation"
