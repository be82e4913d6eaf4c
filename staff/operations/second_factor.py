"""The second factor of a person: switched on and off by themselves, reset by an administrator."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from django.db import transaction

from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import by_oneself, requires
from kernel.errors import Conflict, InvalidInput, NotAllowed
from staff import events
from staff.models import User
from staff.operations.sessions import forget_sessions
from staff.operations.users import check_password, locked_user
from staff.rights import Right
from staff.second_factor import is_required_of


class WrongCode(InvalidInput):
    code = "wrong_code"


class SecondFactorOn(Conflict):
    """There is one already; switch it off first."""

    code = "second_factor_on"


class SecondFactorOff(Conflict):
    code = "second_factor_off"


class SecondFactorRequired(NotAllowed):
    """The role may not sign in without one."""

    code = "second_factor_required"


class OwnSecondFactor(NotAllowed):
    """One's own is switched off with the password, not reset."""

    code = "own_second_factor"


@by_oneself
@transaction.atomic
def turn_on_second_factor(
    *, user_id: int, password: str, secret: str, code: str, actor: Actor, at: datetime
) -> list[str]:
    """From now on the sign-in asks for a code. Gives the recovery codes, to be shown once.

    Raises WrongPassword, WrongCode, SecondFactorOn.
    """
    user = locked_user(user_id)
    if _has_one(user):
        raise SecondFactorOn
    check_password(user, password)
    if not validate_totp_code(secret, code):
        raise WrongCode
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, secret)
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    _tell(events.SECOND_FACTOR_ON, user, actor, at)
    return codes


@by_oneself
@transaction.atomic
def turn_off_second_factor(*, user_id: int, password: str, actor: Actor, at: datetime) -> None:
    """Raises WrongPassword, SecondFactorOff, SecondFactorRequired."""
    user = locked_user(user_id)
    if is_required_of(user.role):
        raise SecondFactorRequired
    if not _has_one(user):
        raise SecondFactorOff
    check_password(user, password)
    Authenticator.objects.filter(user=user).delete()
    _tell(events.SECOND_FACTOR_OFF, user, actor, at)


@by_oneself
@transaction.atomic
def renew_recovery_codes(*, user_id: int, password: str, actor: Actor, at: datetime) -> list[str]:
    """New codes, to be shown once; the old ones are void. Raises WrongPassword, SecondFactorOff."""
    user = locked_user(user_id)
    if not _has_one(user):
        raise SecondFactorOff
    check_password(user, password)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    _tell(events.RECOVERY_CODES_RENEWED, user, actor, at)
    return codes


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def reset_second_factor(*, user_id: int, actor: Actor, at: datetime) -> None:
    """For who lost their phone and their codes; they sign in anew and set up another one.

    Raises UserNotFound, SecondFactorOff, OwnSecondFactor.
    """
    if actor.user_id == user_id:
        raise OwnSecondFactor
    user = locked_user(user_id)
    if not _has_one(user):
        raise SecondFactorOff
    Authenticator.objects.filter(user=user).delete()
    forget_sessions(user_id=user.pk)
    _tell(events.SECOND_FACTOR_RESET, user, actor, at)


def _has_one(user: User) -> bool:
    found: bool = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return found


def _tell(kind: str, user: User, actor: Actor, at: datetime) -> None:
    record_event(kind=kind, subject=Subject("user", user.pk), actor=actor, at=at)
