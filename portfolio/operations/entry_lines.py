"""How lines behind the day's figures are written: each with the case as it then stood."""

from __future__ import annotations

from typing import Any, Final

_WRITE: Final = """
    INSERT INTO portfolio_dayentry
        (taken_on, kind, code, case_id, currency, stage, bucket, team_id, product, strategy_id,
         officer_id, money_minor, due_minor, subject_id, event_on)
    SELECT %(on)s, x.kind, COALESCE(x.code, ''), x.case_id, COALESCE(x.currency, ''),
           COALESCE(s.stage, c.stage), COALESCE(s.bucket, 0),
           CASE WHEN s.stage IS NULL THEN c.team_id ELSE s.team_id END,
           COALESCE(s.product, ''), s.strategy_id, x.officer_id, COALESCE(x.money_minor, 0),
           COALESCE(x.due_minor, 0), x.subject_id, x.event_on
    FROM ({lines}) x
    JOIN cases_case c ON c.id = x.case_id
    LEFT JOIN LATERAL (
        SELECT s.stage, s.bucket, s.team_id, s.product, s.strategy_id
        FROM portfolio_casesnapshot s
        WHERE s.taken_on IN (%(on)s, %(previous)s) AND s.case_id = x.case_id
        ORDER BY s.taken_on {first}, s.currency
        LIMIT 1
    ) s ON true
"""

#: What ``lines`` must give, each as its last columns where it knows them.
COLUMNS: Final = (
    "kind", "code", "case_id", "currency", "officer_id", "money_minor", "due_minor", "subject_id",
    "event_on",
)  # fmt: skip


def write_lines(cursor: Any, lines: str, values: dict[str, Any], *, as_before: bool) -> None:
    """Write what the query ``lines`` gives in ``COLUMNS``.

    ``as_before``: the case stands in them as at the close before, where it was open then; else
    as at the close of the day.
    """
    cursor.execute(_WRITE.format(lines=lines, first="ASC" if as_before else "DESC"), values)
