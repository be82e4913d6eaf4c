"""What happens to an enrolment when something happens to its case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.lifecycle import HoldKind
from cases.models import Case
from cases.operations import (
    NewHold,
    close_cases,
    end_holds_past,
    open_cases,
    place_holds,
    reopen_cases,
)
from debtors.lifecycle import Product
from debtors.models import Debt
from escalation.models import Decision, Enrolment, PerformedStep
from escalation.operations import decide_due, start_cases_anew
from journal.delivery import deliver_pending
from tests.integration.cases.builders import make_debt, make_debtor, set_due
from tests.integration.escalation.conftest import AT, MACHINE, ON

Opener = Callable[..., Case]


def close(on: date) -> dict[str, int]:
    """As the close of the day: deliver, end holds, deliver, decide, deliver; the night after."""
    at = night_after(on)
    deliver_pending(at=at)
    end_holds_past(on=on, at=at, actor=MACHINE)
    deliver_pending(at=at)
    counts = decide_due(on=on, at=at, actor=MACHINE)
    deliver_pending(at=at)
    return dict(counts)


def night_after(on: date) -> datetime:
    return AT + (on - ON) + timedelta(hours=13, minutes=30)


def enrolment_of(case: Case) -> Enrolment:
    return Enrolment.objects.select_related("version__strategy").get(case=case, status="active")


def hold(case: Case, **more: Any) -> None:
    new = NewHold(case.pk, HoldKind.DISPUTE, "", "", ON, **more)
    place_holds(holds=[new], at=AT, actor=MACHINE)
    deliver_pending(at=AT)


def test_opened_case_is_enrolled_where_its_segment_fits(open_case: Opener) -> None:
    expected = {
        "unsecured_retail": open_case(),
        "mortgage": open_case(product=Product.MORTGAGE),
        "business": open_case(product=Product.BUSINESS_LOAN, is_consumer=False),
        "small_balances": open_case(due_minor=10_000, outstanding_minor=20_000),
    }
    assert {key: enrolment_of(case).version.strategy.key for key, case in expected.items()} == {
        key: key for key in expected
    }


def test_currency_that_a_strategy_does_not_name_falls_to_unsecured_retail(
    open_case: Opener,
) -> None:
    mortgage = open_case(product=Product.MORTGAGE, currency="TWD")
    small = open_case(due_minor=100, outstanding_minor=100, currency="TWD")
    for case in (mortgage, small):
        assert enrolment_of(case).version.strategy.key == "unsecured_retail"


def test_news_of_many_cases_takes_as_many_statements_as_of_one(db: None) -> None:
    statements = []
    for cases in (1, 12):
        debtors = [make_debtor() for _ in range(cases)]
        for debtor in debtors:
            make_debt(debtor)
        open_cases(debtor_ids=[debtor.pk for debtor in debtors], on=ON, at=AT, actor=MACHINE)
        with CaptureQueriesContext(connection) as captured:
            deliver_pending(at=AT)
        statements.append(len(captured))
    assert statements[0] == statements[1]
    assert Enrolment.objects.count() == 13


def test_enrolled_case_is_due_on_the_day_it_was_opened(open_case: Opener) -> None:
    case = open_case()
    assert enrolment_of(case).next_due_on == ON
    assert close(ON) == {"perform": 1}


def test_event_delivered_again_enrols_and_decides_nothing_twice(open_case: Opener) -> None:
    case = open_case()
    hold(case)
    before = (Enrolment.objects.count(), Decision.objects.count())
    deliver_pending(at=AT)
    assert (Enrolment.objects.count(), Decision.objects.count()) == before


def test_hold_stops_the_step_of_the_same_day(open_case: Opener) -> None:
    case = open_case()
    hold(case)
    held = Decision.objects.get(enrolment__case=case)
    assert (held.outcome, held.cause[:6]) == ("hold", "event:")
    close(ON)
    assert not PerformedStep.objects.exists()


def test_case_is_due_again_in_the_close_that_ends_its_hold(open_case: Opener) -> None:
    case = open_case()
    hold(case, until_on=ON + timedelta(days=2))
    assert enrolment_of(case).next_due_on == ON + timedelta(days=3)
    for day in range(2):
        assert close(ON + timedelta(days=day)) == {}
    assert close(ON + timedelta(days=2)) == {"perform": 1}


def test_event_never_performs_a_step(open_case: Opener) -> None:
    case = open_case()
    hold(case, until_on=ON)
    end_holds_past(on=ON, at=night_after(ON), actor=MACHINE)
    deliver_pending(at=night_after(ON))
    assert set(Decision.objects.values_list("outcome", flat=True)) == {"hold", "wait"}
    assert not PerformedStep.objects.exists()


def test_one_close_decides_once_even_when_an_event_makes_the_case_due_again(
    open_case: Opener,
) -> None:
    case = open_case()
    close(ON)
    Enrolment.objects.filter(case=case).update(next_due_on=ON)
    assert close(ON) == {}


def test_closed_case_leaves_its_strategy(open_case: Opener) -> None:
    case = open_case()
    set_due(Debt.objects.get(), 0)
    close_cases(case_ids=[case.pk], on=ON, at=AT, actor=MACHINE)
    deliver_pending(at=AT)
    enrolment = Enrolment.objects.get(case=case)
    assert (enrolment.status, enrolment.next_due_on) == ("exited", None)


def test_reopened_case_starts_anew_and_old_letters_do_not_count(open_case: Opener) -> None:
    case = open_case()
    close(ON)
    debt = Debt.objects.get()
    set_due(debt, 0)
    close_cases(case_ids=[case.pk], on=ON, at=AT, actor=MACHINE)
    deliver_pending(at=AT)
    set_due(debt, 50_000)
    later = ON + timedelta(days=30)
    at = AT + timedelta(days=30)
    reopen_cases(case_ids=[case.pk], on=later, at=at, actor=MACHINE)
    deliver_pending(at=at)
    enrolment = enrolment_of(case)
    assert (enrolment.step_key, enrolment.round) == ("reminder", 1)
    assert enrolment.counts_from_on == later
    assert Enrolment.objects.filter(case=case).count() == 2


def test_after_a_breach_the_case_starts_where_the_strategy_says(open_case: Opener) -> None:
    case = open_case()
    close(ON)
    broken_on = ON + timedelta(days=40)
    start_cases_anew(case_ids=[case.pk], on=broken_on, at=AT + timedelta(days=40), actor=MACHINE)
    enrolment = enrolment_of(case)
    assert enrolment.step_key == "call_again"
    assert enrolment.counts_from_on == ON
    assert enrolment.next_due_on == broken_on
    assert Enrolment.objects.filter(case=case, status="replaced").count() == 1
