"""The nightly proof: kept when nothing is wrong, and loud when something is."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from collections_app.beat import SCHEDULE
from collections_app.models import Proof
from collections_app.proving import get_last_proof, prove
from collections_app.tasks import prove as prove_task
from kernel.actor import system_actor
from ledger.allocation import Bucket
from ledger.models import Account
from ledger.operations import post_adjustment
from staff.rights import Role
from tests.integration.cases.builders import make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 12, 2, 30, tzinfo=UTC)
ON = date(2026, 4, 1)


@pytest.fixture
def account() -> Account:
    account = Account.objects.create(currency="PLN", opened_on=ON)
    post_adjustment(
        account_id=account.pk, changes=[Bucket("principal", ON, 2_000)], reason="start",
        idempotency_key="start", actor=system_actor("tests"), at=AT,
    )  # fmt: skip
    return account


def oversight(at: datetime) -> str:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(make_user(f"maria{at:%d}", Role.MANAGER))
    return browser.get("/operations/").content.decode()


def proof_of_readiness(client: Client) -> object:
    return client.get("/readyz").json()["checks"]["proof"]["ok"]


def test_sound_books_are_proved_and_said_to_be(account: Account, client: Client) -> None:
    assert proof_of_readiness(client) is True

    assert prove(at=AT) == []

    assert proof_of_readiness(client) is True
    assert "were proved 12.05.2026\u00a004:30" in oversight(AT)


def test_a_balance_that_somebody_changed_is_told_everywhere(
    account: Account, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    Account.objects.filter(pk=account.pk).update(outstanding_minor=2_001)

    with caplog.at_level(logging.ERROR):
        faults = prove_task()

    proof = get_last_proof()
    assert proof is not None
    assert 0 < faults == proof.faults_count == len(proof.faults)
    assert {fault["values"]["account_id"] for fault in proof.faults} == {account.pk}
    assert len([line for line in caplog.records if "not as it should be" in line.message]) == faults
    assert proof_of_readiness(client) is False
    assert "manage.py verify" in oversight(AT)


def test_what_was_put_right_is_sound_with_the_next_proof(account: Account, client: Client) -> None:
    Proof.objects.create(proved_at=AT - timedelta(days=1), faults_count=3)
    assert proof_of_readiness(client) is False

    prove(at=AT)

    assert proof_of_readiness(client) is True


def test_proofs_of_past_years_are_forgotten(db: None) -> None:
    Proof.objects.create(proved_at=AT - timedelta(days=500), faults_count=0)

    prove(at=AT)

    assert [proof.proved_at for proof in Proof.objects.all()] == [AT]


def test_the_night_asks_for_it() -> None:
    asked = SCHEDULE["prove the books"]
    assert asked["task"] == prove_task.name
    assert (asked["schedule"].hour, asked["schedule"].minute) == ({4}, {30})
