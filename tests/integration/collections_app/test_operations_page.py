"""The page of the running product, its red switches, and the commands for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from cases.models import Case, RedSwitch
from cases.switches import Switch, channel_switch, team_switch, template_switch
from collections_app.beat import QUEUES
from collections_app.heartbeat import beat_heart
from collections_app.ring_queues import list_rings
from contacts.lifecycle import MessageChannel, Template
from contacts.models import Message
from contacts.operations import NewMessage, queue_messages
from debtors.models import IntakeRun
from escalation.operations import switch_off
from journal.business_days import begin_day, finish_day, mark_step, report_progress
from journal.models import Delivery
from kernel import clock
from kernel.actor import system_actor
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user
from tests.integration.cases.conftest import (  # noqa: F401
    at,
    case,
    machine,
    make_case,
    officer,
    on,
    team,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
ON = date(2026, 5, 12)
SMS = "/operations/switches/channel/sms/"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.fixed_at(AT):
        yield


@pytest.fixture
def manager(db: None) -> User:
    return make_user("maria", Role.MANAGER)


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def page(user: User, address: str = "/operations/") -> str:
    return browser(user).get(address).content.decode()


def queue_letter(to: Case) -> None:
    new = NewMessage(to.pk, MessageChannel.LETTER, Template.DEMAND, f"step:{to.pk}:demand:1")
    queue_messages(messages=[new], on=ON, at=AT, actor=system_actor("tests"))


def off(switch: Switch, user: User) -> None:
    switch_off(switch=switch, reason="The gateway sends twice", actor=actor_of(user), at=AT)


def test_a_manager_sees_what_would_be_stopped_before_turning_and_what_was_after_it(
    manager: User,
    make_case: Callable[..., Case],  # noqa: F811
) -> None:
    queue_letter(make_case())
    queue_letter(make_case())
    address = "/operations/switches/channel/letter/"
    before = page(manager, address)
    assert "What it would stop now" in before
    assert '<th scope="row">Messages in the queue</th><td class="num">2</td>' in before

    answer = browser(manager).post(
        f"{address}turn/", {"to": "off", "reason": "Wrong paper"}, follow=True
    )

    text = answer.content.decode()
    assert answer.redirect_chain == [("/operations/", 302)]
    assert "Switched off: Letter. Stopped: 2 messages in the queue, 0 cases" in text
    assert "Wrong paper" in text
    assert Message.objects.filter(status="queued").count() == 2


def test_it_is_switched_on_again_by_the_same_way(manager: User) -> None:
    off(channel_switch("sms"), manager)
    assert "What it keeps back" in page(manager, SMS)

    browser(manager).post(f"{SMS}turn/", {"to": "on", "reason": "Put right"})

    assert RedSwitch.objects.get().status == "on"
    assert "Nothing is switched off." in page(manager)


def test_without_a_reason_nothing_is_turned_and_the_page_says_so(manager: User) -> None:
    answer = browser(manager).post(f"{SMS}turn/", {"to": "off", "reason": " "})

    assert answer.status_code == 422
    assert "Say why." in answer.content.decode()
    assert not RedSwitch.objects.exists()


def test_who_comes_second_is_told_that_somebody_was_faster(manager: User) -> None:
    off(channel_switch("sms"), make_user("other", Role.ADMINISTRATOR))

    answer = browser(manager).post(f"{SMS}turn/", {"to": "off", "reason": "Twice"})

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Somebody was faster" in text
    assert "The gateway sends twice" in text


@pytest.mark.parametrize(
    "address", ["channel/fax/", "team/4711/", "nothing/sms/", "automation/send_letter.reminder/"]
)
def test_a_switch_that_is_none_is_not_found(manager: User, address: str) -> None:
    assert browser(manager).get(f"/operations/switches/{address}").status_code == 404
    turned = browser(manager).post(f"/operations/switches/{address}turn/", {"to": "off"})
    assert turned.status_code == 404


def test_turning_without_saying_where_to_is_refused(manager: User) -> None:
    assert browser(manager).post(f"{SMS}turn/", {"reason": "x"}).status_code == 404


def test_an_auditor_looks_and_turns_nothing(manager: User) -> None:
    off(channel_switch("sms"), manager)
    auditor = make_user("hanna", Role.AUDITOR)

    assert "The gateway sends twice" in page(auditor)
    assert "Switch on…" not in page(auditor)
    assert "<textarea" not in page(auditor, SMS)
    assert browser(auditor).post(f"{SMS}turn/", {"to": "on"}).status_code == 403


def test_everybody_is_told_on_every_page_what_is_switched_off(
    manager: User,
    officer: User,  # noqa: F811
    team: Team,  # noqa: F811
) -> None:
    assert "is-switched-off" not in page(officer, "/preferences/")
    off(channel_switch("sms"), manager)
    off(team_switch(team.pk), manager)
    off(template_switch("demand"), manager)

    seen = page(officer, "/preferences/")

    assert '<p class="strip is-switched-off">' in seen
    assert "SMS; team Team North; Demand for payment." in seen
    assert "Why, and by whom" not in seen, "an officer may not open the page"
    assert "Why, and by whom" in page(manager, "/preferences/")


def test_the_page_takes_the_same_statements_however_many_cases_and_turns_there_are(
    manager: User,
    make_case: Callable[..., Case],  # noqa: F811
) -> None:
    queue_letter(make_case())
    off(channel_switch("letter"), manager)
    client = browser(manager)
    client.get("/operations/")
    with CaptureQueriesContext(connection) as few:
        client.get("/operations/")
    for _ in range(5):
        queue_letter(make_case())
    for other in ("reminder", "last_reminder", "termination"):
        off(template_switch(other), manager)
    with CaptureQueriesContext(connection) as many:
        client.get("/operations/")

    assert len(few) <= 30
    # Behind each switch that is off: its messages, the steps that cases stand at, and, where
    # there are any, the strategies of these.
    assert len(many) - len(few) <= 3 * 3


def test_queues_closes_and_runs_are_shown(manager: User) -> None:
    for queue in QUEUES[:-1]:
        beat_heart(queue=queue, at=AT - timedelta(minutes=1))
    beat_heart(queue=QUEUES[-1], at=AT - timedelta(hours=1))
    Delivery.objects.create(
        subscriber="cases.settle_after_intake", event_id=1, event_on=ON, subject="case:1",
        recorded_at=AT - timedelta(minutes=42), attempts=8, last_error="KeyError('x')",
    )  # fmt: skip
    begin_day(on=ON - timedelta(days=2), at=AT)
    mark_step(on=ON - timedelta(days=2), step="decide", counts={"perform": 1234})
    finish_day(on=ON - timedelta(days=2), at=AT)
    begin_day(on=ON - timedelta(days=1), at=AT)
    report_progress(on=ON - timedelta(days=1), progress={"decided": 40_000})
    run = IntakeRun.objects.create(
        file_name="book.csv", file_sha256=b"x" * 32, profile="canonical", as_of_on=ON,
        status="done", started_at=AT, actor_kind="system", actor_id="test", error_file="bad.csv",
        counts={"rows_read": 77, "rows_refused": 3},
    )  # fmt: skip

    seen = page(manager)

    assert "No worker takes from: News and upkeep." in seen
    assert "Deliveries of events failed for good." in seen
    assert "KeyError(&#x27;x&#x27;)" in seen
    assert '<td class="num">42</td>' in seen
    assert "steps taken 1\u00a0234" in seen
    assert "decided 40\u00a0000" in seen
    assert f'href="/intake/{run.pk}/"' in seen
    assert f'href="/intake/{run.pk}/errors/"' in seen
    assert 'href="/days/"' in seen
    assert f'href="/intake/{run.pk}/errors/"' not in page(make_user("hanna", Role.AUDITOR))


def test_without_a_broker_the_page_says_so_and_shows_the_rest(
    manager: User, settings: Settings
) -> None:
    settings.CELERY_BROKER_URL = ""
    assert list_rings() is None
    assert "The broker does not answer" in page(manager)


def test_a_broker_that_is_away_holds_nothing_up(settings: Settings, broker: str) -> None:
    assert list_rings() == dict.fromkeys(QUEUES, 0)


def run(command: str, *args: str, **options: object) -> dict[str, object]:
    out = StringIO()
    call_command(command, *args, json=True, stdout=out, **options)
    answer: dict[str, object] = json.loads(out.getvalue())
    return answer


def test_the_command_turns_a_switch_and_says_what_it_stopped(
    manager: User,
    case: Case,  # noqa: F811
    team: Team,  # noqa: F811
) -> None:
    queue_letter(case)
    answer = run("switch", "template", "demand", off=True, by="maria", reason="Wrong wording")
    assert answer == {
        "kind": "template", "key": "demand", "state": "off", "messages": 1, "cases": 0,
    }  # fmt: skip
    run("switch", "team", team.name, off=True, by="maria", reason="Reorganised")

    listed = run("list_switches", only_off=True)["switches"]

    assert isinstance(listed, list)
    assert [(row["kind"], row["key"], row["turned_by"]) for row in listed] == [
        ("template", "demand", "Maria"),
        ("team", "Team North", "Maria"),
    ]
    out = StringIO()
    call_command("switch", "team", team.name, on=True, by="maria", reason="Done", stdout=out)
    assert out.getvalue() == (
        "team Team North is on; goes on: messages in the queue 0, cases whose next step it is 0\n"
    ), "the template still keeps the message back"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("channel", "fax"), "There is no such switch: channel fax."),
        (("team", "Nobody"), "There is no such switch: team Nobody."),
    ],
)
def test_the_command_refuses_what_is_no_switch(
    manager: User, given: tuple[str, str], said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        run("switch", *given, off=True, by="maria", reason="x")


def test_the_command_refuses_who_may_not(officer: User) -> None:  # noqa: F811
    with pytest.raises(CommandError, match="may not turn red switches"):
        run("switch", "channel", "sms", off=True, by="anna", reason="x")
