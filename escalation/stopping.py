"""Which red switches stop a step of a strategy. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cases.switches import Off, Switch, action_switch, channel_switch, template_switch
from contacts.composing import channel_of_message
from contacts.lifecycle import MessageChannel
from escalation.actions import Action, ActionName
from escalation.facts import Facts
from escalation.strategy import Step


@dataclass(frozen=True, slots=True)
class Stops:
    """The switches that are off, as far as they bear on one case: ``team`` is that of its team,
    where that one is off."""

    off: Off
    team: Switch | None = None
    prefers_email: bool = False

    def of_step(self, step: Step, facts: Facts) -> tuple[Switch, ...]:
        """Every switch that stands in the way, the most particular first; none twice."""
        found: dict[Switch, None] = {}
        for action in step.do:
            for switch in _switches_of(action, self._channel(action, facts)):
                if switch in self.off:
                    found[switch] = None
        if self.team is not None:
            found[self.team] = None
        return tuple(found)

    def _channel(self, action: Action, facts: Facts) -> MessageChannel:
        if action.name is ActionName.SEND_LETTER:
            return MessageChannel.LETTER
        return channel_of_message(
            prefers_email=self.prefers_email, has_email=facts.email, has_mobile=facts.mobile
        )


def _switches_of(action: Action, channel: MessageChannel) -> tuple[Switch, ...]:
    own = action_switch(action.name, action.what)
    if action.name in (ActionName.SEND_MESSAGE, ActionName.SEND_LETTER):
        return own, template_switch(action.what), channel_switch(channel)
    return (own,)


#: By which channels an action may send something.
_CHANNELS = {
    ActionName.SEND_MESSAGE: (MessageChannel.SMS, MessageChannel.EMAIL),
    ActionName.SEND_LETTER: (MessageChannel.LETTER,),
}


def is_stopped_by(switch: Switch, step: Step) -> bool:
    """May the switch stop the step for some case? That of a team may stop any."""
    return any(
        switch in _switches_of(action, channel)
        for action in step.do
        for channel in _CHANNELS.get(action.name, (MessageChannel.LETTER,))
    )
