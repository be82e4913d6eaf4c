"""Every error is a problem document with a stable code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from django.test import Client

from api.endpoints import cases as endpoint
from api.problems import PROBLEMS
from api.throttling import ClientThrottle
from cases.locking import CaseNotFound
from journal.queries import list_events
from journal.subjects import Subject
from kernel import clock
from kernel.errors import Conflict, InvalidInput, NotAllowed
from staff.models import ApiClient, ApiToken
from staff.operations import revoke_token
from staff.rights import Scope
from tests.integration.api.book import make_case
from tests.integration.api.conftest import ADMINISTRATOR, NOW, Get, make_token

pytestmark = pytest.mark.django_db


def _check(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"urn:ugoda:problem:{code}"
    assert (body["code"], body["status"]) == (code, status)
    assert body["title"]
    return body


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("stage=somewhere", "stage", "not_one_of"),
        ("stage=", "stage", "not_one_of"),
        ("status=OPEN", "status", "not_one_of"),
        ("days_past_due_min=-1", "days_past_due_min", "not_in_range"),
        ("days_past_due_max=36501", "days_past_due_max", "not_in_range"),
        ("team=0", "team", "not_in_range"),
        ("team=99999999999999999999999", "team", "not_in_range"),
        ("team=1.5", "team", "not_in_range"),
        ("team=%C2%B2", "team", "not_in_range"),
        ("limit=501", "limit", "not_in_range"),
        ("limit=0", "limit", "not_in_range"),
        ("product=%00", "product", "not_one_of"),
        ("updated_since=2026-05-12", "updated_since", "no_instant"),
        ("updated_since=2026-05-12T10:00:00", "updated_since", "no_instant"),
        ("updated_since=2026-13-12T10:00:00Z", "updated_since", "no_instant"),
        ("cursor=x", "cursor", "no_cursor"),
        ("cursor=1.2.3", "cursor", "no_cursor"),
        ("cursor=9999999999999999999999", "cursor", "no_cursor"),
        ("stge=court", "stge", "unknown"),
        ("stage=court&stage=agency", "stage", "given_twice"),
    ],
)
def test_a_parameter_that_cannot_be_taken_is_named(
    token: str, query: str, parameter: str, code: str
) -> None:
    answer = Client().get(f"/api/v1/cases?{query}", headers={"Authorization": f"Bearer {token}"})
    body = _check(answer, 400, "invalid_parameters")
    assert body["errors"] == [{"parameter": parameter, "code": code}]


def test_all_wrong_parameters_are_named_at_once(get: Get) -> None:
    body = _check(get("cases", stage="x", limit="y", z="1"), 400, "invalid_parameters")
    assert [error["parameter"] for error in body["errors"]] == ["stage", "limit", "z"]


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Bearer ",
        "Bearer ugoda_unknown",
        "Bearer " + "x" * 10_000,
        "Basic dXNlcjpwYXNz",
        "ugoda_unknown",
    ],
)
def test_without_a_valid_token_nothing_is_told(header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    answer = Client().get("/api/v1/cases", headers=headers)
    _check(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="ugoda"'


def test_a_token_that_has_ended_is_as_none(get: Get, token: str) -> None:
    assert get("cases").status_code == 200
    with clock.fixed_at(NOW + timedelta(days=90)):
        _check(get("cases"), 401, "not_authenticated")
    revoke_token(token_id=ApiToken.objects.get().pk, actor=ADMINISTRATOR, at=NOW)
    _check(get("cases"), 401, "not_authenticated")


def test_a_client_that_is_locked_out_has_no_token(get: Get) -> None:
    ApiClient.objects.update(is_active=False)
    _check(get("cases"), 401, "not_authenticated")


@pytest.mark.parametrize(
    ("scope", "path"), [(Scope.READ_TIMELINE, ""), (Scope.READ_CASES, "/timeline")]
)
def test_a_token_opens_only_what_its_scopes_name_and_the_attempt_is_recorded(
    get: Get, scope: Scope, path: str
) -> None:
    case = make_case()
    token = make_token(scope, name="narrow")
    _check(get(f"cases/{case.number}{path}", as_token=token), 403, "scope_missing")
    client = ApiClient.objects.get(name="narrow")
    [event] = list_events(subjects=[Subject("api_client", client.pk)])
    assert event.kind == "access.denied"
    assert event.payload["path"] == f"/api/v1/cases/{case.number}{path}"


@pytest.mark.parametrize(
    "path",
    [
        "cases/UG-2026-999999",
        "cases/UG-2026-999999/timeline",
        "cases/",
        "cases/nothing",
        "cases/UG-2026-000001%00",
        "cases/two%0Alines",
        "nowhere",
        "",
    ],
)
def test_what_is_not_there_is_a_problem_too(get: Get, path: str) -> None:
    _check(get(path), 404, "not_found")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_a_method_that_is_not_taken(token: str, method: str) -> None:
    answer = getattr(Client(), method)(
        "/api/v1/cases", headers={"Authorization": f"Bearer {token}"}
    )
    _check(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD"


def test_nothing_in_between_keeps_an_answer(get: Get) -> None:
    for answer in (get("cases"), get("cases", as_token=""), get("cases", limit="x")):
        assert answer["Cache-Control"] == "no-store"


def test_only_json_is_answered(token: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/html"}
    _check(Client().get("/api/v1/cases", headers=headers), 406, "not_acceptable")
    headers["Accept"] = "text/html, */*;q=0.1"
    assert Client().get("/api/v1/cases", headers=headers).status_code == 200


def test_who_asks_too_often_is_told_when_to_come_again(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    monkeypatch.setattr(ClientThrottle, "rate", "2/min")
    assert [get("cases").status_code for _ in range(2)] == [200, 200]
    answer = get("cases")
    _check(answer, 429, "too_many_requests")
    assert 1 <= int(answer["Retry-After"]) <= 60
    other = make_token(name="another client")
    assert get("cases", as_token=other).status_code == 200, "another client is not held up"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RuntimeError("secret detail"), 500, "internal_error"),
        (OperationalError("canceling statement"), 503, "unavailable"),
        (InterfaceError("connection already closed"), 503, "unavailable"),
        (Conflict(), 409, "conflict"),
        (InvalidInput(), 400, "invalid_input"),
        (NotAllowed(), 403, "not_allowed"),
        (CaseNotFound(number="x"), 404, "not_found"),
    ],
)
def test_whatever_is_raised_becomes_a_problem_without_its_insides(
    get: Get, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    def fail(**_: Any) -> None:
        raise error

    monkeypatch.setattr(endpoint, "list_cases", fail)
    answer = get("cases")
    _check(answer, status, code)
    assert b"secret" not in answer.content


def test_the_codes_are_part_of_the_interface() -> None:
    assert {code: status.value for code, (status, _) in PROBLEMS.items()} == {
        "invalid_parameters": 400,
        "invalid_input": 400,
        "not_authenticated": 401,
        "scope_missing": 403,
        "not_allowed": 403,
        "not_found": 404,
        "method_not_allowed": 405,
        "not_acceptable": 406,
        "conflict": 409,
        "unsupported_media_type": 415,
        "too_many_requests": 429,
        "internal_error": 500,
        "unavailable": 503,
    }
