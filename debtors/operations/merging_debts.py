"""Staged debts into accounts, debts and parties, and amounts into postings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from debtors.operations.books import (
    find_our_books,
    keep_terminated_books,
    list_kept_books,
)
from kernel.actor import Actor
from ledger.operations import (
    BulkPosting,
    adjust_accounts,
    lock_accounts,
    open_accounts,
    register_products,
)

_TERMS: Final = {
    "product": "'other'", "contract_no": "''", "contract_on": "NULL::date",
    "contract_rate": "NULL::numeric", "is_consumer": "true", "terminated_on": "NULL::date",
    "limitation_on": "NULL::date", "bank_account_no": "''",
}  # fmt: skip
_COLUMNS: Final = (*_TERMS, "problems")


class MergedDebts(NamedTuple):
    """``updated``: other terms, other amounts, or both. ``kept``: the extract says other amounts
    than our book, which holds."""

    created: int
    updated: int
    missing: int
    kept: int


@dataclass(frozen=True, slots=True)
class Extract:
    """Which run brings the debts, as of which day, and what it may do."""

    run_id: int
    profile: str
    as_of: date
    full: bool
    may_change: bool
    actor: Actor
    at: datetime

    def posting(self, reason: str) -> BulkPosting:
        return BulkPosting("intake", f"run:{self.run_id}", self.as_of, reason, self.actor, self.at)


def merge_debts(*, extract: Extract) -> MergedDebts:
    """New debts with their opening postings; changed terms; amounts that differ as adjustments.

    Needs ``intake_debtor``. Leaves ``intake_debt`` (id, account_id, debtor_id, is_new),
    ``intake_debt_changed`` (id, fields, problems_changed), ``intake_debt_seen`` (id, kind) and
    ``intake_kept`` (account_id, ref, component, feed_minor, ours_minor).
    """
    with connection.cursor() as cursor:
        _resolve(cursor)
        created = _insert(cursor, extract)
        cursor.execute(_CHANGED)
        updated = kept = 0
        if extract.may_change:
            _update(cursor, extract)
        find_our_books(as_of=extract.as_of)
        if extract.may_change:
            _adjust(cursor, extract)
            register_products(products="intake_debt", actor=extract.actor, at=extract.at)
            updated = _count_updated(cursor)
        kept = list_kept_books(as_of=extract.as_of)
        keep_terminated_books(
            as_of=extract.as_of, may_change=extract.may_change, at=extract.at, actor=extract.actor
        )
        _merge_parties(cursor)
        missing = _flag_missing(cursor, extract)
    return MergedDebts(created, updated, missing, kept)


def _resolve(cursor: Any) -> None:
    cursor.execute(
        "DROP TABLE IF EXISTS intake_debt, intake_debt_changed, intake_debt_seen, intake_differing,"
        " intake_party_new, intake_opening_account, intake_opening, intake_difference,"
        " intake_differing, intake_ours, intake_kept"
    )
    # A debt that was terminated here stays so, whatever the extract says of it.
    first, second = "s", "d"
    terms = ", ".join(
        f"COALESCE({second if column == 'terminated_on' else first}.{column},"
        f" {first if column == 'terminated_on' else second}.{column}, {default}) AS {column}"
        for column, default in _TERMS.items()
    )
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE intake_debt ON COMMIT DROP AS
        SELECT COALESCE(d.id, nextval('debtors_debt_id_seq')) AS id,
               COALESCE(d.account_id, nextval('ledger_account_id_seq')) AS account_id,
               r.id AS debtor_id, s.debt_ref AS ref, d.id IS NULL AS is_new, s.currency,
               s.virtual_account_no, {terms},
               CASE WHEN p.problems IS NULL THEN '[]'::jsonb
                    ELSE COALESCE((SELECT jsonb_agg(x ORDER BY x)
                                   FROM jsonb_array_elements(p.problems) x
                                   WHERE NOT COALESCE(d.waived_problems, '[]'::jsonb) @> x
                                     AND NOT (x = '"no_name"' AND r.display_name <> '')
                                     AND NOT (x = '"no_way_to_reach"' AND (
                                         EXISTS (SELECT 1 FROM debtors_contactpoint c
                                                 WHERE c.debtor_id = r.id AND c.is_usable)
                                         OR EXISTS (SELECT 1 FROM debtors_address a
                                                    WHERE a.debtor_id = r.id AND a.is_usable)
                                     ))), '[]'::jsonb)
               END AS problems
        FROM (
            SELECT r.* FROM intake_row r
            JOIN (
                SELECT min(row_no) AS row_no FROM intake_row WHERE has_debt GROUP BY debt_ref
            ) first USING (row_no)
        ) s
        JOIN intake_debtor r ON r.ref = s.debtor_ref
        LEFT JOIN debtors_debt d ON d.external_id = s.debt_ref
        LEFT JOIN (
            SELECT debt_ref, jsonb_agg(DISTINCT x ORDER BY x) AS problems
            FROM intake_row, jsonb_array_elements(problems) x
            WHERE has_debt AND problems <> '[]' GROUP BY debt_ref
        ) p ON p.debt_ref = s.debt_ref
        """
    )
    cursor.execute("CREATE UNIQUE INDEX ON intake_debt (ref)")
    cursor.execute("ANALYZE intake_debt")


def _insert(cursor: Any, extract: Extract) -> int:
    cursor.execute(
        """
        CREATE TEMPORARY TABLE intake_opening_account ON COMMIT DROP AS
        SELECT account_id, currency, virtual_account_no, product, %s::date AS opened_on
        FROM intake_debt WHERE is_new ORDER BY account_id
        """,
        [extract.as_of],
    )
    cursor.execute(
        """
        CREATE TEMPORARY TABLE intake_opening ON COMMIT DROP AS
        SELECT d.account_id, b.component, b.due_on, sum(b.amount_minor)::bigint AS amount_minor
        FROM intake_bucket b JOIN intake_debt d ON d.ref = b.debt_ref
        WHERE d.is_new GROUP BY d.account_id, b.component, b.due_on ORDER BY d.account_id
        """
    )
    created = open_accounts(
        accounts="intake_opening_account", buckets="intake_opening",
        posting=extract.posting("extract"),
    )  # fmt: skip
    columns = ", ".join(_COLUMNS)
    cursor.execute(
        f"""
        INSERT INTO debtors_debt (id, account_id, external_id, currency, seen_in_run_id, {columns})
        SELECT id, account_id, ref, currency, %s, {columns} FROM intake_debt
        WHERE is_new ORDER BY id
        """,
        [extract.run_id],
    )
    return created


_CHANGED: Final = f"""
    CREATE TEMPORARY TABLE intake_debt_changed ON COMMIT DROP AS
    SELECT n.id,
           array_remove(ARRAY[{
    ", ".join(f"CASE WHEN d.{c} IS DISTINCT FROM n.{c} THEN '{c}' END" for c in _TERMS)
}], NULL) AS fields,
           d.problems <> n.problems AS problems_changed
    FROM intake_debt n JOIN debtors_debt d ON d.id = n.id
    WHERE NOT n.is_new AND ({", ".join(f"d.{c}" for c in _COLUMNS)})
          IS DISTINCT FROM ({", ".join(f"n.{c}" for c in _COLUMNS)})
"""


def _update(cursor: Any, extract: Extract) -> None:
    cursor.execute(
        "SELECT count(*) FROM (SELECT id FROM debtors_debt WHERE id IN"
        " (SELECT id FROM intake_debt_changed) ORDER BY id FOR NO KEY UPDATE) locked"
    )
    cursor.execute(
        f"""
        UPDATE debtors_debt d
        SET seen_in_run_id = %s, {", ".join(f"{c} = n.{c}" for c in _COLUMNS)}
        FROM intake_debt n JOIN intake_debt_changed c USING (id)
        WHERE d.id = n.id
        """,
        [extract.run_id],
    )


def _count_updated(cursor: Any) -> int:
    cursor.execute(
        "SELECT count(*) FROM (SELECT id FROM intake_debt_changed UNION SELECT n.id"
        " FROM intake_difference JOIN intake_debt n USING (account_id)) changed"
    )
    return int(cursor.fetchone()[0])


def _adjust(cursor: Any, extract: Extract) -> None:
    """Post what the extract says differently from our books *as of its day*.

    Later postings are left out of the comparison, so that a payment of yesterday survives the
    extract of the day before. A debt whose amounts or days are unreadable keeps its own, and so
    does one of which a part was written off here, which the extract may not know, and one whose
    book is ours. What differs is asked once more under the locks: a payment may have come.
    """
    cursor.execute(
        "CREATE TEMPORARY TABLE intake_differing ON COMMIT DROP AS"
        f" SELECT DISTINCT account_id FROM ({_DIFFERENCES.format(among='')}) found",
        {"as_of": extract.as_of},
    )
    lock_accounts(named_in="intake_differing")
    among = "AND n.account_id IN (SELECT account_id FROM intake_differing)"
    cursor.execute(
        "CREATE TEMPORARY TABLE intake_difference ON COMMIT DROP AS"
        f" {_DIFFERENCES.format(among=among)}",
        {"as_of": extract.as_of},
    )
    adjust_accounts(differences="intake_difference", posting=extract.posting("later_extract"))


#: By account, component and due day; ``among`` limits the accounts.
_DIFFERENCES: Final = """
    WITH known AS (
        SELECT n.account_id, n.ref, n.terminated_on FROM intake_debt n
        WHERE NOT n.is_new AND NOT n.problems ?| ARRAY['no_amount', 'impossible_date']
          AND NOT EXISTS (SELECT 1 FROM ledger_transaction t
                          WHERE t.account_id = n.account_id AND t.kind = 'write_off')
          AND NOT EXISTS (SELECT 1 FROM intake_ours o WHERE o.account_id = n.account_id)
          {among}
    )
    SELECT account_id, component, due_on, sum(amount)::bigint AS amount_minor
    FROM (
        SELECT k.account_id, b.component,
               COALESCE(b.due_on, CASE WHEN k.terminated_on <= %(as_of)s
                                       THEN k.terminated_on END) AS due_on,
               b.amount_minor AS amount
        FROM intake_bucket b JOIN known k ON k.ref = b.debt_ref
        UNION ALL
        SELECT account_id, component, due_on, -amount_minor
        FROM ledger_balance JOIN known USING (account_id)
        UNION ALL
        SELECT p.account_id, p.leg, p.due_on, p.amount_minor
        FROM known JOIN ledger_transaction t USING (account_id)
        JOIN ledger_posting p ON p.transaction_id = t.id
        WHERE t.effective_on > %(as_of)s
          AND p.leg IN ('principal', 'contractual_interest', 'default_interest', 'fees', 'costs')
    ) both_sides
    GROUP BY account_id, component, due_on HAVING sum(amount) <> 0
"""


def _merge_parties(cursor: Any) -> None:
    cursor.execute(
        """
        CREATE TEMPORARY TABLE intake_party_new ON COMMIT DROP AS
        SELECT DISTINCT ON (debt_id, debtor_id) * FROM (
            SELECT id AS debt_id, debtor_id, account_id, 'main_debtor' AS role, is_new
            FROM intake_debt
            UNION ALL
            SELECT d.id, r.id, d.account_id, s.role, false
            FROM intake_row s JOIN intake_debtor r ON r.ref = s.debtor_ref
            JOIN (SELECT id, account_id, ref FROM intake_debt
                  UNION SELECT id, account_id, external_id FROM debtors_debt
                        WHERE external_id IN (SELECT debt_ref FROM intake_row WHERE NOT has_debt)
                 ) d ON d.ref = s.debt_ref
            WHERE NOT s.has_debt
        ) p
        WHERE NOT EXISTS (SELECT 1 FROM debtors_debtparty x
                          WHERE x.debt_id = p.debt_id AND x.debtor_id = p.debtor_id)
        ORDER BY debt_id, debtor_id
        """
    )
    cursor.execute(
        "INSERT INTO debtors_debtparty (debt_id, debtor_id, role)"
        " SELECT debt_id, debtor_id, role FROM intake_party_new ON CONFLICT DO NOTHING"
    )


def _flag_missing(cursor: Any, extract: Extract) -> int:
    """Debts that a full extract of the same feed lacks are flagged, those it has again are not."""
    cursor.execute(
        """
        CREATE TEMPORARY TABLE intake_debt_seen ON COMMIT DROP AS
        SELECT d.id, 'back' AS kind FROM debtors_debt d JOIN intake_debt n USING (id)
        WHERE d.missing_since IS NOT NULL
        """
    )
    if extract.full:
        cursor.execute(
            """
            INSERT INTO intake_debt_seen
            SELECT d.id, 'missing' FROM debtors_debt d
            JOIN debtors_intakerun r ON r.id = d.seen_in_run_id
            LEFT JOIN intake_debt n ON n.id = d.id
            WHERE n.id IS NULL AND d.missing_since IS NULL AND r.profile = %s
            """,
            [extract.profile],
        )
    cursor.execute(
        "UPDATE debtors_debt d SET missing_since = CASE WHEN s.kind = 'missing' THEN %s::date END"
        " FROM intake_debt_seen s WHERE s.id = d.id",
        [extract.as_of],
    )
    cursor.execute("SELECT count(*) FROM intake_debt_seen WHERE kind = 'missing'")
    return int(cursor.fetchone()[0])
