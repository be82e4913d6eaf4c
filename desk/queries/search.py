"""Finding cases by anything a caller may say: a name, a number, a phone, an identifier."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.db import connection

from debtors.identifiers import sealer
from desk.search_terms import Terms, read_terms
from kernel.actor import Actor

#: Of a name that fits more debtors than this, only so many are looked at.
_MOST_NAMED: Final = 300


class Found(NamedTuple):
    case_id: int
    number: str
    debtor_name: str
    stage: str
    status: str
    #: Whom the text names, and their role, where that is not the debtor of the case.
    person: str
    role: str
    #: ``number``, ``contract``, ``account``, ``phone``, ``email``, ``pesel`` … or ``name``.
    by: str


class _Way(NamedTuple):
    """One exact way to find debtors: a statement that yields debtor ids."""

    by: str
    sql: str
    value: Any


#: Those for whose debts somebody answers beside them: their cases are where it is spoken of.
_ANSWERED_FOR: Final = """
    debtors_debtparty p
    JOIN debtors_debtparty main ON main.debt_id = p.debt_id AND main.role = 'main_debtor'
"""
_EXACT: Final = f"""
    SELECT c.id, c.number, d.display_name, c.stage, c.status,
           COALESCE(other.display_name, ''), COALESCE(whose.role, ''), hit.way
    FROM ({{ways}}) hit
    JOIN LATERAL (
        SELECT hit.debtor_id AS debtor_id, NULL AS role
        UNION
        SELECT main.debtor_id, p.role FROM {_ANSWERED_FOR}
        WHERE p.debtor_id = hit.debtor_id AND p.role <> 'main_debtor'
    ) whose ON true
    JOIN cases_case c ON c.debtor_id = whose.debtor_id
    JOIN debtors_debtor d ON d.id = c.debtor_id
    LEFT JOIN debtors_debtor other ON other.id = hit.debtor_id AND whose.role IS NOT NULL
    {{team}}
    ORDER BY hit.way, c.status = 'closed', whose.role IS NOT NULL, d.sort_key, c.id
    LIMIT %(limit)s
"""
_NAMED: Final = f"""
    SELECT id, number, display_name, stage, status, person, role
    FROM (
        (SELECT c.id, c.number, c.stage, c.status, d.display_name, d.sort_key,
                '' AS person, '' AS role
         FROM debtors_debtor d
         JOIN cases_case c ON c.debtor_id = d.id
         WHERE d.search @@ to_tsquery('simple', %(query)s) {{team}}
         LIMIT %(most)s)
        UNION ALL
        (SELECT c.id, c.number, c.stage, c.status, d.display_name, d.sort_key,
                other.display_name, p.role
         FROM debtors_debtor other
         JOIN {_ANSWERED_FOR} ON p.debtor_id = other.id AND p.role <> 'main_debtor'
         JOIN debtors_debtor d ON d.id = main.debtor_id
         JOIN cases_case c ON c.debtor_id = d.id
         WHERE other.search @@ to_tsquery('simple', %(query)s) {{team}}
         LIMIT %(most)s)
    ) hit
    ORDER BY status = 'closed', role <> '', sort_key, id
    LIMIT %(limit)s
"""


def list_matching_cases(*, text: str, actor: Actor, limit: int = 50) -> list[Found]:
    """Cases that an exact identifier names, and then those whose debtor has the words.

    A co-debtor or guarantor leads to the cases of those for whom they answer.

    Two statements at most. A case whose number only begins with the text comes after all others.
    """
    terms = read_terms(text)
    found: dict[int, Found] = {}
    ways = _exact_ways(terms)
    if ways:
        for row in _exact(ways, actor, limit):
            found.setdefault(row.case_id, row)
    if terms.words and len(found) < limit:
        for row in _named(terms.words, actor, limit):
            found.setdefault(row.case_id, row)
    return list(found.values())[:limit]


def _exact(ways: list[_Way], actor: Actor, limit: int) -> list[Found]:
    sql = _EXACT.format(
        ways=" UNION ALL ".join(
            f"(SELECT {place} AS way, debtor_id FROM ({way.sql.format(f'%(value{place})s')}) w)"
            for place, way in enumerate(ways)
        ),
        team="" if actor.team_id is None else "WHERE c.team_id = %(team_id)s",
    )
    values = {f"value{place}": way.value for place, way in enumerate(ways)}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**values, "team_id": actor.team_id, "limit": limit})
        return [Found._make([*row[:7], ways[row[7]].by]) for row in cursor.fetchall()]


def _named(words: tuple[str, ...], actor: Actor, limit: int) -> list[Found]:
    team = "" if actor.team_id is None else "AND c.team_id = %(team_id)s"
    with connection.cursor() as cursor:
        cursor.execute(
            _NAMED.format(team=team),
            {
                "query": " & ".join(f"{word}:*" for word in words),
                "team_id": actor.team_id,
                "most": max(_MOST_NAMED, limit),
                "limit": limit,
            },
        )
        return [Found._make([*row, "name"]) for row in cursor.fetchall()]


_BY_NUMBER = "SELECT debtor_id FROM cases_case WHERE number = ANY({0})"
_BY_NUMBER_PREFIX = "SELECT debtor_id FROM cases_case WHERE number LIKE {0} ORDER BY number LIMIT 9"
_BY_CONTRACT = """
    SELECT p.debtor_id FROM debtors_debt b
    JOIN debtors_debtparty p ON p.debt_id = b.id AND p.role = 'main_debtor'
    WHERE b.contract_no = ANY({0})
"""
_BY_ACCOUNT = """
    SELECT p.debtor_id FROM ledger_account a
    JOIN debtors_debt b ON b.account_id = a.id
    JOIN debtors_debtparty p ON p.debt_id = b.id AND p.role = 'main_debtor'
    WHERE a.virtual_account_no = ANY({0})
"""
_BY_POINT = "SELECT debtor_id FROM debtors_contactpoint WHERE value = ANY({0})"
_BY_IDENTIFIER = {
    "pesel": "SELECT id AS debtor_id FROM debtors_debtor WHERE pesel_fingerprint = {0}",
    "nip": "SELECT id AS debtor_id FROM debtors_debtor WHERE nip_fingerprint = {0}",
    "regon": "SELECT id AS debtor_id FROM debtors_debtor WHERE regon_fingerprint = {0}",
}


def _exact_ways(terms: Terms) -> list[_Way]:
    given = [
        ("number", _BY_NUMBER, terms.numbers),
        *(
            (kind, _BY_IDENTIFIER[kind], sealer(kind).fingerprint(digits))
            for kind, digits in terms.identifiers
        ),
        ("contract", _BY_CONTRACT, terms.contracts),
        ("account", _BY_ACCOUNT, terms.accounts),
        ("phone", _BY_POINT, terms.phones),
        ("email", _BY_POINT, terms.emails),
        ("number", _BY_NUMBER_PREFIX, _starting_with(terms.number_prefix)),
    ]
    return [
        _Way(by, sql, list(value) if isinstance(value, tuple) else value)
        for by, sql, value in given
        if value
    ]


def _starting_with(prefix: str) -> str:
    escaped = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%" if prefix else ""
