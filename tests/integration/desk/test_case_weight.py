"""The case page asks the database as often for much as for little, and stays light."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.lifecycle import HoldKind, WorkKind
from cases.models import Case, Hold
from contacts.lifecycle import AttemptResult
from debtors.lifecycle import PartyRole
from debtors.models import DebtParty
from escalation.models import StrategyVersion
from journal.operations import NewEvent, Subject, record_events
from staff.models import User
from staff.rights import Role
from tests.integration.cases.builders import make_debt, make_debtor, make_user
from tests.integration.desk.case_pages import (
    MACHINE,
    enrol,
    get_page,
    make_agreement,
    make_attempt,
    make_message,
)
from tests.integration.desk.conftest import AT, ON, add_work, name_debtor, signed_in

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]

MOST_BYTES = 150_000


def _queries(client: Client, case: Case, **query: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/cases/{case.number}/", query)
    return len(captured)


def _fill(case: Case, officer: User) -> None:
    """Twelve debts with people on them, and five hundred events."""
    others = [make_debtor() for _ in range(4)]
    for number in range(11):
        debt = make_debt(case.debtor, currency="EUR" if number % 4 == 0 else "PLN")
        DebtParty.objects.create(debt=debt, debtor=others[number % 4], role=PartyRole.CO_DEBTOR)
    for number in range(30):
        make_attempt(case, AttemptResult.NO_ANSWER, hour=10, days=number, point=None)
        add_work(case, kind=list(WorkKind)[number % 5 + 1]) if number < 5 else None
    for template in ("demand", "reminder", "last_reminder", "notice_75c"):
        make_message(case, template=template, status="handed_over", handed_over_on=ON)
    for kind in (HoldKind.COMPLAINT, HoldKind.DISPUTE):
        Hold.objects.create(
            case=case, kind=kind, reason="x", from_on=ON, placed_at=AT, actor_kind="user",
            actor_id=str(officer.pk),
        )  # fmt: skip
    record_events(
        events=[
            NewEvent(
                "contact.logged",
                Subject("case", case.pk),
                {"channel": "phone", "direction": "out", "result": "no_answer", "note": "x" * 60},
                ON,
            )
            for _ in range(500)
        ],
        actor=MACHINE,
        at=AT,
    )


@pytest.mark.parametrize("query", [{}, {"words": "answer"}, {"kind": "contacts"}])
def test_twelve_debts_and_five_hundred_events_need_no_more_queries(
    at_desk: Client, case: Case, officer: User, query: dict[str, str]
) -> None:
    enrol(case)
    make_agreement(case, officer)
    _queries(at_desk, case)
    few = _queries(at_desk, case, **query)

    _fill(case, officer)

    assert _queries(at_desk, case, **query) <= few
    assert few <= 60


def test_a_full_case_stays_under_its_weight(at_desk: Client, case: Case, officer: User) -> None:
    enrol(case)
    name_debtor(case.debtor, "Przedsiębiorstwo " * 7, pesel="84010112346")
    make_agreement(case, officer)
    _fill(case, officer)

    answer = at_desk.get(f"/cases/{case.number}/")

    assert answer.status_code == 200
    assert len(answer.content) < MOST_BYTES


def test_an_auditor_finds_the_log_with_a_constant_number_of_queries(
    case: Case, at_desk: Client
) -> None:
    auditor = signed_in(make_user("ewa", Role.AUDITOR))
    _queries(auditor, case)
    before = _queries(auditor, case)
    for _ in range(3):
        at_desk.post(f"/cases/{case.number}/identity/", {"named": ["pesel", "contract_no"]})

    assert _queries(auditor, case) == before


def test_every_version_of_the_strategy_is_named_by_its_number(at_desk: Client, case: Case) -> None:
    enrolment = enrol(case)
    number = StrategyVersion.objects.get(pk=enrolment.version_id).number

    assert f"version {number}" in get_page(at_desk, case)
