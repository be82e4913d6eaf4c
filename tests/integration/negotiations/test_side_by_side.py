"""Two people and the machine at once, each in a connection of its own: one of them wins."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, connections

from agencies.models import Placement
from agencies.operations import decide_placement, propose_placements
from cases.lifecycle import Handler
from cases.models import Case, Hold
from cases.operations import CaseHandledByAnother, NewProposal, open_cases
from contacts.lifecycle import MessageStatus, Template
from contacts.models import Message
from debtors.models import Debt
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor, system_actor
from kernel.lifecycle import MoveNotAllowed
from ledger.models import Account, Transaction
from ledger.operations import post_payment
from negotiations.lifecycle import AgreementKind, AgreementStatus
from negotiations.models import Agreement
from negotiations.operations import (
    LiveAgreement,
    decide_agreement,
    judge_agreements_of_accounts,
    judge_instalments,
    propose_agreement,
)
from negotiations.schedule import Terms
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_debtor, make_user

pytestmark = pytest.mark.commits

AT = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
ON = date(2026, 5, 12)
MACHINE = system_actor("tests")
SIX = Terms(AgreementKind.INSTALMENTS, 6, date(2026, 5, 20))
SETTLEMENT = Terms(AgreementKind.SETTLEMENT, 1, date(2026, 5, 20), 100_00)


@dataclass(frozen=True)
class House:
    case: Case
    officer: Actor
    other_officer: Actor
    manager: Actor
    other_manager: Actor


@pytest.fixture
def house(committed_db: dict[str, Any], django_db_blocker: Any) -> Iterator[House]:
    with django_db_blocker.unblock():
        team = Team.objects.create(name="North")
        debtor = make_debtor()
        debt = make_debt(debtor)
        Debt.objects.filter(pk=debt.pk).update(terminated_on=date(2026, 5, 4))
        (pk,) = open_cases(debtor_ids=[debtor.pk], on=ON, at=AT, actor=MACHINE)
        case = Case.objects.get(pk=pk)
        Case.objects.update(team=team)
        Message.objects.create(
            case=case, debtor=debtor, channel="letter", template=Template.NOTICE_75C,
            language="pl", recipient={}, figures={}, cause="test", queued_on=ON,
            status=MessageStatus.DELIVERED, delivered_on=date(2026, 3, 2),
        )  # fmt: skip
        people = [
            actor_of(make_user(name, role, team))
            for name, role in (
                ("anna", Role.OFFICER), ("olga", Role.OFFICER),
                ("maria", Role.MANAGER), ("marek", Role.MANAGER),
            )
        ]  # fmt: skip
        yield House(case, *people)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; results, or the errors they raised."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return call()
        except Exception as error:  # noqa: BLE001
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def propose(house: House, actor: Actor, terms: Terms = SIX) -> Agreement:
    return propose_agreement(
        case_id=house.case.pk, currency="PLN", terms=terms, note="", actor=actor, at=AT
    )


def kinds(case: Case) -> list[str]:
    return [event.kind for event in list_events(subjects=[Subject("case", case.pk)])]


def test_of_two_agreements_at_once_one_is_made(house: House) -> None:
    results = at_once(
        lambda: propose(house, house.officer), lambda: propose(house, house.other_officer)
    )
    assert sum(isinstance(result, Agreement) for result in results) == 1
    assert sum(isinstance(result, LiveAgreement) for result in results) == 1
    assert kinds(house.case).count("agreement.concluded") == 1
    assert Hold.objects.filter(case=house.case, ended_on=None).count() == 1


def test_of_two_approvals_at_once_one_decides(house: House) -> None:
    proposed = propose(house, house.officer, SETTLEMENT)

    def decide(actor: Actor, move: str) -> Agreement:
        return decide_agreement(
            agreement_id=proposed.pk, move=move, reason="seen", actor=actor, at=AT
        )

    results = at_once(
        lambda: decide(house.manager, "approve"), lambda: decide(house.other_manager, "approve")
    )
    assert sum(isinstance(result, Agreement) for result in results) == 1
    assert sum(isinstance(result, MoveNotAllowed) for result in results) == 1
    assert kinds(house.case).count("agreement.approved") == 1


def test_an_agreement_and_a_placement_at_once_cannot_both_have_the_case(house: House) -> None:
    new = NewProposal(house.case.pk, "step", {"step": "place"})
    propose_placements(proposals=[new], on=ON, at=AT, actor=MACHINE)
    placement = Placement.objects.get()

    def place() -> Placement:
        return decide_placement(
            placement_id=placement.pk, move="approve", reason="ok", actor=house.manager, at=AT
        )

    results = at_once(place, lambda: propose(house, house.officer))
    house.case.refresh_from_db()
    made = [result for result in results if not isinstance(result, Exception)]
    assert len(made) == 1
    assert house.case.handled_by == (
        Handler.AGENCY if isinstance(made[0], Placement) else Handler.AGREEMENT
    )
    assert (
        kinds(house.case).count("case.taken_by_agency")
        + kinds(house.case).count("case.taken_by_agreement")
        == 1
    )


def test_an_agreement_is_kept_once_though_the_night_and_a_payment_judge_it_at_once(
    house: House,
) -> None:
    agreement = propose(house, house.officer, SETTLEMENT)
    decide_agreement(
        agreement_id=agreement.pk, move="approve", reason="ok", actor=house.manager, at=AT
    )
    account = Account.objects.get()
    paid_at = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
    post_payment(
        account_id=account.pk, amount_minor=1150_00, currency="PLN", value_on=date(2026, 5, 20),
        idempotency_key="p", actor=MACHINE, at=paid_at,
    )  # fmt: skip
    night = datetime(2026, 5, 26, 0, 30, tzinfo=UTC)
    results = at_once(
        lambda: judge_instalments(on=date(2026, 5, 25), at=night, actor=MACHINE),
        lambda: judge_agreements_of_accounts(account_ids=[account.pk], at=paid_at, actor=MACHINE),
    )
    assert not [result for result in results if isinstance(result, Exception)]
    agreement.refresh_from_db()
    account.refresh_from_db()
    assert agreement.status == AgreementStatus.KEPT
    assert account.due_minor == 0
    assert Transaction.objects.filter(kind="write_off").count() == 1
    assert kinds(house.case).count("agreement.kept") == 1
    assert CaseHandledByAnother not in {type(result) for result in results}
