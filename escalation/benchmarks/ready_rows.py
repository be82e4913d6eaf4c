"""Ready answers: the rows that a run of ours wrote, kept so that plain SQL can write them again.

They stand in tables ``answer_…`` of the database from which runs are cloned, sorted by batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class Table:
    """``case_of`` is the expression that gives the case of a row ``t``, for its batch;
    ``written`` is true of the rows that may have been written."""

    name: str
    case_of: str
    order: str = "t.id"
    written: str = "true"


@dataclass(frozen=True, slots=True)
class ReadyRows:
    """``added`` in the order that the foreign keys allow; of ``changed`` rows some may go."""

    added: Sequence[Table]
    changed: Sequence[Table]
    batch_cases: int

    def save(self, folder: Path) -> None:
        """What the run left in the database, into files."""
        with connection.cursor() as cursor:
            for table in (*self.added, *self.changed):
                with (folder / table.name).open("wb") as file:
                    rows = f"SELECT * FROM {table.name} t WHERE {table.written}"
                    cursor.copy_expert(f"COPY ({rows}) TO STDOUT (FORMAT binary)", file)

    def load(self, folder: Path) -> dict[str, int]:
        """Into the database from which runs are cloned; returns rows by table."""
        rows: dict[str, int] = {}
        with connection.cursor() as cursor:
            for table in (*self.added, *self.changed):
                cursor.execute(f"CREATE TEMP TABLE loaded (LIKE {table.name})")
                with (folder / table.name).open("rb") as file:
                    cursor.copy_expert("COPY loaded FROM STDIN (FORMAT binary)", file)
                is_new = "true"
                if table in self.changed:
                    is_new = (
                        f"NOT EXISTS (SELECT 1 FROM {table.name} b WHERE b.id = t.id"
                        " AND ROW(b.*) IS NOT DISTINCT FROM ROW(t.*))"
                    )
                    rows[f"{table.name} gone"] = self._keep_gone(table)
                cursor.execute(
                    f"""
                    CREATE TABLE answer_{table.name} AS
                    SELECT (({table.case_of}) - 1) / {self.batch_cases} AS answer_batch, t.*
                    FROM loaded t WHERE {is_new} ORDER BY 1, {table.order}
                    """
                )
                rows[table.name] = cursor.rowcount
                cursor.execute(f"CREATE INDEX ON answer_{table.name} (answer_batch)")
                cursor.execute("DROP TABLE loaded")
        return {name: count for name, count in rows.items() if count}

    def _keep_gone(self, table: Table) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                CREATE TABLE gone_{table.name} AS
                SELECT (({table.case_of}) - 1) / {self.batch_cases} AS answer_batch, t.id
                FROM {table.name} t
                WHERE {table.written} AND NOT EXISTS (SELECT 1 FROM loaded l WHERE l.id = t.id)
                """
            )
            return int(cursor.rowcount)

    def write(self) -> None:
        """All of them, batch by batch, with one statement for each table."""
        with connection.cursor() as cursor:
            first, last = self._batches()
            statements = [
                *(f"DELETE FROM {table.name} t USING gone_{table.name} g WHERE g.id = t.id"
                  " AND g.answer_batch = %s" for table in self.changed),
                *(_update_of(table) for table in self.changed),
                *(_insert_of(table) for table in self.added),
            ]  # fmt: skip
            for batch in range(first, last + 1):
                with transaction.atomic():
                    for statement in statements:
                        cursor.execute(statement, [batch])

    def _batches(self) -> tuple[int, int]:
        """The first and the last of any table: ids begin wherever their sequence stood."""
        names = [f"answer_{table.name}" for table in (*self.added, *self.changed)]
        ends = " UNION ALL ".join(
            f"SELECT min(answer_batch) AS first, max(answer_batch) AS last FROM {name}"
            for name in names
        )
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT min(first), max(last) FROM ({ends}) AS batches")
            first, last = cursor.fetchone()
            return int(first), int(last)

    def digest(self) -> Iterator[str]:
        """One line for each table: the rows and the sum of their hashes, in no order."""
        with connection.cursor() as cursor:
            for table in (*self.added, *self.changed):
                cursor.execute(
                    f"SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {table.name} t"
                )
                count, digest = cursor.fetchone()
                yield f"{table.name} {count} {digest}"


def _insert_of(table: Table) -> str:
    names = ", ".join(_columns(table.name))
    answers = f"SELECT {names} FROM answer_{table.name} WHERE answer_batch = %s"
    return f"INSERT INTO {table.name} ({names}) {answers}"


def _update_of(table: Table) -> str:
    sets = ", ".join(f"{name} = a.{name}" for name in _columns(table.name) if name != '"id"')
    return (
        f"UPDATE {table.name} t SET {sets} FROM answer_{table.name} a"
        " WHERE a.id = t.id AND a.answer_batch = %s"
    )


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")
        return [f'"{column.name}"' for column in cursor.description or ()]
