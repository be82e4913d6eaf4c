"""What the rules of the guard say: which stands against it, with its source, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.lifecycle import Handler, HoldKind, SwitchKind
from cases.wording import handler_name, hold_name
from contacts.guard import Refused, Rule
from kernel.clock import legal_day
from staff.figures import format_clock, format_day, format_short_day

_RULES: Final[dict[Rule, Promise]] = {
    Rule.CASE_CLOSED: gettext_lazy("The case is closed"),
    Rule.NOTHING_DUE: gettext_lazy("Nothing is due that could be demanded"),
    Rule.DEATH: gettext_lazy("The debtor has died: nothing is sent or said to them"),
    Rule.BANKRUPTCY: gettext_lazy("Bankruptcy: claims go to the trustee (Bankruptcy Law)"),
    Rule.LEGAL_HOLD: gettext_lazy("Legal hold"),
    Rule.ON_HOLD: gettext_lazy("On hold: %(holds)s"),
    Rule.HANDLED_ELSEWHERE: gettext_lazy("In hand of: %(handled_by)s"),
    Rule.TIME_BARRED: gettext_lazy("Time-barred consumer debt (Civil Code art. 117 § 2¹)"),
    Rule.NO_CONTACT_POINT: gettext_lazy("No usable contact point"),
    Rule.FIGURES_TOO_OLD: gettext_lazy("The figures are %(days)s days old, at most %(limit)s"),
    Rule.OUTSIDE_HOURS: gettext_lazy("Outside the hours of the contact policy"),
    Rule.CONVERSATION_TODAY: gettext_lazy("Spoken with today: %(found)s of %(limit)s"),
    Rule.ATTEMPTS_TODAY: gettext_lazy("Attempts today: %(found)s of %(limit)s"),
    Rule.ATTEMPTS_IN_WINDOW: gettext_lazy("Attempts of late: %(found)s of %(limit)s"),
    Rule.NO_DELIVERED_NOTICE: gettext_lazy("No delivered notice under art. 75c of the Banking Act"),
    Rule.NOTICE_TERM_RUNNING: gettext_lazy(
        "Banking Act art. 75c: 14 working days end on %(ends_on)s"
    ),
    Rule.RESTRUCTURING_OPEN: gettext_lazy("A request for restructuring is open (art. 75c)"),
    Rule.COMPLAINT_OPEN: gettext_lazy("A complaint is open"),
    Rule.PAYMENT_ANNOUNCED: gettext_lazy("The bank has announced a payment, not booked yet"),
    Rule.SWITCHED_OFF: gettext_lazy("%(kind)s switched off, stays in the queue"),
}
_SWITCHES: Final[dict[SwitchKind, Promise]] = {
    SwitchKind.AUTOMATION: pgettext_lazy("switched off", "Step of the strategy"),
    SwitchKind.CHANNEL: pgettext_lazy("switched off", "Channel"),
    SwitchKind.TEMPLATE: pgettext_lazy("switched off", "Template"),
    SwitchKind.TEAM: pgettext_lazy("switched off", "Team"),
}

#: Without the values of one refusal, for a list to choose from.
_NAMES: Final[dict[Rule, Promise]] = {
    Rule.ON_HOLD: gettext_lazy("The case is on hold"),
    Rule.HANDLED_ELSEWHERE: gettext_lazy("Somebody else handles the case"),
    Rule.FIGURES_TOO_OLD: gettext_lazy("The figures are too old"),
    Rule.CONVERSATION_TODAY: gettext_lazy("Spoken with today already"),
    Rule.ATTEMPTS_TODAY: gettext_lazy("Enough attempts today"),
    Rule.ATTEMPTS_IN_WINDOW: gettext_lazy("Enough attempts of late"),
}


def rule_name(rule: Rule) -> str:
    """The rule itself, as a choice."""
    return str(_NAMES.get(rule) or _RULES[rule])


def rule_text(rule: Rule, values: Mapping[str, Any]) -> str:
    """Whatever else ``values`` may hold is passed over."""
    words = _Words({name: _word(name, value) for name, value in values.items()})
    return str(_RULES[rule]) % words


class _Words(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "–"


def _word(name: str, value: Any) -> str:
    if name == "holds":
        return ", ".join(str(hold_name(HoldKind(kind))) for kind in value)
    if name == "kind" and value in set(SwitchKind):
        return str(_SWITCHES[SwitchKind(value)])
    if name == "handled_by":
        return str(handler_name(Handler(value)))
    if hasattr(value, "isoformat"):
        return format_day(value)
    return str(value)


def until_text(refused: Refused, *, at: datetime) -> str:
    """A day or a time of day where one is known, otherwise words."""
    if refused.next_at is not None:
        day = legal_day(refused.next_at)
        if day == legal_day(at):
            return _("today %(time)s") % {"time": format_clock(refused.next_at)}
        return format_day(day)
    if refused.is_final:
        return _("for good") if refused.rule is Rule.CASE_CLOSED else _("not dated")
    return _("until it is lifted")


def short_until_text(refused: Refused, *, at: datetime) -> str:
    """The second line of a list: from when, or why not at all."""
    if refused.next_at is None:
        return rule_text(refused.rule, refused.values)
    day = legal_day(refused.next_at)
    if day == legal_day(at):
        return _("from %(time)s") % {"time": format_clock(refused.next_at)}
    return _("from %(day)s") % {"day": format_short_day(day)}
