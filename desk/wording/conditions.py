"""Conditions that were looked at, as rows of a table, grouped by what they belong to.

What stands in the way is a row of its own, with what would change it; what is met or is out of the
way folds to one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from escalation.conditions import WaitName
from escalation.queries.explanation import Looked
from escalation.wording import condition_text, fact_name, value_now_text
from staff.figures import format_day

_PARTS: Final[dict[str, Promise]] = {
    "exit_when": gettext_lazy("Leaves the strategy when"),
    "hold_when": gettext_lazy("Waits while"),
}
_OUTSIDE: Final = frozenset({"exit", "hold", "skip", "switch"})

#: What would change the answer, by the fact that is asked for.
_CHANGES: Final[dict[str, Promise]] = {
    "overdue": gettext_lazy("with what is paid or falls due"),
    "outstanding": gettext_lazy("with what is paid or falls due"),
    "phone": gettext_lazy("when a phone number is added"),
    "mobile": gettext_lazy("when a mobile number is added"),
    "email": gettext_lazy("when an e-mail address is added"),
    "reachable_by_message": gettext_lazy("when a mobile number or e-mail address is added"),
    "postal_address": gettext_lazy("when a usable address is added"),
    "on_hold": gettext_lazy("when the hold is ended"),
    "holds": gettext_lazy("when the hold is ended"),
    "handled_by": gettext_lazy("when the case is in our own hands again"),
    "open_promise": gettext_lazy("when the promise is kept or broken"),
    "complaint": gettext_lazy("when the complaint is answered"),
    "restructuring_request": gettext_lazy("when the request is answered"),
    "data_problem": gettext_lazy("when the data problem is solved"),
    "in_default": gettext_lazy("when the default is cured"),
    "forborne": gettext_lazy("when the probation is over"),
    "demand": gettext_lazy("when the post answers"),
    "notice_75c": gettext_lazy("when the post answers"),
    "termination_notice": gettext_lazy("when the post answers"),
    "termination": gettext_lazy("when the termination is in effect"),
    "placement": gettext_lazy("when a person has decided"),
    "referral": gettext_lazy("when a person has decided"),
    "consumer_debt_time_barred": gettext_lazy("by nothing: it stays time-barred"),
}
_WAITS_FOR_POST: Final = frozenset(
    {
        WaitName.DAYS_AFTER_DELIVERY_OF,
        WaitName.WORKING_DAYS_AFTER_DELIVERY_OF,
        WaitName.ANSWER_OF_THE_POST_FOR,
    }
)


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """``change`` says what would change it, where it stands in the way; ``short`` is the condition
    with its value, among others in one line."""

    shape: str
    result: str
    text: str
    value: str
    change: str
    stands_in_the_way: bool
    short: str


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """``note`` stands beside the title: how many are met, and the earliest day."""

    title: str
    rows: Sequence[ConditionRow]
    note: str = ""
    blocked: list[ConditionRow] = field(init=False)
    folded: list[ConditionRow] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocked", [row for row in self.rows if row.stands_in_the_way])
        object.__setattr__(self, "folded", [row for row in self.rows if not row.stands_in_the_way])

    @property
    def not_met(self) -> int:
        return len(self.blocked)

    @property
    def folded_shape(self) -> str:
        """Met where anything is: that nothing is in the way is no merit of its own."""
        return "met" if any(row.shape == "met" for row in self.folded) else "na"

    @property
    def folded_result(self) -> str:
        number = len(self.folded)
        if self.folded_shape == "na":
            return ngettext("does not hold", "none of %(n)s", number) % {"n": number}
        return ngettext("%(n)s met", "%(n)s met", number) % {"n": number}

    @property
    def folded_text(self) -> str:
        return "; ".join(row.short for row in self.folded)


def condition_groups(
    looked: Iterable[Looked], titles: Mapping[str, str], *, on: date | None = None
) -> list[ConditionGroup]:
    """By part in the order of looking; a part in which something stands in the way comes first.

    ``on`` is the day on which it was looked at, where a wait should say how much has passed.
    """
    parts: dict[str, list[Looked]] = {}
    for look in looked:
        parts.setdefault(look.part, []).append(look)
    groups = [
        ConditionGroup(
            str(_PARTS.get(part) or titles.get(part, part)),
            condition_rows(looks, on=on),
        )
        for part, looks in parts.items()
    ]
    return sorted(groups, key=lambda group: not group.not_met)


def condition_rows(looked: Iterable[Looked], *, on: date | None = None) -> list[ConditionRow]:
    return [_row(look, on) for look in looked]


def met_note(rows: Sequence[ConditionRow]) -> str:
    """``all 5 met``, ``3 of 5 not met``"""
    number, blocked = len(rows), sum(row.stands_in_the_way for row in rows)
    if not blocked:
        return ngettext("met", "all %(n)s met", number) % {"n": number}
    return _("%(blocked)s of %(n)s not met") % {"blocked": blocked, "n": number}


def _row(look: Looked, on: date | None) -> ConditionRow:
    """A way out, a hold and a reason to skip do nothing while they do not hold."""
    text = condition_text(look)
    if look.role in _OUTSIDE:
        shape, result = ("bang", _("Yes")) if look.held else ("na", _("No"))
        in_the_way = look.held
    else:
        shape, result = ("met", _("Met")) if look.held else ("not", _("Not met"))
        in_the_way = not look.held
    value = value_now_text(look, on=on)
    return ConditionRow(
        shape,
        result,
        _capital(text),
        value,
        change_text(look) if in_the_way else "",
        in_the_way,
        _capital(_short(look, text, value)),
    )


def _short(look: Looked, text: str, value: str) -> str:
    """A yes or no is not said twice; of a way out or a hold the value comes first, because the
    condition alone would read as if it held."""
    if text.endswith(f": {value}"):
        return text
    if look.role not in ("exit", "hold"):
        return f"{text} ({value})"
    name = fact_name(look.what)
    if text == name:
        return f"{name}: {value}"
    return _("%(fact)s: %(value)s (condition: %(condition)s)") % {
        "fact": name, "value": value, "condition": text.removeprefix(f"{name}: "),
    }  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def change_text(look: Looked) -> str:
    """What would change the answer: time alone on a day, or something that somebody does."""
    if look.changes_on is not None:
        text = _("on %(day)s")
        if look.what == "days_past_due":
            text = _("on %(day)s, if nothing is paid")
        return text % {"day": format_day(look.changes_on)}
    if look.role == "answer":
        return _("when a person with the authority decides")
    if look.role == "switch":
        return _("when it is switched on again, with the close of that day")
    if look.role == "wait":
        if WaitName(look.what) in _WAITS_FOR_POST:
            return _("when the post answers")
        return _("when something is overdue")
    return str(_CHANGES.get(look.what, ""))


def looked_in_grounds(grounds: Mapping[str, Any]) -> Sequence[Looked]:
    """The record that a proposal of the machine carries; it stands on its own."""
    return [_looked(entry) for entry in grounds.get("looked", ())]


def _looked(entry: Mapping[str, Any]) -> Looked:
    place, wanted = str(entry["place"]), entry["wanted"]
    part, _dot, rest = place.partition(".")
    group, _dot, what = rest.partition(".")
    if part in _PARTS:
        role, what = part.removesuffix("_when"), rest
    elif "answer" in wanted:
        role, what = "answer", wanted["answer"]
    else:
        role = group.removesuffix("_when") if group == "skip_when" else group
    if "wait" in wanted:
        what = wanted["wait"]
    return Looked(place, part, role, what, entry["held"], entry["value"], wanted)
