"""What a red switch stops, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.lifecycle import SwitchKind, WorkKind
from cases.switches import Switch
from cases.wording import work_name
from contacts.lifecycle import MessageChannel, Template
from contacts.wording import message_channel_name, template_name
from escalation.actions import ActionName
from escalation.wording.names import proposal_name
from kernel.errors import DomainError

_KINDS: Final[dict[SwitchKind, Promise]] = {
    SwitchKind.AUTOMATION: gettext_lazy("What strategies do"),
    SwitchKind.CHANNEL: gettext_lazy("Channels of messages"),
    SwitchKind.TEMPLATE: gettext_lazy("Templates of messages"),
    SwitchKind.TEAM: gettext_lazy("Teams"),
}
_HINTS: Final[dict[SwitchKind, Promise]] = {
    SwitchKind.AUTOMATION: gettext_lazy(
        "The step is not taken, and what it has queued is kept back. The case waits at the step."
    ),
    SwitchKind.CHANNEL: gettext_lazy(
        "Nothing goes out by it, also what is queued already, and steps that would send by it wait."
    ),
    SwitchKind.TEMPLATE: gettext_lazy(
        "No message with it goes out, also what is queued already, and steps that send it wait."
    ),
    SwitchKind.TEAM: gettext_lazy(
        "The machine takes no step with the team's cases and sends nothing. People work on."
    ),
}
_ACTIONS: Final[dict[ActionName, Promise]] = {
    ActionName.ASK_PERSON_TO: pgettext_lazy("switch", "Task for a person: %(what)s"),
    ActionName.SEND_MESSAGE: pgettext_lazy("switch", "SMS or e-mail: %(what)s"),
    ActionName.SEND_LETTER: pgettext_lazy("switch", "Letter: %(what)s"),
    ActionName.PROPOSE: pgettext_lazy("switch", "Proposal: %(what)s"),
}
_REFUSALS: Final[dict[str, Promise]] = {
    "unknown_switch": gettext_lazy("There is no such switch: %(kind)s %(key)s."),
    "switch_reason_missing": gettext_lazy("Say why. The reason is shown to everybody it concerns."),
    "switch_reason_too_long": gettext_lazy("The reason may have %(limit)s characters at most."),
    "right_missing": gettext_lazy("Your role may not turn red switches."),
}
_TURNED_ALREADY: Final[dict[str, Promise]] = {
    "turn_off": gettext_lazy("It is switched off already. Somebody was faster."),
    "turn_on": gettext_lazy("It is switched on already. Somebody was faster."),
}


def switch_kind_name(kind: SwitchKind) -> str:
    return str(_KINDS[kind])


def switch_kind_hint(kind: SwitchKind) -> str:
    """What comes of switching one of these off."""
    return str(_HINTS[kind])


def switch_name(switch: Switch, team_names: Mapping[str, str] | None = None) -> str:
    """``Letter: Demand for payment``; a team by its name, where that is given by its id.

    A key that the product does not know any more is shown as it is.
    """
    match switch.kind:
        case SwitchKind.CHANNEL if switch.key in set(MessageChannel):
            return str(message_channel_name(MessageChannel(switch.key)))
        case SwitchKind.TEMPLATE if switch.key in set(Template):
            return str(template_name(Template(switch.key)))
        case SwitchKind.TEAM:
            name = (team_names or {}).get(switch.key)
            return _("team %(name)s") % {"name": name} if name else _("the case's team")
        case SwitchKind.AUTOMATION:
            return _action_name(switch.key)
        case _:
            return switch.key


def _action_name(key: str) -> str:
    action, _dot, what = key.partition(".")
    match action:
        case ActionName.ASK_PERSON_TO if what in set(WorkKind):
            named = str(work_name(WorkKind(what)))
        case ActionName.SEND_MESSAGE | ActionName.SEND_LETTER if what in set(Template):
            named = str(template_name(Template(what)))
        case ActionName.PROPOSE:
            named = proposal_name(what)
        case _:
            return key
    return str(_ACTIONS[ActionName(action)]) % {"what": named}


def switch_refusal(error: DomainError) -> str:
    """Why a switch was not turned."""
    if error.code == "move_not_allowed":
        return str(_TURNED_ALREADY[error.values["move"]])
    text = _REFUSALS.get(error.code)
    return str(text) % error.values if text is not None else str(error)
