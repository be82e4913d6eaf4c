"""Which red switches keep a queued message back. Pure."""

from __future__ import annotations

from typing import Final

from cases.switches import Switch, action_switch, channel_switch, team_switch, template_switch
from contacts.lifecycle import MessageChannel

#: The cause of a message that a step of a strategy made begins with it.
STEP_CAUSE: Final = "step:"
SEND_LETTER: Final = "send_letter"
SEND_MESSAGE: Final = "send_message"


def sending_action(channel: str) -> str:
    """The action of strategies by which a message of the channel comes about."""
    return SEND_LETTER if channel == MessageChannel.LETTER else SEND_MESSAGE


def switches_of_message(
    *, channel: str, template: str, cause: str, team_id: int | None
) -> tuple[Switch, ...]:
    """Each that keeps the message in the queue while it is off."""
    bearing = [channel_switch(channel), template_switch(template)]
    if cause.startswith(STEP_CAUSE):
        bearing.append(action_switch(sending_action(channel), template))
    if team_id is not None:
        bearing.append(team_switch(team_id))
    return tuple(bearing)
