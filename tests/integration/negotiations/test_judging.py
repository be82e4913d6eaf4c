"""Agreements are judged by what is paid: at once when money comes, else when the day is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from cases.lifecycle import CaseStatus, Handler, WorkKind
from cases.models import Case, Hold, WorkItem
from cases.operations import settle_cases
from debtors.models import Debt
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.clock import instant
from ledger.models import Account, Transaction
from ledger.operations import post_payment, reverse_posting
from negotiations.lifecycle import AgreementKind, AgreementStatus, InstalmentStatus
from negotiations.models import Agreement
from negotiations.operations import (
    end_agreements_of_closed_cases,
    judge_agreements_of_accounts,
    judge_instalments,
    propose_agreement,
)
from negotiations.schedule import Terms
from tests.integration.cases.builders import make_debt

pytestmark = pytest.mark.django_db

TWO = Terms(AgreementKind.INSTALMENTS, 2, date(2026, 5, 20))  # 625.00 on 20 May and 22 June


def account_of(case: Case) -> Account:
    return Debt.objects.get(parties__debtor=case.debtor).account


def pay(account: Account, minor: int, on: date, actor: Actor) -> int:
    at = instant(on) + timedelta(hours=10)
    posted = post_payment(
        account_id=account.pk, amount_minor=minor, currency="PLN", value_on=on,
        idempotency_key=f"{on}:{minor}:{account.pk}", actor=actor, at=at,
    )  # fmt: skip
    judge_agreements_of_accounts(account_ids=[account.pk], at=at, actor=actor)
    return posted.transaction_id


def close(on: date, actor: Actor) -> dict[str, int]:
    return dict(judge_instalments(on=on, at=instant(on + timedelta(days=1)), actor=actor))


@pytest.fixture
def agreement(case: Case, as_officer: Actor, at: datetime) -> Agreement:
    return propose_agreement(
        case_id=case.pk, currency="PLN", terms=TWO, note="", actor=as_officer, at=at
    )


def test_a_payment_falls_to_the_first_instalment_at_once(
    agreement: Agreement, case: Case, machine: Actor
) -> None:
    pay(account_of(case), 700_00, date(2026, 5, 19), machine)
    rows = list(agreement.instalments.order_by("number").values_list("paid_minor", "status"))
    assert rows == [(625_00, InstalmentStatus.PAID), (75_00, InstalmentStatus.OPEN)]
    agreement.refresh_from_db()
    assert agreement.judge_on == date(2026, 6, 27)


def test_a_payment_from_before_the_agreement_does_not_count(
    case: Case, as_officer: Actor, machine: Actor, at: datetime
) -> None:
    account = account_of(case)
    pay(account, 250_00, date(2026, 5, 11), machine)
    agreement = propose_agreement(
        case_id=case.pk, currency="PLN", terms=TWO, note="", actor=as_officer, at=at
    )
    judge_agreements_of_accounts(account_ids=[account.pk], at=at, actor=machine)
    assert agreement.amount_minor == 1000_00
    assert set(agreement.instalments.values_list("paid_minor", flat=True)) == {0}


def test_a_missed_instalment_beyond_tolerance_breaks_it_the_same_day(
    agreement: Agreement, case: Case, machine: Actor
) -> None:
    assert close(date(2026, 5, 24), machine) == {"judged": 0, "kept": 0, "broken": 0}
    assert close(date(2026, 5, 25), machine) == {"judged": 1, "kept": 0, "broken": 1}
    agreement.refresh_from_db()
    case.refresh_from_db()
    assert agreement.status == AgreementStatus.BROKEN
    assert agreement.ended_on == date(2026, 5, 25)
    assert case.handled_by == Handler.HOUSE
    assert not Hold.objects.filter(case=case, ended_on=None).exists()
    item = WorkItem.objects.get(case=case)
    assert (item.kind, item.due_on) == (WorkKind.BROKEN_AGREEMENT, date(2026, 5, 26))
    (event,) = list_events(subjects=[Subject("case", case.pk)], kinds=["agreement.broken"])
    assert event.payload["missed"] == 1
    assert event.effective_on == date(2026, 5, 25)


def test_judging_twice_changes_nothing_more(
    agreement: Agreement, case: Case, machine: Actor
) -> None:
    close(date(2026, 5, 25), machine)
    before = len(list_events(subjects=[Subject("case", case.pk)]))
    assert close(date(2026, 5, 25), machine) == {"judged": 0, "kept": 0, "broken": 0}
    assert len(list_events(subjects=[Subject("case", case.pk)])) == before


def test_the_last_day_of_tolerance_still_saves_it(
    agreement: Agreement, case: Case, machine: Actor
) -> None:
    pay(account_of(case), 625_00, date(2026, 5, 25), machine)
    assert close(date(2026, 5, 25), machine)["broken"] == 0
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.IN_FORCE


def test_a_tolerated_shortfall_does_not_break_it(
    agreement: Agreement, case: Case, machine: Actor
) -> None:
    pay(account_of(case), 620_00, date(2026, 5, 20), machine)
    assert close(date(2026, 5, 25), machine)["broken"] == 0


def test_a_returned_payment_no_longer_counts(
    agreement: Agreement, case: Case, machine: Actor
) -> None:
    account = account_of(case)
    paid = pay(account, 625_00, date(2026, 5, 19), machine)
    at = instant(date(2026, 5, 21))
    reverse_posting(transaction_id=paid, reason="returned", actor=machine, at=at)
    judge_agreements_of_accounts(account_ids=[account.pk], at=at, actor=machine)
    assert set(agreement.instalments.values_list("paid_minor", "status")) == {(0, "open")}
    assert close(date(2026, 5, 25), machine)["broken"] == 1


def test_all_paid_is_kept_at_once_and_the_case_closes(
    agreement: Agreement, case: Case, machine: Actor
) -> None:
    on = date(2026, 5, 15)
    pay(account_of(case), 1250_00, on, machine)
    settle_cases(debtor_ids=[case.debtor_id], on=on, at=instant(on), actor=machine)
    agreement.refresh_from_db()
    case.refresh_from_db()
    assert agreement.status == AgreementStatus.KEPT
    assert (case.status, case.handled_by) == (CaseStatus.CLOSED, Handler.HOUSE)
    assert not Hold.objects.filter(case=case, ended_on=None).exists()


def test_a_kept_settlement_writes_off_exactly_what_was_agreed(
    case: Case, as_manager: Actor, machine: Actor, at: datetime
) -> None:
    make_debt(case.debtor, due_minor=100_00, outstanding_minor=100_00,
              due_since=date(2026, 3, 1))  # fmt: skip
    terms = Terms(AgreementKind.SETTLEMENT, 1, date(2026, 5, 20), 350_00)
    agreement = propose_agreement(
        case_id=case.pk, currency="PLN", terms=terms, note="", actor=as_manager, at=at
    )
    assert agreement.amount_minor == 1350_00
    accounts = list(Account.objects.order_by("pk"))
    pay(accounts[0], 1000_00, date(2026, 5, 20), machine)
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.KEPT
    dues = list(Account.objects.order_by("pk").values_list("due_minor", flat=True))
    assert dues == [0, 0]
    offs = Transaction.objects.filter(kind="write_off").order_by("account_id")
    assert [(t.account_id, t.source) for t in offs] == [
        (accounts[0].pk, "agreement"),
        (accounts[1].pk, "agreement"),
    ]
    (event,) = list_events(subjects=[Subject("case", case.pk)], kinds=["agreement.kept"])
    assert event.payload["written_off_minor"] == 350_00


def test_an_agreement_of_a_case_that_closed_otherwise_is_kept(
    agreement: Agreement, case: Case, machine: Actor, at: datetime, on: date
) -> None:
    Account.objects.update(due_minor=0, due_since=None)
    settle_cases(debtor_ids=[case.debtor_id], on=on, at=at, actor=machine)
    assert end_agreements_of_closed_cases(case_ids=[case.pk], on=on, at=at, actor=machine) == [
        case.pk
    ]
    agreement.refresh_from_db()
    case.refresh_from_db()
    assert (agreement.status, agreement.end_reason) == (AgreementStatus.KEPT, "nothing_due")
    assert case.handled_by == Handler.HOUSE


def test_a_proposal_of_a_case_that_closed_is_void(
    case: Case, as_officer: Actor, machine: Actor, at: datetime, on: date
) -> None:
    terms = Terms(AgreementKind.SETTLEMENT, 1, date(2026, 5, 20), 100_00)
    proposed = propose_agreement(
        case_id=case.pk, currency="PLN", terms=terms, note="", actor=as_officer, at=at
    )
    Account.objects.update(due_minor=0, due_since=None)
    settle_cases(debtor_ids=[case.debtor_id], on=on, at=at, actor=machine)
    end_agreements_of_closed_cases(case_ids=[case.pk], on=on, at=at, actor=machine)
    proposed.refresh_from_db()
    assert proposed.status == AgreementStatus.WITHDRAWN
    assert not Hold.objects.filter(case=case, ended_on=None).exists()
