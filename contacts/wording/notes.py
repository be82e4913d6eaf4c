"""The note about a contact, made from what was chosen, in the reader's language.

The choices are what is kept; the sentence is made of them each time it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from contacts.lifecycle import CONVERSATIONS, AttemptResult, Direction, RefusalReason
from contacts.wording import refusal_name
from debtors.lifecycle import Channel
from kernel.clock import legal_day
from staff.figures import format_clock, format_day, format_money, format_weekday

Way = tuple[Channel, Direction]

#: How a conversation came about; a colon, so that a name needs no case.
_TALKED: Final[dict[Way, Promise]] = {
    (Channel.PHONE, Direction.OUT): gettext_lazy("Spoke with %(name)s."),
    (Channel.PHONE, Direction.IN): gettext_lazy("%(name)s called."),
    (Channel.EMAIL, Direction.OUT): gettext_lazy("E-mail to %(name)s, answered."),
    (Channel.EMAIL, Direction.IN): gettext_lazy("E-mail from %(name)s."),
    (Channel.SMS, Direction.OUT): gettext_lazy("Text message to %(name)s, answered."),
    (Channel.SMS, Direction.IN): gettext_lazy("Text message from %(name)s."),
    (Channel.LETTER, Direction.OUT): gettext_lazy("Letter to %(name)s, answered."),
    (Channel.LETTER, Direction.IN): gettext_lazy("Letter from %(name)s."),
    (Channel.VISIT, Direction.OUT): gettext_lazy("Visited %(name)s."),
    (Channel.VISIT, Direction.IN): gettext_lazy("%(name)s came to us."),
}
_TRIED: Final[dict[Channel, Promise]] = {
    Channel.PHONE: gettext_lazy("Called %(name)s: no answer."),
    Channel.VISIT: gettext_lazy("Visited %(name)s: nobody was there."),
}
_SAID: Final[dict[AttemptResult, Promise]] = {
    AttemptResult.WANTS_INSTALMENTS: gettext_lazy("Wants to pay in instalments."),
    AttemptResult.DISPUTES: gettext_lazy("Disputes the debt."),
}


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """What was chosen about a contact. ``name`` is empty where nobody said with whom."""

    channel: Channel
    direction: Direction
    result: AttemptResult
    name: str = ""
    is_other_person: bool = False
    amount_minor: int | None = None
    currency: str = ""
    due_on: date | None = None
    call_back_at: datetime | None = None
    refusal: RefusalReason | None = None
    dispute: str = ""
    gives_up_point: bool = False
    is_identified: bool = False


def contact_note(facts: NoteFacts) -> str:
    """One or two plain sentences."""
    return " ".join(part for part in (_who(facts), _what(facts)) if part)


def _who(facts: NoteFacts) -> str:
    name = facts.name or str(_("the debtor"))
    if facts.is_other_person:
        return _("Spoke with somebody else; nothing was said about the debt.")
    if facts.result in CONVERSATIONS or facts.result is AttemptResult.CALL_BACK:
        text = str(_TALKED[facts.channel, facts.direction]) % {"name": name}
        if facts.is_identified:
            text += " " + _("Identity confirmed.")
        return text[:1].upper() + text[1:]
    if facts.result is AttemptResult.NO_ANSWER:
        tried = _TRIED.get(facts.channel, gettext_lazy("Tried to reach %(name)s: no answer."))
        return str(tried) % {"name": name}
    if facts.result is AttemptResult.MESSAGE_LEFT:
        return _("Left a message for %(name)s, without naming the debt.") % {"name": name}
    return _("Did not reach %(name)s.") % {"name": name}


def _what(facts: NoteFacts) -> str:
    match facts.result:
        case AttemptResult.PROMISED if facts.amount_minor and facts.due_on:
            return _("Promised %(amount)s by %(day)s.") % {
                "amount": format_money(facts.amount_minor, facts.currency),
                "day": format_day(facts.due_on),
            }
        case AttemptResult.CALL_BACK if facts.call_back_at:
            return _("Asks to be called on %(day)s at %(time)s.") % {
                "day": format_weekday(legal_day(facts.call_back_at), get_language() or "en"),
                "time": format_clock(facts.call_back_at),
            }
        case AttemptResult.REFUSED:
            if facts.refusal is None:
                return _("Refuses to pay.")
            return _("Refuses to pay: %(reason)s.") % {"reason": refusal_name(facts.refusal)}
        case AttemptResult.DISPUTES if facts.dispute:
            return _("Disputes the debt: %(dispute)s.") % {"dispute": facts.dispute.rstrip(". ")}
        case AttemptResult.WRONG_PERSON if facts.gives_up_point:
            return _("The number does not lead there and is used no more.")
        case AttemptResult.WRONG_PERSON:
            return _("The number does not lead there.")
    said = _SAID.get(facts.result)
    return str(said) if said else ""


def own_words(note: str, made: str) -> str:
    """What a person wrote beyond the note that was made for them."""
    text, generated = " ".join(note.split()), " ".join(made.split())
    if generated and text.startswith(generated):
        return text[len(generated) :].strip()
    return note.strip()
