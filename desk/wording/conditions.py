"""Conditions that were looked at, as rows of a table, grouped by what they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escalation.queries.explanation import Looked
from escalation.wording import describe_looked

_PARTS: Final[dict[str, Promise]] = {
    "exit_when": gettext_lazy("Leaves the strategy when"),
    "hold_when": gettext_lazy("Waits while"),
}
_OUTSIDE: Final = frozenset({"exit", "hold", "skip"})


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """``stands_in_the_way`` puts a row first."""

    shape: str
    result: str
    text: str
    changes_on: date | None
    stands_in_the_way: bool


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    title: str
    rows: list[ConditionRow]

    @property
    def not_met(self) -> int:
        return sum(row.stands_in_the_way for row in self.rows)


def condition_groups(looked: Iterable[Looked], titles: Mapping[str, str]) -> list[ConditionGroup]:
    """By part in the order of looking; what stands in the way comes first."""
    parts: dict[str, list[ConditionRow]] = {}
    for look in looked:
        parts.setdefault(look.part, []).append(_row(look))
    groups = [
        ConditionGroup(
            str(_PARTS.get(part) or titles.get(part, part)),
            sorted(rows, key=lambda row: not row.stands_in_the_way),
        )
        for part, rows in parts.items()
    ]
    return sorted(groups, key=lambda group: not group.not_met)


def _row(look: Looked) -> ConditionRow:
    """A way out, a hold and a reason to skip do nothing while they do not hold."""
    text = describe_looked(look)
    if look.role in _OUTSIDE:
        shape, result = ("bang", _("Yes")) if look.held else ("na", _("No"))
        in_the_way = look.held
    else:
        shape, result = ("met", _("Met")) if look.held else ("not", _("Not met"))
        in_the_way = not look.held
    return ConditionRow(shape, result, text[:1].upper() + text[1:], look.changes_on, in_the_way)


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
