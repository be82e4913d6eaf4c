"""What money and closed cases do to agreements, placements and referrals, by the one table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from agencies.lifecycle import PlacementStatus
from agencies.models import Placement
from agencies.operations import propose_placements
from cases.lifecycle import CaseStatus, Handler
from cases.models import Case, Hold
from cases.operations import NewProposal
from courts.lifecycle import ReferralStatus
from courts.models import Referral
from courts.operations import propose_referrals
from debtors.models import Debt
from journal.delivery import deliver_pending
from kernel.actor import Actor
from ledger.operations import post_payment
from negotiations.lifecycle import AgreementKind, AgreementStatus
from negotiations.operations import decide_agreement, propose_agreement
from negotiations.schedule import Terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def pay(machine: Actor, at: datetime) -> Callable[[Case, int], None]:
    """A payment on the next morning, and the delivery of everything that it caused."""

    def posted(case: Case, minor: int) -> None:
        later = at + timedelta(days=1)
        account = Debt.objects.get(parties__debtor=case.debtor).account
        post_payment(
            account_id=account.pk, amount_minor=minor, currency="PLN", value_on=later.date(),
            idempotency_key=f"{case.pk}:{minor}", actor=machine, at=later,
        )  # fmt: skip
        deliver_pending(at=later)

    return posted


def test_paying_all_instalments_early_keeps_the_agreement_and_closes_the_case(
    case: Case, as_officer: Actor, at: datetime, pay: Callable[[Case, int], None]
) -> None:
    terms = Terms(AgreementKind.INSTALMENTS, 6, date(2026, 5, 20))
    agreement = propose_agreement(
        case_id=case.pk, currency="PLN", terms=terms, note="", actor=as_officer, at=at
    )
    pay(case, 1250_00)
    agreement.refresh_from_db()
    case.refresh_from_db()
    assert agreement.status == AgreementStatus.KEPT
    assert (case.status, case.handled_by) == (CaseStatus.CLOSED, Handler.HOUSE)
    assert not Hold.objects.filter(case=case, ended_on=None).exists()


def test_paying_a_settlement_writes_off_the_rest_and_closes_the_case(
    case: Case, as_officer: Actor, as_manager: Actor, at: datetime,
    pay: Callable[[Case, int], None],
) -> None:  # fmt: skip
    terms = Terms(AgreementKind.SETTLEMENT, 1, date(2026, 5, 20), 250_00)
    agreement = propose_agreement(
        case_id=case.pk, currency="PLN", terms=terms, note="", actor=as_officer, at=at
    )
    decide_agreement(
        agreement_id=agreement.pk, move="approve", reason="fair", actor=as_manager, at=at
    )
    pay(case, 1000_00)
    agreement.refresh_from_db()
    case.refresh_from_db()
    account = Debt.objects.get(parties__debtor=case.debtor).account
    assert agreement.status == AgreementStatus.KEPT
    assert account.due_minor == 0
    assert (case.status, case.handled_by) == (CaseStatus.CLOSED, Handler.HOUSE)


def test_paying_everything_voids_what_was_proposed(
    case: Case, machine: Actor, at: datetime, on: date, pay: Callable[[Case, int], None]
) -> None:
    propose_placements(proposals=[NewProposal(case.pk, "p", {})], on=on, at=at, actor=machine)
    propose_referrals(proposals=[NewProposal(case.pk, "r", {})], on=on, at=at, actor=machine)
    pay(case, 1250_00)
    case.refresh_from_db()
    assert case.status == CaseStatus.CLOSED
    assert Placement.objects.get().status == PlacementStatus.WITHDRAWN
    assert Referral.objects.get().status == ReferralStatus.WITHDRAWN
    assert not Hold.objects.filter(case=case, ended_on=None).exists()


def test_a_first_instalment_leaves_the_agreement_running(
    case: Case, as_officer: Actor, at: datetime, pay: Callable[[Case, int], None]
) -> None:
    terms = Terms(AgreementKind.INSTALMENTS, 2, date(2026, 5, 20))
    agreement = propose_agreement(
        case_id=case.pk, currency="PLN", terms=terms, note="", actor=as_officer, at=at
    )
    pay(case, 625_00)
    agreement.refresh_from_db()
    case.refresh_from_db()
    assert agreement.status == AgreementStatus.IN_FORCE
    assert agreement.judge_on == date(2026, 6, 27)
    assert case.handled_by == Handler.AGREEMENT
