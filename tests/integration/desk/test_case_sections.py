"""Debts, people, ways to reach them, papers, freshness and the case file on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from cases.lifecycle import HoldKind
from cases.models import Case
from contacts.lifecycle import AttemptResult
from contacts.models import Promise, RestructuringRequest
from debtors.lifecycle import PartyRole
from debtors.models import ContactPoint, Debt, Debtor, DebtParty, IntakeRun
from journal.models import BusinessDay
from journal.operations import NewEvent, Subject, record_events
from ledger.lifecycle import Component
from ledger.models import Balance
from staff.models import Team, User
from tests.integration.cases.builders import make_debt, make_debtor, pay
from tests.integration.desk.case_pages import (
    MACHINE,
    N,
    get_page,
    make_agreement,
    make_attempt,
    make_message,
    section_of,
)
from tests.integration.desk.conftest import AT, ON, name_debtor

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]


def _split(debt: Debt, currency_parts: dict[Component, int]) -> None:
    Balance.objects.filter(account=debt.account, due_on__isnull=False).delete()
    for component, minor in currency_parts.items():
        Balance.objects.create(
            account=debt.account, component=component, due_on=ON, amount_minor=minor
        )


def test_debts_stand_by_component_with_a_sum_for_each_currency_and_settled_ones_fold(
    at_desk: Client, case: Case
) -> None:
    second = make_debt(case.debtor, due_minor=30_000, outstanding_minor=90_000)
    _split(second, {Component.PRINCIPAL: 20_000, Component.FEES: 10_000})
    for _ in range(2):
        make_debt(case.debtor, due_minor=5_000, outstanding_minor=7_000, currency="EUR")
    settled = make_debt(case.debtor, due_minor=0, outstanding_minor=0)

    page = get_page(at_desk, case)
    debts = section_of(page, "debts").replace(N, " ")

    assert "Total, zł 1 450,00 0,00 0,00 100,00 0,00 1 550,00 zł 5 900,00 zł" in debts
    assert "Total, € 100,00 0,00 0,00 0,00 0,00 100,00 € 140,00 €" in debts
    assert "1 settled debt" in debts
    assert debts.index("1 settled debt") < debts.index(settled.contract_no)
    assert "overdue since 02.04.2026" in debts


def test_the_account_to_pay_to_can_be_copied_only_when_it_is_shown(
    at_desk: Client, case: Case
) -> None:
    account = str(case.debtor.parties.get().debt.account.virtual_account_no)
    before = get_page(at_desk, case)
    at_desk.post(f"/cases/{case.number}/identity/", {"named": ["pesel", "contract_no"]})
    after = get_page(at_desk, case)

    assert f"••••{N}{account[-4:]}" in before
    assert "data-copy" not in before
    assert f'data-copy="{account}"' in after


def test_people_hear_what_belongs_to_them(at_desk: Client, case: Case) -> None:
    first = case.debtor.parties.get().debt
    idle = make_debt(case.debtor, due_minor=0, outstanding_minor=50_000)
    co, silent, due = make_debtor(), make_debtor(), make_debtor(reachable=False)
    for debtor, name in ((co, "Piotr Współdłużny"), (silent, "Halina Lis"), (due, "Adam Poręczny")):
        name_debtor(debtor, name)
    DebtParty.objects.create(debt=first, debtor=co, role=PartyRole.CO_DEBTOR)
    DebtParty.objects.create(debt=idle, debtor=silent, role=PartyRole.GUARANTOR)
    DebtParty.objects.create(debt=first, debtor=due, role=PartyRole.GUARANTOR)

    people = section_of(get_page(at_desk, case), "people")

    for said in (
        "Wąsik Łucja main debtor, person everything Now until 20:00",
        f"Piotr Współdłużny co-debtor, person everything about {first.contract_no} Now",
        f"Adam Poręczny guarantor, person what is due on {first.contract_no} No No usable contact",
        (
            f"Halina Lis guarantor, person nothing yet about {idle.contract_no}: not due, not"
            " terminated No: nothing to tell"
        ),
        "Anybody else family, employer, neighbours nothing, not even that there is a debt No",
    ):
        assert said in people


def test_ways_to_reach_say_what_came_of_them_and_when_is_best(at_desk: Client, case: Case) -> None:
    mobile = case.debtor.contact_points.get(kind="mobile")
    Debtor.objects.filter(pk=case.debtor_id).update(preferred_channel="sms")
    ContactPoint.objects.filter(debtor=case.debtor, kind="email").update(is_usable=False)
    for days, hour in ((9, 17), (8, 17)):
        make_attempt(case, AttemptResult.SPOKE, hour=hour, days=days, point=mobile.pk)
    for days in (5, 4, 3):
        make_attempt(case, AttemptResult.NO_ANSWER, hour=9, days=days, point=mobile.pk)

    ways = section_of(get_page(at_desk, case), "ways")

    assert "mobile, preferred no answer, 3 times 09.05.2026 Now" in ways
    assert "e-mail – No: not valid" in ways
    assert "Best time to call: 16–18, answered 2 of 2. Preferred: SMS" in ways


def test_where_nobody_answered_the_best_time_is_not_known(at_desk: Client, case: Case) -> None:
    assert "not known: nobody has called yet" in section_of(get_page(at_desk, case), "ways")
    make_attempt(case, AttemptResult.NO_ANSWER, hour=9, days=3, point=None)

    assert "not known yet: 1 call is too little" in section_of(get_page(at_desk, case), "ways")


def test_an_agreement_says_where_it_stands_in_its_schedule(
    at_desk: Client, case: Case, officer: User
) -> None:
    make_agreement(case, officer)
    Promise.objects.create(
        case=case, amount_minor=85_000, currency="PLN", made_on=ON, due_on=ON, status="broken"
    )
    RestructuringRequest.objects.create(
        case=case, received_on=ON, status="refused", answer_reasons="No income is shown"
    )

    agreed = section_of(get_page(at_desk, case), "agreements").replace(N, " ")

    assert "1 of 3 paid, 1 missed; next 300,00 zł by 01.06.2026" in agreed
    assert "01.05.2026, missed" in agreed
    assert "Promise, broken 850,00 zł due 12.05.2026, received 0,00 zł" in agreed
    assert "Request for restructuring , refused 12.05.2026 No income is shown" in agreed


def test_documents_say_what_became_of_them_and_lead_to_them(at_desk: Client, case: Case) -> None:
    notice = make_message(case, status="delivered", delivered_on=date(2026, 5, 4))
    make_message(case, template="demand", status="handed_over", handed_over_on=ON)

    page = get_page(at_desk, case)
    sent = section_of(page, "documents")

    assert f'href="/messages/{notice.pk}/"' in page
    assert "Notice under art. 75c Letter, term until 22.05.2026 delivered 04.05.2026" in sent
    assert "Demand for payment Letter handed over 12.05.2026" in sent


def test_holds_say_what_they_stop_and_until_when(at_desk: Client, case: Case) -> None:
    at_desk.post(
        f"/cases/{case.number}/hold/",
        {"kind": HoldKind.BANKRUPTCY, "reason": "GUp 1", "until_on": "2026-06-01"},
    )

    holds = section_of(get_page(at_desk, case), "holds")

    assert holds == (
        "Holds Bankruptcy until 01.06.2026 stops escalation, contact, interest."
        " Recorded 12.05.2026 by Anna: GUp 1"
    )


def test_old_data_are_said_to_be_old(at_desk: Client, case: Case) -> None:
    IntakeRun.objects.update(as_of_on=date(2026, 5, 8))
    BusinessDay.objects.create(on=date(2026, 5, 11), started_at=AT, closed_at=AT)
    pay(case.debtor.parties.get().debt, 100, on=ON, at=AT)
    stale = get_page(at_desk, case)
    IntakeRun.objects.update(as_of_on=date(2026, 5, 11))
    fresh = get_page(at_desk, case)

    warning = "Older than a working day: ask before you say an amount."
    assert warning in stale
    assert "extract as of 08.05.2026" in stale
    assert warning not in fresh
    assert f"last payment posted 12.05.2026{N}11:00" in fresh
    assert "day closed 11.05.2026" in fresh


def test_the_case_file_for_paper_is_unfolded_and_has_no_controls(
    at_desk: Client, case: Case, officer: User
) -> None:
    make_agreement(case, officer)
    record_events(
        events=[
            NewEvent("note.written", Subject("case", case.pk), {"note": f"Note {n}"}, ON)
            for n in range(120)
        ],
        actor=MACHINE,
        at=AT,
    )

    page = get_page(at_desk, case, "print/")
    body = page[page.index('<main id="main">') : page.index("</main>")]

    assert body.count("Note ") == 120
    assert re.findall(r"<details(?![^>]* open)[^>]*>", body) == []
    assert "<form" not in body
    assert "Case file T-001, printed" in body
    assert "by Anna" in body


def test_a_case_file_of_another_team_is_not_printed(
    at_desk: Client, make_case: MakeCase, south: Team
) -> None:
    assert at_desk.get(f"/cases/{make_case(team=south).number}/print/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "there", "missing"),
    [("person", "First name", "Company name"), ("company", "Company name", "First name")],
)
def test_the_data_page_shows_the_fields_that_such_a_debtor_has(
    at_desk: Client, case: Case, kind: str, there: str, missing: str
) -> None:
    type(case.debtor).objects.filter(pk=case.debtor_id).update(
        kind=kind, first_name="", company_name=""
    )

    page = get_page(at_desk, case, "data/")
    fields = page[page.index("<tbody>") : page.index("</tbody>")]

    assert there in fields
    assert missing not in fields
