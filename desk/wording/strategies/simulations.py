"""What a simulation found, in words."""

from __future__ import annotations

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
    """``Calls pass capacity on 3 days, 24.11 to 26.11``, and how many would wait."""
    count = len(passed.days)
    first, last = format_short_day(passed.days[0]), format_short_day(passed.days[-1])
    head = ngettext(
        "Calls pass capacity on %(days)s day, %(first)s",
        "Calls pass capacity on %(days)s days, %(first)s to %(last)s",
        count,
    ) % {"days": count, "first": first, "last": last}
    most = ngettext(
        "At most %(count)s call a day would wait until the next day.",
        "At most %(count)s calls a day would wait until the next day.",
        passed.most_over,
    ) % {"count": format_count(passed.most_over)}
    return head, most


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
