"""Turning a red switch: at once, by one person, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from cases.lifecycle import SWITCH_LIFECYCLE
from cases.locking import lock_switches
from cases.models import RedSwitch
from cases.switches import Switch
from journal.operations import Subject
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import by_machine


@by_machine
@transaction.atomic
def turn_switch(
    *,
    switch: Switch,
    move: str,
    reason: str,
    stopped: Mapping[str, int],
    actor: Actor,
    at: datetime,
) -> RedSwitch:
    """Make the move ``turn_off`` or ``turn_on``; the caller has checked the right and the key.

    Who was handing something over has finished when this returns. ``stopped`` goes into the event
    beside the kind, the key and the reason. Raises MoveNotAllowed where it is turned already.
    """
    lock_switches()
    row, _ = RedSwitch.objects.get_or_create(
        kind=switch.kind,
        key=switch.key,
        defaults={"reason": reason, "turned_by_id": actor.user_id, "turned_at": at},
    )
    return move_status(
        row=row,
        lifecycle=SWITCH_LIFECYCLE,
        move=move,
        subject=Subject("switch", row.pk),
        payload={"kind": switch.kind, "key": switch.key, "reason": reason, **stopped},
        changes={"reason": reason, "turned_by_id": actor.user_id, "turned_at": at},
        actor=actor,
        at=at,
    )
