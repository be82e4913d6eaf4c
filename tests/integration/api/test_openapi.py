"""The document says what the interface does: schemathesis asks it everything it promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import get_resolver
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    response_schema_conformance,
)

from api.documented_urls import CaseNumber, urlpatterns
from api.endpoints.documentation import openapi_document
from calculations.table import TOPICS
from cases.models import Case
from collections_app.wsgi import application
from escalation.benchmarks.book import write_book
from escalation.operations import decide_due
from journal.operations import record_event
from journal.subjects import Subject
from kernel.actor import system_actor
from ledger.models import StatementFile
from staff.models import Team
from tests.integration.api.book import make_case
from tests.integration.api.conftest import NOW

load_all_checks()
pytestmark = pytest.mark.django_db

EXAMPLES = 25
GENEROUS = [positive_data_acceptance, negative_data_rejection]


@pytest.fixture(autouse=True)
def _connection_of_the_test() -> Iterator[None]:
    """A request would otherwise close the connection, and with it the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def schema(token: str) -> Any:
    """Over a small book, with one case that the examples of the document name."""
    case = make_case(team=Team.objects.create(name="Retail"))
    make_case(closed=True)
    record_event(
        kind="thing.happened", subject=Subject("case", case.pk), actor=system_actor("x"), at=NOW
    )
    file = StatementFile.objects.create(
        sha256=b"x" * 32, name="x.sta", form="mt940", received_at=NOW, actor_kind="system",
        actor_id="test",
    )  # fmt: skip
    loaded = schemathesis.openapi.from_dict(openapi_document())
    loaded.app = application

    @loaded.hook
    def map_path_parameters(context: Any, path_parameters: Any) -> Any:
        if path_parameters and "file_id" in path_parameters:
            if isinstance(path_parameters["file_id"], int):
                path_parameters["file_id"] = file.pk
        elif path_parameters and re.fullmatch(CaseNumber.regex, str(path_parameters["number"])):
            path_parameters["number"] = case.number
        return path_parameters

    @loaded.auth()
    class Token:
        def get(self, case: Any, context: Any) -> str:
            return token

        def set(self, case: Any, data: str, context: Any) -> None:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}

    return loaded


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("path", sorted(openapi_document()["paths"]))
def test_the_interface_keeps_what_its_document_says(
    schema: Any, path: str, mode: GenerationMode
) -> None:
    (method,) = openapi_document()["paths"][path]
    operation = schema[path][method.upper()]
    # a calculation takes a value in more ways of writing than the document shows
    left_out = GENEROUS if method == "post" else []
    statuses = set()

    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    @hypothesis.settings(
        max_examples=EXAMPLES if method == "get" else EXAMPLES // 4,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    def ask(case: Any) -> None:
        response = case.call_and_validate(excluded_checks=left_out)
        statuses.add(response.status_code)

    ask()
    parameters = openapi_document()["paths"][path][method].get("parameters")
    if method == "get" and (parameters or mode is GenerationMode.POSITIVE):
        assert statuses & ({200} if mode is GenerationMode.POSITIVE else {400, 404})
    assert statuses <= {200, 400, 401, 404, 405, 406, 415}


def test_every_endpoint_is_in_the_document_and_nothing_else() -> None:
    documented = set(openapi_document()["paths"])
    served = {"/" + re.sub(r"<[^:>]+:(\w+)>", r"{\1}", str(p.pattern)) for p in urlpatterns}
    assert documented == served
    assert get_resolver() is not None


def test_the_document_and_its_page_are_public_and_come_from_this_host() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.")
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    assert "script-src 'self'" in page["Content-Security-Policy"]
    text = page.content.decode()
    assert "swagger-ui-bundle.js" in text
    assert not re.search(r"(?:src|href)=[\"']https?:", text)


def test_every_operation_names_its_problems_and_its_token() -> None:
    for path, operations in openapi_document()["paths"].items():
        for operation in operations.values():
            expected = {"200", "400", "401", "403", "405", "406", "429", "500", "503"}
            expected |= {"404"} if "{" in path else set()
            expected |= {"201"} if path == "/api/v1/statements" else set()
            expected |= {"415"} if "requestBody" in operation else set()
            assert set(operation["responses"]) == expected
            assert operation["security"] == [{"token": []}]


def test_every_kind_of_case_is_as_the_document_describes_it(token: str) -> None:
    """Cases at every step of the shipped strategies: waiting, held, and with a step to take."""
    write_book(cases=40, on=NOW.date())
    decide_due(on=NOW.date(), at=NOW, actor=system_actor("test"), batch_cases=20)
    loaded = schemathesis.openapi.from_dict(openapi_document())
    loaded.app = application
    seen: set[tuple[str, str]] = set()
    for path in (path for path in openapi_document()["paths"] if "{number}" in path):
        for number in Case.objects.values_list("number", flat=True):
            case = loaded[path]["GET"].Case(path_parameters={"number": number})
            response = case.call(headers={"Authorization": f"Bearer {token}"})
            assert response.status_code == 200, response.text
            case.validate_response(response, checks=[response_schema_conformance])
            if body := response.json().get("next_step"):
                seen.add((body["now"]["outcome"], body["last"]["outcome"]))
                assert body["now"]["looked_at"]
                if body["now"]["outcome"] in ("hold", "exit"):
                    assert body["now"]["blockers"]
    assert {now for now, _ in seen} >= {"wait", "hold"}
    assert {last for _, last in seen} >= {"wait", "hold", "perform"}


@pytest.mark.parametrize("topic", TOPICS)
def test_the_example_of_a_calculation_is_answered_as_the_document_describes(
    schema: Any, token: str, topic: str
) -> None:
    operation = schema[f"/api/v1/calculations/{topic}"]["POST"]
    case = operation.Case(body=dict(TOPICS[topic].example), media_type="application/json")
    response = case.call(headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200, response.text
    case.validate_response(response, checks=[response_schema_conformance])
