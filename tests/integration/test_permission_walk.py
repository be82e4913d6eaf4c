"""Every URL as every role, as nobody, as an API client, and with what belongs to another team."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from agencies.models import Agency, Placement, PlacementBatch
from bookkeeping.models import Charge, Refund, WriteOff, WriteOffBatch
from cases.models import Case, Hold, Note, WorkItem
from contacts.models import Message, Promise, RestructuringRequest, Termination
from courts.models import Referral
from debtors.models import ContactPoint, IntakeRun
from escalation.models import Draft, SimulationRun, StrategyVersion
from journal.models import Event
from kernel.actor import system_actor
from kernel.authority import REQUIRED
from ledger.models import BankStatement, StatementEntry, StatementFile, Transaction
from negotiations.models import Agreement
from staff.access import PUBLIC
from staff.models import ApiToken, Team, User
from staff.operations import issue_token
from staff.rights import ROLE_RIGHTS, Right, Role, Scope
from tests.integration.cases.builders import make_debt, make_debtor
from tests.integration.permissions import ACCESS, OF_A_CASE, Access

AT: Final = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
ON: Final = date(2026, 5, 12)
#: What most forms ask for, so that a view comes as far as the thing itself.
_FORM: Final = "reason=Looked+at+it&note=Looked+at+it"
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
API: Final = [name for name, access in ACCESS.items() if isinstance(access.required, Scope)]
PAGES: Final = [name for name, access in ACCESS.items() if isinstance(access.required, Right)]
PUBLIC_PAGES: Final = [name for name, access in ACCESS.items() if access.required == PUBLIC]


def _patterns(
    patterns: list[URLPattern | URLResolver] | None = None,
) -> Iterator[URLPattern]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from _patterns(pattern.url_patterns)


PATTERNS: Final = {str(pattern.name): pattern for pattern in _patterns()}


def test_every_url_is_listed_and_every_line_names_a_url() -> None:
    names = [pattern.name for pattern in _patterns()]
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


@dataclass
class World:
    """Two teams with a case each; everything below an address exists."""

    users: dict[Role, User]
    own: dict[str, Any]
    foreign: dict[str, Any]

    def address(self, name: str, *, foreign: bool = False) -> str:
        wanted = PATTERNS[name].pattern.regex.groupindex
        values = self.foreign if foreign else self.own
        return reverse(name, kwargs={key: values[key] for key in wanted})

    def browser(self, role: Role | None, **options: Any) -> Client:
        browser = Client(raise_request_exception=True, **options)
        if role is not None:
            browser.force_login(self.users[role])
        return browser


def _case_parts(team: Team, number: str) -> dict[str, Any]:
    debtor = make_debtor()
    debt = make_debt(debtor)
    case = Case.objects.create(number=number, debtor=debtor, team=team, opened_on=ON, updated_at=AT)
    proposed = {"case": case, "amount_minor": 125_000, "currency": "PLN", "proposed_at": AT}
    placement = Placement.objects.create(**proposed, cause=f"{number}:1")
    hold = Hold.objects.create(
        case=case, kind="dispute", from_on=ON, placed_at=AT, actor_kind="user", actor_id="1"
    )
    work = WorkItem.objects.create(case=case, team=team, kind="call", due_on=ON, opened_at=AT)
    agreement = Agreement.objects.create(
        **proposed, kind="instalments", needs_approval=True, tolerance_days=5,
        tolerance_minor=0, last_transaction_id=0, policy_from=ON,
    )  # fmt: skip
    referral = Referral.objects.create(**proposed, cause=f"{number}:2")
    notice = Message.objects.create(
        case=case, debtor=debtor, channel="letter", template="demand", language="pl",
        recipient={"name": "N", "kind": "person"}, cause=f"{number}:3", queued_on=ON,
        figures={"as_of": "2026-05-12", "case_number": number, "debts": []},
    )  # fmt: skip
    termination = Termination.objects.create(
        **proposed, notice=notice, cause=f"{number}:4", debt_ids=[]
    )
    promise = Promise.objects.create(
        case=case, amount_minor=100, currency="PLN", made_on=ON, due_on=ON
    )
    note = Note.objects.create(
        case=case, text="Looked at it", written_by=User.objects.all()[0], written_at=AT
    )
    request = RestructuringRequest.objects.create(case=case, received_on=ON)
    return {
        "number": number,
        "hold_id": hold.pk,
        "work_item_id": work.pk,
        "note_id": note.pk,
        "agreement_id": agreement.pk,
        "placement_id": placement.pk,
        **_money_parts(proposed, debt.account_id, number),
        "referral_id": referral.pk,
        "message_id": notice.pk,
        "termination_id": termination.pk,
        "promise_id": promise.pk,
        "request_id": request.pk,
        "kind": "placement",
        "proposal_id": placement.pk,
        "point_id": ContactPoint.objects.filter(debtor=debtor).values_list("pk", flat=True)[0],
        "debt_id": debt.pk,
        "transaction_id": Transaction.objects.create(
            account=debt.account, kind="payment", effective_on=ON, recorded_at=AT, source="manual",
            idempotency_key=number, actor_kind="system", actor_id="test",
        ).pk,
    }  # fmt: skip


def _money_parts(proposed: dict[str, Any], account_id: int, number: str) -> dict[str, Any]:
    common = {**proposed, "account_id": account_id, "needs_approval": True}
    write_off = WriteOff.objects.create(
        **common, kind="partial", reason="hardship", submission=f"{number}:w"
    )
    refund = Refund.objects.create(
        **common, to_account_no="PL1", to_name="J", submission=f"{number}:r"
    )
    charge = Charge.objects.create(
        **common, fee="demand_letter", component="fees", occasion="1", charged_on=ON, tariff_from=ON
    )
    return {"write_off_id": write_off.pk, "refund_id": refund.pk, "charge_id": charge.pk}


@pytest.fixture
def world(db: None) -> World:
    own_team, other_team = (Team.objects.create(name=name) for name in ("Retail", "Business"))
    users = {
        role: User.objects.create(
            username=role, full_name=role.title(), role=role, team=own_team, created_at=AT
        )
        for role in Role
    }
    issue_token(
        client_name="core", scopes=[Scope.READ_CASES], valid_days=9,
        actor=system_actor("test"), at=AT,
    )  # fmt: skip
    token = ApiToken.objects.get()
    agency = Agency.objects.create(
        name="Agency", permit_no="RKP 1", permit_until=date(2030, 1, 1), commission_bp=1_500
    )
    batch = PlacementBatch.objects.create(
        agency=agency, made_at=AT, made_by=users[Role.MANAGER], placements_count=0, rows_count=0,
        totals={}, file_name="batch.csv", content=b"x", sha256=b"x" * 32,
    )  # fmt: skip
    run = IntakeRun.objects.create(
        file_name="x.csv", file_sha256=b"x" * 32, profile="canonical", as_of_on=ON, status="done",
        started_at=AT, actor_kind="system", actor_id="test",
    )  # fmt: skip
    version = StrategyVersion.objects.select_related("strategy").order_by("pk").first()
    assert version is not None, "a new database has the shipped strategies"
    draft = Draft.objects.create(
        strategy_key=version.strategy.key, name="Draft", author=users[Role.MANAGER],
        source=version.source, from_version=version, created_at=AT, saved_at=AT,
    )  # fmt: skip
    SimulationRun.objects.create(
        draft=draft, revision=1, source=version.source, on=ON, working_days=1, status="done",
        asked_by=users[Role.MANAGER], asked_at=AT, finished_at=AT,
        result={
            "on": str(ON), "days": [str(ON)], "assumptions": [], "cases": 0, "cases_changed": 0,
            "cases_without_step": 0, "cases_outside": 0, "finished": 0, "standing": {},
            "draft": {}, "today": {}, "capacity": 0,
        },
    )  # fmt: skip
    file = StatementFile.objects.create(
        sha256=b"x" * 32, name="x.sta", form="mt940", received_at=AT, actor_kind="system",
        actor_id="test",
    )  # fmt: skip
    entry = StatementEntry.objects.create(
        statement=BankStatement.objects.create(
            file=file, form="mt940", account_no="PL1", currency="PLN", entries_count=1
        ),
        position=1, amount_minor=100, currency="PLN", status="booked", state="suspense",
    )  # fmt: skip
    small = WriteOffBatch.objects.create(
        amount_minor=1, currency="PLN", proposed_at=AT, lines_count=0, rule_from=ON,
        at_most_minor=1, after_days=1,
    )  # fmt: skip
    common = {
        "write_off_batch_id": small.pk,
        "file_id": file.pk, "entry_id": entry.pk, "act": "suspend",
        "draft_id": draft.pk, "step": "call",
        "rest": "nowhere", "user_id": users[Role.OFFICER].pk, "team_id": own_team.pk,
        "client_id": token.client_id, "token_id": token.pk, "agency_id": agency.pk,
        "batch_id": batch.pk, "run_id": run.pk, "key": version.strategy.key,
        "version_id": version.pk, "name": "withdraw", "taken_over_id": 1, "table": "heat",
        "view_id": 1, "switch_kind": "channel", "switch_key": "sms", "limit_id": 1,
         "delegation_id": 1,
    }  # fmt: skip
    return World(
        users,
        common | _case_parts(own_team, "UG-2026-900001"),
        common | _case_parts(other_team, "UG-2026-900002"),
    )


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
    _of_a_team([n for n in PAGES if OF_A_CASE & set(PATTERNS[n].pattern.regex.groupindex)]),
)
def test_what_belongs_to_another_team_is_not_there(world: World, name: str, role: Role) -> None:
    access = ACCESS[name]
    assert Right.SEE_ALL_TEAMS not in ROLE_RIGHTS[role]
    for method in access.methods:
        answer = _ask(world.browser(role), method, world.address(name, foreign=True))
        assert answer.status_code == 404, f"{method} {name}: {answer.status_code}"


@pytest.mark.parametrize(
    "name", [n for n in PAGES if {"number"} < set(PATTERNS[n].pattern.regex.groupindex)]
)
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
