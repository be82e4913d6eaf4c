"""A case opens with arrears, closes when nothing is due and reopens when arrears return."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from cases.lifecycle import CaseStatus, Stage, WorkKind
from cases.models import Case, WorkItem
from cases.operations import (
    NewWorkItem,
    close_cases,
    enter_stages,
    open_cases,
    open_work_items,
    reopen_cases,
)
from debtors.models import Debt
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import make_debt, make_debtor, make_user, set_due

pytestmark = pytest.mark.django_db


def kinds(case: Case) -> list[str]:
    return [event.kind for event in list_events(subjects=[Subject("case", case.pk)])]


def test_a_debtor_with_two_debts_in_arrears_gets_one_case(
    at: datetime, on: date, machine: Actor
) -> None:
    debtor = make_debtor()
    make_debt(debtor)
    make_debt(debtor, currency="EUR")
    opened = open_cases(debtor_ids=[debtor.pk], on=on, at=at, actor=machine)
    again = open_cases(debtor_ids=[debtor.pk], on=on, at=at, actor=machine)
    assert len(opened) == 1
    assert again == []
    case = Case.objects.get(debtor=debtor)
    assert case.number.startswith("UG-2026-")
    assert len(case.number) == len("UG-2026-000123")
    assert kinds(case) == ["case.opened"]


def test_a_debtor_without_arrears_gets_none(at: datetime, on: date, machine: Actor) -> None:
    debtor = make_debtor()
    make_debt(debtor, due_minor=0)
    assert open_cases(debtor_ids=[debtor.pk], on=on, at=at, actor=machine) == []


def test_data_too_bad_to_know_open_a_case_all_the_same(
    at: datetime, on: date, machine: Actor
) -> None:
    debtor = make_debtor()
    debt = make_debt(debtor, due_minor=0)
    Debt.objects.filter(pk=debt.pk).update(problems=["no_amount"])
    assert len(open_cases(debtor_ids=[debtor.pk], on=on, at=at, actor=machine)) == 1


def test_new_cases_are_shared_by_the_strength_of_the_teams(
    at: datetime, on: date, machine: Actor
) -> None:
    big, small = Team.objects.create(name="Big"), Team.objects.create(name="Small")
    Team.objects.create(name="Nobody works here")
    for i in range(3):
        make_user(f"big{i}", Role.OFFICER, big)
    make_user("small", Role.OFFICER, small)
    debtors = [make_debtor() for _ in range(8)]
    for debtor in debtors:
        make_debt(debtor)
    open_cases(debtor_ids=[d.pk for d in debtors], on=on, at=at, actor=machine)
    assert Case.objects.filter(team=big).count() == 6
    assert Case.objects.filter(team=small).count() == 2


def test_a_case_closes_only_when_nothing_is_due_on_any_debt(
    at: datetime, on: date, machine: Actor
) -> None:
    debtor = make_debtor()
    first, second = make_debt(debtor), make_debt(debtor)
    (case_id,) = open_cases(debtor_ids=[debtor.pk], on=on, at=at, actor=machine)
    open_work_items(items=[NewWorkItem(case_id, WorkKind.CALL, on)], at=at, actor=machine)
    set_due(first, 0)
    assert close_cases(case_ids=[case_id], on=on, at=at, actor=machine) == []
    set_due(second, 0)
    assert close_cases(case_ids=[case_id], on=on, at=at, actor=machine) == [case_id]
    case = Case.objects.get(pk=case_id)
    assert (case.status, case.closed_on) == (CaseStatus.CLOSED, on)
    assert WorkItem.objects.get().status == "cancelled"
    assert close_cases(case_ids=[case_id], on=on, at=at, actor=machine) == []


def test_a_payment_from_before_the_case_closes_it_on_the_day_it_was_opened(
    at: datetime, on: date, machine: Actor
) -> None:
    debtor = make_debtor()
    debt = make_debt(debtor)
    (case_id,) = open_cases(debtor_ids=[debtor.pk], on=on, at=at, actor=machine)
    set_due(debt, 0)
    close_cases(case_ids=[case_id], on=on - timedelta(days=9), at=at, actor=machine)
    case = Case.objects.get(pk=case_id)
    assert (case.status, case.closed_on) == (CaseStatus.CLOSED, on)


def test_a_closed_case_reopens_in_direct_contact_when_arrears_return(
    case: Case, at: datetime, on: date, machine: Actor
) -> None:
    debt = Debt.objects.get(parties__debtor=case.debtor)
    enter_stages(stages={case.pk: Stage.AGENCY}, on=on, at=at, actor=machine)
    set_due(debt, 0)
    close_cases(case_ids=[case.pk], on=on, at=at, actor=machine)
    assert reopen_cases(case_ids=[case.pk], on=on, at=at, actor=machine) == []
    set_due(debt, 100)
    assert reopen_cases(case_ids=[case.pk], on=on, at=at, actor=machine) == [case.pk]
    case.refresh_from_db()
    assert (case.status, case.closed_on, case.stage) == ("open", None, "direct_contact")
    assert kinds(case) == ["case.reopened", "case.closed", "case.stage_changed", "case.opened"]


def test_only_cases_that_stood_in_another_stage_move(
    make_case: Callable[[], Case], at: datetime, on: date, machine: Actor
) -> None:
    first, second = make_case(), make_case()
    moment: dict[str, Any] = {"on": on, "at": at, "actor": machine}
    stages = {first.pk: Stage.FORMAL_LETTERS, second.pk: Stage.DIRECT_CONTACT}
    assert enter_stages(stages=stages, **moment) == [first.pk]
    assert enter_stages(stages=stages, **moment) == []
    assert kinds(first) == ["case.stage_changed", "case.opened"]
    assert kinds(second) == ["case.opened"]


def test_a_step_changes_the_case_also_where_the_stage_stays(
    case: Case, at: datetime, on: date, machine: Actor
) -> None:
    later = at + timedelta(hours=1)
    enter_stages(stages={case.pk: Stage.DIRECT_CONTACT}, on=on, at=later, actor=machine)
    case.refresh_from_db()
    assert case.updated_at == later


def test_numbers_go_on_after_the_first_million_of_cases(
    at: datetime, on: date, machine: Actor
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('cases_number_seq', 100000, false)")
    numbers = []
    for following in (999_999, 1_000_000, None):
        debtor = make_debtor()
        make_debt(debtor)
        (case_id,) = open_cases(debtor_ids=[debtor.pk], on=on, at=at, actor=machine)
        numbers.append(Case.objects.get(pk=case_id).number)
        if following:
            with connection.cursor() as cursor:
                cursor.execute("SELECT setval('cases_number_seq', %s, false)", [following])
    assert numbers == ["UG-2026-100000", "UG-2026-999999", "UG-2026-1000000"]
