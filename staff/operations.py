"""Creating and changing users, teams, limits and API clients."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from journal.operations import Subject, record_event
from kernel.actor import Actor, ActorKind
from kernel.authority import by_machine, requires
from kernel.errors import Conflict, InvalidInput, NotFound
from kernel.money import InvalidAmount, currency_exponent
from staff import events
from staff.models import ApiClient, ApiToken, ApprovalLimit, Team, User
from staff.queries import UserNotFound
from staff.rights import Right, Role, Scope

LONGEST_TOKEN_DAYS: Final = 366


class UsernameTaken(Conflict):
    code = "username_taken"


class TeamNameTaken(Conflict):
    code = "team_name_taken"


class TeamNotFound(NotFound):
    code = "team_not_found"


class ClientNotFound(NotFound):
    code = "client_not_found"


class ClientHasAnotherTeam(Conflict):
    """A known client keeps its reach: make another one instead."""

    code = "client_has_another_team"


class InvalidToken(InvalidInput):
    """A token needs a client, a scope, and an end within a year."""

    code = "invalid_token"


class WeakPassword(InvalidInput):
    code = "weak_password"


class LastAdministrator(Conflict):
    """Somebody must be left who can manage users."""

    code = "last_administrator"


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def create_user(
    *,
    username: str,
    full_name: str,
    role: Role,
    team: Team | None,
    password: str,
    actor: Actor,
    at: datetime,
    language: str = "pl",
) -> User:
    """Create a user who may sign in at once. Raises UsernameTaken, WeakPassword."""
    if User.objects.filter(username=username).exists():
        raise UsernameTaken(username=username)
    user = User(
        username=username,
        full_name=full_name,
        role=role,
        team=team,
        language=language,
        created_at=at,
    )
    _give_password(user, password)
    user.save()
    record_event(
        kind=events.USER_CREATED,
        subject=Subject("user", user.pk),
        actor=actor,
        at=at,
        payload={"username": username, "role": role, "team": team.pk if team else None},
    )
    return user


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def change_user(
    *, user_id: int, role: Role, team: Team | None, is_active: bool, actor: Actor, at: datetime
) -> User:
    """Change what a user may do; it holds from their next request.

    Raises UserNotFound, LastAdministrator.
    """
    administrators = _lock_administrators()
    user = _locked_user(user_id)
    stays = is_active and role is Role.ADMINISTRATOR
    if not stays and administrators == [user.pk]:
        raise LastAdministrator(username=user.username)
    before = {"role": user.role, "team": user.team_id, "is_active": user.is_active}
    user.role, user.team, user.is_active = role, team, is_active
    user.save(update_fields=["role", "team", "is_active"])
    record_event(
        kind=events.USER_CHANGED,
        subject=Subject("user", user.pk),
        actor=actor,
        at=at,
        payload={
            "before": before,
            "after": {"role": role, "team": user.team_id, "is_active": is_active},
        },
    )
    return user


def _lock_administrators() -> list[int]:
    """Two who each take the right of the other would otherwise leave nobody."""
    administrators = User.objects.select_for_update(no_key=True).filter(
        role=Role.ADMINISTRATOR, is_active=True
    )
    return list(administrators.order_by("pk").values_list("pk", flat=True))


def _locked_user(user_id: int) -> User:
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if user is None:
        raise UserNotFound(user_id=user_id)
    return user


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def set_password(*, user_id: int, password: str, actor: Actor, at: datetime) -> None:
    """A new password for a user who lost theirs. Raises UserNotFound, WeakPassword."""
    user = _locked_user(user_id)
    _give_password(user, password)
    user.save(update_fields=["password"])
    record_event(kind=events.PASSWORD_SET, subject=Subject("user", user.pk), actor=actor, at=at)


def _give_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(messages=error.messages) from error
    user.set_password(password)


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def create_team(*, name: str, actor: Actor, at: datetime, daily_norm: int = 25) -> Team:
    """Raises TeamNameTaken."""
    if Team.objects.filter(name=name).exists():
        raise TeamNameTaken(name=name)
    team = Team.objects.create(name=name, daily_norm=daily_norm)
    record_event(
        kind=events.TEAM_CREATED,
        subject=Subject("team", team.pk),
        actor=actor,
        at=at,
        payload={"name": name, "daily_norm": daily_norm},
    )
    return team


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def change_team(*, team_id: int, name: str, daily_norm: int, actor: Actor, at: datetime) -> Team:
    """Raises TeamNotFound, TeamNameTaken."""
    team = Team.objects.select_for_update(no_key=True).filter(pk=team_id).first()
    if team is None:
        raise TeamNotFound(team_id=team_id)
    if Team.objects.filter(name=name).exclude(pk=team_id).exists():
        raise TeamNameTaken(name=name)
    before = {"name": team.name, "daily_norm": team.daily_norm}
    team.name, team.daily_norm = name, daily_norm
    team.save(update_fields=["name", "daily_norm"])
    record_event(
        kind=events.TEAM_CHANGED,
        subject=Subject("team", team.pk),
        actor=actor,
        at=at,
        payload={"before": before, "after": {"name": name, "daily_norm": daily_norm}},
    )
    return team


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def set_approval_limit(
    *, role: Role, kind: str, currency: str, amount_minor: int, actor: Actor, at: datetime
) -> ApprovalLimit:
    """Up to ``amount_minor`` the role may decide proposals of ``kind`` in ``currency``."""
    if amount_minor < 0:
        raise InvalidAmount(amount_minor=amount_minor)
    currency_exponent(currency)
    limit, _ = ApprovalLimit.objects.update_or_create(
        role=role, kind=kind, currency=currency, defaults={"amount_minor": amount_minor}
    )
    record_event(
        kind=events.LIMIT_SET,
        subject=Subject("approval_limit", limit.pk),
        actor=actor,
        at=at,
        payload={"role": role, "kind": kind, "currency": currency, "amount_minor": amount_minor},
    )
    return limit


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def issue_token(
    *,
    client_name: str,
    scopes: Collection[Scope],
    valid_days: int,
    actor: Actor,
    at: datetime,
    team: Team | None = None,
) -> str:
    """A new token for an API client, made if it is not known. It cannot be read again.

    ``team`` limits a new client to the cases of that team. Raises InvalidToken, and
    ClientHasAnotherTeam for a client that is known with another reach.
    """
    if not scopes or not 1 <= valid_days <= LONGEST_TOKEN_DAYS or not client_name.strip():
        raise InvalidToken(scopes=[str(scope) for scope in scopes], valid_days=valid_days)
    client, created = ApiClient.objects.get_or_create(name=client_name, defaults={"team": team})
    if not created and team is not None and client.team_id != team.pk:
        raise ClientHasAnotherTeam(client=client_name)
    token = f"ugoda_{secrets.token_urlsafe(32)}"
    row = ApiToken.objects.create(
        client=client,
        digest=sha256(token.encode()).digest(),
        scopes=sorted(scope.value for scope in set(scopes)),
        created_at=at,
        expires_at=at + timedelta(days=valid_days),
    )
    record_event(
        kind=events.TOKEN_ISSUED,
        subject=Subject("api_token", row.pk),
        actor=actor,
        at=at,
        payload={"client": client_name, "scopes": row.scopes, "valid_days": valid_days},
    )
    return token


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def change_client(*, client_id: int, is_active: bool, actor: Actor, at: datetime) -> ApiClient:
    """Let a client in, or keep all its tokens out at once. Raises ClientNotFound."""
    client = ApiClient.objects.select_for_update(no_key=True).filter(pk=client_id).first()
    if client is None:
        raise ClientNotFound(client_id=client_id)
    if client.is_active != is_active:
        client.is_active = is_active
        client.save(update_fields=["is_active"])
        record_event(
            kind=events.CLIENT_CHANGED,
            subject=Subject("api_client", client.pk),
            actor=actor,
            at=at,
            payload={"is_active": is_active},
        )
    return client


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def revoke_token(*, token_id: int, actor: Actor, at: datetime) -> None:
    """The token stops working at once; revoking it again changes nothing."""
    if ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=at):
        record_event(
            kind=events.TOKEN_REVOKED, subject=Subject("api_token", token_id), actor=actor, at=at
        )


@by_machine
def note_denied_access(*, path: str, needed: str, actor: Actor, at: datetime) -> None:
    """Somebody asked for what they may not see or do: who, for what, and what they lack."""
    subject = "user" if actor.kind is ActorKind.USER else "api_client"
    record_event(
        kind=events.ACCESS_DENIED,
        subject=Subject(subject, int(actor.id)),
        actor=actor,
        at=at,
        payload={"path": path[:200], "needed": needed},
    )
