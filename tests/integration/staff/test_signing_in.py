"""Signing in: limits, the second factor, sessions; and that the journal has all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from journal.models import Event
from kernel import clock
from staff import events
from staff.models import User
from staff.operations import clear_expired_sessions
from staff.queries import get_second_factor, list_sessions
from staff.rates import ATTEMPTS
from staff.rights import Role
from tests.integration.cases.builders import make_user

AT = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
SECRET = "correct horse battery"
OTHER = "an even longer pass phrase"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    cache.clear()
    with clock.fixed_at(AT):
        yield


def _person(name: str, role: Role = Role.OFFICER) -> User:
    user = make_user(name, role)
    user.language = "en"
    user.set_password(SECRET)
    user.save()
    return user


@pytest.fixture
def anna(db: None) -> User:
    return _person("anna")


def _browser(**options: Any) -> Client:
    return Client(headers={"Accept-Language": "en"}, **options)


def _sign_in(browser: Client, name: str = "anna", password: str = SECRET) -> Any:
    return browser.post("/sign-in/", {"login": name, "password": password})


def _code(key: str, step: int = 1) -> str:
    """The code that an app shows now (1), just before (0) or next (2)."""
    counter = list(yield_hotp_counters_from_time())[step]
    return str(format_hotp_value(hotp_value(key, counter)))


def _set_up(browser: Client) -> tuple[str, list[str]]:
    """The key and the recovery codes of a second factor that is switched on now."""
    page = browser.get("/account/second-factor/").content.decode()
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found is not None
    key = found[1].replace(" ", "")
    answer = browser.post(
        "/account/second-factor/", {"code": _code(key, 0), "password": SECRET}
    ).content.decode()
    return key, re.findall(r"<code>(\d{8})</code>", answer)


def _kinds(user: User) -> list[str]:
    found = Event.objects.filter(subject_kind="user", subject_id=user.pk).order_by("id")
    return list(found.values_list("kind", flat=True))


def test_a_person_signs_in_and_the_journal_says_from_where(anna: User) -> None:
    answer = _sign_in(_browser(REMOTE_ADDR="10.1.2.3"))

    assert answer.headers["Location"] == "/home/"
    event = Event.objects.get(kind=events.SIGNED_IN)
    assert (event.subject_id, event.actor_id) == (anna.pk, str(anna.pk))
    assert event.payload == {"address": "10.1.2.3", "with_second_factor": False}


def test_the_preferences_of_the_person_hold_in_a_browser_never_used_before(anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(language="pl", theme="dark", density="compact")
    browser = _browser()
    _sign_in(browser)

    assert '<html lang="pl" data-theme="dark" data-density="compact">' in (
        browser.get("/preferences/").content.decode()
    )


def test_the_way_on_leads_to_where_one_wanted_to_go_and_never_out_of_the_house(anna: User) -> None:
    inside = _browser().post(
        "/sign-in/", {"login": "anna", "password": SECRET, "next": "/cases/?status=open"}
    )
    outside = _browser().post(
        "/sign-in/", {"login": "anna", "password": SECRET, "next": "https://elsewhere.example/"}
    )
    assert inside.headers["Location"] == "/cases/?status=open"
    assert outside.headers["Location"] == "/home/"


def test_a_failure_tells_how_many_attempts_are_left_and_not_whether_the_name_exists(
    anna: User,
) -> None:
    known = _sign_in(_browser(), password="wrong").content.decode()
    unknown = _sign_in(_browser(), name="nobody", password="wrong").content.decode()

    for page in (known, unknown):
        assert "4 attempts are left, then a wait of 15 minutes." in page
    failed = Event.objects.filter(kind=events.SIGN_IN_FAILED).order_by("id")
    assert [event.subject_id for event in failed] == [anna.pk, 0]


def test_an_account_waits_after_too_many_attempts_from_whatever_address(anna: User) -> None:
    for number in range(ATTEMPTS):
        _sign_in(_browser(REMOTE_ADDR=f"10.0.0.{number}"), password="wrong")

    answer = _sign_in(_browser(REMOTE_ADDR="10.9.9.9"))

    assert "Too many failed attempts" in answer.content.decode()
    assert Event.objects.filter(kind=events.SIGN_IN_FAILED).count() == ATTEMPTS
    assert _sign_in(_browser(), name="ANNA").status_code == 200, "nor under another spelling"


def test_an_address_waits_however_many_accounts_it_tries(anna: User, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/15m/ip,5/15m/key"}
    for number in range(3):
        _sign_in(_browser(), name=f"name{number}", password="wrong")

    assert "Too many failed attempts" in _sign_in(_browser()).content.decode()
    assert _sign_in(_browser(REMOTE_ADDR="10.9.9.9")).status_code == 302


def test_who_signs_in_correctly_uses_no_attempt_up(anna: User) -> None:
    for _ in range(ATTEMPTS + 1):
        assert _sign_in(_browser()).status_code == 302


def test_a_locked_person_cannot_sign_in_and_is_told_no_more_than_anybody(anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert "do not fit together" in _sign_in(_browser()).content.decode()


def test_neither_the_journal_nor_the_page_keeps_a_secret(anna: User) -> None:
    """People type their password into the field of the name."""
    answers = [
        _sign_in(_browser(), name="my secret password", password="wrong"),
        _sign_in(_browser(), password="another secret"),
    ]
    kept = json.dumps([str(event.payload) for event in Event.objects.all()])
    assert "secret" not in kept
    assert "another secret" not in answers[1].content.decode()


def test_a_second_factor_is_set_up_and_asked_for(anna: User) -> None:
    browser = _browser()
    _sign_in(browser)
    key, codes = _set_up(browser)
    assert len(set(codes)) == 10
    assert get_second_factor(user_id=anna.pk).is_on

    elsewhere = _browser()
    first = _sign_in(elsewhere)
    assert first.headers["Location"] == "/sign-in/code/"
    assert elsewhere.get("/preferences/").headers["Location"].startswith("/sign-in/")
    wrong = elsewhere.post("/sign-in/code/", {"code": "000000"})
    assert "The code is not right" in wrong.content.decode()
    right = elsewhere.post("/sign-in/code/", {"code": _code(key)})
    assert right.headers["Location"] == "/home/"
    assert elsewhere.get("/preferences/").status_code == 200

    assert _kinds(anna) == [
        events.SIGNED_IN, events.SECOND_FACTOR_ON, events.CODE_FAILED, events.SIGNED_IN,
    ]  # fmt: skip
    assert Event.objects.filter(kind=events.SIGNED_IN).latest("id").payload["with_second_factor"]


def test_a_code_that_was_used_is_not_taken_again(anna: User) -> None:
    browser = _browser()
    _sign_in(browser)
    key, _ = _set_up(browser)
    first, second = _browser(), _browser()
    for each in (first, second):
        _sign_in(each)
    code = _code(key)

    assert first.post("/sign-in/code/", {"code": code}).status_code == 302
    assert second.post("/sign-in/code/", {"code": code}).status_code == 200


def test_a_recovery_code_lets_in_once(anna: User) -> None:
    browser = _browser()
    _sign_in(browser)
    _, codes = _set_up(browser)
    for expected in (302, 200):
        elsewhere = _browser()
        _sign_in(elsewhere)
        assert elsewhere.post("/sign-in/code/", {"code": codes[3]}).status_code == expected

    assert Event.objects.get(kind=events.RECOVERY_CODE_USED).payload == {"codes_left": 9}
    assert get_second_factor(user_id=anna.pk).codes_left == 9


def test_codes_cannot_be_guessed(anna: User) -> None:
    browser = _browser()
    _sign_in(browser)
    key, _ = _set_up(browser)
    elsewhere = _browser()
    _sign_in(elsewhere)
    for number in range(ATTEMPTS):
        elsewhere.post("/sign-in/code/", {"code": f"00000{number}"})

    answer = elsewhere.post("/sign-in/code/", {"code": _code(key)})
    assert "Too many failed attempts" in answer.content.decode()


def test_the_key_and_the_codes_are_sealed_at_rest(anna: User) -> None:
    browser = _browser()
    _sign_in(browser)
    key, codes = _set_up(browser)

    kept = json.dumps([row.data for row in Authenticator.objects.all()])
    kept += json.dumps([event.payload for event in Event.objects.all()])
    assert key not in kept
    assert not [code for code in codes if code in kept]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"code": "000000", "password": SECRET}, "The code is not right."),
        ({"code": "right", "password": "wrong"}, "This is not your password."),
    ],
)
def test_a_second_factor_needs_the_code_and_the_password(
    anna: User, form: dict[str, str], said: str
) -> None:
    browser = _browser()
    _sign_in(browser)
    page = browser.get("/account/second-factor/").content.decode()
    key = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)[0].replace(" ", "")
    code = _code(key) if form["code"] == "right" else form["code"]

    answer = browser.post("/account/second-factor/", {**form, "code": code})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not get_second_factor(user_id=anna.pk).is_on


def test_the_password_of_an_account_cannot_be_guessed_from_a_session_left_open(anna: User) -> None:
    browser = _browser()
    _sign_in(browser)
    form = {"password": OTHER, "again": OTHER}
    for number in range(11):
        answer = browser.post("/account/password/", {"current": f"guess {number}", **form})
    assert "Too many attempts" in answer.content.decode()
    assert "Too many attempts" in (
        browser.post("/account/password/", {"current": SECRET, **form}).content.decode()
    )


def test_where_the_role_requires_it_nothing_opens_before_the_second_factor(
    anna: User, settings: Settings
) -> None:
    settings.MFA_REQUIRED_ROLES = ["officer"]
    browser = _browser()
    _sign_in(browser)
    for address in ("/", "/preferences/", "/account/", "/search/?q=a"):
        assert browser.get(address).headers["Location"] == "/account/second-factor/", address

    _set_up(browser)
    assert browser.get("/preferences/").status_code == 200
    answer = browser.post("/account/second-factor/off/", {"off-password": SECRET})
    assert "Your role may not sign in without a second factor." in answer.content.decode()
    assert get_second_factor(user_id=anna.pk).is_on


def test_it_is_switched_off_with_the_password_alone(anna: User) -> None:
    browser = _browser()
    _sign_in(browser)
    _set_up(browser)

    refused = browser.post("/account/second-factor/off/", {"off-password": "wrong"})
    assert refused.status_code == 422
    browser.post("/account/second-factor/off/", {"off-password": SECRET})

    assert not Authenticator.objects.exists()
    assert _kinds(anna)[-1] == events.SECOND_FACTOR_OFF


def test_new_recovery_codes_void_the_old_ones(anna: User) -> None:
    browser = _browser()
    _sign_in(browser)
    _, old = _set_up(browser)
    page = browser.post("/account/recovery-codes/", {"codes-password": SECRET}).content.decode()
    new = re.findall(r"<code>(\d{8})</code>", page)
    assert not set(old) & set(new)

    elsewhere = _browser()
    _sign_in(elsewhere)
    assert elsewhere.post("/sign-in/code/", {"code": old[0]}).status_code == 200
    assert elsewhere.post("/sign-in/code/", {"code": new[0]}).status_code == 302


def test_an_administrator_resets_a_second_factor_and_the_person_is_signed_out(anna: User) -> None:
    browser = _browser()
    _sign_in(browser)
    _set_up(browser)
    boss = _browser()
    boss.force_login(_person("boss", Role.ADMINISTRATOR))
    page = boss.get(f"/staff/users/{anna.pk}/").content.decode()
    assert "Reset the second factor" in page

    boss.post(f"/staff/users/{anna.pk}/second-factor/")

    assert not get_second_factor(user_id=anna.pk).is_on
    assert browser.get("/preferences/").status_code == 302
    assert _kinds(anna)[-1] == events.SECOND_FACTOR_RESET
    again = boss.post(f"/staff/users/{anna.pk}/second-factor/", follow=True)
    assert "No second factor is switched on." in again.content.decode()


def test_an_administrator_does_not_reset_their_own(db: None) -> None:
    person = _person("boss", Role.ADMINISTRATOR)
    boss = _browser()
    boss.force_login(person)
    _set_up(boss)
    boss.post(f"/staff/users/{person.pk}/second-factor/")
    assert get_second_factor(user_id=person.pk).is_on


def test_a_person_sees_where_they_are_signed_in_and_ends_the_others(anna: User) -> None:
    here, there = _browser(HTTP_USER_AGENT="Firefox/1 Windows"), _browser(REMOTE_ADDR="10.7.7.7")
    for browser in (here, there):
        _sign_in(browser)
    page = here.get("/account/").content.decode()
    assert "Firefox, Windows" in page
    assert "10.7.7.7" in page

    here.post("/account/sessions/end/")

    assert here.get("/preferences/").status_code == 200
    assert there.get("/preferences/").status_code == 302
    assert len(list_sessions(user_id=anna.pk)) == 1
    assert Event.objects.get(kind=events.SESSIONS_ENDED).payload == {"sessions": 1}


def test_an_administrator_ends_the_sessions_of_somebody(anna: User) -> None:
    browser = _browser()
    _sign_in(browser)
    boss = _browser()
    boss.force_login(_person("boss", Role.ADMINISTRATOR))
    boss.post(f"/staff/users/{anna.pk}/sessions/")
    assert browser.get("/preferences/").status_code == 302
    assert _kinds(anna)[-1] == events.SESSIONS_ENDED


def test_a_changed_password_ends_every_other_session(anna: User) -> None:
    here, there = _browser(), _browser()
    for browser in (here, there):
        _sign_in(browser)
    answer = here.post(
        "/account/password/", {"current": SECRET, "password": OTHER, "again": OTHER}, follow=True
    )
    assert "The password is changed." in answer.content.decode()
    assert there.get("/preferences/").status_code == 302
    assert _sign_in(_browser(), password=OTHER).status_code == 302
    assert events.PASSWORD_CHANGED in _kinds(anna)


def _with_a_changed_password(**options: Any) -> Client:
    """A browser in which Anna has signed in and then changed her password."""
    browser = _browser(**options)
    _sign_in(browser)
    browser.post("/account/password/", {"current": SECRET, "password": OTHER, "again": OTHER})
    return browser


def test_a_session_stays_on_the_list_when_its_password_is_changed(anna: User) -> None:
    browser = _with_a_changed_password(REMOTE_ADDR="10.7.7.7")

    rows = list_sessions(user_id=anna.pk, session_key=browser.session.session_key or "")
    assert [(row.address, row.is_current) for row in rows] == [("10.7.7.7", True)]
    assert "10.7.7.7" in browser.get("/account/").content.decode()
    assert UserSession.objects.count() == 1


def test_a_session_whose_password_was_changed_is_ended_from_another_browser(anna: User) -> None:
    left, here = _with_a_changed_password(), _browser()
    _sign_in(here, password=OTHER)

    here.post("/account/sessions/end/")

    assert left.get("/preferences/").status_code == 302
    assert here.get("/preferences/").status_code == 200


@pytest.mark.parametrize("what", ["sessions", "second-factor"])
def test_an_administrator_ends_a_session_whose_password_was_changed(anna: User, what: str) -> None:
    browser = _browser()
    _sign_in(browser)
    _set_up(browser)
    browser.post("/account/password/", {"current": SECRET, "password": OTHER, "again": OTHER})
    assert browser.get("/preferences/").status_code == 200
    boss = _browser()
    boss.force_login(_person("boss", Role.ADMINISTRATOR))

    boss.post(f"/staff/users/{anna.pk}/{what}/")

    assert browser.get("/preferences/").status_code == 302


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"current": "wrong", "password": OTHER, "again": OTHER}, "This is not your password."),
        ({"current": SECRET, "password": OTHER, "again": "x"}, "are not the same"),
        ({"current": SECRET, "password": "short", "again": "short"}, "at least 12"),
        (
            {"current": SECRET, "password": "q1w2e3r4t5y6", "again": "q1w2e3r4t5y6"},
            "common",
        ),
    ],
)
def test_a_password_that_breaks_a_rule_is_refused(
    anna: User, form: dict[str, str], said: str
) -> None:
    browser = _browser()
    _sign_in(browser)
    answer = browser.post("/account/password/", form)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_session_in_which_nothing_is_done_ends(anna: User, settings: Settings) -> None:
    settings.IDLE_MINUTES = 15
    browser = _browser()
    _sign_in(browser)
    with clock.fixed_at(AT + timedelta(minutes=14)):
        assert browser.get("/preferences/").status_code == 200
    with clock.fixed_at(AT + timedelta(minutes=28)):
        assert browser.get("/session/").json()["seconds_left"] == 60
        assert browser.post("/session/stay/").json()["seconds_left"] == 15 * 60
    with clock.fixed_at(AT + timedelta(minutes=44)):
        answer = browser.get("/preferences/?a=1")
        assert answer.headers["Location"] == "/sign-in/?next=/preferences/%3Fa%3D1"
        assert browser.get("/session/").json() == {"user": None, "seconds_left": 0}
        assert "nothing was done for a while" in browser.get("/sign-in/").content.decode()


def test_what_a_page_asks_by_itself_keeps_no_session_alive(anna: User, settings: Settings) -> None:
    settings.IDLE_MINUTES = 15
    browser = _browser()
    _sign_in(browser)
    browser.get("/preferences/")
    with clock.fixed_at(AT + timedelta(minutes=14)):
        browser.get("/preferences/", headers={"X-Background": "1"})
        browser.get("/session/")
    with clock.fixed_at(AT + timedelta(minutes=16)):
        assert browser.get("/preferences/").status_code == 302


def test_the_back_button_shows_nothing_after_signing_out(anna: User) -> None:
    browser = _browser()
    _sign_in(browser)
    assert "no-store" in browser.get("/preferences/").headers["Cache-Control"]


@pytest.mark.parametrize(
    "address",
    ["/accounts/signup/", "/sign-in/signup/", "/accounts/password/reset/", "/accounts/email/"],
)
def test_no_other_door_of_the_library_is_open(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_sessions_that_are_over_are_forgotten_with_their_lines(anna: User) -> None:
    _sign_in(_browser())
    over = _browser()
    _sign_in(over)
    Session.objects.filter(session_key=over.session.session_key).update(
        expire_date=AT - timedelta(days=1)
    )
    assert clear_expired_sessions(at=AT) == 1
    assert UserSession.objects.count() == Session.objects.count() == 1
