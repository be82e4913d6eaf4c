"""Balances that are small enough to be written off together, and whether they still are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection

from bookkeeping.models import WriteOffBatch
from bookkeeping.small_balances import SmallBalanceRule
from cases.lifecycle import holds_that_stop


class SmallBalance(NamedTuple):
    case_id: int
    account_id: int
    amount_minor: int


#: What must be so of a debt, by the code that says that it is not, the plainest first.
_RULE: Final = {
    "nothing_owed": "a.outstanding_minor > 0",
    "more_owed_in_all": "o.outstanding <= %(at_most)s",
    "not_due_so_long": "o.since <= %(since)s",
    "in_other_hands": "c.handled_by = 'house'",
    "held": """NOT EXISTS (SELECT 1 FROM cases_hold h WHERE h.case_id = c.id
                           AND h.ended_on IS NULL AND h.kind = ANY(%(silent)s))""",
    "write_off_open_already": """NOT EXISTS (SELECT 1 FROM bookkeeping_writeoff w
                           WHERE w.account_id = a.id AND w.status IN ('proposed', 'sent_back'))""",
}
_OWED: Final = """
    SELECT p.debtor_id, sum(a.outstanding_minor) AS outstanding, min(a.due_since) AS since
    FROM ledger_account a
    JOIN debtors_debt d ON d.account_id = a.id
    JOIN debtors_debtparty p ON p.debt_id = d.id AND p.role = 'main_debtor'
    WHERE a.currency = %(currency)s AND a.outstanding_minor > 0
"""
_FIND: Final = f"""
    WITH owed AS ({_OWED} GROUP BY p.debtor_id
        HAVING sum(a.outstanding_minor) <= %(at_most)s AND min(a.due_since) <= %(since)s
    )
    SELECT c.id, a.id, a.outstanding_minor
    FROM owed o
    JOIN cases_case c ON c.debtor_id = o.debtor_id
    JOIN debtors_debtparty p ON p.debtor_id = o.debtor_id AND p.role = 'main_debtor'
    JOIN debtors_debt d ON d.id = p.debt_id
    JOIN ledger_account a ON a.id = d.account_id
    WHERE a.currency = %(currency)s AND (%(team)s::bigint IS NULL OR c.team_id = %(team)s)
      AND {" AND ".join(_RULE.values())}
    ORDER BY o.since, c.id, a.id
    LIMIT %(limit)s
"""
#: The same of a line of a batch, which besides must not have grown.
_RULE_OF_LINE: Final = {
    "nothing_owed": _RULE["nothing_owed"],
    "more_owed": "a.outstanding_minor <= l.amount_minor",
    **_RULE,
}
_WHY_NOT: Final = " ".join(
    f"WHEN ({condition}) IS NOT TRUE THEN '{code}'" for code, condition in _RULE_OF_LINE.items()
)
_LOOK_AGAIN: Final = f"""
    WITH line AS (
        SELECT l.account_id, l.case_id, l.amount_minor, c.debtor_id
        FROM bookkeeping_writeoffbatchline l
        JOIN cases_case c ON c.id = l.case_id
        JOIN debtors_debt d ON d.account_id = l.account_id
        JOIN debtors_debtparty p
          ON p.debt_id = d.id AND p.role = 'main_debtor' AND p.debtor_id = c.debtor_id
        WHERE l.batch_id = %(batch)s
    ),
    owed AS ({_OWED} AND p.debtor_id IN (SELECT debtor_id FROM line) GROUP BY p.debtor_id)
    SELECT l.account_id, CASE {_WHY_NOT} ELSE '' END
    FROM line l
    JOIN cases_case c ON c.id = l.case_id
    JOIN ledger_account a ON a.id = l.account_id
    LEFT JOIN owed o ON o.debtor_id = l.debtor_id
"""


def list_small_balances(
    *, rule: SmallBalanceRule, on: date, team_id: int | None
) -> list[SmallBalance]:
    """The longest due first, at most a batch of them; of one team where ``team_id`` is given.

    A debtor with whom nobody may speak, and a case in other hands, are left out.
    """
    asked = _asked(rule.currency, rule.at_most_minor, rule.after_days, on)
    with connection.cursor() as cursor:
        cursor.execute(_FIND, {**asked, "team": team_id, "limit": rule.most_in_batch})
        return [SmallBalance(*row) for row in cursor.fetchall()]


def list_left_out(*, batch: WriteOffBatch, on: date) -> dict[int, str]:
    """Why a debt of the batch no longer is what the rule found, by its account, in two statements.

    By the rule with which the batch was proposed, as everything stands now. A debt that belongs to
    another debtor by now is ``not_of_case``.
    """
    asked = _asked(batch.currency, batch.at_most_minor, batch.after_days, on)
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_AGAIN, {**asked, "batch": batch.pk})
        found = {int(row[0]): str(row[1]) for row in cursor.fetchall()}
    accounts = batch.lines.values_list("account_id", flat=True)
    codes = {account_id: found.get(account_id, "not_of_case") for account_id in accounts}
    return {account_id: code for account_id, code in codes.items() if code}


def _asked(currency: str, at_most_minor: int, after_days: int, on: date) -> dict[str, Any]:
    return {
        "currency": currency,
        "at_most": at_most_minor,
        "since": on - timedelta(days=after_days),
        "silent": sorted(holds_that_stop("contact")),
    }


def list_case_ids(*, account_ids: Sequence[int]) -> dict[int, int]:
    """The case of the main debtor, by account; an account whose debtor has none is missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT d.account_id, c.id FROM debtors_debt d
            JOIN debtors_debtparty p ON p.debt_id = d.id AND p.role = 'main_debtor'
            JOIN cases_case c ON c.debtor_id = p.debtor_id
            WHERE d.account_id = ANY(%s)
            """,
            [list(account_ids)],
        )
        return {int(row[0]): int(row[1]) for row in cursor.fetchall()}
