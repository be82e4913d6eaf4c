"""What a step may do: a closed vocabulary. Everything it makes can be undone by a person.

To add one: a member of ``ActionName``, its row in ``ACTIONS``, and its writing in
``operations/performing.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cases.lifecycle import WorkKind
from contacts.lifecycle import Template


class ActionName(StrEnum):
    ASK_PERSON_TO = "ask_person_to"
    SEND_MESSAGE = "send_message"
    SEND_LETTER = "send_letter"
    PROPOSE = "propose"


#: What an action may name. A message is named by its template, a letter by its kind,
#: a task and a proposal by their kind.
ACTIONS: Final[dict[ActionName, tuple[str, ...]]] = {
    ActionName.ASK_PERSON_TO: (WorkKind.CALL, WorkKind.FIND_ADDRESS, WorkKind.REVIEW),
    ActionName.SEND_MESSAGE: (Template.REMINDER, Template.LAST_REMINDER),
    ActionName.SEND_LETTER: (Template.DEMAND, Template.NOTICE_75C, Template.PRECOURT_DEMAND),
    ActionName.PROPOSE: ("termination", "placement", "referral"),
}


@dataclass(frozen=True, slots=True)
class Action:
    name: ActionName
    what: str
    line: int = field(compare=False, default=0)
