"""The words of the calculator: topics, what they ask for, what they answer, what was wrong."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calculations.fields import BadInputs
from calculations.table import UnknownTopic
from kernel.dated_tables import NoRuleOnDay
from kernel.errors import DomainError
from ledger.rates import NoRateOnDay, Series
from ledger.wording import series_name
from staff.figures import format_day

_FAULTS: Final[dict[str, Promise]] = {
    "missing": gettext_lazy("missing"),
    "not_a_number": gettext_lazy("not a number"),
    "not_a_whole_number": gettext_lazy("not a whole number"),
    "negative": gettext_lazy("below zero"),
    "finer_than_a_grosz": gettext_lazy("finer than a grosz"),
    "too_many_places": gettext_lazy("too many decimal places"),
    "too_large": gettext_lazy("too large"),
    "out_of_range": gettext_lazy("out of range"),
    "not_a_day": gettext_lazy("not a day; write it as 2026-11-23"),
    "day_out_of_range": gettext_lazy("too far away"),
    "not_yes_or_no": gettext_lazy("neither yes nor no"),
    "not_a_text": gettext_lazy("not a short text"),
    "not_one_of": gettext_lazy("not a word that is known here"),
    "not_a_list": gettext_lazy("not a list"),
    "not_an_object": gettext_lazy("not an object"),
    "not_two_days": gettext_lazy("not two days: the first and the last"),
    "too_many": gettext_lazy("too long"),
    "more_than_owed": gettext_lazy("more than what is owed"),
    "not_overdue_yet": gettext_lazy("not overdue by then"),
    "before_the_first_day": gettext_lazy("before the first day"),
    "ends_before_it_begins": gettext_lazy("ends before it begins"),
    "after_what_followed_it": gettext_lazy("after what followed it"),
    "no_such_debt": gettext_lazy("none of the debts"),
    "id_given_twice": gettext_lazy("the same id twice"),
    "no_rate_on_day": gettext_lazy("no rate is known on that day"),
}


def fault_text(code: str) -> str:
    """What is wrong with a value, to stand beside its name."""
    return str(_FAULTS.get(code, code))


def calculation_error_text(error: DomainError) -> str:
    """Why nothing was calculated, naming each key."""
    if isinstance(error, BadInputs):
        return "; ".join(f"{key}: {fault_text(why)}" for key, why in error.errors)
    if isinstance(error, UnknownTopic):
        return _("There is no topic %(topic)s.") % {"topic": error.values["topic"]}
    if isinstance(error, NoRateOnDay):
        series = series_name(Series(error.values["series"]))
        on = format_day(error.values["on"])
        return _("%(series)s: no value is known on %(day)s.") % {"series": series, "day": on}
    if isinstance(error, NoRuleOnDay):
        return _("No rule is known on %(day)s.") % {"day": format_day(error.values["on"])}
    return _("This cannot be calculated (%(code)s).") % {"code": error}
