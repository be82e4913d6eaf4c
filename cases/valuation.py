"""What a case owes and what may be expected of it, as SQL for a batch of cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Final

from cases.lifecycle import Answer
from cases.work_policy import (
    CERTAIN,
    WHOLE_FACTOR,
    WHOLE_WEIGHT,
    WorkPolicy,
    work_policy_on,
)
from kernel.money import MAX_MINOR

#: The columns of a case that ``figures_of`` gives, in this order.
FIGURES_COLUMNS: Final = "overdue_minor, overdue_currency, due_since, products"
#: The columns of an item that ``worth_of`` gives, in this order.
WORTH_COLUMNS: Final = "overdue_minor, currency, due_since, answer, chance, expected_minor, rank"


def figures_of(debtor_id: str, on: date) -> str:
    """A lateral subquery for a column of debtors: what the ledger says of their own debts, in
    the currency in which most is overdue by its weight. Always one row.

    Debtor by debtor through the indexes: its time grows with the debtors and with nothing else,
    whatever the planner knows of the tables.
    """
    weight = _weight(work_policy_on(on), "a.currency")
    debts = f"""debtors_debtparty p
            JOIN debtors_debt d ON d.id = p.debt_id
            JOIN ledger_account a ON a.id = d.account_id
            WHERE p.debtor_id = {debtor_id} AND p.role = 'main_debtor'"""
    return f"""(
        SELECT coalesce(m.overdue_minor, 0) AS overdue_minor,
               coalesce(m.currency, '') AS overdue_currency, m.due_since,
               ARRAY(SELECT DISTINCT d.product FROM {debts} ORDER BY d.product)::varchar(16)[]
                   AS products
        FROM (VALUES (1)) one LEFT JOIN LATERAL (
            SELECT sum(GREATEST(a.due_minor, 0))::bigint AS overdue_minor, a.currency,
                   min(min(a.due_since)) OVER () AS due_since
            FROM {debts}
            GROUP BY a.currency
            ORDER BY sum(GREATEST(a.due_minor, 0)) * {weight} DESC, a.currency
            LIMIT 1
        ) m ON true
    )"""


def worth_of(case: str, on: date) -> str:
    """A lateral subquery for the alias of a row of ``cases_case`` and the value ``on``: the same
    sum as ``WorkPolicy.expect``, on the figures that are kept with the case. Always one row.
    """
    return _worth_by(work_policy_on(on).valid_from).format(case=case)


def _cases(value: str, choices: Iterable[tuple[str, int]], otherwise: int) -> str:
    parts = " ".join(f"WHEN '{word}' THEN {number}" for word, number in choices)
    return f"CASE {value} {parts} ELSE {otherwise} END"


def _weight(policy: WorkPolicy, currency: str) -> str:
    return _cases(currency, policy.weights.items(), WHOLE_WEIGHT)


@cache
def _worth_by(valid_from: date) -> str:
    policy = work_policy_on(valid_from)
    factors = ((str(answer), each.factor) for answer, each in policy.answers.items())
    factor = _cases("h.answer", factors, WHOLE_FACTOR)
    days = "coalesce(%(on)s::date - h.due_since, 0)"
    bands = " ".join(
        f"WHEN {days} >= {band.from_day} THEN {band.chance}"
        for band in reversed(policy.bands)
        if band.from_day
    )
    chance = f"CASE {bands} ELSE {policy.bands[0].chance} END"
    expected = f"div(e.overdue_minor::numeric * e.chance, {CERTAIN})"
    weighed = f"div({expected} * {_weight(policy, 'e.currency')}, {WHOLE_WEIGHT})"
    return f"""(
        SELECT e.overdue_minor, e.currency, e.due_since, e.answer, e.chance,
               {expected}::bigint AS expected_minor, -LEAST({weighed}, {MAX_MINOR})::bigint AS rank
        FROM (
            SELECT h.*, LEAST({chance} * {factor} / {WHOLE_FACTOR}, {policy.most_chance}) AS chance
            FROM (
                SELECT {{case}}.overdue_minor, {{case}}.overdue_currency AS currency,
                       {{case}}.due_since,
                       coalesce((SELECT l.answer FROM cases_lastanswer l
                                 WHERE l.case_id = {{case}}.id), '{Answer.NONE}') AS answer
            ) h
        ) e
    )"""
