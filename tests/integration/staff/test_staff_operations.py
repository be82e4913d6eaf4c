from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from journal.queries import list_events
from journal.subjects import Subject
from kernel.actor import Actor, ActorKind, system_actor
from kernel.authority import RightMissing
from kernel.errors import InvalidInput
from staff import operations
from staff.models import ApiClient, ApiToken, Team, User
from staff.queries import UserNotFound, get_actor, get_approval_limit, get_client_actor, get_user
from staff.rights import ROLE_RIGHTS, Right, Role, Scope

AT = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
ACTOR = Actor(ActorKind.USER, "1", frozenset({Right.MANAGE_STAFF}))
PASSWORD = "correct horse battery"


def create(username: str = "anna", role: Role = Role.OFFICER, **more: Any) -> User:
    values = {"full_name": username.title(), "team": None, "password": PASSWORD, **more}
    return operations.create_user(username=username, role=role, actor=ACTOR, at=AT, **values)


@pytest.mark.django_db
class TestUsers:
    def test_a_new_user_may_sign_in_and_has_the_rights_of_the_role(self) -> None:
        user = create()
        assert user.check_password(PASSWORD)
        assert get_actor(user=user).rights == ROLE_RIGHTS[Role.OFFICER]
        [event] = list_events(subjects=[Subject("user", user.pk)])
        assert (event.kind, event.payload["role"]) == ("user.created", "officer")

    @pytest.mark.parametrize("password", ["short", "password1234", "annaannaanna"])
    def test_a_weak_password_is_refused(self, password: str) -> None:
        with pytest.raises(operations.WeakPassword):
            create("annaannaanna", password=password)
        assert not User.objects.exists()

    def test_a_user_name_is_taken_once(self) -> None:
        create()
        with pytest.raises(operations.UsernameTaken):
            create()

    def test_a_change_of_role_holds_at_once_and_is_recorded_with_before_and_after(self) -> None:
        create("boss", Role.ADMINISTRATOR)
        user = create()
        team = Team.objects.create(name="Retail")
        changed = operations.change_user(
            user_id=user.pk, role=Role.AUDITOR, team=team, is_active=True, actor=ACTOR, at=AT
        )
        assert get_actor(user=changed).rights == ROLE_RIGHTS[Role.AUDITOR]
        event = list_events(subjects=[Subject("user", user.pk)])[0]
        before = event.payload["before"]
        assert before == {
            "full_name": user.full_name, "role": "officer", "team": None, "is_active": True,
        }  # fmt: skip
        assert event.payload["after"] == before | {"role": "auditor", "team": team.pk}

    def test_who_is_locked_out_has_no_rights_and_acts_in_no_command(self) -> None:
        user = create()
        operations.change_user(
            user_id=user.pk, role=Role.OFFICER, team=None, is_active=False, actor=ACTOR, at=AT
        )
        user.refresh_from_db()
        assert get_actor(user=user).rights == frozenset()
        with pytest.raises(UserNotFound):
            get_user(username="anna")

    @pytest.mark.parametrize(
        "change",
        [
            {"role": Role.MANAGER, "is_active": True},
            {"role": Role.ADMINISTRATOR, "is_active": False},
        ],
    )
    def test_the_last_administrator_stays(self, change: dict[str, Any]) -> None:
        boss = create("boss", Role.ADMINISTRATOR)
        with pytest.raises(operations.LastAdministrator):
            operations.change_user(user_id=boss.pk, team=None, actor=ACTOR, at=AT, **change)
        create("second", Role.ADMINISTRATOR)
        operations.change_user(user_id=boss.pk, team=None, actor=ACTOR, at=AT, **change)

    def test_the_database_knows_the_roles(self) -> None:
        user = create()
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=user.pk).update(role="king")

    def test_a_new_password_replaces_the_old_one(self) -> None:
        user = create()
        operations.set_password(user_id=user.pk, password="another long secret", actor=ACTOR, at=AT)
        user.refresh_from_db()
        assert user.check_password("another long secret")
        event = list_events(subjects=[Subject("user", user.pk)])[0]
        assert event.kind == "user.password_set"
        assert event.payload == {}, "a password is not in the journal"

    def test_an_officer_without_a_team_sees_no_case_and_a_manager_all(self) -> None:
        assert get_actor(user=create()).team_id == 0
        assert get_actor(user=create("m", Role.MANAGER)).team_id is None


@pytest.mark.commits
def test_two_administrators_who_demote_each_other_do_not_both_succeed() -> None:
    one, other = create("one", Role.ADMINISTRATOR), create("other", Role.ADMINISTRATOR)
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def demote(user: User) -> None:
        start.wait()
        try:
            operations.change_user(
                user_id=user.pk, role=Role.OFFICER, team=None, is_active=True, actor=ACTOR, at=AT
            )
            outcomes.append("done")
        except operations.LastAdministrator:
            outcomes.append("refused")
        connection.close()

    threads = [threading.Thread(target=demote, args=(user,)) for user in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]


@pytest.mark.django_db
class TestTokens:
    def issue(self, **more: Any) -> str:
        values = {"client_name": "core", "scopes": [Scope.READ_CASES], "valid_days": 30, **more}
        return operations.issue_token(actor=ACTOR, at=AT, **values)

    def test_a_token_stands_for_its_client_and_its_scopes(self) -> None:
        token = self.issue()
        found = get_client_actor(token=token, at=AT)
        assert found is not None
        row, actor = found
        assert row.known_scopes == {Scope.READ_CASES}
        assert (actor.kind, actor.id) == (ActorKind.CLIENT, str(row.client_id))
        assert actor.rights == {Right.SEE_CASES}
        assert actor.team_id is None

    def test_the_token_itself_is_kept_nowhere(self) -> None:
        token = self.issue()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM journal_event WHERE payload::text LIKE %s", [f"%{token}%"]
            )
            assert cursor.fetchone() == (0,)
        assert token.encode() not in bytes(ApiToken.objects.get().digest)

    @pytest.mark.parametrize(
        "end",
        [
            lambda: ApiClient.objects.update(is_active=False),
            lambda: operations.revoke_token(token_id=ApiToken.objects.get().pk, actor=ACTOR, at=AT),
            lambda: operations.change_client(
                client_id=ApiClient.objects.get().pk, is_active=False, actor=ACTOR, at=AT
            ),
        ],
    )
    def test_a_token_ends_at_once(self, end: Callable[[], object]) -> None:
        token = self.issue()
        end()
        assert get_client_actor(token=token, at=AT) is None

    def test_a_token_expires_at_its_instant(self) -> None:
        token = self.issue()
        end = AT + timedelta(days=30)
        assert get_client_actor(token=token, at=end - timedelta(microseconds=1)) is not None
        assert get_client_actor(token=token, at=end) is None

    def test_revoking_twice_is_recorded_once(self) -> None:
        self.issue()
        token_id = ApiToken.objects.get().pk
        for _ in range(2):
            operations.revoke_token(token_id=token_id, actor=ACTOR, at=AT)
        events = list_events(subjects=[Subject("api_token", token_id)])
        assert [event.kind for event in events] == ["api_token.revoked", "api_token.issued"]

    @pytest.mark.parametrize(
        "wrong", [{"scopes": []}, {"valid_days": 0}, {"valid_days": 367}, {"client_name": " "}]
    )
    def test_a_token_needs_a_client_a_scope_and_an_end(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(operations.InvalidToken):
            self.issue(**wrong)
        assert not ApiClient.objects.exists()

    def test_a_scope_that_is_not_known_any_more_opens_nothing(self) -> None:
        token = self.issue()
        ApiToken.objects.update(scopes=["everything"])
        found = get_client_actor(token=token, at=AT)
        assert found is not None
        assert found[1].rights == frozenset()

    def test_a_known_client_does_not_silently_get_a_wider_reach(self) -> None:
        team = Team.objects.create(name="Retail")
        self.issue()
        with pytest.raises(operations.ClientHasAnotherTeam):
            self.issue(team=team)


@pytest.mark.django_db
class TestLimitsAndTeams:
    def test_a_limit_is_set_and_set_anew(self) -> None:
        for amount in (100, 250):
            operations.set_approval_limit(
                role=Role.TEAM_LEADER, kind="agreement", currency="PLN", amount_minor=amount,
                actor=ACTOR, at=AT,
            )  # fmt: skip
        found = get_approval_limit(role=Role.TEAM_LEADER, kind="agreement", currency="PLN")
        assert found == 250
        assert get_approval_limit(role=Role.TEAM_LEADER, kind="agreement", currency="EUR") is None

    @pytest.mark.parametrize("wrong", [{"amount_minor": -1}, {"currency": "zł"}])
    def test_a_limit_is_an_amount(self, wrong: dict[str, Any]) -> None:
        values = {"amount_minor": 1, "currency": "PLN", **wrong}
        with pytest.raises(InvalidInput):
            operations.set_approval_limit(
                role=Role.MANAGER, kind="agreement", actor=ACTOR, at=AT, **values
            )

    def test_a_limit_that_is_removed_is_as_if_it_had_never_been_set(self) -> None:
        limit = operations.set_approval_limit(
            role=Role.TEAM_LEADER, kind="agreement", currency="PLN", amount_minor=100,
            actor=ACTOR, at=AT,
        )  # fmt: skip
        operations.remove_approval_limit(limit_id=limit.pk, actor=ACTOR, at=AT)
        found = get_approval_limit(role=Role.TEAM_LEADER, kind="agreement", currency="PLN")
        assert found is None
        (event, _) = list_events(subjects=[Subject("approval_limit", limit.pk)])
        assert (event.kind, event.payload["amount_minor"]) == ("approval_limit.removed", 100)
        with pytest.raises(operations.LimitNotFound):
            operations.remove_approval_limit(limit_id=limit.pk, actor=ACTOR, at=AT)

    def test_a_team_has_a_name_of_its_own(self) -> None:
        team = operations.create_team(name="Retail", actor=ACTOR, at=AT)
        other = operations.create_team(name="Business", actor=ACTOR, at=AT)
        with pytest.raises(operations.TeamNameTaken):
            operations.create_team(name="Retail", actor=ACTOR, at=AT)
        with pytest.raises(operations.TeamNameTaken):
            operations.change_team(
                team_id=other.pk, name="Retail", daily_norm=5, actor=ACTOR, at=AT
            )
        operations.change_team(team_id=team.pk, name="Retail", daily_norm=40, actor=ACTOR, at=AT)
        team.refresh_from_db()
        assert team.daily_norm == 40


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_manages_staff(role: Role) -> None:
    actor = get_actor(user=create("somebody", role))
    with pytest.raises(RightMissing):
        operations.create_team(name="x", actor=actor, at=AT)
    with pytest.raises(RightMissing):
        operations.issue_token(
            client_name="x", scopes=[Scope.READ_CASES], valid_days=1, actor=actor, at=AT
        )


@pytest.mark.django_db
def test_the_machine_and_the_operator_need_no_right() -> None:
    operations.create_team(name="x", actor=system_actor("operator"), at=AT)
