"""Finding a case by anything a caller may say: a name, a number, a phone, an identifier."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from django.db import connection

from debtors.identifiers import sealer
from kernel.actor import Actor
from kernel.text import search_words

MOST_WORDS: Final = 6
_SEPARATORS: Final = re.compile(r"[\s\-().]+")
_IDENTIFIERS: Final = {11: ("pesel",), 10: ("nip",), 9: ("regon",), 14: ("regon",)}


class Found(NamedTuple):
    case_id: int
    number: str
    debtor_name: str
    stage: str
    status: str
    #: ``number``, ``contract``, ``account``, ``phone``, ``email``, ``pesel`` … or ``name``.
    by: str


class _Way(NamedTuple):
    """One exact way to find debtors: a statement that yields debtor ids."""

    by: str
    sql: str
    value: Any


_FOUND = """
    SELECT c.id, c.number, d.display_name, c.stage, c.status
    FROM ({source}) hit
    JOIN cases_case c ON c.debtor_id = hit.debtor_id
    JOIN debtors_debtor d ON d.id = c.debtor_id
    {team}
    ORDER BY {order}
    LIMIT %(limit)s
"""


def list_matching_cases(*, text: str, actor: Actor, limit: int = 50) -> list[Found]:
    """Cases that an exact identifier names, and then those whose debtor has the words."""
    found: dict[int, Found] = {}
    for way in _exact_ways(text):
        for row in _run(way.sql, "d.sort_key, c.id", {"value": way.value}, actor, limit):
            found.setdefault(row[0], Found._make([*row, way.by]))
    words = search_words(text)[:MOST_WORDS]
    if words and len(found) < limit:
        query = " & ".join(f"{word}:*" for word in words)
        source = (
            "SELECT id AS debtor_id FROM debtors_debtor"
            " WHERE search @@ to_tsquery('simple', %(value)s) LIMIT 1000"
        )
        for row in _run(source, "d.sort_key, c.id", {"value": query}, actor, limit):
            found.setdefault(row[0], Found._make([*row, "name"]))
    return list(found.values())[:limit]


def _run(
    source: str, order: str, values: dict[str, Any], actor: Actor, limit: int
) -> list[tuple[Any, ...]]:
    team = "WHERE c.team_id = %(team_id)s" if actor.team_id is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            _FOUND.format(source=source, order=order, team=team),
            {**values, "team_id": actor.team_id, "limit": limit},
        )
        return list(cursor.fetchall())


_BY_ACCOUNT = """
    SELECT p.debtor_id FROM ledger_account a
    JOIN debtors_debt b ON b.account_id = a.id
    JOIN debtors_debtparty p ON p.debt_id = b.id
    WHERE a.virtual_account_no = %(value)s
"""
_BY_CONTRACT = """
    SELECT p.debtor_id FROM debtors_debt b
    JOIN debtors_debtparty p ON p.debt_id = b.id
    WHERE b.contract_no = %(value)s
"""
_BY_NUMBER = "SELECT debtor_id FROM cases_case WHERE number = %(value)s"
_BY_POINT = "SELECT debtor_id FROM debtors_contactpoint WHERE value = %(value)s"


def _exact_ways(text: str) -> list[_Way]:
    plain = text.strip()
    if not plain:
        return []
    ways = [
        _Way("number", _BY_NUMBER, plain.upper()),
        _Way("contract", _BY_CONTRACT, plain),
    ]
    if "@" in plain:
        ways.append(_Way("email", _BY_POINT, plain.lower()))
    bare = _SEPARATORS.sub("", plain).upper()
    digits = bare.lstrip("+")
    if digits.removeprefix("PL").isdecimal() and len(digits) >= 20:
        ways.append(_Way("account", _BY_ACCOUNT, bare))
    if digits.isdecimal():
        ways += [
            _Way(
                name,
                f"SELECT id AS debtor_id FROM debtors_debtor WHERE {name}_fingerprint = %(value)s",
                sealer(name).fingerprint(digits),
            )
            for name in _IDENTIFIERS.get(len(digits), ())
        ]
        phone = f"+{digits}" if bare.startswith("+") or len(digits) > 9 else f"+48{digits}"
        ways.append(_Way("phone", _BY_POINT, phone))
    return ways
