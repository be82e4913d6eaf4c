"""No termination without a delivered notice, its term, and a second person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from cases.models import Case, Hold
from cases.operations import NewProposal
from contacts.models import Message, Termination
from contacts.operations import (
    TerminationBarred,
    TerminationOpenAlready,
    propose_termination,
    propose_terminations,
)
from debtors.models import Debt
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from tests.integration.cases.builders import make_debt

pytestmark = pytest.mark.django_db

Notice = Callable[[Case, date], Message]
#: Delivered on 2026-04-20: fourteen working days end on 2026-05-11 (1 May is a holiday).
DELIVERED_ON = date(2026, 4, 20)
TERM_ENDS_ON = date(2026, 5, 11)


def propose(case: Case, on: date, at: datetime, actor: Actor, cause: str = "step:1") -> list[int]:
    new = NewProposal(case.pk, cause, {"record": "seen"})
    return propose_terminations(proposals=[new], on=on, at=at, actor=actor)


def test_the_machine_proposes_when_the_term_has_passed_and_not_a_day_before(
    case: Case, delivered_notice: Notice, at: datetime, machine: Actor
) -> None:
    notice = delivered_notice(case, DELIVERED_ON)
    assert propose(case, date(2026, 5, 8), at, machine) == []
    (termination_id,) = propose(case, TERM_ENDS_ON, at, machine)
    termination = Termination.objects.get(pk=termination_id)
    assert (termination.amount_minor, termination.currency) == (500_000, "PLN")
    assert termination.notice == notice
    assert termination.grounds == {"record": "seen", "amounts": {"PLN": 500_000}}
    assert Hold.objects.get(case=case).cause == f"termination:{termination_id}"
    assert propose(case, TERM_ENDS_ON, at, machine) == []
    assert propose(case, TERM_ENDS_ON, at, machine, cause="step:2") == []
    assert "termination.proposed" in [
        e.kind for e in list_events(subjects=[Subject("case", case.pk)])
    ]


def test_without_a_delivered_notice_nothing_is_proposed(
    case: Case, at: datetime, on: date, machine: Actor, as_officer: Actor
) -> None:
    assert propose(case, on, at, machine) == []
    with pytest.raises(TerminationBarred) as barred:
        propose_termination(case_id=case.pk, grounds={}, on=on, actor=as_officer, at=at)
    assert barred.value.values["rule"] == "no_delivered_notice"


def test_a_person_must_wait_until_the_day_after_the_term(
    case: Case, delivered_notice: Notice, at: datetime, as_officer: Actor
) -> None:
    delivered_notice(case, DELIVERED_ON)
    with pytest.raises(TerminationBarred) as barred:
        propose_termination(case_id=case.pk, grounds={}, on=TERM_ENDS_ON, actor=as_officer, at=at)
    assert barred.value.values["ends_on"] == TERM_ENDS_ON
    day_after = date(2026, 5, 12)
    propose_termination(case_id=case.pk, grounds={}, on=day_after, actor=as_officer, at=at)
    with pytest.raises(TerminationOpenAlready):
        propose_termination(case_id=case.pk, grounds={}, on=day_after, actor=as_officer, at=at)


def test_a_debt_that_was_not_in_the_notice_is_not_terminated(
    case: Case, delivered_notice: Notice, at: datetime, on: date, machine: Actor
) -> None:
    delivered_notice(case, DELIVERED_ON)
    named = Debt.objects.get(parties__debtor=case.debtor)
    make_debt(case.debtor)
    propose(case, on, at, machine)
    assert Termination.objects.get().debt_ids == [named.pk]
