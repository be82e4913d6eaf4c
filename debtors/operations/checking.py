"""What only the whole file, or the book, can tell about a row: refused before the merge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from django.db import connection

from debtors.intake.findings import Finding

#: Rows of debts that stand in the file more than once; few, so that only they are sorted.
_TWICE: Final = """
    (SELECT r.* FROM intake_row r JOIN (
        SELECT debt_ref FROM intake_row WHERE has_debt GROUP BY debt_ref HAVING count(*) > 1
    ) twice USING (debt_ref) WHERE r.has_debt)
"""
#: (reason code, column, query of the rows to refuse with the value at fault)
_REPEATED: Final = (
    "debt_repeated",
    "debt_ref",
    f"""
    SELECT row_no, debt_ref FROM (
        SELECT row_no, debt_ref, row_number() OVER (PARTITION BY debt_ref ORDER BY row_no) AS place
        FROM {_TWICE} t
    ) r WHERE place > 1
    """,
)
_CHECKS: Final = (
    (
        "second_main_debtor",
        "debtor_ref",
        f"""
        SELECT row_no, debtor_ref FROM (
            SELECT row_no, debtor_ref, first_value(debtor_ref)
                   OVER (PARTITION BY debt_ref ORDER BY row_no) AS first
            FROM {_TWICE} t
        ) r WHERE debtor_ref <> first
        """,
    ),
    (
        "main_debtor_changed",
        "debtor_ref",
        """
        SELECT r.row_no, r.debtor_ref FROM intake_row r
        JOIN debtors_debt d ON d.external_id = r.debt_ref
        JOIN debtors_debtparty p ON p.debt_id = d.id AND p.role = 'main_debtor'
        JOIN debtors_debtor m ON m.id = p.debtor_id
        WHERE r.has_debt AND m.external_id <> r.debtor_ref
        """,
    ),
    (
        "currency_changed",
        "currency",
        """
        SELECT r.row_no, r.currency FROM intake_row r
        JOIN debtors_debt d ON d.external_id = r.debt_ref
        WHERE r.has_debt AND d.currency <> r.currency
        """,
    ),
    (
        "currency_differs",
        "currency",
        f"""
        SELECT row_no, currency FROM (
            SELECT row_no, currency, first_value(currency)
                   OVER (PARTITION BY debt_ref ORDER BY row_no) AS first
            FROM {_TWICE} t
        ) r WHERE currency <> first
        """,
    ),
    (
        "virtual_account_taken",
        "virtual_account",
        """
        SELECT r.row_no, r.virtual_account_no FROM intake_row r
        JOIN ledger_account a ON a.virtual_account_no = r.virtual_account_no
        JOIN debtors_debt d ON d.account_id = a.id
        WHERE r.has_debt AND d.external_id <> r.debt_ref
        UNION ALL
        SELECT row_no, virtual_account_no FROM (
            SELECT row_no, virtual_account_no, debt_ref, first_value(debt_ref)
                   OVER (PARTITION BY virtual_account_no ORDER BY row_no) AS first
            FROM intake_row WHERE virtual_account_no IN (
                SELECT virtual_account_no FROM intake_row WHERE virtual_account_no IS NOT NULL
                GROUP BY virtual_account_no HAVING count(*) > 1
            )
        ) r WHERE debt_ref <> first
        """,
    ),
    (
        "unknown_debt",
        "debt_ref",
        """
        SELECT r.row_no, r.debt_ref FROM intake_row r
        WHERE NOT r.has_debt
          AND NOT EXISTS (SELECT 1 FROM intake_row m WHERE m.has_debt AND m.debt_ref = r.debt_ref)
          AND NOT EXISTS (SELECT 1 FROM debtors_debt d WHERE d.external_id = r.debt_ref)
        """,
    ),
    (
        "party_is_main_debtor",
        "role",
        """
        SELECT r.row_no, r.role FROM intake_row r
        JOIN intake_row m ON m.debt_ref = r.debt_ref AND m.has_debt AND m.debtor_ref = r.debtor_ref
        WHERE NOT r.has_debt
        """,
    ),
)


def refuse_rows(*, adds_same_debt: bool) -> Iterator[Finding]:
    """Take rows that contradict the file or the book out of the staging tables."""
    checks = _CHECKS if adds_same_debt else (_REPEATED, *_CHECKS)
    with connection.cursor() as cursor:
        for code, column, query in checks:
            cursor.execute(
                f"SELECT DISTINCT row_no, line, sheet, value FROM ({query}) w (row_no, value)"
                " JOIN intake_row USING (row_no) ORDER BY row_no"
            )
            wrong = cursor.fetchall()
            if not wrong:
                continue
            numbers = [row[0] for row in wrong]
            for table in ("intake_bucket", "intake_contact", "intake_address", "intake_row"):
                cursor.execute(f"DELETE FROM {table} WHERE row_no = ANY(%s)", [numbers])
            for _, line, sheet, value in wrong:
                yield Finding(line, column, str(value)[:100], code, sheet=sheet)


class StagedTotals(NamedTuple):
    """Minor units per currency, and per currency and component."""

    by_currency: dict[str, int]
    by_component: dict[str, dict[str, int]]


def get_staged_totals() -> StagedTotals:
    by_currency: dict[str, int] = {}
    by_component: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.currency, b.component, sum(b.amount_minor)
            FROM intake_row r JOIN intake_bucket b USING (row_no)
            GROUP BY r.currency, b.component ORDER BY 1, 2
            """
        )
        for currency, component, amount in cursor.fetchall():
            by_currency[currency] = by_currency.get(currency, 0) + int(amount)
            by_component.setdefault(currency, {})[component] = int(amount)
    return StagedTotals(by_currency, by_component)


def is_outdated(*, profile: str, as_of: date) -> bool:
    """Whether the same feed has brought a later extract, so that this one may only add."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM debtors_intakerun"
            " WHERE status = 'done' AND profile = %s AND as_of_on > %s)",
            [profile, as_of],
        )
        return bool(cursor.fetchone()[0])
