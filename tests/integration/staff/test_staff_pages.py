from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel.actor import system_actor
from staff import operations
from staff.models import ApiClient, ApiToken, ApprovalLimit, Team, User
from staff.queries import get_actor, get_client_actor
from staff.right_names import RIGHT_NAMES
from staff.rights import Right, Role, Scope

AT = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
SECRET = "correct horse battery"

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return operations.create_user(
        username="boss", full_name="The Boss", role=Role.ADMINISTRATOR, team=None,
        password=SECRET, actor=system_actor("test"), at=AT,
    )  # fmt: skip


@pytest.fixture
def browser(administrator: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(administrator)
    return client


def post(browser: Client, page: str, /, *arguments: int, **data: Any) -> Any:
    return browser.post(reverse(page, args=arguments), data)


@pytest.mark.parametrize(
    "name", ["staff-users", "staff-teams", "staff-limits", "staff-clients", "staff-roles"]
)
@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_pages_open_in_both_languages(browser: Client, name: str, language: str) -> None:
    answer = browser.get(reverse(name), headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()


def test_a_user_is_created_and_signs_in(browser: Client) -> None:
    team = Team.objects.create(name="Retail")
    answer = post(
        browser, "staff-users",
        username="anna", full_name="Anna Nowak", role="officer", team=team.pk, password=SECRET,
    )  # fmt: skip
    assert answer.status_code == 302, answer.content
    assert Client().login(username="anna", password=SECRET)
    assert "Anna Nowak" in browser.get(reverse("staff-users")).content.decode()


def test_a_refusal_keeps_what_was_entered_and_says_why(browser: Client) -> None:
    answer = post(
        browser, "staff-users",
        username="boss", full_name="Another Boss", role="officer", password=SECRET,
    )  # fmt: skip
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Another Boss" in text
    assert "Somebody has this user name already." in text


def test_the_last_administrator_cannot_lock_themselves_out(
    browser: Client, administrator: User
) -> None:
    answer = post(browser, "staff-user", administrator.pk, full_name="Boss", role="officer")
    assert answer.status_code == 422
    assert "Somebody must be left" in answer.content.decode()


def test_a_user_is_locked_and_their_session_ends_with_the_next_request(browser: Client) -> None:
    user = operations.create_user(
        username="anna", full_name="Anna", role=Role.AUDITOR, team=None,
        password=SECRET, actor=system_actor("test"), at=AT,
    )  # fmt: skip
    theirs = Client()
    theirs.force_login(user)
    locked = post(browser, "staff-user", user.pk, full_name="Anna", role="auditor")
    assert locked.status_code == 302
    answer = theirs.get(reverse("staff-users"))
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("sign-in"))


def test_a_password_is_set(browser: Client, administrator: User) -> None:
    user = operations.create_user(
        username="anna", full_name="Anna", role=Role.OFFICER, team=None,
        password=SECRET, actor=system_actor("test"), at=AT,
    )  # fmt: skip
    assert post(browser, "staff-password", user.pk, password="short").status_code == 422
    assert post(browser, "staff-password", user.pk, password="another long one").status_code == 302
    assert Client().login(username="anna", password="another long one")


def test_a_team_is_made_and_changed(browser: Client) -> None:
    assert post(browser, "staff-teams", name="Retail", daily_norm=30).status_code == 302
    team = Team.objects.get()
    assert browser.get(reverse("staff-team", args=[team.pk])).status_code == 200
    assert post(browser, "staff-team", team.pk, name="Homes", daily_norm=12).status_code == 302
    team.refresh_from_db()
    assert (team.name, team.daily_norm) == ("Homes", 12)
    assert browser.get(reverse("staff-team", args=[team.pk + 1])).status_code == 404


def test_a_limit_is_set_in_major_units(browser: Client) -> None:
    values = {"role": "team_leader", "kind": "agreement", "currency": "PLN"}
    assert post(browser, "staff-limits", amount="12500.50", **values).status_code == 302
    assert ApprovalLimit.objects.get().amount_minor == 1_250_050
    assert post(browser, "staff-limits", amount="0.001", **values).status_code == 422
    assert post(browser, "staff-limits", amount="-1", **values).status_code == 422
    assert (
        "12 500,50".replace(" ", "\u00a0") in browser.get(reverse("staff-limits")).content.decode()
    )


def test_a_user_who_changed_their_name_is_called_by_it(
    browser: Client, administrator: User
) -> None:
    form = {"role": "administrator", "is_active": "on"}
    refused = post(browser, "staff-user", administrator.pk, full_name=" ", **form)
    assert refused.status_code == 422
    post(browser, "staff-user", administrator.pk, full_name="Anna Nowak-Lis", **form)
    assert "Anna Nowak-Lis" in browser.get(reverse("staff-users")).content.decode()


def test_who_would_see_no_case_is_marked_until_they_have_a_team(browser: Client) -> None:
    user = operations.create_user(
        username="anna", full_name="Anna", role=Role.OFFICER, team=None,
        password=SECRET, actor=system_actor("test"), at=AT,
    )  # fmt: skip
    assert "sees no case" in browser.get(reverse("staff-users")).content.decode()
    assert "sees no case" in browser.get(reverse("staff-user", args=[user.pk])).content.decode()
    User.objects.filter(pk=user.pk).update(team=Team.objects.create(name="Retail"))
    assert "sees no case" not in browser.get(reverse("staff-users")).content.decode()


def test_a_limit_is_changed_from_its_row_and_removed(browser: Client) -> None:
    values = {"role": "team_leader", "kind": "agreement", "currency": "EUR"}
    post(browser, "staff-limits", amount="12500.50", **values)
    limit = ApprovalLimit.objects.get()
    chosen = browser.get(reverse("staff-limits"), {"limit": limit.pk}).content.decode()
    assert '<option value="team_leader" selected>' in chosen
    assert 'value="EUR"' in chosen
    assert "12500" in chosen

    assert post(browser, "staff-limit-remove", limit.pk).status_code == 302
    assert not ApprovalLimit.objects.exists()
    again = browser.post(reverse("staff-limit-remove", args=[limit.pk]), follow=True)
    assert "removed already" in again.content.decode()


def test_teams_and_roles_say_how_many_people_they_have(browser: Client) -> None:
    team = Team.objects.create(name="Retail")
    for number, active in enumerate((True, True, False)):
        User.objects.create(
            username=f"u{number}", full_name="U", role=Role.OFFICER, team=team, is_active=active,
            created_at=AT,
        )  # fmt: skip
    teams = browser.get(reverse("staff-teams")).content.decode()
    assert '<td class="num">2</td><td class="num">25</td>' in teams
    roles = browser.get(reverse("staff-roles")).content.decode()
    assert "<td>2</td><td>0</td>" in roles


def test_the_page_of_roles_says_what_each_may_do(browser: Client) -> None:
    roles = browser.get(reverse("staff-roles")).content.decode()
    row = roles[roles.index("Put strategies of others in force") :]
    cells = re.findall(r'<span class="unseen">(yes|no)</span>', row[: row.index("</tr>")])
    assert cells == ["yes" if role is Role.MANAGER else "no" for role in Role]


def test_every_right_has_a_name() -> None:
    assert set(RIGHT_NAMES) == set(Right)


TOKEN = re.compile(r"ugoda_[\w-]{40,}")
FORM = {"client": "core", "scopes": ["cases:read"], "valid_days": 30}


def page_of_clients(browser: Client) -> str:
    answer = browser.get(reverse("staff-clients"))
    assert answer["Cache-Control"] == "no-store"
    return str(answer.content.decode())


def test_a_token_is_shown_once_and_revoked(browser: Client) -> None:
    assert post(browser, "staff-clients", **FORM).headers["Location"] == reverse("staff-clients")
    kept = str(dict(browser.session.items()))
    found = TOKEN.search(page_of_clients(browser))
    assert found
    assert found[0] not in kept
    row = ApiToken.objects.get()
    assert get_client_actor(token=found[0], at=row.created_at) is not None
    assert not TOKEN.search(page_of_clients(browser))

    assert post(browser, "staff-revoke-token", row.pk).status_code == 302
    assert get_client_actor(token=found[0], at=row.created_at) is None
    assert "revoked" in page_of_clients(browser)


def test_a_form_that_is_sent_twice_makes_one_token_and_shows_it(browser: Client) -> None:
    key = re.search(r'name="submission" value="([^"]+)"', page_of_clients(browser))
    assert key
    for _twice in range(2):
        assert post(browser, "staff-clients", **FORM, submission=key[1]).status_code == 302

    page = page_of_clients(browser)

    token = TOKEN.search(page)
    assert token
    assert "no second token was made" in page
    row = ApiToken.objects.get()
    assert get_client_actor(token=token[0], at=row.created_at) is not None
    other = post(browser, "staff-clients", **{**FORM, "client": "other"}, submission=key[1])
    assert other.status_code == 422
    assert "Load the page anew." in other.content.decode()
    assert ApiClient.objects.count() == 1


def test_a_client_is_locked_out_and_let_in(browser: Client) -> None:
    post(browser, "staff-clients", client="core", scopes=["cases:read"], valid_days=30)
    client = ApiClient.objects.get()
    for value in ("0", "1"):
        post(browser, "staff-client", client.pk, is_active=value)
        client.refresh_from_db()
        assert client.is_active is (value == "1")


def test_an_auditor_sees_who_changed_what_and_who_was_denied(browser: Client) -> None:
    post(browser, "staff-teams", name="Retail", daily_norm=30)
    auditor = operations.create_user(
        username="eva", full_name="Eva Auditor", role=Role.AUDITOR, team=None,
        password=SECRET, actor=system_actor("test"), at=AT,
    )  # fmt: skip
    theirs = Client(headers={"Accept-Language": "en"})
    theirs.force_login(auditor)
    assert theirs.get(reverse("staff-users")).status_code == 403

    text = theirs.get(reverse("staff-journal")).content.decode()
    assert "Team created" in text
    assert "The Boss" in text
    assert "Access denied" in text
    assert "/staff/users/" in text
    assert browser.get(reverse("staff-journal")).status_code == 403, "not for the administrator"


def auditor_of(language: str) -> Client:
    auditor = operations.create_user(
        username="eva", full_name="Eva Auditor", role=Role.AUDITOR, team=None, language=language,
        password=SECRET, actor=system_actor("operator"), at=AT,
    )  # fmt: skip
    client = Client(headers={"Accept-Language": language})
    client.force_login(auditor)
    return client


def changes_of_staff() -> None:
    """One of each kind that the register tells of."""
    actor, north = system_actor("operator"), Team.objects.create(name="North")
    anna = operations.create_user(
        username="anna", full_name="Anna Wrona", role=Role.OFFICER, team=None,
        password=SECRET, actor=actor, at=AT,
    )  # fmt: skip
    operations.change_user(
        user_id=anna.pk, role=Role.TEAM_LEADER, team=north, is_active=True, actor=actor, at=AT
    )
    operations.change_team(team_id=north.pk, name="Far North", daily_norm=25, actor=actor, at=AT)
    operations.set_approval_limit(
        role=Role.TEAM_LEADER, kind="agreement", currency="PLN", amount_minor=500_000,
        actor=actor, at=AT,
    )  # fmt: skip
    operations.issue_token(
        client_name="core", scopes=[Scope.READ_CASES], valid_days=30, actor=actor, at=AT
    )
    operations.change_client(
        client_id=ApiClient.objects.get().pk, is_active=False, actor=actor, at=AT
    )
    operations.note_failed_sign_in(username="x", address="10.1.1.1", attempts_left=4, at=AT)
    operations.note_denied_access(
        path="/staff/users/", needed=Right.MANAGE_STAFF, actor=get_actor(user=anna), at=AT
    )


def test_the_register_says_in_words_what_was_changed_and_about_whom() -> None:
    theirs = auditor_of("en")
    changes_of_staff()

    page = theirs.get(reverse("staff-journal")).content.decode()
    rows = [
        [
            " | ".join(filter(None, re.split(r"<[^>]+>", unescape(cell))))
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        ][1:]
        for row in re.findall(r"<tr>(<td.*?)</tr>", page, re.DOTALL)
    ]

    assert rows == [
        [
            "Access denied | Anna Wrona",
            "Anna Wrona",
            f"Page: /staff/users/ | Right that is missing: {RIGHT_NAMES[Right.MANAGE_STAFF]}",
        ],
        [
            "Sign-in failed | a user name that nobody has",
            "sign-in",
            "Address: 10.1.1.1 | Attempts left: 4",
        ],
        ["Client changed | core", "operator", "Has access: no"],
        ["Token made | core", "operator", "It may: Read cases | Valid for days: 30"],
        [
            "Approval limit set | Team leader, Agreement",
            "operator",
            "Up to: 5\u00a0000,00\u00a0zł",
        ],
        ["Team changed | Far North", "operator", "Name: Far North (before: North)"],
        [
            "User changed | Anna Wrona",
            "operator",
            "Role: Team leader (before: Collection officer) | Team: Far North (before: no team)",
        ],
        [
            "User created | Anna Wrona",
            "operator",
            "User name: anna | Role: Collection officer | Team: no team",
        ],
        [
            "User created | Eva Auditor",
            "operator",
            "User name: eva | Role: Auditor | Team: no team",
        ],
    ]


def test_the_register_takes_the_same_statements_however_much_it_tells() -> None:
    theirs = auditor_of("en")
    changes_of_staff()

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert theirs.get(reverse("staff-journal")).status_code == 200
        return len(seen)

    theirs.get(reverse("staff-journal"))
    few = statements()
    for number in range(10):
        operations.issue_token(
            client_name=f"c{number}", scopes=[Scope.READ_CASES], valid_days=1,
            actor=system_actor("operator"), at=AT,
        )  # fmt: skip

    assert statements() == few


def test_the_register_goes_on_page_by_page(browser: Client) -> None:
    for number in range(60):
        operations.create_team(name=f"Team {number}", actor=system_actor("test"), at=AT)
    auditor = operations.create_user(
        username="eva", full_name="Eva", role=Role.AUDITOR, team=None,
        password=SECRET, actor=system_actor("test"), at=AT,
    )  # fmt: skip
    theirs = Client()
    theirs.force_login(auditor)
    first = theirs.get(reverse("staff-journal")).content.decode()
    following = re.search(r'href="([^"]*before=\d+)"', first)
    assert following
    rest = theirs.get(following[1].replace("&amp;", "&"))
    assert "Team 0" in rest.content.decode()
    assert theirs.get(reverse("staff-journal"), {"before": "x"}).status_code == 200

    def teams(**asked: str) -> int:
        return theirs.get(reverse("staff-journal"), asked).content.decode().count("Team ")

    nothing = teams(kind="user.created")
    assert teams(kind="team.created") > nothing
    assert teams(by=str(auditor.pk)) == nothing
    assert teams(**{"from": f"{AT:%Y-%m-%d}"}) > nothing
    assert teams(to="2000-01-01") == nothing
    assert teams(to="x", by="0", kind="x") > nothing


@pytest.mark.parametrize("name", ["staff-users", "staff-teams", "staff-limits", "staff-clients"])
def test_a_page_takes_the_same_statements_however_much_it_lists(browser: Client, name: str) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(reverse(name)).status_code == 200
        return len(seen)

    def add(number: int) -> None:
        machine = system_actor("test")
        team = operations.create_team(name=f"Team {number}", actor=machine, at=AT)
        operations.create_user(
            username=f"user{number}", full_name="X", role=Role.OFFICER, team=team,
            password=SECRET, actor=machine, at=AT,
        )  # fmt: skip
        operations.set_approval_limit(
            role=Role.OFFICER, kind="agreement", currency=f"A{chr(65 + number)}A",
            amount_minor=1, actor=machine, at=AT,
        )  # fmt: skip
        operations.issue_token(
            client_name=f"client {number}", scopes=[Scope.READ_CASES], valid_days=1, team=team,
            actor=machine, at=AT,
        )  # fmt: skip

    browser.get(reverse(name))  # the first page of a session notes that it is used
    add(0)
    few = statements()
    for number in range(1, 8):
        add(number)
    assert statements() == few
