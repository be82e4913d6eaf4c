from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from journal.queries import list_events
from journal.subjects import Subject
from kernel import clock
from staff.models import Team, User
from staff.queries import get_client_actor

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command(*arguments, "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return answer


def test_the_first_administrator_is_made_at_the_shell() -> None:
    answer = run("create_user", "boss", "--role", "administrator", "--name", "The Boss")
    user = User.objects.get(username="boss")
    assert user.check_password(answer["password"])
    [event] = list_events(subjects=[Subject("user", user.pk)])
    assert (event.actor_kind, event.actor_id) == ("system", "operator")


def test_a_person_who_acts_needs_the_right(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("correct horse battery\n")
    run("create_team", "Retail")
    run("create_user", "anna", "--role", "officer", "--team", "Retail",
        "--password-file", str(secret))  # fmt: skip
    assert User.objects.get().check_password("correct horse battery")
    with pytest.raises(CommandError):
        run("create_team", "Business", "--by", "anna")
    with pytest.raises(CommandError):
        run("create_team", "Business", "--by", "nobody")
    assert Team.objects.count() == 1


def test_a_token_is_printed_once() -> None:
    answer = run("issue_token", "core", "--scope", "cases:read", "--days", "3")
    assert get_client_actor(token=answer["token"], at=clock.now()) is not None


def test_a_refusal_is_said_in_words() -> None:
    with pytest.raises(CommandError, match=r"within a year|roku"):
        run("issue_token", "core", "--scope", "cases:read", "--days", "3000")
    with pytest.raises(CommandError, match="no team"):
        run("issue_token", "core", "--scope", "cases:read", "--team", "Nowhere")


def test_the_instant_of_an_act_can_be_given() -> None:
    run("create_team", "Retail", "--at", "2026-05-12T10:00+00:00")
    [event] = list_events(subjects=[Subject("team", Team.objects.get().pk)])
    assert event.recorded_at == datetime(2026, 5, 12, 10, tzinfo=UTC)
