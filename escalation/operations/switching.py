"""Red switches, turned by a person: at once, with the reason, saying what they stop."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from cases.locking import lock_switches
from cases.operations import turn_switch
from cases.queries import get_switches_off
from cases.switches import Switch
from escalation.queries.switching import Stopped, count_stopped, get_switch_state
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import InvalidInput, NotFound
from staff.rights import Right

LONGEST_REASON: Final = 500


class UnknownSwitch(NotFound):
    """There is no such action, channel, template or team."""

    code = "unknown_switch"


class SwitchReasonMissing(InvalidInput):
    code = "switch_reason_missing"


class SwitchReasonTooLong(InvalidInput):
    code = "switch_reason_too_long"


@requires(Right.THROW_SWITCHES)
@transaction.atomic
def switch_off(*, switch: Switch, reason: str, actor: Actor, at: datetime) -> Stopped:
    """From now on nothing that the switch bears on is sent or done by the machine.

    When this returns nothing of it is being handed over any more; a batch of the night that has
    begun ends, and what it queues is kept back. Returns what is stopped. Raises UnknownSwitch,
    SwitchReasonMissing, SwitchReasonTooLong, MoveNotAllowed where it is off already.
    """
    return _turn(switch, "turn_off", reason, actor, at)


@requires(Right.THROW_SWITCHES)
@transaction.atomic
def switch_on(*, switch: Switch, reason: str, actor: Actor, at: datetime) -> Stopped:
    """What was kept back may go out again, as far as the guard lets it; cases take their step with
    the next close. Returns what goes on: what another switch stops as well is not among it. Raises
    as ``switch_off``."""
    return _turn(switch, "turn_on", reason, actor, at)


def _turn(switch: Switch, move: str, reason: str, actor: Actor, at: datetime) -> Stopped:
    given = reason.strip()
    if not given:
        raise SwitchReasonMissing
    if len(given) > LONGEST_REASON:
        raise SwitchReasonTooLong(limit=LONGEST_REASON)
    if get_switch_state(switch=switch) is None:
        raise UnknownSwitch(kind=str(switch.kind), key=switch.key)
    lock_switches()
    beside = get_switches_off() if move == "turn_on" else frozenset()
    stopped = count_stopped(switch=switch, beside=beside)
    turn_switch(
        switch=switch, move=move, reason=given, stopped=stopped._asdict(), actor=actor, at=at
    )
    return stopped
