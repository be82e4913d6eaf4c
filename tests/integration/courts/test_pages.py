"""The pages of court referrals."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case
from courts.lifecycle import ReferralStatus
from courts.models import Referral
from courts.operations import decide_referral, propose_referral
from kernel.actor import Actor
from kernel.clock import fixed_at
from staff.models import User

pytestmark = pytest.mark.django_db


def client_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


@pytest.fixture
def approved(ready_case: Case, as_officer: Actor, as_legal: Actor, at: datetime) -> Referral:
    referral = propose_referral(case_id=ready_case.pk, reason="hides", actor=as_officer, at=at)
    return decide_referral(
        referral_id=referral.pk, move="approve", reason="ok", actor=as_legal, at=at
    )


def test_legal_takes_a_case_through_the_court_by_its_pages(approved: Referral, legal: User) -> None:
    client = client_of(legal)
    steps = [
        ("file", {"procedure": "epu", "court": "SR Lublin-Zachód", "on": "2026-05-13"}, "filed"),
        ("order", {"on": "2026-06-01", "docket_no": "Nc-e 1/26"}, "order"),
        ("service", {"on": "2026-06-08"}, "order"),
        ("final", {"on": "2026-06-23"}, "order_final"),
        ("enforcement", {"on": "2026-07-01", "bailiff": "Jan Kot"}, "enforcement"),
        ("close", {"outcome": "enforced", "on": "2026-07-02"}, "closed"),
    ]
    page = reverse("referral", args=[approved.pk])
    with fixed_at(datetime(2026, 7, 3, 10, tzinfo=UTC)):
        for name, given, status in steps:
            answer = client.post(reverse("referral-act", args=[approved.pk, name]), given)
            assert answer.status_code == 302, (name, answer.content.decode()[-3000:])
            approved.refresh_from_db()
            assert approved.status == status
            for language in ("en", "pl"):
                assert client_of(legal, language).get(page).status_code == 200


def test_a_refused_step_says_why_and_changes_nothing(approved: Referral, legal: User) -> None:
    url = reverse("referral-act", args=[approved.pk, "file"])
    with fixed_at(datetime(2026, 5, 13, 10, tzinfo=UTC)):
        answer = client_of(legal).post(url, {"procedure": "epu", "court": "SR", "on": "2026-05-14"})
    approved.refresh_from_db()
    assert answer.status_code == 422
    assert "The day lies ahead" in answer.content.decode()
    assert approved.status == ReferralStatus.APPROVED


def test_an_officer_sees_a_referral_but_runs_no_court_case(
    approved: Referral, officer: User, at: datetime
) -> None:
    client = client_of(officer)
    with fixed_at(at):
        assert client.get(reverse("referrals")).status_code == 200
        page = client.get(reverse("referral", args=[approved.pk]))
        assert "Record the filing" not in page.content.decode()
        answer = client.post(
            reverse("referral-act", args=[approved.pk, "file"]),
            {"procedure": "epu", "court": "SR", "on": "2026-05-12"},
        )
    approved.refresh_from_db()
    assert answer.status_code == 422
    assert approved.status == ReferralStatus.APPROVED


def test_a_cost_is_added_in_the_currency_of_the_claim(
    approved: Referral, legal: User, officer: User, at: datetime
) -> None:
    client = client_of(legal)
    with fixed_at(at):
        client.post(
            reverse("referral-act", args=[approved.pk, "file"]),
            {"procedure": "epu", "court": "SR", "on": "2026-05-12"},
        )
        url = reverse("referral-cost", args=[approved.pk])
        given = {"kind": "other", "amount": "12,34", "on": "2026-05-12", "submission": "form-1"}
        assert client_of(officer).post(url, given).status_code == 403
        for _ in ("sent", "and sent again"):
            assert client.post(url, given).status_code == 302
        assert client.post(url, {**given, "amount": "1,234"}).status_code == 422
    assert list(approved.costs.values_list("amount_minor", flat=True)) == [30_00, 12_34]


def test_an_unknown_step_is_not_there(approved: Referral, legal: User, at: datetime) -> None:
    with fixed_at(at):
        answer = client_of(legal).post(reverse("referral-act", args=[approved.pk, "erase"]))
    assert answer.status_code == 404


def test_a_proposal_without_termination_says_so(case: Case, officer: User, at: datetime) -> None:
    with fixed_at(at):
        answer = client_of(officer).post(
            reverse("propose-referral", args=[case.number]), {"reason": "now"}
        )
    assert answer.status_code == 422
    assert "No contract of this case is terminated" in answer.content.decode()


def test_what_bars_a_proposal_is_said_before_a_reason_is_asked_for(
    case: Case, officer: User, at: datetime
) -> None:
    with fixed_at(at):
        page = (
            client_of(officer).get(reverse("propose-referral", args=[case.number])).content.decode()
        )
    assert "No contract of this case is terminated" in page
    assert 'name="reason"' not in page


def test_a_case_that_is_ready_asks_for_the_reason(
    ready_case: Case, officer: User, at: datetime
) -> None:
    with fixed_at(at):
        answer = client_of(officer).get(reverse("propose-referral", args=[ready_case.number]))
    assert 'name="reason"' in answer.content.decode()
