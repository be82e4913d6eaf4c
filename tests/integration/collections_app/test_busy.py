"""A wait that took too long is an answer in our look, in whatever statement it happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import psycopg2
import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from psycopg2 import errors

from cases.locking import CaseBusy
from cases.models import Case, Hold, WorkItem
from cases.operations import open_cases
from collections_app.busy import BusyMiddleware, is_passing
from kernel import clock
from kernel.actor import system_actor
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import make_debt, make_debtor, make_user

AT = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
ON = date(2026, 5, 12)


def _from(cause: Exception) -> OperationalError:
    error = OperationalError("the statement was ended")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        _from(errors.LockNotAvailable()),
        _from(errors.DeadlockDetected()),
        _from(errors.SerializationFailure()),
        _from(errors.QueryCanceled()),
        CaseBusy(case_id=1),
    ],
)
def test_what_may_succeed_when_asked_again_is_busy(error: Exception) -> None:
    assert is_passing(error)


@pytest.mark.parametrize(
    "error",
    [
        _from(errors.AdminShutdown()),
        _from(psycopg2.OperationalError("server closed the connection")),
        OperationalError("no cause"),
        errors.LockNotAvailable(),
        ValueError("a mistake"),
    ],
)
def test_a_mistake_and_a_lost_database_are_not(error: Exception) -> None:
    assert not is_passing(error)
    middleware = BusyMiddleware(lambda request: pytest.fail("not asked"))
    assert middleware.process_exception(RequestFactory().get("/"), error) is None


@pytest.fixture
def browser(committed_db: dict[str, Any]) -> Iterator[Client]:
    team = Team.objects.create(name="North")
    officer = make_user("anna", Role.OFFICER, team)
    debtor = make_debtor()
    make_debt(debtor)
    machine = system_actor("tests")
    (case_id,) = open_cases(debtor_ids=[debtor.pk], on=ON, at=AT, actor=machine)
    Case.objects.filter(pk=case_id).update(team=team, number="T-1")
    WorkItem.objects.create(case_id=case_id, kind="review", team=team, due_on=ON, opened_at=AT)
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer)
    with clock.fixed_at(AT):
        yield client


@contextmanager
def held(statement: str) -> Iterator[None]:
    """Another connection holds a lock, and nobody here waits long for it."""
    night = connection.copy()
    try:
        night.set_autocommit(False)
        with night.cursor() as cursor:
            cursor.execute(statement)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        yield
    finally:
        night.rollback()
        night.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


@pytest.mark.commits
def test_a_lock_outside_of_that_on_the_case_is_no_error_of_the_page(browser: Client) -> None:
    item = WorkItem.objects.get()
    address = f"/cases/T-1/todo/{item.pk}/finish/"
    with held("SELECT id FROM cases_workitem FOR UPDATE"):
        answer = browser.post(address, {"note": "Seen"})
        part = browser.post(address, {"note": "Seen"}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    page = answer.content.decode()
    assert "Somebody else is writing here just now" in page
    assert "Nothing was changed." in page
    assert (part.status_code, part.content) == (503, b"")
    item.refresh_from_db()
    assert item.status == "open"


@pytest.mark.commits
def test_a_form_with_a_key_is_offered_again_with_all_that_was_entered(browser: Client) -> None:
    form = {"text": 'He said "later" <b>', "is_pinned": "on", "submission": "n-1"}
    with held("LOCK TABLE cases_note IN EXCLUSIVE MODE"):
        answer = browser.post("/cases/T-1/note/", form)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "what you entered is kept here" in page
    assert 'value="He said &quot;later&quot; &lt;b&gt;"' in page
    assert 'name="submission" value="n-1"' in page
    assert "Send it again" in page

    assert browser.post("/cases/T-1/note/", form).status_code == 302


@pytest.mark.commits
def test_a_case_that_is_held_answers_in_its_part_and_keeps_what_was_entered(
    browser: Client,
) -> None:
    form = {"kind": "other", "reason": "Waits for the bank", "submission": "h-1"}
    with held("SELECT id FROM cases_case FOR UPDATE"):
        answer = browser.post("/cases/T-1/hold/", form, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert page.lstrip().startswith("<details")
    assert "Waits for the bank" in page
    assert "holds the case just now" in page
    assert not Hold.objects.exists()
