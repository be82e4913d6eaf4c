"""Staged people into debtors, contact points and addresses. Unchanged rows are not rewritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from debtors.identifiers import IDENTIFIERS

_NAMES: Final = ("kind", "first_name", "last_name", "company_name", "display_name", "sort_key")
_SEALED: Final = tuple(
    f"{name}_{part}" for name in IDENTIFIERS for part in ("sealed", "fingerprint")
)
_CHOICES: Final = {"language": "pl", "preferred_channel": "", "tone": "neutral"}
_COLUMNS: Final = (*_NAMES, "search", *_SEALED, *_CHOICES)
_NAME_BY_HAND: Final = (
    "f.fields && ARRAY['kind', 'first_name', 'last_name', 'company_name']::text[]"
)


class MergedPeople(NamedTuple):
    created: int
    updated: int


def merge_people(*, run_id: int, at: datetime, may_change: bool) -> MergedPeople:
    """Insert new debtors, and update changed ones unless the extract is an outdated one.

    What an officer corrected stays; where the extract says otherwise, that is kept beside it.
    Leaves ``intake_debtor`` (id, ref, is_new) and ``intake_debtor_changed`` (id, fields).
    """
    with connection.cursor() as cursor:
        last_correction = _newest_correction(cursor)
        _resolve(cursor)
        created = _insert(cursor, at)
        updated = _update(cursor, at, last_correction) if may_change else 0
        if may_change:
            _keep_feed_values(cursor)
        _merge_contacts(cursor)
        _merge_addresses(cursor, may_change=may_change)
    return MergedPeople(created, updated)


def _newest_correction(cursor: Any) -> int:
    cursor.execute("SELECT COALESCE(max(id), 0) FROM debtors_fieldsource")
    return int(cursor.fetchone()[0])


def _resolved(column: str) -> str:
    """The value the debtor will have: by hand, else from the extract, else as it was."""
    if column in _NAMES:
        return (
            f"CASE WHEN {_NAME_BY_HAND} THEN d.{column}"
            f" ELSE COALESCE(s.{column}, d.{column}, '') END"
        )
    if column == "search":
        return (
            f"CASE WHEN {_NAME_BY_HAND} OR s.words IS NULL THEN COALESCE(d.search, ''::tsvector)"
            " ELSE s.words::tsvector END"
        )
    if column in _SEALED:
        field = column.split("_", maxsplit=1)[0]
        return (
            f"CASE WHEN '{field}' = ANY(f.fields) OR s.{column} IS NULL THEN d.{column}"
            f" ELSE NULLIF(s.{column}, ''::bytea) END"
        )
    return (
        f"CASE WHEN '{column}' = ANY(f.fields) THEN d.{column}"
        f" ELSE COALESCE(s.{column}, d.{column}, '{_CHOICES[column]}') END"
    )


def _resolve(cursor: Any) -> None:
    values = ", ".join(f"{_resolved(column)} AS {column}" for column in _COLUMNS)
    cursor.execute("DROP TABLE IF EXISTS intake_debtor, intake_debtor_changed")
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE intake_debtor ON COMMIT DROP AS
        SELECT COALESCE(d.id, nextval('debtors_debtor_id_seq')) AS id, s.debtor_ref AS ref,
               d.id IS NULL AS is_new, {values}
        FROM (
            SELECT r.* FROM intake_row r
            JOIN (
                SELECT COALESCE(min(row_no) FILTER (WHERE has_debt), min(row_no)) AS row_no
                FROM intake_row GROUP BY debtor_ref
            ) first USING (row_no)
        ) s
        LEFT JOIN debtors_debtor d ON d.external_id = s.debtor_ref
        LEFT JOIN (
            SELECT debtor_id, array_agg(field::text) AS fields FROM debtors_fieldsource GROUP BY 1
        ) f ON f.debtor_id = d.id
        """
    )
    cursor.execute("CREATE UNIQUE INDEX ON intake_debtor (ref)")
    cursor.execute("ANALYZE intake_debtor")


def _insert(cursor: Any, at: datetime) -> int:
    columns = ", ".join(_COLUMNS)
    cursor.execute(
        f"""
        INSERT INTO debtors_debtor (id, external_id, updated_at, {columns})
        SELECT id, ref, %s, {columns} FROM intake_debtor WHERE is_new ORDER BY id
        """,
        [at],
    )
    return int(cursor.rowcount)


def _update(cursor: Any, at: datetime, last_correction: int) -> int:
    """Lock what differs, then write it; a correction made meanwhile wins."""
    differing = ", ".join(
        f"CASE WHEN d.{c} IS DISTINCT FROM r.{c} THEN '{c}' END"
        for c in _COLUMNS
        if not c.endswith("_sealed") and c not in ("display_name", "sort_key", "search")
    )
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE intake_debtor_changed ON COMMIT DROP AS
        SELECT r.id, array_remove(ARRAY[{differing}], NULL) AS fields
        FROM intake_debtor r JOIN debtors_debtor d ON d.id = r.id
        WHERE NOT r.is_new AND ({", ".join(f"d.{c}" for c in _COLUMNS)})
              IS DISTINCT FROM ({", ".join(f"r.{c}" for c in _COLUMNS)})
        """
    )
    cursor.execute(
        "SELECT count(*) FROM (SELECT id FROM debtors_debtor WHERE id IN"
        " (SELECT id FROM intake_debtor_changed) ORDER BY id FOR NO KEY UPDATE) locked"
    )
    cursor.execute(
        f"""
        UPDATE debtors_debtor d
        SET updated_at = %s, {", ".join(f"{c} = r.{c}" for c in _COLUMNS)}
        FROM intake_debtor r JOIN intake_debtor_changed c USING (id)
        WHERE d.id = r.id AND NOT EXISTS (
            SELECT 1 FROM debtors_fieldsource x WHERE x.debtor_id = d.id AND x.id > %s
        )
        """,
        [at, last_correction],
    )
    return int(cursor.rowcount)


def _keep_feed_values(cursor: Any) -> None:
    """Beside what an officer corrected, what the extract says where it differs."""
    shown = {
        **{name: f"s.{name}" for name in ("kind", "first_name", "last_name", "company_name")},
        **{name: f"s.{name}" for name in _CHOICES},
        # A protected value stays sealed here, too.
        **{name: f"encode(s.{name}_sealed, 'hex')" for name in IDENTIFIERS},
    }
    cases = " ".join(f"WHEN '{name}' THEN {value}" for name, value in shown.items())
    now = " ".join(
        f"WHEN '{name}' THEN "
        + (f"encode(d.{name}_sealed, 'hex')" if name in IDENTIFIERS else f"d.{name}")
        for name in shown
    )
    cursor.execute(
        f"""
        UPDATE debtors_fieldsource f SET feed_value = v.feed_value
        FROM (
            SELECT f.id, CASE WHEN said = held THEN '' ELSE said END AS feed_value
            FROM debtors_fieldsource f
            JOIN debtors_debtor d ON d.id = f.debtor_id
            JOIN intake_row s ON s.debtor_ref = d.external_id
            CROSS JOIN LATERAL (SELECT CASE f.field {cases} END, CASE f.field {now} END)
                       AS l (said, held)
            WHERE said IS NOT NULL
        ) v
        WHERE v.id = f.id AND f.feed_value <> v.feed_value
        """
    )


def _merge_contacts(cursor: Any) -> None:
    cursor.execute(
        """
        INSERT INTO debtors_contactpoint (debtor_id, kind, value)
        SELECT r.id, s.kind, s.value
        FROM intake_contact s JOIN intake_debtor r ON r.ref = s.debtor_ref
        WHERE NOT EXISTS (
            SELECT 1 FROM debtors_contactpoint c WHERE c.debtor_id = r.id AND c.value = s.value
        )
        ORDER BY s.row_no
        ON CONFLICT (debtor_id, value) DO NOTHING
        """
    )


def _merge_addresses(cursor: Any, *, may_change: bool) -> None:
    cursor.execute("DROP TABLE IF EXISTS intake_address_new")
    cursor.execute(
        """
        CREATE TEMPORARY TABLE intake_address_new ON COMMIT DROP AS
        SELECT r.id AS debtor_id, s.kind, s.street, s.postal_code, s.city, s.country
        FROM intake_address s
        JOIN (
            SELECT debtor_ref, kind, min(row_no) AS row_no FROM intake_address
            GROUP BY debtor_ref, kind
        ) first USING (debtor_ref, kind, row_no)
        JOIN intake_debtor r ON r.ref = s.debtor_ref
        """
    )
    cursor.execute(
        """
        INSERT INTO debtors_address (debtor_id, kind, street, postal_code, city, country)
        SELECT n.* FROM intake_address_new n
        LEFT JOIN debtors_address a USING (debtor_id, kind) WHERE a.id IS NULL
        ON CONFLICT (debtor_id, kind) DO NOTHING
        """
    )
    if not may_change:
        return
    cursor.execute(
        """
        UPDATE debtors_fieldsource f
        SET feed_value = concat_ws(', ', n.street, n.postal_code, n.city, n.country)
        FROM intake_address_new n JOIN debtors_address a USING (debtor_id, kind)
        WHERE f.debtor_id = n.debtor_id AND f.field = 'address:' || n.kind
          AND (a.street, a.postal_code, a.city, a.country)
              IS DISTINCT FROM (n.street, n.postal_code, n.city, n.country)
          AND f.feed_value <> concat_ws(', ', n.street, n.postal_code, n.city, n.country)
        """
    )
    cursor.execute(
        """
        UPDATE debtors_address a
        SET street = n.street, postal_code = n.postal_code, city = n.city, country = n.country,
            is_usable = true
        FROM intake_address_new n
        WHERE a.debtor_id = n.debtor_id AND a.kind = n.kind
          AND (a.street, a.postal_code, a.city, a.country)
              IS DISTINCT FROM (n.street, n.postal_code, n.city, n.country)
          AND NOT EXISTS (SELECT 1 FROM debtors_fieldsource f
                          WHERE f.debtor_id = n.debtor_id AND f.field = 'address:' || n.kind)
        """
    )
