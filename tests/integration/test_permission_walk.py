"""Every URL as every role, as nobody, as an API client, and with what belongs to another team."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from journal.models import Event
from kernel.actor import system_actor
from kernel.authority import REQUIRED
from staff.access import PUBLIC
from staff.operations import issue_token
from staff.rights import ROLE_RIGHTS, Right, Role, Scope
from tests.integration.addresses import PATTERNS, list_patterns, parameters_of
from tests.integration.permissions import ACCESS, OF_A_CASE, Access
from tests.integration.world import World

#: What most forms ask for, so that a view comes as far as the thing itself.
_FORM: Final = "reason=Looked+at+it&note=Looked+at+it"
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
API: Final = [name for name, access in ACCESS.items() if isinstance(access.required, Scope)]
PAGES: Final = [name for name, access in ACCESS.items() if isinstance(access.required, Right)]
PUBLIC_PAGES: Final = [name for name, access in ACCESS.items() if access.required == PUBLIC]


def test_every_url_is_listed_and_every_line_names_a_url() -> None:
    names = [pattern.name for pattern in list_patterns()]
    assert None not in names, "a URL without a name cannot be listed"
    assert len(names) == len(set(names))
    assert {str(name) for name in names} == set(ACCESS)


@pytest.mark.parametrize("name", ACCESS)
def test_the_view_itself_says_what_the_list_says(name: str) -> None:
    required, callback = ACCESS[name].required, PATTERNS[name].callback
    if isinstance(required, Scope):
        assert getattr(callback, "cls").scope is required  # noqa: B009 - DRF sets it
    else:
        assert getattr(callback, REQUIRED) == required


def _ask(browser: Client, method: str, address: str, **headers: str) -> Any:
    """In a transaction of its own that is taken back, so that nobody sees what another did."""
    with transaction.atomic():
        before = Event.objects.count()
        answer: Any = browser.generic(method, address, _FORM, _FORM_TYPE, headers=headers)
        denied = Event.objects.filter(kind="access.denied").count()
        recorded = Event.objects.count() - before
        transaction.set_rollback(True)
    answer.denied, answer.recorded = denied, recorded
    return answer


def _sends_to_sign_in(answer: Any) -> bool:
    return bool(answer.status_code == 302 and answer["Location"].startswith(reverse("sign-in")))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_whose_role_has_the_right_and_for_nobody_else(
    world: World, name: str
) -> None:
    access, address = ACCESS[name], world.address(name)
    for method in access.methods:
        assert _sends_to_sign_in(_ask(world.browser(None), method, address)), "not signed in"
        for role in Role:
            answer = _ask(world.browser(role), method, address)
            place = f"{method} {address} as {role}: {answer.status_code}"
            if access.required not in ROLE_RIGHTS[role]:
                assert answer.status_code == 403, place
                assert answer.denied == 1, f"{place}: the attempt is recorded"
                continue
            assert not _sends_to_sign_in(answer), place
            if method == "GET":
                assert answer.status_code in _opens(name), place
            else:
                assert answer.status_code in {200, 201, 302, 303, 400, 404, 409, 422}, place
            assert answer.denied == 0, place


def _opens(name: str) -> set[int]:
    """Bare, the list of cases sends on to the open ones, a part of a draft to the draft; the run
    has no file of errors, and no day has been closed of which a table could be taken."""
    opens = {
        "intake-errors": {404},
        "cases": {302},
        "draft-simulation": {302},
        "board-table": {404},
    }
    return opens.get(name, {200})


@pytest.mark.parametrize("role", Role)
def test_everybody_starts_on_a_page_that_their_role_may_open(world: World, role: Role) -> None:
    assert _sends_to_sign_in(_ask(world.browser(None), "GET", reverse("home")))
    browser = world.browser(role)
    answer = _ask(browser, "GET", reverse("home"))
    assert answer.status_code == 302
    assert browser.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_a_public_page_asks_nobody_who_they_are(world: World, name: str) -> None:
    for method in ACCESS[name].methods:
        for role in (None, *Role):
            answer = _ask(world.browser(role), method, world.address(name))
            assert answer.status_code in {200, 302, 303, 404, 503}, f"{method} {name}"
            assert answer.status_code != 503 or name == "readyz"


def _of_a_team(names: list[str]) -> list[tuple[str, Role]]:
    """Each page with each role that may open it but sees its own team only."""
    return [
        (name, role)
        for name in names
        for role in (Role.OFFICER, Role.TEAM_LEADER)
        if ACCESS[name].required in ROLE_RIGHTS[role]
    ]


@pytest.mark.parametrize(
    ("name", "role"),
    _of_a_team([n for n in PAGES if OF_A_CASE & set(parameters_of(n))]),
)
def test_what_belongs_to_another_team_is_not_there(world: World, name: str, role: Role) -> None:
    access = ACCESS[name]
    assert Right.SEE_ALL_TEAMS not in ROLE_RIGHTS[role]
    for method in access.methods:
        answer = _ask(world.browser(role), method, world.address(name, foreign=True))
        assert answer.status_code == 404, f"{method} {name}: {answer.status_code}"


@pytest.mark.parametrize("name", [n for n in PAGES if {"number"} < set(parameters_of(n))])
def test_a_part_of_a_foreign_case_is_not_reached_through_ones_own(world: World, name: str) -> None:
    roles = (Role.OFFICER, Role.TEAM_LEADER, Role.MANAGER)
    role = next(role for role in roles if ACCESS[name].required in ROLE_RIGHTS[role])
    world.foreign["number"] = world.own["number"]
    for method in ACCESS[name].methods:
        answer = _ask(world.browser(role), method, world.address(name, foreign=True))
        place = f"{method} {name}: {answer.status_code}"
        assert answer.status_code in {302, 404, 422}, place
        assert answer.recorded == 0, f"{place}: something was done"


def test_ones_own_work_is_finished_the_same_way(world: World) -> None:
    """So that the test above does not pass because the form is wrong."""
    answer = _ask(world.browser(Role.OFFICER), "POST", world.address("case-finish-work"))
    assert (answer.status_code, answer.recorded) == (302, 1)


@pytest.mark.parametrize(
    ("name", "role"), [(n, r) for n, r in _of_a_team(PAGES) if "GET" in ACCESS[n].methods]
)
def test_no_list_shows_a_case_of_another_team(world: World, name: str, role: Role) -> None:
    answer = world.browser(role).get(world.address(name))
    assert world.foreign["number"].encode() not in b"".join(answer)


@pytest.mark.parametrize(
    "name", [n for n in ACCESS if "POST" in ACCESS[n].methods and n not in API]
)
def test_nothing_is_changed_without_the_token_of_the_form(world: World, name: str) -> None:
    role = next((role for role in Role if ACCESS[name].required in ROLE_RIGHTS[role]), Role.MANAGER)
    answer = _ask(world.browser(role, enforce_csrf_checks=True), "POST", world.address(name))
    if name != "sign-in":  # who is signed in is sent on
        assert answer.status_code == 403


@pytest.mark.parametrize("name", [n for n in PAGES if ACCESS[n].methods == ("POST",)])
def test_what_changes_something_is_not_done_by_a_link(world: World, name: str) -> None:
    role = next(role for role in Role if ACCESS[name].required in ROLE_RIGHTS[role])
    assert _ask(world.browser(role), "GET", world.address(name)).status_code == 405


@pytest.mark.parametrize("name", API)
@pytest.mark.parametrize("scopes", [[Scope.READ_CASES], [Scope.READ_TIMELINE], list(Scope)])
def test_an_endpoint_opens_for_a_token_with_the_scope(
    world: World, name: str, scopes: list[Scope]
) -> None:
    cache.clear()
    token = issue_token(
        client_name="a client", scopes=scopes, valid_days=366, actor=system_actor("test"),
        at=datetime.now(UTC),
    )  # fmt: skip
    (method,) = ACCESS[name].methods
    answer = _ask(Client(), method, world.address(name), Authorization=f"Bearer {token}")
    allowed = ACCESS[name].required in scopes
    # a form is no JSON: the endpoint has been reached
    reached = 200 if method == "GET" else 415
    assert answer.status_code == (reached if allowed else 403)
    assert answer.denied == (0 if allowed else 1)


@pytest.mark.parametrize("name", API)
def test_an_endpoint_takes_no_session_of_a_browser(world: World, name: str) -> None:
    for role in (None, *Role):
        answer = _ask(world.browser(role), "GET", world.address(name))
        assert answer.status_code == 401


@pytest.mark.parametrize("name", PAGES)
def test_a_page_takes_no_token_of_the_interface(world: World, name: str) -> None:
    token = issue_token(
        client_name="a client", scopes=list(Scope), valid_days=366, actor=system_actor("test"),
        at=datetime.now(UTC),
    )  # fmt: skip
    for method in ACCESS[name].methods:
        answer = _ask(Client(), method, world.address(name), Authorization=f"Bearer {token}")
        assert _sends_to_sign_in(answer)


def test_the_walk_would_notice_a_page_that_is_open_by_mistake() -> None:
    wrong = Access(("GET",), Right.MANAGE_STAFF)
    assert ACCESS["cases"].required not in (wrong.required, PUBLIC)
    assert Right.MANAGE_STAFF not in ROLE_RIGHTS[Role.MANAGER]
