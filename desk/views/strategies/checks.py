"""What must be so before a draft can be asked for, as a list to tick off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from escalation.lint import Finding, FindingCode
from escalation.loading import Problem
from escalation.models import Draft, StrategyVersion
from escalation.queries.drafts import InFlight
from escalation.strategy import InFlight as Choice
from escalation.strategy import Strategy
from escalation.wording import describe_finding, describe_problem
from staff.figures import format_count


@dataclass(frozen=True, slots=True)
class Check:
    """``shape`` is its mark: met, not, bang (care needed), later (somebody else's turn)."""

    name: str
    text: str
    shape: str
    notes: Sequence[str] = field(default_factory=list)

    @property
    def stops(self) -> bool:
        return self.shape == "not"


_RULES: Final[tuple[tuple[str, Promise, frozenset[FindingCode]], ...]] = (
    (
        "reachable",
        gettext_lazy("Every step can be reached, each on a day of its own"),
        frozenset(
            {
                FindingCode.UNREACHABLE,
                FindingCode.TWO_STEPS_ON_ONE_DAY,
                FindingCode.STAGE_GOES_BACK,
                FindingCode.REPEATED_PROPOSAL,
            }
        ),
    ),
    (
        "law",
        gettext_lazy("Law: no step breaks a statutory gate"),
        frozenset(
            {
                FindingCode.NO_NOTICE_BEFORE_TERMINATION,
                FindingCode.NO_TERMINATION_BEFORE,
                FindingCode.IGNORES_LIMITATION,
            }
        ),
    ),
    (
        "fair",
        gettext_lazy("Nothing is done to a case that is paid, held or in other hands"),
        frozenset({FindingCode.NO_EXIT, FindingCode.IGNORES_HOLDS, FindingCode.IGNORES_HANDLER}),
    ),
    (
        "segments",
        gettext_lazy("Every case finds exactly one strategy"),
        frozenset(
            {
                FindingCode.NOTHING_FOR_EVERYTHING_ELSE,
                FindingCode.TWO_FOR_EVERYTHING_ELSE,
                FindingCode.SEGMENTS_OVERLAP,
                FindingCode.CURRENCY_WITHOUT_THRESHOLD,
            }
        ),
    ),
)


def text_checks(problems: Sequence[Problem], findings: Iterable[Finding]) -> list[Check]:
    """Whether the text can be read, and what the linter says, by what it is about."""
    if problems:
        notes = [describe_problem(problem) for problem in problems[:_MOST_NOTES]]
        return [Check("text", _("The text can be read"), "not", notes)]
    found = list(findings)
    checks = []
    for name, text, codes in _RULES:
        own = [finding for finding in found if finding.code in codes]
        wrong = any(finding.is_error for finding in own)
        shape = "not" if wrong else "bang" if own else "met"
        notes = [describe_finding(finding) for finding in own[:_MOST_NOTES]]
        checks.append(Check(name, str(text), shape, notes))
    return checks


_MOST_NOTES: Final = 8


def base_check(draft: Draft, in_force: StrategyVersion | None) -> Check | None:
    """None where the draft was begun from what is in force."""
    if in_force is None or draft.from_version_id == in_force.pk:
        return None
    text = _("Version %(number)s came into force after the draft was begun") % {
        "number": in_force.number
    }
    return Check("base", text, "not", [_("What the draft would undo of it is shown on the path.")])


def change_check(changes: int, in_force: StrategyVersion | None) -> Check | None:
    if in_force is None or changes:
        return None
    return Check("changes", _("The draft changes nothing yet"), "not")


def in_flight_check(
    strategy: Strategy, counts: InFlight, in_force: StrategyVersion | None
) -> Check:
    """What becomes of the cases that are on the strategy now, with numbers."""
    if in_force is None:
        return Check("in_flight", _("New strategy: it takes cases from the next intake on"), "met")
    total = format_count(counts.total)
    if strategy.in_flight is Choice.FINISH:
        text = ngettext(
            "%(count)s case in flight finishes on the version it is on; new cases start here",
            "%(count)s cases in flight finish on the version they are on; new cases start here",
            counts.total,
        )
        return Check("in_flight", text % {"count": total}, "met")
    text = ngettext(
        "%(count)s case in flight moves to the step of the same key",
        "%(count)s cases in flight move to the step of the same key",
        counts.moving,
    )
    staying = sum(counts.without_step.values())
    notes = [_("They are decided anew with the next close.")]
    if staying:
        note = ngettext(
            "%(count)s stands at a step that the draft does not have and finishes where it is",
            "%(count)s stand at steps that the draft does not have and finish where they are",
            staying,
        )
        notes.append(note % {"count": format_count(staying)})
    if counts.asking:
        note = ngettext(
            "%(count)s waits for an answer that the draft no longer needs and finishes where it is",
            "%(count)s wait for an answer that the draft no longer needs and finish where they are",
            counts.asking,
        )
        notes.append(note % {"count": format_count(counts.asking)})
    return Check("in_flight", text % {"count": format_count(counts.moving)}, "met", notes)


def second_person_check(publishers: Sequence[str], *, asked: bool) -> Check:
    """Never the author; who could be it."""
    if not publishers:
        text = _("Second person: nobody else may put a strategy in force")
        return Check("second", text, "not")
    names = _(" or ").join(publishers[:_MOST_NAMES])
    if len(publishers) > _MOST_NAMES:
        names = _("%(names)s or another manager") % {"names": ", ".join(publishers[:_MOST_NAMES])}
    text = _("Second person: %(names)s, not the author") % {"names": names}
    return Check("second", text, "later" if asked else "na")


_MOST_NAMES: Final = 3
