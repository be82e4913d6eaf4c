"""The pages of agencies and placements."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse

from agencies.lifecycle import PlacementStatus
from agencies.models import Agency, Placement, PlacementBatch
from agencies.operations import decide_placement, make_placement_batch, propose_placement
from cases.models import Case
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.clock import fixed_at
from staff.models import User

pytestmark = pytest.mark.django_db


def client_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


@pytest.fixture
def placed(
    ready_case: Case, as_officer: Actor, as_manager: Actor, agency: Agency, at: datetime
) -> Placement:
    placement = propose_placement(case_id=ready_case.pk, reason="silent", actor=as_officer, at=at)
    decide_placement(
        placement_id=placement.pk, move="approve", reason="ok", actor=as_manager, at=at
    )
    make_placement_batch(agency_id=agency.pk, actor=as_manager, at=at)
    placement.refresh_from_db()
    return placement


@pytest.mark.parametrize("language", ["en", "pl"])
def test_every_page_opens_in_both_languages(
    placed: Placement, manager: User, agency: Agency, at: datetime, language: str
) -> None:
    client = client_of(manager, language)
    with fixed_at(at):
        for url in (
            reverse("agencies"),
            reverse("agency", args=[agency.pk]),
            reverse("placements"),
            reverse("placements") + "?status=placed",
            reverse("placement", args=[placed.pk]),
            reverse("propose-placement", args=[placed.case.number]),
        ):
            assert client.get(url).status_code == 200, url


def test_an_agency_is_added_by_a_manager_only(manager: User, leader: User, at: datetime) -> None:
    given = {"name": "Nowa", "commission_percent": "12.5", "term_days": "60", "permit_no": "KNF/1"}
    with fixed_at(at):
        assert client_of(leader).post(reverse("add-agency"), given).status_code == 403
        client_of(manager).post(reverse("add-agency"), given)
        assert Agency.objects.get().commission_bp == 1250
        again = client_of(manager).post(reverse("add-agency"), given)
    assert again.status_code == 422
    assert "There is an agency of that name" in again.content.decode()


def test_an_agency_without_permit_or_ground_is_refused(manager: User, at: datetime) -> None:
    with fixed_at(at):
        answer = client_of(manager).post(
            reverse("add-agency"), {"name": "Nowa", "commission_percent": "12.5", "term_days": "60"}
        )
    assert answer.status_code == 422
    assert not Agency.objects.exists()


def test_the_file_is_downloaded_and_the_journal_keeps_by_whom(
    placed: Placement, manager: User, officer: User, agency: Agency, at: datetime
) -> None:
    batch = PlacementBatch.objects.get()
    url = reverse("batch-file", args=[batch.pk])
    with fixed_at(at):
        assert client_of(officer).post(url).status_code == 403
        answer = client_of(manager).post(url)
    assert sha256(answer.content).hexdigest() == batch.checksum
    (event,) = list_events(
        subjects=[Subject("agency", agency.pk)], kinds=["agency.batch_file_taken"]
    )
    assert event.actor_id == str(manager.pk)


def test_a_placed_case_is_recalled_from_its_page(
    placed: Placement, manager: User, at: datetime
) -> None:
    url = reverse("leave-placement", args=[placed.pk])
    with fixed_at(at):
        client_of(manager).post(url, {"move": "recall", "reason": "complaint", "note": ""})
    placed.refresh_from_db()
    assert placed.status == PlacementStatus.RECALLED


def test_an_officer_cannot_recall_by_the_form_of_a_withdrawal(
    placed: Placement, officer: User, at: datetime
) -> None:
    url = reverse("leave-placement", args=[placed.pk])
    with fixed_at(at):
        answer = client_of(officer).post(url, {"move": "recall", "reason": "other"}, follow=True)
    placed.refresh_from_db()
    assert placed.status == PlacementStatus.PLACED
    assert "Your role may not do this." in answer.content.decode()


def test_a_refused_proposal_says_what_is_missing(case: Case, officer: User, at: datetime) -> None:
    with fixed_at(at):
        answer = client_of(officer).post(
            reverse("propose-placement", args=[case.number]), {"reason": "silent"}
        )
    assert answer.status_code == 422
    assert "No demand or notice has a recorded delivery yet." in answer.content.decode()


def test_what_bars_a_proposal_is_said_before_a_reason_is_asked_for(
    case: Case, officer: User, at: datetime
) -> None:
    with fixed_at(at):
        page = (
            client_of(officer)
            .get(reverse("propose-placement", args=[case.number]))
            .content.decode()
        )
    assert "No demand or notice has a recorded delivery yet." in page
    assert 'name="reason"' not in page


def test_a_case_that_is_ready_asks_for_the_reason(
    ready_case: Case, officer: User, at: datetime
) -> None:
    with fixed_at(at):
        answer = client_of(officer).get(reverse("propose-placement", args=[ready_case.number]))
    assert 'name="reason"' in answer.content.decode()
