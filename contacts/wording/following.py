"""What follows a contact, said before it is saved; and how contacts came about."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from contacts.call_script import ScriptName, ScriptStep
from contacts.follow_up import FollowUp, FollowUpKind
from contacts.lifecycle import Direction
from debtors.lifecycle import Channel
from staff.figures import format_clock, format_weekday

_FOLLOW: Final[dict[FollowUpKind, Promise]] = {
    FollowUpKind.CHECK_PROMISE: gettext_lazy("check the promise"),
    FollowUpKind.CALL_BACK: gettext_lazy("call back"),
    FollowUpKind.WORK_OUT_INSTALMENTS: gettext_lazy("work out instalments"),
    FollowUpKind.ANSWER_DISPUTE: gettext_lazy("answer the dispute by"),
    FollowUpKind.FIND_PHONE: gettext_lazy("find another phone number by"),
    FollowUpKind.STRATEGY: gettext_lazy("the strategy looks again"),
    FollowUpKind.NOTHING: gettext_lazy("nothing is planned: put something on the list"),
}
_WAYS: Final[dict[tuple[Channel, Direction], Promise]] = {
    (Channel.PHONE, Direction.OUT): gettext_lazy("Call out"),
    (Channel.PHONE, Direction.IN): gettext_lazy("Call in"),
    (Channel.EMAIL, Direction.IN): gettext_lazy("E-mail in"),
    (Channel.VISIT, Direction.OUT): gettext_lazy("Visit"),
    (Channel.EMAIL, Direction.OUT): gettext_lazy("E-mail out"),
    (Channel.SMS, Direction.IN): gettext_lazy("Text message in"),
    (Channel.SMS, Direction.OUT): gettext_lazy("Text message out"),
    (Channel.LETTER, Direction.IN): gettext_lazy("Letter in"),
    (Channel.LETTER, Direction.OUT): gettext_lazy("Letter out"),
    (Channel.VISIT, Direction.IN): gettext_lazy("Came to us"),
}
_SCRIPTS: Final[dict[ScriptName, Promise]] = {
    ScriptName.CALL: gettext_lazy("A call about arrears"),
    ScriptName.BROKEN_PROMISE: gettext_lazy("A call after a broken promise"),
}
_STEPS: Final[dict[ScriptStep, Promise]] = {
    ScriptStep.IDENTIFY: gettext_lazy("Who is it"),
    ScriptStep.INTRODUCE: gettext_lazy("Who we are"),
    ScriptStep.PURPOSE: gettext_lazy("What it is about"),
    ScriptStep.OFFER: gettext_lazy("What we offer"),
    ScriptStep.RECORD: gettext_lazy("What we agreed"),
}


class FollowUpText(NamedTuple):
    """``what`` in words, ``when`` as ``Mon 30.11.2026`` or ``Mon 30.11.2026 14:00``."""

    what: str
    when: str


def follow_up_text(found: FollowUp) -> FollowUpText:
    language = get_language() or "en"
    when = format_weekday(found.on, language) if found.on else ""
    if found.at is not None:
        when = _("%(day)s at %(time)s") % {"day": when, "time": format_clock(found.at)}
    return FollowUpText(str(_FOLLOW[found.kind]), when)


def way_name(channel: Channel, direction: Direction) -> Promise:
    return _WAYS[channel, direction]


def script_name(name: ScriptName) -> str:
    """In the reader's language; what is said is in the debtor's."""
    return str(_SCRIPTS[name])


def script_step_name(step: ScriptStep) -> Promise:
    return _STEPS[step]
