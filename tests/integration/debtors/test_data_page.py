"""The page of a debtor's data: sources, the bank's differing values, and what may be corrected."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, Hold
from debtors.models import Debt, Debtor
from journal.delivery import deliver_pending
from journal.operations import Subject
from journal.queries import list_events
from staff.models import Team, User
from tests.integration.debtors.conftest import AT, Import

LATER = datetime(2025, 11, 1, 6, tzinfo=UTC)


@pytest.fixture
def officer(client: Client, db: None) -> Client:
    user = User.objects.create(
        username="anna", full_name="Anna Officer", role="officer", language="en", created_at=AT,
        team=Team.objects.create(name="North"),
    )  # fmt: skip
    client.force_login(user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def page(name: str, *more: int) -> str:
    return reverse(name, args=[Case.objects.get().number, *more])


def test_a_corrected_field_shows_its_source_and_what_the_bank_says(
    take_in: Import, officer: Client
) -> None:
    take_in({})
    form = {"field": "last_name", "value": "Żak", "reason": "identity card"}
    assert officer.post(page("debtor-correct"), form).status_code == 302
    take_in({"last_name": "Wąs"}, as_of=date(2025, 11, 1), at=LATER)
    text = officer.get(page("debtor-data")).content.decode()
    for word in ("Łucja Żak", "Anna Officer", "identity card", "Wąs"):
        assert word in text
    released = {"field": "last_name", "reason": "the bank is right"}
    assert officer.post(page("debtor-release"), released).status_code == 302
    take_in({"last_name": "Wąs"}, as_of=date(2025, 12, 1), at=LATER)
    assert Debtor.objects.get().last_name == "Wąs"


@pytest.mark.parametrize(
    ("field", "word", "code"),
    [
        ("kind", "sole trader", "sole_trader"),
        ("language", "English", "en"),
        ("preferred_channel", "e-mail", "email"),
        ("preferred_channel", "none", ""),
        ("tone", "firm", "firm"),
    ],
)
def test_what_is_one_of_a_few_codes_is_chosen_by_its_words(
    take_in: Import, officer: Client, field: str, word: str, code: str
) -> None:
    take_in({})
    form = officer.get(page("debtor-data")).content.decode()
    offered = re.search(rf'<option value="({field}:{code})">([^<]+)</option>', form)
    assert offered
    assert offered[2].lower() == word.lower()
    assert "sole_trader, company" not in form

    sent = {"choice": offered[1], "reason": "said so"}
    assert officer.post(page("debtor-correct"), sent).status_code == 302

    assert getattr(Debtor.objects.get(), field) == code


def test_a_code_that_is_not_offered_is_refused(take_in: Import, officer: Client) -> None:
    take_in({})
    for sent in ({"choice": "kind:ghost"}, {"choice": ""}, {"field": "kind", "value": "company"}):
        answer = officer.post(page("debtor-correct"), {**sent, "reason": "said so"})
        assert answer.status_code == 422
    assert Debtor.objects.get().kind == "person"


def test_identifiers_are_masked_until_somebody_says_what_for(
    take_in: Import, officer: Client
) -> None:
    take_in({})
    text = officer.get(page("debtor-data")).content.decode()
    assert "44051401359" not in text
    assert "44••••••••9" in text
    refused = officer.post(page("debtor-reveal"), {"field": "pesel", "reason": ""})
    assert (refused.status_code, b"44051401359" in refused.content) == (422, False)
    shown = officer.post(page("debtor-reveal"), {"field": "pesel", "reason": "verification"})
    assert b"44051401359" in shown.content
    assert shown["Cache-Control"] == "no-store"
    (event,) = list_events(subjects=[Subject("debtor", Debtor.objects.get().pk)])
    assert event.kind == "debtor.identifier_revealed"


def test_a_wrong_value_is_refused_in_words_and_kept_in_the_form(
    take_in: Import, officer: Client
) -> None:
    take_in({})
    form = {"field": "pesel", "value": "44051401358", "reason": "typed"}
    answer = officer.post(page("debtor-correct"), form)
    assert answer.status_code == 422
    assert b"44051401358" in answer.content
    assert Debtor.objects.get().field_sources.count() == 0


def test_contact_points_and_addresses_are_kept_from_the_page(
    take_in: Import, officer: Client
) -> None:
    take_in({"phones": ""})
    debtor = Debtor.objects.get()
    added = {"value": "601 200 300", "reason": "called us"}
    assert officer.post(page("debtor-add-point"), added).status_code == 302
    point = debtor.contact_points.get(value="+48601200300")
    wrong = {"reason": "somebody else"}
    assert officer.post(page("debtor-disable-point", point.pk), wrong).status_code == 302
    point.refresh_from_db()
    assert point.is_usable is False
    assert officer.post(page("debtor-disable-point", 0), wrong).status_code == 404
    address = {
        "kind": "correspondence", "street": "Nowa 7", "postal_code": "30-001", "city": "Kraków",
        "reason": "letter",
    }  # fmt: skip
    assert officer.post(page("debtor-put-address"), address).status_code == 302
    assert debtor.addresses.get(kind="correspondence").city == "Kraków"


def test_a_data_problem_that_a_person_waives_lets_the_machine_go_on(
    take_in: Import, officer: Client
) -> None:
    take_in({"past_due_since": "2025-02-30"})
    assert b"impossible date" in officer.get(page("debtor-data")).content
    url = page("debtor-waive-problem", Debt.objects.get().pk)
    assert officer.post(url, {"problem": "impossible_date"}).status_code == 302
    deliver_pending(at=AT)
    assert Hold.objects.filter(kind="data_problem", ended_on=None).count() == 0


def test_who_may_only_look_sees_no_form(take_in: Import, client: Client) -> None:
    take_in({})
    auditor = User.objects.create(
        username="iza", full_name="Iza", role="auditor", language="en", created_at=AT
    )
    client.force_login(auditor)
    shown = client.get(page("debtor-data"))
    assert (shown.status_code, b"debtor-correct" in shown.content) == (200, False)
    assert b'<form class="form"' not in shown.content
    assert client.post(page("debtor-correct"), {}).status_code == 403
    assert client.post(page("debtor-reveal"), {}).status_code == 403
