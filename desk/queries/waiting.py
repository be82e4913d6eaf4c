"""What we wait for from the debtor, and until which day; the soonest first.

Open promises, agreements with an instalment ahead, and letters that are under way or whose term
runs. Each source is read in the order of its own index, and the sources are merged.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.db import connection

from contacts.lifecycle import Template
from contacts.terms import POST_DAYS, first_running_delivery, letter_term_ends_on
from desk.queries.scope import MOST_COUNTED, DeskFilter, get_cases_in_scope
from kernel.actor import Actor
from kernel.calendar import POLAND


class Waiting(StrEnum):
    """For what. The order breaks ties of the day."""

    PROMISE = "promise"
    AGREEMENT = "agreement"
    LETTER = "letter"
    TERM = "term"


class WaitingKey(NamedTuple):
    """``source`` is a place in ``_SOURCES``, ``day`` the day by which it is read."""

    until_on: date
    source: int
    day: date
    id: int


class WaitingRow(NamedTuple):
    """``key.until_on`` is the last day on which we wait. ``day`` is that of the promise, of the
    letter on its way or of its delivery; ``template`` names a letter. For an agreement the
    next instalment: ``number`` of ``numbers``, due on ``day``.
    """

    key: WaitingKey
    kind: Waiting
    day: date
    template: str
    amount_minor: int | None
    currency: str
    number: int | None
    numbers: int | None
    case_id: int
    case_number: str
    stage: str
    debtor_name: str
    owner_name: str | None


class WaitingCounts(NamedTuple):
    """Counted to a cap of 1,000 each: past their last day, until today, within the week, later."""

    over: int
    now: int
    soon: int
    later: int


class _Source(NamedTuple):
    """``day`` is the indexed column, and ``wait`` the days from it to the last day of waiting;
    None where a term of working days must be looked up."""

    kind: Waiting
    table: str
    day: str
    wait: int | None
    which: str
    columns: str
    template: Template | None = None


_LETTER_COLUMNS: Final = "m.template, NULL::bigint, ''"
_TERM_TEMPLATES: Final = (
    Template.NOTICE_75C,
    Template.DEMAND,
    Template.PRECOURT_DEMAND,
    Template.TERMINATION,
)
_SOURCES: Final = (
    _Source(
        Waiting.PROMISE, "contacts_promise m", "m.due_on", 0, "m.status = 'open'",
        "'', m.amount_minor, m.currency",
    ),
    _Source(
        Waiting.AGREEMENT, "negotiations_agreement m", "m.judge_on", -1, "m.status = 'in_force'",
        "'', NULL::bigint, m.currency",
    ),
    _Source(
        Waiting.LETTER, "contacts_message m", "m.queued_on", POST_DAYS,
        "m.status = 'queued' AND m.channel = 'letter'", _LETTER_COLUMNS,
    ),
    _Source(
        Waiting.LETTER, "contacts_message m", "m.handed_over_on", POST_DAYS,
        "m.status = 'handed_over' AND m.channel = 'letter'", _LETTER_COLUMNS,
    ),
    *(
        _Source(
            Waiting.TERM, "contacts_message m", "m.delivered_on", None,
            "m.status = 'delivered' AND m.channel = 'letter'"
            f" AND m.template = '{template}' AND m.delivered_on >= %(first_{template})s",
            _LETTER_COLUMNS, template,
        )
        for template in _TERM_TEMPLATES
    ),
)  # fmt: skip

_PART: Final = """
    (SELECT {place} AS source, m.id, m.case_id, {day} AS day, {columns}
     FROM {table} JOIN cases_case c ON c.id = m.case_id
     WHERE {which} AND {where} {more}
     ORDER BY {day}, m.id LIMIT %(limit)s)
"""
_LIST: Final = """
    SELECT w.source, w.id, w.day, w.template, w.amount_minor, w.currency, w.case_id, c.number,
           c.stage, d.display_name, o.full_name, i.number, i.due_on, i.amount_minor, i.numbers
    FROM ({parts}) w (source, id, case_id, day, template, amount_minor, currency)
    JOIN cases_case c ON c.id = w.case_id
    JOIN debtors_debtor d ON d.id = c.debtor_id
    LEFT JOIN staff_user o ON o.id = c.owner_id
    LEFT JOIN LATERAL (
        SELECT n.number, n.due_on, n.amount_minor - n.paid_minor AS amount_minor,
               (SELECT count(*) FROM negotiations_instalment a WHERE a.agreement_id = w.id)::int
                   AS numbers
        FROM negotiations_instalment n WHERE n.agreement_id = w.id AND n.status = 'open'
        ORDER BY n.number LIMIT 1
    ) i ON w.source = {agreement}
"""
_COUNT: Final = """
    SELECT {counts} FROM ({parts}) s (case_id, part)
    JOIN cases_case c ON c.id = s.case_id WHERE {where}
"""
_COUNT_PART: Final = "SELECT m.case_id, {part} FROM {table} WHERE {which}"
_COUNT_TO_CAP: Final = "(SELECT count(*) FROM (SELECT 1 FROM ({parts}) s LIMIT %(most)s) s)"
_COUNT_PART_TO_CAP: Final = """
    (SELECT 1 FROM {table} JOIN cases_case c ON c.id = m.case_id
     WHERE {which} AND {where} AND {part} LIMIT %(most)s)
"""
_AGREEMENT: Final = 1


def list_waiting(
    *,
    actor: Actor,
    chosen: DeskFilter,
    on: date,
    after: WaitingKey | None = None,
    limit: int = 50,
) -> list[WaitingRow]:
    """What debtors are waited for; page on with the key of the last row."""
    where = get_cases_in_scope(actor=actor, chosen=chosen, on=on)
    values: dict[str, Any] = {**where.values, **_firsts(on), "limit": limit}
    parts = []
    for place, source in _listed(chosen):
        more = ""
        if after is not None:
            more = _after(place, source, after, values)
        parts.append(
            _PART.format(
                place=place,
                day=source.day,
                columns=source.columns,
                table=source.table,
                which=source.which,
                where=where.sql,
                more=more,
            )
        )
    sql = where.head + _LIST.format(parts=" UNION ALL ".join(parts), agreement=_AGREEMENT)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = [_row(row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: row.key)[:limit]


def count_waiting(*, actor: Actor, chosen: DeskFilter, on: date) -> WaitingCounts:
    """How many are past their last day, on it, within a week of it, and later."""
    where = get_cases_in_scope(actor=actor, chosen=chosen, on=on)
    values: dict[str, Any] = {**where.values, **_firsts(on), "most": MOST_COUNTED}
    for place, source in _listed(chosen):
        values[f"over_{place}"] = _day_of(source, on - timedelta(days=1))
        values[f"now_{place}"] = _day_of(source, on)
        values[f"soon_{place}"] = _day_of(source, on + timedelta(days=7))
    count = _count_to_cap if chosen.is_whole_book else _count_at_once
    with connection.cursor() as cursor:
        cursor.execute(where.head + count(chosen, where.sql), values)
        return WaitingCounts(*(min(found, MOST_COUNTED) for found in cursor.fetchone()))


def _count_at_once(chosen: DeskFilter, where: str) -> str:
    """Every source is read once, beside the cases in scope."""
    parts = " UNION ALL ".join(
        _COUNT_PART.format(
            part=f"CASE WHEN {source.day} <= %(over_{place})s THEN 0"
            f" WHEN {source.day} <= %(now_{place})s THEN 1"
            f" WHEN {source.day} <= %(soon_{place})s THEN 2 ELSE 3 END",
            table=source.table,
            which=source.which,
        )
        for place, source in _listed(chosen)
    )
    counts = ", ".join(f"count(*) FILTER (WHERE s.part = {part})" for part in range(4))
    return _COUNT.format(counts=counts, parts=parts, where=where)


def _count_to_cap(chosen: DeskFilter, where: str) -> str:
    """Of the whole book: each part stops at the cap."""
    ranges = ("{day} <= %(over_{place})s", "{day} > %(over_{place})s AND {day} <= %(now_{place})s",
              "{day} > %(now_{place})s AND {day} <= %(soon_{place})s",
              "{day} > %(soon_{place})s")  # fmt: skip
    counts = [
        _COUNT_TO_CAP.format(
            parts=" UNION ALL ".join(
                _COUNT_PART_TO_CAP.format(
                    table=source.table,
                    which=source.which,
                    where=where,
                    part=part.format(day=source.day, place=place),
                )
                for place, source in _listed(chosen)
            )
        )
        for part in ranges
    ]
    return f"SELECT {', '.join(counts)}"


def _listed(chosen: DeskFilter) -> list[tuple[int, _Source]]:
    return [
        (place, source) for place, source in enumerate(_SOURCES) if chosen.kind in ("", source.kind)
    ]


def _after(place: int, source: _Source, after: WaitingKey, values: dict[str, Any]) -> str:
    """Rows of one source that come after a row of any source."""
    if place == after.source:
        values |= {"after_day": after.day, "after_id": after.id}
        return f"AND ({source.day}, m.id) > (%(after_day)s, %(after_id)s)"
    last = after.until_on - timedelta(days=place > after.source)
    values[f"last_{place}"] = _day_of(source, last)
    return f"AND {source.day} > %(last_{place})s"


def _firsts(on: date) -> dict[str, date | None]:
    return {
        f"first_{template}": first_running_delivery(template, on, POLAND)
        for template in _TERM_TEMPLATES
    }


def _until(source: _Source, day: date) -> date:
    if source.template is not None:
        ends_on = letter_term_ends_on(source.template, day, POLAND)
        assert ends_on is not None
        return ends_on
    return day + timedelta(days=source.wait or 0)


def _day_of(source: _Source, until_on: date) -> date:
    """The latest day of the indexed column whose waiting ends on ``until_on`` or before."""
    if source.template is None:
        return until_on - timedelta(days=source.wait or 0)
    next_day = first_running_delivery(source.template, until_on + timedelta(days=1), POLAND)
    assert next_day is not None
    return next_day - timedelta(days=1)


def _row(row: tuple[Any, ...]) -> WaitingRow:
    (place, pk, day, template, amount_minor, currency, case_id, number, stage, name, owner,
     instalment, due_on, left_minor, instalments) = row  # fmt: skip
    source = _SOURCES[place]
    return WaitingRow(
        key=WaitingKey(_until(source, day), place, day, pk),
        kind=source.kind,
        day=due_on or day,
        template=template,
        amount_minor=left_minor if place == _AGREEMENT else amount_minor,
        currency=currency,
        number=instalment,
        numbers=instalments,
        case_id=case_id,
        case_number=number,
        stage=stage,
        debtor_name=name,
        owner_name=owner,
    )
