"""Creating and changing users, teams, limits and API clients."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import Conflict, InvalidInput
from staff import events
from staff.models import ApiClient, ApiToken, ApprovalLimit, Team, User
from staff.rights import Right, Role, Scope


class UsernameTaken(Conflict):
    code = "username_taken"


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
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(messages=error.messages) from error
    user.set_password(password)
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
    """Change what a user may do; it holds from their next request. Raises LastAdministrator."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    stays = is_active and role is Role.ADMINISTRATOR
    others = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=user_id)
    if user.role == Role.ADMINISTRATOR and not stays and not others.exists():
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


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def set_approval_limit(
    *, role: Role, kind: str, currency: str, amount_minor: int, actor: Actor, at: datetime
) -> ApprovalLimit:
    """Up to ``amount_minor`` the role may decide proposals of ``kind`` in ``currency``."""
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
    """A new token for an API client, made if it is not known. It cannot be read again."""
    if not scopes or not 1 <= valid_days <= 366:
        raise InvalidInput(scopes=list(scopes), valid_days=valid_days)
    client, _ = ApiClient.objects.get_or_create(name=client_name, defaults={"team": team})
    token = f"ugoda_{secrets.token_urlsafe(32)}"
    row = ApiToken.objects.create(
        client=client,
        digest=sha256(token.encode()).digest(),
        scopes=[scope.value for scope in scopes],
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
def revoke_token(*, token_id: int, actor: Actor, at: datetime) -> None:
    """The token stops working at once; revoking it again changes nothing."""
    if ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=at):
        record_event(
            kind=events.TOKEN_REVOKED, subject=Subject("api_token", token_id), actor=actor, at=at
        )
