"""What steps make for people to do, counted by kind."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from cases.lifecycle import WorkKind
from escalation.actions import Action, ActionName
from escalation.strategy import Step


class Made(StrEnum):
    """In the order in which a case meets them."""

    CALLS = "calls"
    MESSAGES = "messages"
    OTHER_WORK = "other_work"
    LETTERS = "letters"
    TERMINATIONS = "terminations"
    PLACEMENTS = "placements"
    REFERRALS = "referrals"


_PROPOSALS: Final = {
    "termination": Made.TERMINATIONS,
    "placement": Made.PLACEMENTS,
    "referral": Made.REFERRALS,
}


def made_by(step: Step) -> tuple[Made, ...]:
    """One for each action of the step."""
    return tuple(_made(action) for action in step.do)


def _made(action: Action) -> Made:
    match action.name:
        case ActionName.ASK_PERSON_TO:
            return Made.CALLS if action.what == WorkKind.CALL else Made.OTHER_WORK
        case ActionName.SEND_MESSAGE:
            return Made.MESSAGES
        case ActionName.SEND_LETTER:
            return Made.LETTERS
        case ActionName.PROPOSE:
            return _PROPOSALS[action.what]
