"""A statement sent by a client is taken in once, and a fault is told with its place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ledger.lifecycle import EntryState, NameKind
from ledger.models import Account, BankStatement, StatementEntry
from ledger.operations import register_names
from staff.rights import Scope
from tests.integration.api.conftest import Get, make_token
from tests.unit.ledger.statements.samples import CAMT053, MT940, OWN

pytestmark = pytest.mark.django_db


def send(token: str, content: bytes, *, query: str = "", kind: str = "text/plain") -> Any:
    return Client().post(
        f"/api/v1/statements{query}",
        data=content,
        content_type=kind,
        headers={"Authorization": f"Bearer {token}"},
    )


def test_a_statement_is_taken_in_its_payments_matched_and_its_state_can_be_asked(
    token: str, get: Get
) -> None:
    account = Account.objects.create(currency="PLN", opened_on=date(2026, 4, 1))
    register_names(kind=NameKind.CONTRACT, names=[(account.pk, "CTR/2026/17")])
    answer = send(token, MT940, query="?name=may.sta")
    assert answer.status_code == 201
    told = answer.json()
    assert (told["name"], told["form"], told["known_before"]) == ("may.sta", "mt940", False)
    assert told["states"] == {"posted": 2, "not_ours": 1}
    (statement,) = told["statements"]
    assert (statement["account"], statement["opening"], statement["closing"]) == (
        OWN, "1000.00", "1095.00",
    )  # fmt: skip
    assert get(f"statements/{told['id']}").json() == {**told, "known_before": True}
    account.refresh_from_db()
    assert account.overpaid_minor == 10_000


def test_the_same_bytes_again_change_nothing(token: str) -> None:
    first = send(token, CAMT053, kind="application/xml")
    again = send(token, CAMT053, kind="application/octet-stream", query="?name=other")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "known_before": True}
    assert BankStatement.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "reason", "place"),
    [
        (b"", "empty", "line 1"),
        (b"hello", "not_a_statement", "line 1"),
        (MT940.replace(b":61:2605110511C", b":61:26x"), "bad_entry", "line 5, :61:"),
        (CAMT053[:-20], "not_well_formed", "line 1, column "),
    ],
)
def test_a_fault_is_a_problem_with_its_precise_place(
    token: str, content: bytes, reason: str, place: str
) -> None:
    answer = send(token, content)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["reason"]) == ("invalid_input", reason)
    assert problem["place"].startswith(place)
    assert problem["detail"].startswith(problem["place"])
    assert not StatementEntry.objects.exists()


def test_a_client_needs_the_scope_and_spells_the_parameters(token: str) -> None:
    reader = make_token(Scope.READ_CASES, name="warehouse")
    assert send(reader, MT940).json()["code"] == "scope_missing"
    assert send(token, MT940, query="?file=x").json()["errors"] == [
        {"parameter": "file", "code": "unknown"}
    ]
    assert not StatementEntry.objects.exists()


def test_a_file_that_is_not_there_is_not_found(get: Get) -> None:
    assert get("statements/9").status_code == 404
    assert get("statements/99999999999999999999").status_code == 404


def test_the_state_takes_three_statements_whatever_the_file_holds(token: str, get: Get) -> None:
    file_id = send(token, MT940).json()["id"]
    StatementEntry.objects.filter(amount_minor=5_000).update(state=EntryState.PROPOSED)
    get(f"statements/{file_id}")
    with CaptureQueriesContext(connection) as caught:
        get(f"statements/{file_id}")
    assert sum("ledger_" in query["sql"] for query in caught) == 3
