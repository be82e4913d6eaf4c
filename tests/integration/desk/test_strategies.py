"""Strategies as their readers find them: path, versions, drafts, forms, simulation, publication."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Hold
from desk.views.strategies import simulating, simulation_panel
from escalation.benchmarks.book import write_book
from escalation.lifecycle import RunStatus, VersionStatus
from escalation.models import Draft, Enrolment, SimulationRun, StrategyVersion
from escalation.operations import (
    approve_version,
    propose_version,
    run_queued_simulations,
    save_draft,
    start_draft,
)
from journal.models import Event
from staff.models import Team, User
from staff.queries import get_actor
from staff.rights import Role
from tests.integration.cases.builders import make_user
from tests.integration.desk.conftest import AT, ON, signed_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
CALL = "wait = { days_past_due = 7, days_after_previous_step = 4 }"
LONGER = "wait = { days_past_due = 7, days_after_previous_step = 90 }"


def page_of(client: Client, address: str) -> str:
    """What a reader sees, in one line."""
    answer = client.get(address)
    assert answer.status_code == 200
    return text_of(answer.content.decode())


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.fixture
def retail(db: None) -> StrategyVersion:
    return StrategyVersion.objects.get(strategy__key="unsecured_retail")


@pytest.fixture
def second(db: None) -> User:
    return make_user("karolina", Role.MANAGER)


@pytest.fixture
def draft(manager: User, retail: StrategyVersion) -> Draft:
    return start_draft(source=retail.source, name="Calls", actor=get_actor(user=manager), at=AT)


def write(draft: Draft, source: str) -> Draft:
    actor = get_actor(user=draft.author)
    draft.refresh_from_db()
    return save_draft(draft_id=draft.pk, revision=draft.revision, source=source, actor=actor, at=AT)


@pytest.fixture
def enrol(retail: StrategyVersion) -> Callable[..., Enrolment]:
    def put(case: Case, step: str, version: StrategyVersion = retail) -> Enrolment:
        return Enrolment.objects.create(
            case=case, version=version, step_key=step, previous_on=ON - timedelta(3),
            counts_from_on=ON - timedelta(40), entered_on=ON - timedelta(40), next_due_on=ON,
        )  # fmt: skip

    return put


# -- The path


def test_a_strategy_reads_as_a_path_in_the_language_of_its_reader(at_desk: Client) -> None:
    english = page_of(at_desk, "/strategies/unsecured_retail/")
    at_desk.cookies["django_language"] = "pl"
    polish = page_of(at_desk, "/strategies/unsecured_retail/")

    assert "28 5 Demand for payment when 5 days after the previous step" in english
    assert "64+ , later by what it depends on: when the post delivers" in english
    assert "Wezwanie do zapłaty gdy 5 dni po poprzednim kroku" in polish
    assert "14 dni roboczych po doręczeniu: wezwanie z art. 75c" in polish
    assert at_desk.get("/strategies/nothing/").status_code == 404
    assert at_desk.get("/strategies/unsecured_retail/?version=99").status_code == 404


def test_the_number_on_a_step_opens_exactly_the_cases_that_stand_there(
    at_desk: Client, make_case: Callable[..., Case], enrol: Callable[..., Enrolment]
) -> None:
    for step in ("call", "call", "demand"):
        enrol(make_case(), step)
    html = at_desk.get("/strategies/unsecured_retail/").content.decode()

    links = dict(re.findall(r'href="(/cases/\?segment=[^"]*step=([^"]*))"', html))
    shown = {steps: _rows(at_desk, unescape(url)) for url, steps in links.items()}

    assert shown["call"] == 2
    assert shown["demand"] == 1
    stages = {steps: rows for steps, rows in shown.items() if "%2C" in steps}
    assert sorted(stages.values()) == [1, 2]
    assert "3 in all" in text_of(html)


def _rows(client: Client, url: str) -> int:
    return client.get(url).content.decode().count('<td><a class="name"')


def test_a_reader_of_one_team_counts_only_its_cases(
    at_desk: Client,
    manager: User,
    south: Team,
    make_case: Callable[..., Case],
    enrol: Callable[..., Enrolment],
) -> None:
    enrol(make_case(), "call")
    enrol(make_case(team=south), "call")

    assert "cases of your team standing before each step now, 1 in all" in page_of(
        at_desk, "/strategies/unsecured_retail/"
    )
    assert "2 in all" in page_of(signed_in(manager), "/strategies/unsecured_retail/")


def test_what_is_held_and_what_has_left_is_counted(
    manager: User, make_case: Callable[..., Case], enrol: Callable[..., Enrolment]
) -> None:
    held, gone, agency = make_case(), make_case(), make_case()
    for case in (held, agency):
        enrol(case, "call")
    Enrolment.objects.filter(pk=enrol(gone, "call").pk).update(
        status="exited", ended_on=ON - timedelta(2), next_due_on=None
    )
    Hold.objects.create(
        case=held, kind="dispute", from_on=ON, placed_at=AT, actor_kind="user", actor_id="1"
    )
    Case.objects.filter(pk=agency.pk).update(handled_by="agency")
    browser = signed_in(manager)

    html = browser.get("/strategies/unsecured_retail/").content.decode()

    assert "1 case in the last 30 days" in text_of(html)
    assert "1 case on hold" in text_of(html)
    pattern = r'href="(/cases/\?segment=unsecured_retail&amp;(?:on_hold|handled)[^"]*)"'
    urls = re.findall(pattern, html)
    assert [_rows(browser, unescape(url)) for url in urls] == [1, 1]


def test_cases_on_a_step_that_only_an_older_version_has_are_not_lost(
    manager: User,
    second: User,
    retail: StrategyVersion,
    make_case: Callable[..., Case],
    enrol: Callable[..., Enrolment],
) -> None:
    enrol(make_case(), "find_address")
    renamed = retail.source.replace('key = "find_address"', 'key = "search_address"')
    version = propose_version(source=renamed, actor=get_actor(user=manager), at=AT)
    approve_version(version_id=version.pk, reason="ok", actor=get_actor(user=second), at=AT)

    page = page_of(signed_in(manager), "/strategies/unsecured_retail/")

    assert "On steps that only older versions have" in page
    assert "1 in all" in page


def test_cases_behind_the_last_step_are_named_and_opened_by_their_figure(
    make_case: Callable[..., Case], enrol: Callable[..., Enrolment], at_desk: Client
) -> None:
    enrol(make_case(name="Behind Bea"), "")
    enrol(make_case(name="Before Bob"), "call_again")

    html = at_desk.get("/strategies/unsecured_retail/").content.decode()
    listed = page_of(at_desk, "/cases/?segment=unsecured_retail&step=-")

    assert "On steps that only older versions have" not in text_of(html)
    assert "After the last step" in text_of(html)
    assert "segment=unsecured_retail&amp;step=-" in html
    assert "Behind Bea" in listed
    assert "Before Bob" not in listed
    assert "Step after the last one" in listed


def test_any_two_versions_are_compared_with_the_difference_under_the_steps(
    manager: User, second: User, retail: StrategyVersion, at_desk: Client
) -> None:
    source = retail.source.replace(CALL, CALL.replace("4", "12"))
    source = source.replace('key = "call_again"', 'key = "call_about_it"').replace(
        'after_breach = "call_again"', 'after_breach = "call_about_it"'
    )
    version = propose_version(source=source, actor=get_actor(user=manager), at=AT)
    approve_version(version_id=version.pk, reason="ok", actor=get_actor(user=second), at=AT)

    html = at_desk.get("/strategies/unsecured_retail/?version=2&with=1").content.decode()
    page = text_of(html)

    assert "3 differences to version 1" in page
    assert "Changed Wait 4 12 days after the previous step, so day 12" in page
    assert "<del>4</del> <ins>12</ins>" in html
    assert "Removed The step is gone" in page
    assert "Added New step" in page
    assert re.search(r'<tr class="added".*?<span>6a</span>', html, re.DOTALL)
    backwards = page_of(at_desk, "/strategies/unsecured_retail/?version=1&with=2")
    assert "Changed Wait 12 4 days after the previous step, so day 7" in backwards


def test_versions_name_who_decided_when_and_why(
    manager: User, second: User, retail: StrategyVersion, at_desk: Client
) -> None:
    source = retail.source.replace(CALL, LONGER)
    version = propose_version(source=source, actor=get_actor(user=manager), at=AT)
    approve_version(version_id=version.pk, reason="Too many", actor=get_actor(user=second), at=AT)

    page = page_of(at_desk, "/strategies/unsecured_retail/")

    assert f"decided by {second.full_name}" in page
    assert "Too many" in page
    assert "Version 2 put in force: Too many" in page


def test_the_text_of_a_version_is_downloaded_as_it_was_published(
    at_desk: Client, retail: StrategyVersion
) -> None:
    answer = at_desk.get("/strategies/unsecured_retail/text/?version=1")
    assert answer.content.decode() == retail.source
    assert 'filename="unsecured_retail-v1.toml"' in answer["Content-Disposition"]


def test_a_page_asks_the_database_as_often_for_many_cases_as_for_few(
    manager: User, make_case: Callable[..., Case], enrol: Callable[..., Enrolment], draft: Draft
) -> None:
    browser = signed_in(manager)
    browser.get("/strategies/")  # what is done once for a session
    counts = []
    for steps in (["call"], ["demand", "notice_75c", "court", "call"]):
        for step in steps:
            enrol(make_case(), step)
        for address in ("/strategies/unsecured_retail/", f"/strategies/draft-{draft.pk}/"):
            with CaptureQueriesContext(connection) as queries:
                browser.get(address)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert max(counts) < 40


# -- Drafts


def test_a_draft_begins_from_a_version_a_file_or_another_draft(
    manager: User, second: User, retail: StrategyVersion, draft: Draft
) -> None:
    browser = signed_in(second)
    file = SimpleUploadedFile("mine.toml", b"\xef\xbb\xbf" + retail.source.encode())
    for form in (
        {"from": "mortgage", "version": "1"},
        {"draft": str(draft.pk)},
        {"file": file, "name": "From a file"},
    ):
        answer = browser.post("/strategies/new-draft/", form)
        assert answer.status_code == 302, answer.content

    started = Draft.objects.filter(author=second).order_by("pk")
    assert list(started.values_list("strategy_key", "name")) == [
        ("mortgage", "Version 2"), ("unsecured_retail", "Calls"),
        ("unsecured_retail", "From a file"),
    ]  # fmt: skip
    assert started[2].source == retail.source


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00rubbish", b"a = 1\x00", b"#" * 100_001, b"[" * 5_000]
)
def test_a_hostile_file_gets_an_answer_and_never_breaks_the_page(
    manager: User, content: bytes
) -> None:
    browser = signed_in(manager)
    answer = browser.post(
        "/strategies/new-draft/", {"file": SimpleUploadedFile("x.toml", content)}, follow=True
    )
    assert answer.status_code == 200
    for draft in Draft.objects.all():
        for part in ("", "text/"):
            assert browser.get(f"/strategies/draft-{draft.pk}/{part}").status_code == 200


def test_an_officer_reads_strategies_and_drafts_none(at_desk: Client, draft: Draft) -> None:
    assert "Start a draft" not in page_of(at_desk, "/strategies/")
    assert at_desk.get(f"/strategies/draft-{draft.pk}/").status_code == 403
    assert at_desk.post("/strategies/new-draft/", {"from": "mortgage"}).status_code == 403


def test_who_has_the_right_sees_the_draft_of_another_and_no_way_to_change_it(
    second: User, draft: Draft
) -> None:
    browser = signed_in(second)
    html = browser.get(f"/strategies/draft-{draft.pk}/").content.decode()

    assert "writes this draft" in html
    assert 'class="edit"' not in html
    assert "readonly" in browser.get(f"/strategies/draft-{draft.pk}/text/").content.decode()
    answer = browser.post(
        f"/strategies/draft-{draft.pk}/text/", {"source": "x", "revision": "1"}, headers=HTMX
    )
    assert answer.status_code == 422
    assert "Only its author changes a draft." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 1


def test_typing_saves_and_says_what_is_wrong_with_a_link_to_the_line(
    manager: User, draft: Draft
) -> None:
    bad = draft.source.replace("repeat = 3", "repaet = 3")
    line = bad[: bad.index("repaet")].count("\n") + 1

    answer = signed_in(manager).post(
        f"/strategies/draft-{draft.pk}/text/", {"source": bad, "revision": "1"}, headers=HTMX
    )

    html = answer.content.decode()
    assert f'data-line="{line}"' in html
    assert "Did you mean “repeat”?" in unescape(html)
    assert 'id="revision" value="2" hx-swap-oob="true"' in html
    assert "<html" not in html
    draft.refresh_from_db()
    assert draft.source == bad


def test_findings_of_the_linter_stand_beside_the_text(manager: User, draft: Draft) -> None:
    unsound = draft.source.replace("{ notice_75c = 14 }", "{ notice_75c = 7 }")

    answer = signed_in(manager).post(
        f"/strategies/draft-{draft.pk}/text/", {"source": unsound, "revision": "1"}, headers=HTMX
    )

    page = text_of(answer.content.decode())
    assert "wait 14 working days after its delivery" in page
    assert "Changed Wait 14 7 working days after delivery: notice under art. 75c" in page


def test_two_windows_do_not_overwrite_each_other_unknowingly(manager: User, draft: Draft) -> None:
    browser = signed_in(manager)
    address = f"/strategies/draft-{draft.pk}/text/"
    first, later = (draft.source + f"\n# {name}\n" for name in ("first", "later"))
    browser.post(address, {"source": first, "revision": "1"}, headers=HTMX)

    refused = browser.post(address, {"source": later, "revision": "1"}, headers=HTMX)

    assert refused.status_code == 409
    page = refused.content.decode()
    assert "saved in another window" in page
    assert "hx-swap-oob" not in page
    draft.refresh_from_db()
    assert draft.source == first
    plain = browser.post(address, {"source": later, "revision": "1"})
    assert plain.status_code == 409
    assert "# later" in plain.content.decode()

    kept = browser.post(address, {"source": later, "revision": ["1", "2"]})
    assert kept.status_code == 302
    draft.refresh_from_db()
    assert (draft.source, draft.revision) == (later, 3)


@pytest.mark.parametrize("source", ["a\x00b", "#" * 100_001])
def test_a_text_that_cannot_be_kept_is_refused_in_words(
    manager: User, draft: Draft, source: str
) -> None:
    answer = signed_in(manager).post(
        f"/strategies/draft-{draft.pk}/text/", {"source": source, "revision": "1"}, headers=HTMX
    )
    assert answer.status_code == 422
    assert "The text cannot be kept." in answer.content.decode()


def test_a_broken_draft_still_opens_and_says_where_it_is_broken(
    manager: User, draft: Draft
) -> None:
    write(draft, "strategy = ")
    page = page_of(signed_in(manager), f"/strategies/draft-{draft.pk}/")
    assert "cannot be shown while the text has errors" in page
    assert "Line 1" in page
    assert "Ask for publication" not in page
    assert signed_in(manager).get(f"/strategies/draft-{draft.pk}/steps/call/").status_code == 404


# -- The form of a step


def form_values(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send from the form as it stands."""
    html = client.get(address, headers=HTMX).content.decode()
    form = html[: html.index("</form>")]
    values: dict[str, Any] = dict(
        re.findall(r'<input (?:type="\w+" )?name="([^"]+)"(?: value="([^"]*)")?', form)
    )
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        values[name] = re.findall(r'value="([^"]*)" selected', options)[0]
    return {
        name: unescape(value) for name, value in values.items() if name != "csrfmiddlewaretoken"
    }


def test_seven_days_become_five_in_the_form_and_the_rest_of_the_text_stays(
    manager: User, draft: Draft
) -> None:
    browser = signed_in(manager)
    address = f"/strategies/draft-{draft.pk}/steps/last_reminder/"
    before, values = draft.source, form_values(browser, address)
    assert values["wait.days_after_previous_step"] == "5"

    answer = browser.post(address, values | {"wait.days_after_previous_step": "7"}, headers=HTMX)

    assert answer.status_code == 200
    assert "Changed Wait 5 7 days after the previous step" in text_of(answer.content.decode())
    draft.refresh_from_db()
    assert draft.source == before.replace(
        "days_past_due = 18, days_after_previous_step = 5",
        "days_past_due = 18, days_after_previous_step = 7",
    )


def test_a_form_that_is_sent_as_it_stands_changes_nothing(manager: User, draft: Draft) -> None:
    browser = signed_in(manager)
    for step in ("reminder", "call", "find_address", "termination", "agency", "court"):
        address = f"/strategies/draft-{draft.pk}/steps/{step}/"
        assert browser.post(address, form_values(browser, address)).status_code == 302
    draft.refresh_from_db()
    assert draft.revision == 1


def test_a_threshold_is_entered_as_people_write_it(manager: User, draft: Draft) -> None:
    browser = signed_in(manager)
    address = f"/strategies/draft-{draft.pk}/steps/agency/"
    values = form_values(browser, address)
    name = "skip_when.outstanding.at_least.PLN"
    assert values[name] == "20000"
    browser.post(address, values | {name: "15 000,50"})
    draft.refresh_from_db()
    assert "PLN = 15_000.50, EUR = 5_000" in draft.source


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("wait.days_past_due", "-1"),
        ("wait.days_past_due", "seven"),
        ("stage", "heaven"),
        ("skip_when.outstanding.at_least.PLN", "1e99"),
        ("skip_when.outstanding.at_least.PLN", "nan"),
        ("title.en", ""),
        ("title.en", "a\x00b"),
        ("revision", "zero"),
    ],
)
def test_an_impossible_value_is_refused_at_its_field(
    manager: User, draft: Draft, name: str, value: str
) -> None:
    browser = signed_in(manager)
    address = f"/strategies/draft-{draft.pk}/steps/agency/"
    answer = browser.post(address, form_values(browser, address) | {name: value}, headers=HTMX)
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.revision == 1


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["in place", "without scripts"])
def test_a_form_of_an_older_revision_keeps_what_was_typed_beside_what_was_saved(
    manager: User, draft: Draft, headers: dict[str, str]
) -> None:
    browser = signed_in(manager)
    address = f"/strategies/draft-{draft.pk}/steps/call/"
    values = form_values(browser, address) | {"repeat": "1", "title.en": "Ring them"}
    write(draft, draft.source.replace(CALL, LONGER))

    answer = browser.post(address, values, headers=headers)

    assert answer.status_code == 409
    html = answer.content.decode()
    page = text_of(html)
    assert "saved in another window" in page
    assert "What you typed is below and is not saved yet." in page
    assert "Saved meanwhile: 90." in page
    assert 'id="draft"' in html
    assert re.search(r'name="repeat" value="1"', html)
    assert re.search(r'name="title.en" value="Ring them"', html)
    draft.refresh_from_db()
    assert "Ring them" not in draft.source

    again = browser.post(address, values | {"revision": "2"}, headers=headers)

    assert again.status_code == (200 if headers else 302)
    draft.refresh_from_db()
    assert (draft.revision, "Ring them" in draft.source) == (3, True)


def test_a_refused_form_can_be_sent_again_from_where_it_is_shown(
    manager: User, draft: Draft
) -> None:
    browser = signed_in(manager)
    address = f"/strategies/draft-{draft.pk}/steps/call/"
    values = form_values(browser, address)

    fresh = browser.get(address, headers=HTMX).content.decode()
    refused = browser.post(address, values | {"stage": "heaven"}, headers=HTMX).content.decode()

    assert 'id="draft"' not in fresh
    assert 'hx-target="#draft"' in refused
    assert 'id="draft"' in refused


def test_a_step_is_moved_switched_off_and_on(manager: User, draft: Draft) -> None:
    browser = signed_in(manager)
    address = f"/strategies/draft-{draft.pk}/steps/find_address/act/"
    browser.post(address, {"act": "down", "revision": "1"})
    off = browser.post(address, {"act": "off", "revision": "2"}, headers=HTMX)
    page = text_of(off.content.decode())
    assert "Removed Switched off" in page
    assert "Switched off Find an address for letters" in page
    browser.post(address, {"act": "on", "revision": "3"})
    draft.refresh_from_db()
    assert draft.revision == 4
    assert draft.source.index('"demand"') < draft.source.index('"find_address"')
    assert browser.post(address, {"act": "fly", "revision": "4"}).status_code == 404


def test_what_becomes_of_cases_in_flight_is_chosen_and_told_in_numbers(
    manager: User, draft: Draft, make_case: Callable[..., Case], enrol: Callable[..., Enrolment]
) -> None:
    for step in ("call", "demand", "find_address"):
        enrol(make_case(), step)
    browser = signed_in(manager)
    page = page_of(browser, f"/strategies/draft-{draft.pk}/")
    assert "3 cases in flight finish on the version they are on" in page
    write(draft, draft.source.replace('key = "find_address"', 'key = "search_address"'))

    answer = browser.post(
        f"/strategies/draft-{draft.pk}/header/", {"in_flight": "move", "revision": "2"},
        headers=HTMX,
    )  # fmt: skip

    page = text_of(answer.content.decode())
    assert "2 cases in flight move to the step of the same key" in page
    assert "1 stands at a step that the draft does not have" in page
    assert "1 case stands here and finishes on its version" in page


# -- Simulation


@pytest.fixture
def book(retail: StrategyVersion) -> None:
    write_book(cases=60, on=ON)


def test_a_simulation_waits_says_so_and_is_played_here_where_no_worker_comes(
    book: None, manager: User, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "CELERY_BROKER_URL", "")
    write(draft, draft.source.replace(CALL, LONGER))
    browser = signed_in(manager)
    base = f"/strategies/draft-{draft.pk}/"

    asked = browser.post(base + "simulate/", {"working_days": "5"}, headers=HTMX)

    html = asked.content.decode()
    assert "No worker is set up here." in html
    assert "Play it here" in html
    assert "Play it here" in page_of(browser, base)
    assert 'hx-trigger="every 1s"' in html
    played = browser.post(base + "simulation/here/", headers=HTMX).content.decode()
    page = text_of(played)
    assert "every 1s" not in played
    assert "5 working days from 13.05.2026" in page
    assert re.search(r"Calls today \d+ draft \d+ −\d+", page)
    assert "9 of 60 cases" in page
    assert "Nobody pays." in page
    assert "<svg" in played
    run = SimulationRun.objects.get()
    assert (run.status, run.asked_by) == (RunStatus.DONE, manager)


def test_a_large_book_is_not_played_in_a_request(
    book: None,
    manager: User,
    draft: Draft,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "CELERY_BROKER_URL", "")
    monkeypatch.setattr(simulation_panel, "MOST_CASES_HERE", 59)
    browser = signed_in(manager)
    base = f"/strategies/draft-{draft.pk}/"
    html = browser.post(base + "simulate/", {"working_days": "5"}, headers=HTMX).content.decode()
    assert "Play it here" not in html
    assert "manage.py check_queues" in html
    answer = browser.post(base + "simulation/here/", headers=HTMX)
    assert answer.status_code == 422
    assert SimulationRun.objects.get().status == RunStatus.QUEUED
    assert "is stopped" in browser.post(base + "simulation/stop/", headers=HTMX).content.decode()
    assert SimulationRun.objects.get().status == RunStatus.STOPPED


def test_a_result_of_an_earlier_text_is_marked_and_a_comment_does_not_count(
    book: None, manager: User, draft: Draft
) -> None:
    browser = signed_in(manager)
    base = f"/strategies/draft-{draft.pk}/"
    browser.post(base + "simulate/", {"working_days": "3"})
    run_queued_simulations(at=AT)
    write(draft, draft.source + "\n# only a comment\n")
    assert "The draft was changed since" not in page_of(browser, base)
    write(draft, draft.source.replace(CALL, LONGER))
    assert "The draft was changed since" in page_of(browser, base)


def test_an_added_step_says_how_many_would_stand_on_it(
    book: None, manager: User, draft: Draft
) -> None:
    added = draft.source.replace(
        '[[step]]\nkey = "last_reminder"',
        '[[step]]\nkey = "offer"\ntitle = { en = "Offer", pl = "Oferta" }\n'
        'stage = "direct_contact"\nwait = { days_after_previous_step = 1 }\n'
        'do = { send_message = "reminder" }\n\n[[step]]\nkey = "last_reminder"',
    )
    write(draft, added)
    browser = signed_in(manager)
    base = f"/strategies/draft-{draft.pk}/"
    browser.post(base + "simulate/", {"working_days": "3"})
    run_queued_simulations(at=AT)
    page = page_of(browser, base)
    assert "2a Offer" in page
    assert re.search(r"Added New step \d+ cases? would stand here", page)
    part = browser.get(base + "simulation/", headers=HTMX).content.decode()
    assert 'id="stands-offer" hx-swap-oob="true"' in part


def test_the_cases_that_would_change_are_paged_and_exported(
    book: None, manager: User, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulating, "PAGE_SIZE", 5)
    write(draft, draft.source.replace(CALL, LONGER))
    browser = signed_in(manager)
    base = f"/strategies/draft-{draft.pk}/"
    browser.post(base + "simulate/", {"working_days": "3"})
    assert browser.get(base + "simulation/cases/").status_code == 404
    run_queued_simulations(at=AT)

    first = browser.get(base + "simulation/cases/").content.decode()
    following = unescape(re.findall(r'href="([^"]*after=[^"]*)" rel="next"', first)[0])
    second_page = browser.get(following).content.decode()
    numbers = re.findall(r">(B-\d+)<", first + second_page)
    assert len(numbers) == len(set(numbers)) == 9
    assert "Call the debtor is taken with the next close" in text_of(first)

    answer = browser.get(base + "simulation/cases.csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows[1:]] == numbers
    taken = Event.objects.get(kind="strategy.changes_exported")
    assert (taken.payload["rows"], taken.payload["draft_id"]) == (len(numbers), draft.pk)
    assert rows[1][2:] == [
        "Call the debtor: is taken with the next close", "Call the debtor: waits", "2026-04-02",
    ]  # fmt: skip


# -- Publication


def ask(author: User, draft: Draft) -> StrategyVersion:
    draft.refresh_from_db()
    answer = signed_in(author).post(
        f"/strategies/draft-{draft.pk}/ask/", {"revision": str(draft.revision)}, follow=True
    )
    assert "A second person puts it in force" in answer.content.decode()
    return StrategyVersion.objects.get(status=VersionStatus.PROPOSED)


def test_publishing_takes_two_people_and_a_reason(
    manager: User, second: User, draft: Draft
) -> None:
    write(draft, draft.source.replace(CALL, LONGER))
    version = ask(manager, draft)
    address = f"/strategies/unsecured_retail/versions/{version.pk}/decide/"
    yes = {"verdict": "approve", "reason": "Agreed"}
    author, other = signed_in(manager), signed_in(second)

    own = author.post(address, yes, follow=True)
    silent = other.post(address, {"verdict": "approve", "reason": ""}, follow=True)
    version.refresh_from_db()
    assert "Publishing takes two people." in own.content.decode()
    assert "A reason is needed" in silent.content.decode()
    assert version.status == VersionStatus.PROPOSED
    assert "Put in force" not in page_of(author, f"/strategies/draft-{draft.pk}/")
    assert "Put in force" in page_of(other, f"/strategies/draft-{draft.pk}/")

    other.post(address, yes)
    version.refresh_from_db()
    assert (version.status, version.decision_reason) == (VersionStatus.IN_FORCE, "Agreed")
    assert "Published as version 2" in page_of(author, f"/strategies/draft-{draft.pk}/")


def test_a_draft_that_is_sent_back_says_why_and_is_open_again(
    manager: User, second: User, draft: Draft
) -> None:
    write(draft, draft.source.replace(CALL, LONGER))
    version = ask(manager, draft)
    address = f"/strategies/unsecured_retail/versions/{version.pk}/decide/"
    form = {"verdict": "send_back", "reason": "Ninety is too long", "draft": str(draft.pk)}
    answer = signed_in(second).post(address, form)
    assert answer["Location"] == f"/strategies/draft-{draft.pk}/"
    html = signed_in(manager).get(f"/strategies/draft-{draft.pk}/").content.decode()
    assert "Ninety is too long" in html
    assert 'class="edit"' in html


def test_only_its_author_withdraws_what_was_asked_for(
    manager: User, second: User, draft: Draft
) -> None:
    write(draft, draft.source.replace(CALL, LONGER))
    version = ask(manager, draft)
    address = f"/strategies/unsecured_retail/versions/{version.pk}/withdraw/"
    refused = signed_in(second).post(address, follow=True)
    assert "Only who proposed a version takes it back." in refused.content.decode()
    signed_in(manager).post(address)
    version.refresh_from_db()
    assert version.status == VersionStatus.WITHDRAWN


def test_what_stands_in_the_way_is_listed_and_the_way_to_ask_is_closed(
    manager: User, second: User, draft: Draft
) -> None:
    browser = signed_in(manager)
    base = f"/strategies/draft-{draft.pk}/"
    untouched = page_of(browser, base)
    assert "The draft changes nothing yet" in untouched
    assert "Ask for publication" not in untouched
    write(draft, draft.source.replace("{ notice_75c = 14 }", "{ notice_75c = 7 }"))
    unlawful = page_of(browser, base)
    assert "1 point is missing" in unlawful
    assert "wait 14 working days after its delivery" in unlawful
    assert "Ask for publication" not in unlawful
    answer = browser.post(base + "ask/", {"revision": "2"}, follow=True)
    assert "wait 14 working days after its delivery" in answer.content.decode()
    assert not StrategyVersion.objects.filter(status=VersionStatus.PROPOSED).exists()


def test_a_version_that_came_into_force_meanwhile_is_looked_at_first(
    manager: User, second: User, retail: StrategyVersion, draft: Draft
) -> None:
    write(draft, draft.source.replace(CALL, LONGER))
    between = propose_version(
        source=retail.source.replace("repeat = 3", "repeat = 2"), actor=get_actor(user=second),
        at=AT,
    )  # fmt: skip
    approve_version(version_id=between.pk, reason="ok", actor=get_actor(user=manager), at=AT)
    browser = signed_in(manager)
    base = f"/strategies/draft-{draft.pk}/"
    page = page_of(browser, base)
    assert "Version 2 came into force after the draft was begun" in page
    assert "Changed Taken up to 2 3 times" in page
    browser.post(base + "base/", {"version": str(between.pk)})
    assert "Ask for publication" in page_of(browser, base)


def test_a_draft_is_renamed_and_discarded(manager: User, draft: Draft) -> None:
    browser = signed_in(manager)
    base = f"/strategies/draft-{draft.pk}/"
    browser.post(base + "name/", {"name": "Fewer <b>calls</b>"})
    assert "Fewer <b>calls</b>" in page_of(browser, "/strategies/")
    browser.post(base + "discard/")
    assert "Nobody is writing one." in page_of(browser, "/strategies/")
    assert "Discarded" in page_of(browser, base)
    assert date(2026, 5, 12) == Draft.objects.get().discarded_at.date()  # type: ignore[union-attr]


def test_the_list_says_what_waits_for_whom(manager: User, second: User, draft: Draft) -> None:
    write(draft, draft.source.replace(CALL, LONGER))
    ask(manager, draft)
    assert "asked for by you, somebody else decides" in page_of(signed_in(manager), "/strategies/")
    assert "you may decide" in page_of(signed_in(second), "/strategies/")
