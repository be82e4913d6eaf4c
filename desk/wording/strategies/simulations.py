"""What a simulation found, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from escalation.products import Made
from escalation.simulated import Passed
from staff.figures import format_count, format_short_day

_MADE: Final[dict[Made, Promise]] = {
    Made.CALLS: gettext_lazy("Calls"),
    Made.MESSAGES: gettext_lazy("Messages"),
    Made.OTHER_WORK: gettext_lazy("Other work of officers"),
    Made.LETTERS: gettext_lazy("Letters"),
    Made.TERMINATIONS: gettext_lazy("Terminations proposed"),
    Made.PLACEMENTS: gettext_lazy("Placements proposed"),
    Made.REFERRALS: gettext_lazy("Referrals proposed"),
}


def made_name(made: Made) -> str:
    return str(_MADE[made])


def over_capacity_text(passed: Passed) -> tuple[str, str]:
    """``Calls pass capacity on 3 days: 24.11, 25.11, 26.11``, and how many would wait."""
    count = len(passed.days)
    head = ngettext(
        "Calls pass capacity on %(days)s day: %(which)s",
        "Calls pass capacity on %(days)s days: %(which)s",
        count,
    ) % {"days": count, "which": _days_text(passed.days)}
    most = ngettext(
        "At most %(count)s call a day would wait until the next day.",
        "At most %(count)s calls a day would wait until the next day.",
        passed.most_over,
    ) % {"count": format_count(passed.most_over)}
    return head, most


def _days_text(days: Sequence[date]) -> str:
    """The days one by one, or the first and the last where there are many."""
    shown = [format_short_day(day) for day in days]
    if len(shown) <= _MOST_DAYS_NAMED:
        return ", ".join(shown)
    return _("between %(first)s and %(last)s") % {"first": shown[0], "last": shown[-1]}


_MOST_DAYS_NAMED: Final = 4
_NEXT: Final[dict[str, Promise]] = {
    "perform": gettext_lazy("is taken with the next close"),
    "wait": gettext_lazy("waits"),
    "hold": gettext_lazy("is held"),
    "exit": gettext_lazy("leaves the strategy"),
    "finished": gettext_lazy("all steps are taken"),
}


def next_outcome_name(outcome: str) -> str:
    """What the next close would do."""
    return str(_NEXT[outcome])


def next_step_text(outcome: str, step: str) -> str:
    """``Call the debtor: waits``; ``step`` is its title, nothing past the last one."""
    name = next_outcome_name(outcome)
    return _("%(step)s: %(outcome)s") % {"step": step, "outcome": name} if step else name
