"""A demand waits for money of which the bank has told, and goes out when it does not come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import Case
from contacts.guard import Allowed, Purpose, Refused, Rule
from contacts.models import Message
from contacts.queries import get_verdict, list_dispatch
from debtors.lifecycle import Channel
from debtors.models import Debt
from ledger.lifecycle import NameKind
from ledger.operations import match_entries, register_names
from tests.integration.cases.builders import make_debt, set_due
from tests.integration.cases.conftest import ON
from tests.integration.contacts.test_kept_back_messages import (
    MACHINE,
    NOON,
    MakeCase,
    hand_over,
    queue,
)
from tests.integration.ledger.test_tying import booked, line, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def announced(make_case: MakeCase) -> Case:
    """A case with a demand in the queue, for whose debt the bank announces 50 zł."""
    case = make_case()
    debt = Debt.objects.get(parties__debtor=case.debtor)
    set_due(debt, 40_000)
    register_names(kind=NameKind.CONTRACT, names=[(debt.account_id, "CTR/2026/17")])
    queue(case, "letter", "demand")
    told(1, line("umowa CTR/2026/17"))
    match_entries(actor=MACHINE, at=NOON)
    return case


def test_a_demand_waits_and_a_person_may_talk(announced: Case) -> None:
    assert hand_over("letter").handed_over == []
    assert Message.objects.get().status == "queued"
    (listed,) = list_dispatch(actor=MACHINE, at=NOON)
    assert isinstance(listed.verdict, Refused)
    assert listed.verdict.rule is Rule.PAYMENT_ANNOUNCED
    assert listed.verdict.values == {"until_on": ON + timedelta(days=7)}
    assert not listed.verdict.is_final
    talk = get_verdict(case_id=announced.pk, channel=Channel.PHONE, purpose=Purpose.TALK, at=NOON)
    assert talk == Allowed()


def test_a_demand_goes_out_when_the_money_has_not_come_within_a_week(announced: Case) -> None:
    assert hand_over("letter", at=NOON + timedelta(days=7)).handed_over == []
    assert len(hand_over("letter", at=NOON + timedelta(days=8)).handed_over) == 1


def test_once_the_money_is_posted_the_demand_waits_no_more(announced: Case) -> None:
    booked(1, line("umowa CTR/2026/17"))
    assert hand_over("letter").handed_over == [], "the booked entry is not posted yet"
    match_entries(actor=MACHINE, at=NOON)
    assert len(hand_over("letter").handed_over) == 1


def test_nobody_waits_for_small_change(announced: Case) -> None:
    set_due(Debt.objects.get(parties__debtor=announced.debtor), 60_000)
    assert len(hand_over("letter").handed_over) == 1


def test_money_for_a_time_barred_debt_holds_up_nothing(announced: Case) -> None:
    barred = Debt.objects.get(parties__debtor=announced.debtor)
    make_debt(announced.debtor, due_minor=40_000)
    Debt.objects.filter(pk=barred.pk).update(limitation_on=ON - timedelta(days=1))
    assert len(hand_over("letter").handed_over) == 1


def test_another_debtors_demand_does_not_wait(announced: Case, make_case: MakeCase) -> None:
    other = queue(make_case(), "letter", "demand")
    assert hand_over("letter").handed_over == [other]
