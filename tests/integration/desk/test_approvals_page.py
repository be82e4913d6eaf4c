from __future__ import annotations

import pytest
from django.test import Client

from agencies.lifecycle import PlacementStatus
from agencies.models import Placement
from cases.models import Case
from staff.models import User
from staff.rights import Role
from tests.integration.cases.builders import make_user
from tests.integration.desk.conftest import AT, signed_in

pytestmark = pytest.mark.django_db

LOOKED = [
    {"place": "exit_when.overdue", "held": False, "value": {"PLN": 125000},
     "wanted": {"test": "is", "wanted": "nothing"}},
    {"place": "propose_placement.wait.days_after_previous_step", "held": True,
     "value": "2026-05-01", "wanted": {"wait": "days_after_previous_step", "days": 14,
                                       "letter": ""}},
    {"place": "propose_placement.when.termination", "held": True, "value": "in_effect",
     "wanted": {"test": "is", "wanted": "in_effect"}},
]  # fmt: skip


def _placement(case: Case, proposed_by: User | None = None) -> Placement:
    return Placement.objects.create(
        case=case,
        cause=f"test:{case.pk}",
        amount_minor=125_000,
        currency="PLN",
        proposed_by=proposed_by,
        proposed_at=AT,
        grounds={"strategy": "unsecured_retail", "step": "propose_placement", "looked": LOOKED},
    )


def test_a_proposal_stands_with_everything_the_machine_saw(case: Case, manager: User) -> None:
    _placement(case)

    page = signed_in(manager).get("/approvals/").content.decode()

    assert "Wąsik Łucja" in page
    assert "by the strategy" in page
    assert "Overdue: nothing (1\u00a0250,00\u00a0zł)" in page
    assert "14 days after the previous step (from 01.05.2026)" in page


def test_a_refusal_is_kept_with_its_reason(case: Case, manager: User) -> None:
    placement = _placement(case)
    form = {"verdict": "refuse", "reason": "A deal is near"}

    answer = signed_in(manager).post(f"/approvals/placement/{placement.pk}/", form, follow=True)

    placement.refresh_from_db()
    assert placement.status == PlacementStatus.REFUSED
    assert placement.decision_reason == "A deal is near"
    assert "Refused." in answer.content.decode()


def test_nothing_is_decided_without_a_reason_or_with_an_unknown_verdict(
    case: Case, manager: User
) -> None:
    placement = _placement(case)
    browser = signed_in(manager)
    address = f"/approvals/placement/{placement.pk}/"

    silent = browser.post(address, {"verdict": "approve", "reason": " "}, follow=True)
    unknown = browser.post(address, {"verdict": "maybe", "reason": "x"})
    nothing = browser.post("/approvals/wedding/1/", {"verdict": "approve", "reason": "x"})

    placement.refresh_from_db()
    assert "A reason is needed" in silent.content.decode()
    assert (unknown.status_code, nothing.status_code) == (404, 404)
    assert placement.status == PlacementStatus.PROPOSED


def test_nobody_finds_a_button_for_what_they_proposed(case: Case, manager: User) -> None:
    placement = _placement(case, proposed_by=manager)
    browser = signed_in(manager)

    page = browser.get("/approvals/").content.decode()
    forced = browser.post(
        f"/approvals/placement/{placement.pk}/", {"verdict": "approve", "reason": "x"}, follow=True
    )

    placement.refresh_from_db()
    assert "You proposed it, so somebody else decides." in page
    assert 'name="verdict"' not in page
    assert "Nobody decides what they proposed themselves." in forced.content.decode()
    assert placement.status == PlacementStatus.PROPOSED


def test_an_auditor_sees_and_an_officer_does_not(case: Case, at_desk: Client) -> None:
    _placement(case)
    page = signed_in(make_user("ewa", Role.AUDITOR)).get("/approvals/").content.decode()

    assert "Wąsik Łucja" in page
    assert 'name="verdict"' not in page
    assert at_desk.get("/approvals/").status_code == 403
