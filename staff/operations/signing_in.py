"""What is recorded of signing in. Never a password or a code, nor a name that was mistyped:
people type a password into the wrong field.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from journal.operations import Subject, record_event
from kernel.actor import Actor, ActorKind, system_actor
from kernel.authority import by_machine
from staff import events
from staff.models import User

_GATE = "sign_in"
#: The subject of an attempt under a name that nobody has.
_NOBODY = 0


@by_machine
@transaction.atomic
def note_sign_in(*, user_id: int, address: str, with_second_factor: bool, at: datetime) -> None:
    record_event(
        kind=events.SIGNED_IN,
        subject=Subject("user", user_id),
        actor=Actor(ActorKind.USER, str(user_id)),
        at=at,
        payload={"address": address, "with_second_factor": with_second_factor},
    )


@by_machine
@transaction.atomic
def note_failed_sign_in(*, username: str, address: str, attempts_left: int, at: datetime) -> None:
    """``attempts_left`` of the account; none: it waits from now on."""
    user_id = User.objects.filter(username=username).values_list("pk", flat=True).first()
    record_event(
        kind=events.SIGN_IN_FAILED,
        subject=Subject("user", user_id or _NOBODY),
        actor=system_actor(_GATE),
        at=at,
        payload={"address": address, "attempts_left": attempts_left},
    )


@by_machine
@transaction.atomic
def note_failed_code(*, user_id: int, address: str, at: datetime) -> None:
    """The password was right, the code of the second factor was not."""
    record_event(
        kind=events.CODE_FAILED,
        subject=Subject("user", user_id),
        actor=system_actor(_GATE),
        at=at,
        payload={"address": address},
    )


@by_machine
@transaction.atomic
def note_recovery_code_used(*, user_id: int, codes_left: int, at: datetime) -> None:
    record_event(
        kind=events.RECOVERY_CODE_USED,
        subject=Subject("user", user_id),
        actor=Actor(ActorKind.USER, str(user_id)),
        at=at,
        payload={"codes_left": codes_left},
    )
