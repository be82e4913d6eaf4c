"""What may be expected of a batch of cases, as SQL: the same sum as ``WorkPolicy.expect``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Final

from cases.lifecycle import Answer
from cases.work_policy import CERTAIN, WHOLE_FACTOR, WHOLE_WEIGHT, work_policy_on
from kernel.money import MAX_MINOR

#: The columns of an item that ``worth`` gives, in this order.
WORTH_COLUMNS: Final = "overdue_minor, currency, due_since, answer, chance, expected_minor, rank"


def worth_of_batch(on: date) -> str:
    """Parts ``owed`` to ``worth`` of a ``WITH`` that has ``batch (case_id)`` and the value ``on``:
    for each case the currency in which most is overdue, and what may be expected of it.
    """
    return _worth_by(work_policy_on(on).valid_from)


def _cases(value: str, choices: Iterable[tuple[str, int]], otherwise: int) -> str:
    parts = " ".join(f"WHEN '{word}' THEN {number}" for word, number in choices)
    return f"CASE {value} {parts} ELSE {otherwise} END"


@cache
def _worth_by(valid_from: date) -> str:
    policy = work_policy_on(valid_from)
    weight = _cases("o.currency", policy.weights.items(), WHOLE_WEIGHT)
    factors = ((str(answer), each.factor) for answer, each in policy.answers.items())
    factor = _cases("coalesce(l.answer, 'none')", factors, WHOLE_FACTOR)
    days = "coalesce(%(on)s::date - m.due_since, 0)"
    chance = " ".join(
        f"WHEN {days} >= {band.from_day} THEN {band.chance}"
        for band in reversed(policy.bands)
        if band.from_day
    )
    chance = f"CASE {chance} ELSE {policy.bands[0].chance} END"
    return f"""
    owed AS (
        SELECT b.case_id, a.currency, sum(GREATEST(a.due_minor, 0))::bigint AS overdue_minor,
               min(a.due_since) AS due_since
        FROM batch b
        JOIN cases_case c ON c.id = b.case_id
        JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
        JOIN debtors_debt d ON d.id = p.debt_id
        JOIN ledger_account a ON a.id = d.account_id
        GROUP BY b.case_id, a.currency
    ),
    main AS (
        SELECT DISTINCT ON (o.case_id) o.case_id, o.overdue_minor, o.currency,
               min(o.due_since) OVER (PARTITION BY o.case_id) AS due_since, {weight} AS weight
        FROM owed o
        ORDER BY o.case_id, o.overdue_minor::numeric * {weight} DESC, o.currency
    ),
    chances AS (
        SELECT m.*, coalesce(l.answer, '{Answer.NONE}') AS answer,
               LEAST({chance} * {factor} / {WHOLE_FACTOR}, {policy.most_chance}) AS chance
        FROM main m LEFT JOIN cases_lastanswer l ON l.case_id = m.case_id
    ),
    worth AS (
        SELECT e.case_id, e.overdue_minor, e.currency, e.due_since, e.answer, e.chance,
               e.expected AS expected_minor,
               -LEAST(div(e.expected::numeric * e.weight, {WHOLE_WEIGHT}), {MAX_MINOR})::bigint
                   AS rank
        FROM (
            SELECT h.*, div(h.overdue_minor::numeric * h.chance, {CERTAIN})::bigint AS expected
            FROM chances h
        ) e
    )"""
