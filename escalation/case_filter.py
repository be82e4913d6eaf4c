"""The one vocabulary in which lists, boards and the API ask for cases.

``parse_case_filter`` reads it from the parameters of an address, ``where_of`` turns it into
conditions on ``cases_case c``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeVar

from cases.lifecycle import CaseStatus, Handler, Stage, holds_that_stop
from debtors.lifecycle import Product
from kernel.errors import InvalidInput
from kernel.money import currency_exponent
from kernel.text import search_words
from kernel.typed import whole_number
from kernel.whole_units import at_least

Word = TypeVar("Word", bound=StrEnum)

#: As ``step``: every step of the strategy lies behind the case.
BEHIND_THE_LAST: Final = "-"
_YES: Final = "yes"
_NO: Final = "no"


class FilterInvalid(InvalidInput):
    """``parameter`` and ``found``, and ``allowed`` where there is a closed list."""

    code = "filter_invalid"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """None means that nothing is asked. Days past due are those of the oldest arrears on the
    day of the question, both ends included; ``overdue_min`` is in whole units of whichever
    currency so much is overdue in; ``in_default`` and ``forborne`` are of the debtor's standing on
    the day; ``segment`` is the key of a strategy, ``version`` the number
    of its version, ``step`` one of its steps or several with commas between them, or
    ``BEHIND_THE_LAST``. ``on_hold``: a
    hold stops its strategy now.
    """

    status: CaseStatus | None = None
    stage: Stage | None = None
    handled_by: Handler | None = None
    days_past_due_min: int | None = None
    days_past_due_max: int | None = None
    overdue_min: int | None = None
    team: int | None = None
    owner: int | None = None
    product: Product | None = None
    segment: str | None = None
    version: int | None = None
    step: str | None = None
    on_hold: bool | None = None
    in_default: bool | None = None
    forborne: bool | None = None
    currency: str | None = None
    updated_since: datetime | None = None
    text: str | None = None

    def as_parameters(self) -> dict[str, str]:
        """The parameters of an address that ask for the same."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: _written(value) for name, value in given.items() if value is not None}


def _written(value: object) -> str:
    if isinstance(value, bool):
        return _YES if value else _NO
    return value.isoformat() if isinstance(value, datetime) else str(value)


def parse_case_filter(parameters: Mapping[str, str]) -> CaseFilter:
    """Empty parameters ask for nothing. Raises FilterInvalid for a value that cannot be."""
    found = {
        name: read(name, parameters[name].strip())
        for name, read in _READERS.items()
        if parameters.get(name, "").strip()
    }
    return CaseFilter(**found)


def _word(words: type[Word]) -> Callable[[str, str], Word]:
    def read(name: str, text: str) -> Word:
        try:
            return words(text)
        except ValueError as error:
            raise FilterInvalid(parameter=name, found=text, allowed=tuple(words)) from error

    return read


def _number(name: str, text: str) -> int:
    number = whole_number(text)
    if number is None:
        raise FilterInvalid(parameter=name, found=text)
    return number


def _days(name: str, text: str) -> int:
    """No arrears are older than the calendar."""
    days = whole_number(text, digits=5)
    if days is None:
        raise FilterInvalid(parameter=name, found=text)
    return days


def _instant(name: str, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise FilterInvalid(parameter=name, found=text) from error
    if at.tzinfo is None:
        raise FilterInvalid(parameter=name, found=text)
    return at


def _currency(name: str, text: str) -> str:
    try:
        currency_exponent(text)
    except InvalidInput as error:
        raise FilterInvalid(parameter=name, found=text) from error
    return text


def _flag(name: str, text: str) -> bool:
    if text not in (_YES, _NO):
        raise FilterInvalid(parameter=name, found=text, allowed=(_YES, _NO))
    return text == _YES


def _plain(_name: str, text: str) -> str:
    return text


_READERS: Final[Mapping[str, Callable[[str, str], Any]]] = {
    "status": _word(CaseStatus),
    "stage": _word(Stage),
    "handled_by": _word(Handler),
    "days_past_due_min": _days,
    "days_past_due_max": _days,
    "overdue_min": _number,
    "team": _number,
    "owner": _number,
    "product": _word(Product),
    "segment": _plain,
    "version": _number,
    "step": _plain,
    "on_hold": _flag,
    "in_default": _flag,
    "forborne": _flag,
    "currency": _currency,
    "updated_since": _instant,
    "text": _plain,
}


class Where(NamedTuple):
    """``sql`` for ``WHERE``, on the alias ``c`` of ``cases_case``; its values are named."""

    sql: str
    values: dict[str, Any]


_DEBTS: Final = """
    SELECT 1 FROM debtors_debtparty p
    JOIN debtors_debt b ON b.id = p.debt_id
    JOIN ledger_account a ON a.id = b.account_id
    WHERE p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
"""
_PLAIN: Final = {
    "status": "c.status = %(status)s",
    "stage": "c.stage = %(stage)s",
    "handled_by": "c.handled_by = %(handled_by)s",
    "team": "c.team_id = %(team)s",
    "owner": "c.owner_id = %(owner)s",
    "updated_since": "c.updated_at >= %(updated_since)s",
    "product": f"EXISTS ({_DEBTS} AND b.product = %(product)s)",
    "currency": f"EXISTS ({_DEBTS} AND a.currency = %(currency)s)",
    "segment": (
        "EXISTS (SELECT 1 FROM escalation_enrolment e"
        " JOIN escalation_strategyversion v ON v.id = e.version_id"
        " JOIN escalation_strategy s ON s.id = v.strategy_id"
        " WHERE e.case_id = c.id AND e.status = 'active' AND s.key = %(segment)s)"
    ),
    "version": (
        "EXISTS (SELECT 1 FROM escalation_enrolment e"
        " JOIN escalation_strategyversion v ON v.id = e.version_id"
        " WHERE e.case_id = c.id AND e.status = 'active' AND v.number = %(version)s)"
    ),
    "step": (
        "EXISTS (SELECT 1 FROM escalation_enrolment e WHERE e.case_id = c.id"
        " AND e.status = 'active' AND e.step_key = ANY("
        "CASE %(step)s WHEN '-' THEN ARRAY[''] ELSE string_to_array(%(step)s, ',') END))"
    ),
}
_HELD: Final = """
    EXISTS (SELECT 1 FROM cases_hold h
            WHERE h.case_id = c.id AND h.ended_on IS NULL AND h.kind = ANY(%(stopping)s)
              AND h.from_on <= %(held_on)s AND (h.until_on IS NULL OR h.until_on >= %(held_on)s))
"""


_STANDING: Final = """
    EXISTS (SELECT 1 FROM debtors_standing s
            WHERE s.debtor_id = c.debtor_id AND s.debtor_id IS NOT NULL AND s.replaced_at IS NULL
              AND s.from_on <= %(stands_on)s
              AND (s.until_on IS NULL OR s.until_on >= %(stands_on)s) AND {is_so})
"""
_STANDS: Final = {
    "in_default": _STANDING.format(is_so="s.\"default\" <> ''"),
    "forborne": _STANDING.format(is_so="s.forborne <> 'no'"),
}


def where_of(chosen: CaseFilter, *, on: date, within_team: int | None = None) -> Where:
    """The conditions for what is chosen, as it stands on ``on``; ``within_team`` limits it to
    what a member of that team may see."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for name, condition in _PLAIN.items():
        value = getattr(chosen, name)
        if value is not None:
            parts.append(condition)
            values[name] = value
    if within_team is not None:
        parts.append("c.team_id = %(within_team)s")
        values["within_team"] = within_team
    if chosen.on_hold is not None:
        parts.append(_HELD if chosen.on_hold else f"NOT {_HELD}")
        values |= {"held_on": on, "stopping": sorted(holds_that_stop("escalation"))}
    for name, condition in _STANDS.items():
        wanted = getattr(chosen, name)
        if wanted is not None:
            parts.append(condition if wanted else f"NOT {condition}")
            values["stands_on"] = on
    _add_days_past_due(chosen, on, parts, values)
    if chosen.overdue_min is not None:
        overdue = "sum(GREATEST(a.due_minor, 0))"
        enough = at_least(overdue, "a.currency", chosen.overdue_min, values)
        parts.append(f"EXISTS ({_DEBTS} GROUP BY a.currency HAVING {enough})")
    if chosen.text is not None:
        _add_text(chosen.text, parts, values)
    return Where(" AND ".join(parts) or "TRUE", values)


def _add_days_past_due(
    chosen: CaseFilter, on: date, parts: list[str], values: dict[str, Any]
) -> None:
    """The oldest arrears count: somebody is that late, and nobody later than the upper end."""
    since_range = ""
    if chosen.days_past_due_min:
        since_range += " AND a.due_since <= %(late_since)s"
        values["late_since"] = on - timedelta(days=chosen.days_past_due_min)
    if chosen.days_past_due_max is not None:
        parts.append(f"NOT EXISTS ({_DEBTS} AND a.due_since < %(not_since)s)")
        values["not_since"] = on - timedelta(days=chosen.days_past_due_max)
        if since_range:
            # Implied by the other two, but it lets the planner start from few accounts.
            since_range += " AND a.due_since >= %(not_since)s"
    if since_range:
        parts.append(f"EXISTS ({_DEBTS}{since_range})")


def _add_text(text: str, parts: list[str], values: dict[str, Any]) -> None:
    """A case number, or words of the debtor's name in any order; never both in one statement."""
    if any(ch.isdigit() for ch in text):
        parts.append("c.number = %(number)s")
        values["number"] = text.upper()
        return
    words = search_words(text)
    if not words:
        parts.append("FALSE")
        return
    parts.append(
        "c.debtor_id IN (SELECT id FROM debtors_debtor"
        " WHERE search @@ to_tsquery('simple', %(words)s))"
    )
    values["words"] = " & ".join(f"{word}:*" for word in words)
