"""Why a piece of work stands where it stands: its deadline, and what may be expected of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cases.lifecycle import Answer
from cases.work_policy import CERTAIN, WorkPolicy
from staff.figures import (
    EN_DASH,
    format_about,
    format_count,
    format_day,
    format_money,
    format_percent,
    format_short_weekday,
)

#: Within it a day and a month say which year is meant.
_YEAR_IS_PLAIN: Final = timedelta(days=180)

ANSWERS: Final[dict[Answer, Promise]] = {
    Answer.NONE: gettext_lazy("nobody has been tried"),
    Answer.NOT_REACHED: gettext_lazy("nobody was reached"),
    Answer.SPOKE: gettext_lazy("we spoke"),
    Answer.WILLING: gettext_lazy("wants to pay"),
    Answer.UNWILLING: gettext_lazy("refuses or disputes"),
    Answer.BROKE_WORD: gettext_lazy("broke a promise or an agreement"),
}


def deadline_text(due_on: date, today: date) -> str:
    """``today``, ``tomorrow``, ``pt. 20.11``; with its year where it is half a year away."""
    if due_on == today:
        return _("today")
    if due_on == today + timedelta(days=1):
        return _("tomorrow")
    if abs(due_on - today) > _YEAR_IS_PLAIN:
        return format_day(due_on)
    return format_short_weekday(due_on, get_language() or "en")


def expected_text(expected_minor: int | None, currency: str) -> str:
    """``about 430 zł``; empty where nothing is known."""
    if not expected_minor or not currency:
        return ""
    return _("about %(amount)s") % {"amount": format_about(expected_minor, currency)}


def chance_text(chance: int) -> str:
    """``9,5 %``"""
    return format_percent(Decimal(chance) / CERTAIN)


def sum_text(
    *,
    policy: WorkPolicy,
    overdue_minor: int,
    currency: str,
    days: int,
    answer: Answer,
    expected_minor: int,
) -> str:
    """The formula with its values, for one piece of work."""
    band, factor = policy.band_of(days), policy.answers[answer].factor
    return _(
        "%(overdue)s overdue × %(band)s (%(days)s days past due) × %(factor)s (%(answer)s)"
        " = about %(expected)s"
    ) % {
        "overdue": format_money(overdue_minor, currency),
        "band": chance_text(band.chance),
        "days": format_count(days),
        "factor": format_percent(Decimal(factor) / 100, places=0),
        "answer": ANSWERS[answer],
        "expected": format_about(expected_minor, currency),
    }


@dataclass(frozen=True, slots=True)
class PolicyLine:
    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class PolicyText:
    """The tables of the formula, for the page."""

    since: str
    source: str
    bands: Sequence[PolicyLine]
    answers: Sequence[PolicyLine]
    weights: Sequence[PolicyLine]


def policy_text(policy: WorkPolicy) -> PolicyText:
    ends = [band.from_day - 1 for band in policy.bands[1:]]
    return PolicyText(
        since=format_day(policy.valid_from),
        source=_told(policy.source),
        bands=[
            PolicyLine(_days(band.from_day, end), chance_text(band.chance), _told(band.source))
            for band, end in zip(policy.bands, [*ends, None], strict=True)
        ],
        answers=[
            PolicyLine(
                str(ANSWERS[answer]),
                format_percent(Decimal(each.factor) / 100, places=0),
                _told(each.source),
            )
            for answer, each in policy.answers.items()
        ],
        weights=[
            PolicyLine(currency, f"{Decimal(weight) / 1000:f}".replace(".", ","), "")
            for currency, weight in policy.weights.items()
        ],
    )


def _told(source: Mapping[str, str]) -> str:
    return source.get((get_language() or "en")[:2], source["en"])


def _days(first: int, last: int | None) -> str:
    if last is None:
        return _("from %(days)s days") % {"days": format_count(first)}
    return _("%(first)s%(dash)s%(last)s days") % {
        "first": format_count(first),
        "dash": EN_DASH,
        "last": format_count(last),
    }
