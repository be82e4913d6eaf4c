"""Who may sign in, as what, and with which password."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import by_oneself, requires
from kernel.errors import Conflict, InvalidInput
from staff import events
from staff.models import Team, User
from staff.queries import UserNotFound
from staff.rights import Right, Role


class UsernameTaken(Conflict):
    code = "username_taken"


class WeakPassword(InvalidInput):
    code = "weak_password"


class WrongPassword(InvalidInput):
    """Not the password of the person who asks."""

    code = "wrong_password"


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
    give_password(user, password)
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
    *,
    user_id: int,
    role: Role,
    team: Team | None,
    is_active: bool,
    actor: Actor,
    at: datetime,
    full_name: str | None = None,
) -> User:
    """Change what a user may do, and with ``full_name`` how they are called; it holds from their
    next request.

    Raises UserNotFound, LastAdministrator.
    """
    administrators = _lock_administrators()
    user = locked_user(user_id)
    stays = is_active and role is Role.ADMINISTRATOR
    if not stays and administrators == [user.pk]:
        raise LastAdministrator(username=user.username)
    before = _as_recorded(user)
    user.role, user.team, user.is_active = role, team, is_active
    user.full_name = full_name or user.full_name
    user.save(update_fields=["role", "team", "is_active", "full_name"])
    record_event(
        kind=events.USER_CHANGED,
        subject=Subject("user", user.pk),
        actor=actor,
        at=at,
        payload={"before": before, "after": _as_recorded(user)},
    )
    return user


def _as_recorded(user: User) -> dict[str, Any]:
    return {
        "full_name": user.full_name,
        "role": str(user.role),
        "team": user.team_id,
        "is_active": user.is_active,
    }


def _lock_administrators() -> list[int]:
    """Two who each take the right of the other would otherwise leave nobody."""
    administrators = User.objects.select_for_update(no_key=True).filter(
        role=Role.ADMINISTRATOR, is_active=True
    )
    return list(administrators.order_by("pk").values_list("pk", flat=True))


def locked_user(user_id: int) -> User:
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if user is None:
        raise UserNotFound(user_id=user_id)
    return user


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def set_password(*, user_id: int, password: str, actor: Actor, at: datetime) -> None:
    """A new password for a user who lost theirs. Raises UserNotFound, WeakPassword."""
    user = locked_user(user_id)
    give_password(user, password)
    user.save(update_fields=["password"])
    record_event(kind=events.PASSWORD_SET, subject=Subject("user", user.pk), actor=actor, at=at)


@by_oneself
@transaction.atomic
def change_password(
    *, user_id: int, current: str, password: str, actor: Actor, at: datetime
) -> User:
    """One's own; every other session of the person ends. Raises WrongPassword, WeakPassword."""
    user = locked_user(user_id)
    check_password(user, current)
    give_password(user, password)
    user.save(update_fields=["password"])
    record_event(kind=events.PASSWORD_CHANGED, subject=Subject("user", user.pk), actor=actor, at=at)
    return user


def check_password(user: User, password: str) -> None:
    """Raises WrongPassword."""
    if not user.check_password(password):
        raise WrongPassword


def give_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(messages=error.messages) from error
    user.set_password(password)
