"""How a figure is reckoned: definition = numerator ÷ denominator = value, version, variant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from portfolio.entries import TALK_COUNTS_DAYS
from portfolio.views.asked import BoardAsked
from staff.figures import format_day

#: Goes up whenever a definition changes what it counts.
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Term:
    """A number in a formula; ``url`` opens what it counts."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """``definition`` is a sentence without its subject; the terms are divided, if there are two.

    ``note`` is a variant of the figure, or what it leaves out.
    """

    name: str
    definition: str
    terms: tuple[Term, ...] = ()
    value: str = ""
    note: str = ""
    version: int = VERSION


def section_formulas(asked: BoardAsked) -> dict[str, Formula]:
    """How the tables and charts of a board are reckoned, by the name of the table."""
    day = format_day(asked.on)
    formulas = {
        "heat": Formula(
            _("A cell"),
            _("what is due and not paid on the cases open at the close of %(day)s that stood in"
              " the stage and were so many days past due; below it the number of those cases")
            % {"day": day},
            note=_("days of the oldest debt of the whole case"),
        ),
        "trend": Formula(
            _("A week"),
            _("new arrears: what was due on new cases and fell due on open ones; payments: all"
              " that was posted, less reversals; cured: what had been due on cases that are past"
              " due no more and were not written off"),
            note=_("whole weeks from Monday to Sunday"),
        ),
        "workload": Formula(
            _("Load"),
            _("open work due by the next working day after %(day)s ÷ the daily norm of the team")
            % {"day": day},
            note=_("work that nobody was given: against the norm of all officers of the team"),
        ),
    }  # fmt: skip
    return formulas | (_over_time(asked) if asked.stretch else {})


def _over_time(asked: BoardAsked) -> dict[str, Formula]:
    assert asked.stretch is not None
    since, day = format_day(asked.stretch.after), format_day(asked.on)
    return {
        "roll": Formula(
            _("A share"),
            _("what was due at the close of %(since)s on the cases of the row that stood in the"
              " column at the close of %(day)s ÷ what was due on all cases of the row")
            % {"since": since, "day": day},
            note=_("the same cases followed; where nothing was due, by their number"),
        ),
        "changes": Formula(
            _("Close of %(day)s") % {"day": day},
            _("close of %(since)s + came in + fell due − paid − written off − corrected")
            % {"since": since},
            note=_("of a payment only what went off what was due"),
        ),
        "results": Formula(
            _("Paid after a talk"),
            _("payments on cases, credited to whoever had the last talk about the case in the"
              " %(days)s days before; a talk is one with the right person, begun by either side")
            % {"days": TALK_COUNTS_DAYS},
            note=_("the rest is credited to nobody"),
        ),
    }  # fmt: skip
