from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import Hold, WorkItem
from debtors.identifiers import seal
from debtors.lifecycle import PartyRole
from debtors.models import Debt, Debtor, DebtParty, Standing
from journal.operations import NewEvent, record_events
from journal.subjects import Subject
from kernel.actor import system_actor
from ledger.models import Balance
from tests.integration.api.book import make_case
from tests.integration.api.conftest import NOW, Get
from tests.integration.cases.builders import make_debt, make_debtor

pytestmark = pytest.mark.django_db


def test_a_debt_is_shown_component_by_component(get: Get) -> None:
    case = make_case()
    debt = Debt.objects.get()
    Balance.objects.create(
        account=debt.account, component="fees", due_on=date(2026, 5, 12), amount_minor=1_500
    )
    Balance.objects.create(
        account=debt.account, component="fees", due_on=date(2026, 5, 13), amount_minor=250
    )
    guarantor = make_debtor()
    DebtParty.objects.create(debt=debt, debtor=guarantor, role=PartyRole.GUARANTOR)
    answer = get(f"cases/{case.number}")
    assert answer.status_code == 200, answer.content
    [shown] = answer.json()["debts"]
    assert shown["contract_no"] == debt.contract_no
    assert (shown["due"], shown["outstanding"], shown["currency"]) == ("1250.00", "5000.00", "PLN")
    assert shown["components"]["principal"] == {"due": "1250.00", "not_yet_due": "3750.00"}
    assert shown["components"]["fees"] == {"due": "15.00", "not_yet_due": "2.50"}
    assert shown["components"]["costs"] == {"due": "0.00", "not_yet_due": "0.00"}
    assert [(party["role"], party["external_id"]) for party in shown["parties"]] == [
        ("guarantor", guarantor.external_id),
        ("main_debtor", case.debtor.external_id),
    ]


def test_identifiers_are_masked_and_contact_points_are_not_there(get: Get) -> None:
    case = make_case()
    Debtor.objects.filter(pk=case.debtor_id).update(
        pesel_sealed=seal("pesel", "44051401359").sealed
    )
    answer = get(f"cases/{case.number}")
    assert answer.json()["debtor"]["identifiers"] == {
        "pesel": "44••••••••9",
        "nip": None,
        "regon": None,
    }
    assert b"44051401359" not in answer.content
    assert b"+4850000" not in answer.content


def test_an_identifier_sealed_with_a_lost_key_does_not_hide_the_case(get: Get) -> None:
    case = make_case()
    Debtor.objects.filter(pk=case.debtor_id).update(pesel_sealed=b"x" * 40)
    assert get(f"cases/{case.number}").json()["debtor"]["identifiers"]["pesel"] is None


def test_open_holds_and_work_are_shown_without_what_people_wrote(get: Get) -> None:
    case = make_case()
    common = {"case": case, "placed_at": NOW, "actor_kind": "user", "actor_id": "1"}
    Hold.objects.create(
        **common, kind="bankruptcy", from_on=date(2026, 5, 1), reason="told us on the phone"
    )
    Hold.objects.create(
        **common, kind="dispute", from_on=date(2026, 5, 1), ended_on=date(2026, 5, 3)
    )
    WorkItem.objects.create(case=case, kind="call", due_on=date(2026, 5, 13), opened_at=NOW)
    answer = get(f"cases/{case.number}")
    body = answer.json()
    [hold] = body["holds"]
    assert (hold["kind"], hold["from_on"], hold["until_on"]) == ("bankruptcy", "2026-05-01", None)
    assert hold["stops"] == {"contact": True, "escalation": True, "interest": True}
    assert b"told us" not in answer.content
    assert [(item["kind"], item["due_on"]) for item in body["work"]] == [("call", "2026-05-13")]


def test_a_case_takes_the_same_statements_however_much_it_holds(
    get: Get, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = make_case()
    with django_assert_num_queries(11) as few:
        get(f"cases/{case.number}")
    for _ in range(5):
        make_debt(case.debtor)
    with django_assert_num_queries(len(few)):
        get(f"cases/{case.number}")


def test_the_timeline_tells_of_the_case_its_debtor_and_its_accounts(get: Get) -> None:
    case, other = make_case(), make_case()
    account_id = Debt.objects.get(parties__debtor=case.debtor).account_id
    subjects = [
        Subject("case", case.pk),
        Subject("debtor", case.debtor_id),
        Subject("account", account_id),
        Subject("case", other.pk),
    ]
    payload = {"reason": "free text", "note": "more of it", "codes": ["a"], "amount_minor": 5}
    record_events(
        events=[NewEvent("thing.happened", subject, payload, NOW.date()) for subject in subjects],
        actor=system_actor("test"),
        at=NOW,
    )
    answer = get(f"cases/{case.number}/timeline")
    body = answer.json()
    assert [event["about"] for event in body["events"]] == ["account", "debtor", "case"]
    assert body["events"][0]["details"] == {"codes": ["a"], "amount_minor": 5}
    assert body["events"][0]["actor"] == {"kind": "system", "id": "test"}
    assert b"free text" not in answer.content

    first = get(f"cases/{case.number}/timeline", limit=2).json()
    rest = get(f"cases/{case.number}/timeline", limit=2, cursor=first["next_cursor"]).json()
    assert [event["about"] for event in rest["events"]] == ["case"]
    assert rest["next_cursor"] is None


def test_free_text_inside_a_detail_stays_in_the_house_too(get: Get) -> None:
    case = make_case()
    payload = {"kind": "review", "reason": {"code": "by_hand", "note": "she is in hospital"}}
    record_events(
        events=[NewEvent("work_item.opened", Subject("case", case.pk), payload, NOW.date())],
        actor=system_actor("test"),
        at=NOW,
    )

    answer = get(f"cases/{case.number}/timeline")

    assert answer.json()["events"][0]["details"]["reason"] == {"code": "by_hand"}
    assert b"hospital" not in answer.content


def test_how_a_debt_and_its_debtor_stand_is_told_with_its_day(get: Get) -> None:
    case = make_case()
    debt = Debt.objects.get()
    fields = {"from_on": date(2026, 4, 1), "default": "past_due", "stage": 3, "known_at": NOW,
              "default_since": date(2026, 4, 1)}  # fmt: skip
    Standing.objects.create(debt=debt, **fields)
    answer = get(f"cases/{case.number}").json()
    assert answer["debts"][0]["standing"] == {
        "default": "past_due", "default_since": "2026-04-01", "forborne": "no",
        "forborne_since": None, "ends_on": None, "stage": 3, "since": "2026-04-01",
    }  # fmt: skip
    assert answer["standing"]["default"] is None
    Standing.objects.create(debtor=case.debtor, **fields)
    assert get(f"cases/{case.number}").json()["standing"]["default"] == "past_due"
    assert [c["number"] for c in get("cases?in_default=true").json()["cases"]] == [case.number]
    assert get("cases?in_default=false").json()["cases"] == []
    assert get("cases?forborne=perhaps").status_code == 400
