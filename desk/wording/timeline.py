"""The words around the timeline: its filters, and decisions that only waited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from desk.queries.timeline import MOST_WAITS, Waited
from desk.timeline_kinds import TimelineKind
from desk.wording.event_values import StepTitles
from staff.figures import format_count, format_day, format_moment

_KINDS: Final[dict[TimelineKind, Promise]] = {
    TimelineKind.PEOPLE: gettext_lazy("without the machine's steps"),
    TimelineKind.CONTACTS: gettext_lazy("contacts and notes"),
    TimelineKind.PAYMENTS: gettext_lazy("payments and debts"),
    TimelineKind.PROMISES: gettext_lazy("promises and agreements"),
    TimelineKind.LETTERS: gettext_lazy("letters"),
    TimelineKind.MESSAGES: gettext_lazy("SMS and e-mail"),
    TimelineKind.DECISIONS: gettext_lazy("decisions of the machine"),
    TimelineKind.HOLDS: pgettext_lazy("timeline", "holds"),
    TimelineKind.APPROVALS: gettext_lazy("approvals, agency, court"),
    TimelineKind.WORK: gettext_lazy("work and stages"),
    TimelineKind.DATA: gettext_lazy("data and who looked"),
}
#: A page that unfolds every decision of a long wait would be long itself.
MOST_UNFOLDED: Final = 12


def timeline_kind_name(kind: TimelineKind) -> str:
    return str(_KINDS[kind])


def waits_text(waits: Sequence[Waited]) -> str:
    """``12 decisions: waiting``"""
    number = len(waits)
    shown = f"{format_count(number)}+" if number >= MOST_WAITS else format_count(number)
    if all(wait.outcome == "hold" for wait in waits):
        text = ngettext("%(n)s decision: on hold", "%(n)s decisions: on hold", number)
    else:
        text = ngettext("%(n)s decision: waiting", "%(n)s decisions: waiting", number)
    return text % {"n": shown}


def wait_lines(waits: Sequence[Waited], titles: StepTitles) -> list[str]:
    """Each decision in a line, the newest first."""
    lines = [_wait_line(wait, titles) for wait in waits[:MOST_UNFOLDED]]
    rest = len(waits) - MOST_UNFOLDED
    if rest > 0:
        lines.append(ngettext("and %(n)s earlier", "and %(n)s earlier", rest) % {"n": rest})
    return lines


def _wait_line(wait: Waited, titles: StepTitles) -> str:
    values = {
        "at": format_moment(wait.decided_at),
        "step": titles.get((wait.strategy, wait.step)) or wait.step.replace("_", " ") or "–",
        "day": format_day(wait.look_again_on) if wait.look_again_on else "–",
    }
    if wait.outcome == "hold":
        return _("%(at)s: on hold, looked at again by %(day)s") % values
    return _("%(at)s: waits for %(step)s, looked at again by %(day)s") % values
