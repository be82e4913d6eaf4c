"""The pages of agreements, in both languages, for those who may and those who may not."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case
from kernel.actor import Actor
from kernel.clock import fixed_at
from negotiations.lifecycle import AgreementKind, AgreementStatus
from negotiations.models import Agreement
from negotiations.operations import propose_agreement
from negotiations.schedule import Terms
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import make_user

pytestmark = pytest.mark.django_db
TERMS = {
    "kind": "instalments", "currency": "PLN", "count": "6", "first_due_on": "2026-05-20",
    "write_off": "",
}  # fmt: skip


def client_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


@pytest.mark.parametrize(("language", "word"), [("en", "Show the schedule"), ("pl", 'lang="pl"')])
def test_the_terms_are_asked_for_in_the_reader_s_language(
    case: Case, officer: User, at: datetime, language: str, word: str
) -> None:
    with fixed_at(at):
        page = client_of(officer, language).get(reverse("negotiate", args=[case.number]))
    assert page.status_code == 200
    assert word in page.content.decode()


def test_terms_in_the_address_show_their_schedule(case: Case, officer: User, at: datetime) -> None:
    with fixed_at(at):
        page = client_of(officer).get(reverse("negotiate", args=[case.number]), TERMS)
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("208,3") == 6
    assert not Agreement.objects.exists()


def test_posting_them_makes_the_agreement(case: Case, officer: User, at: datetime) -> None:
    with fixed_at(at):
        client = client_of(officer)
        answer = client.post(reverse("negotiate", args=[case.number]), {**TERMS, "note": "ok"})
        agreement = Agreement.objects.get()
        assert agreement.status == AgreementStatus.IN_FORCE
        assert answer.headers["Location"] == reverse("agreement", args=[agreement.pk])
        assert client.get(answer.headers["Location"]).status_code == 200
        listed = client.get(reverse("agreements"))
        assert case.number in listed.content.decode()


def test_a_refusal_is_said_in_words_and_keeps_what_was_entered(
    case: Case, officer: User, at: datetime
) -> None:
    with fixed_at(at):
        answer = client_of(officer).post(
            reverse("negotiate", args=[case.number]), {**TERMS, "first_due_on": "2026-05-01"}
        )
    assert answer.status_code == 422
    assert "The first day to pay has passed already." in answer.content.decode()
    assert 'value="2026-05-01"' in answer.content.decode()


def test_terms_beyond_the_limit_say_why(case: Case, officer: User, at: datetime) -> None:
    given = {**TERMS, "kind": "settlement", "count": "1", "write_off": "100,00"}
    with fixed_at(at):
        page = client_of(officer).get(reverse("negotiate", args=[case.number]), given)
    assert "A second person must approve these terms." in page.content.decode()


def test_withdrawing_needs_a_reason(
    case: Case, officer: User, as_officer: Actor, at: datetime
) -> None:
    terms = Terms(AgreementKind.INSTALMENTS, 6, date(2026, 5, 20))
    agreement = propose_agreement(
        case_id=case.pk, currency="PLN", terms=terms, note="", actor=as_officer, at=at
    )
    url = reverse("withdraw-agreement", args=[agreement.pk])
    with fixed_at(at):
        client_of(officer).post(url, {"reason": ""})
        agreement.refresh_from_db()
        assert agreement.status == AgreementStatus.IN_FORCE
        client_of(officer).post(url, {"reason": "lost their job"})
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.WITHDRAWN


def test_another_team_s_case_is_not_there(case: Case, at: datetime) -> None:
    stranger = make_user("stan", Role.OFFICER, Team.objects.create(name="South"))
    with fixed_at(at):
        page = client_of(stranger).get(reverse("negotiate", args=[case.number]))
    assert page.status_code == 404


def test_an_auditor_looks_but_does_not_negotiate(case: Case, at: datetime) -> None:
    auditor = client_of(make_user("aud", Role.AUDITOR))
    with fixed_at(at):
        assert auditor.get(reverse("agreements")).status_code == 200
        assert auditor.get(reverse("negotiate", args=[case.number])).status_code == 403
