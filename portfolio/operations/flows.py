"""What became of cases and money between two closes, from the rows of both and the postings.

Whatever moves what is due and is neither payment nor write-off is what is left over, so that
for each currency what was due, what came to it and what went off it always meet.
"""

from __future__ import annotations

from typing import Any, Final

from cases.lifecycle import Stage
from ledger.lifecycle import COMPONENTS
from portfolio.entries import FLOWS, TALK_COUNTS_DAYS
from portfolio.operations.entry_lines import write_lines

_RANKS: Final = " ".join(f"WHEN '{stage}' THEN {rank}" for rank, stage in enumerate(Stage))

# A reversal counts against the kind of what it takes back, and a correction to that of what it
# puts right. ``due`` is what the posting took off what is due; a payment's part of what was not
# yet due, or too much, is in ``money`` alone.
_POSTED: Final = """
    SELECT k.id AS case_id, a.currency,
           COALESCE(sum(t.money) FILTER (WHERE t.kind = 'payment'), 0) AS paid,
           COALESCE(sum(t.due) FILTER (WHERE t.kind = 'payment'), 0) AS paid_due,
           COALESCE(sum(t.owed) FILTER (WHERE t.kind = 'write_off'), 0) AS written_off,
           COALESCE(sum(t.due) FILTER (WHERE t.kind = 'write_off'), 0) AS written_off_due
    FROM (
        SELECT n.account_id, COALESCE(r.kind, n.kind) AS kind,
               COALESCE(sum(l.amount_minor) FILTER (WHERE l.leg = 'cash'), 0) AS money,
               -COALESCE(sum(l.amount_minor) FILTER (WHERE l.leg = ANY(%(components)s)), 0) AS owed,
               -COALESCE(sum(l.amount_minor) FILTER (
                   WHERE l.leg = ANY(%(components)s) AND l.due_on IS NOT NULL), 0) AS due
        FROM ledger_transaction n
        LEFT JOIN ledger_transaction r ON r.id = COALESCE(n.reverses_id, n.corrects_id)
        JOIN ledger_posting l ON l.transaction_id = n.id
        WHERE n.id > %(after)s AND n.id <= %(through)s
          AND COALESCE(r.kind, n.kind) IN ('payment', 'write_off')
        GROUP BY n.id, n.account_id, COALESCE(r.kind, n.kind)
    ) t
    JOIN ledger_account a ON a.id = t.account_id
    JOIN debtors_debt d ON d.account_id = t.account_id
    JOIN debtors_debtparty p ON p.debt_id = d.id AND p.role = 'main_debtor'
    JOIN cases_case k ON k.debtor_id = p.debtor_id
    GROUP BY k.id, a.currency
"""

_BOTH_CLOSES: Final = f"""
    SELECT case_id, currency, b.stage IS NOT NULL AS was_open, n.stage IS NOT NULL AS is_open,
           COALESCE(b.bucket, 0) > 0 AS was_late, COALESCE(n.bucket, 0) > 0 AS is_late,
           CASE n.stage {_RANKS} END > CASE b.stage {_RANKS} END AS is_harsher,
           COALESCE(b.due_minor, 0) AS due_before, COALESCE(n.due_minor, 0) AS due_now
    FROM (SELECT * FROM portfolio_casesnapshot WHERE taken_on = %(previous)s) b
    FULL JOIN (SELECT * FROM portfolio_casesnapshot WHERE taken_on = %(on)s) n
         USING (case_id, currency)
"""

# A case that opened and closed between the two closes stands at neither: of a payment on it is
# told the money, and that as much had fallen due. A payment on one closed all along is no flow.
_MOVED: Final = f"""
    SELECT case_id, currency, COALESCE(m.was_open, false) AS was_open,
           COALESCE(m.is_open, false) AS is_open, m.was_late, m.is_late, m.is_harsher,
           m.due_before, m.due_now, COALESCE(t.paid, 0) AS paid,
           COALESCE(t.paid_due, 0) AS paid_due, COALESCE(t.written_off, 0) AS written_off,
           COALESCE(t.written_off_due, 0) AS written_off_due,
           COALESCE(m.due_now - m.due_before, 0) + COALESCE(t.paid_due + t.written_off_due, 0)
               AS rest
    FROM ({_BOTH_CLOSES}) m
    FULL JOIN ({_POSTED}) t USING (case_id, currency)
    WHERE CASE WHEN t.paid IS NULL
               THEN was_open <> is_open OR was_late <> is_late OR is_harsher
                    OR due_before <> due_now
               ELSE m.was_open IS NOT NULL OR EXISTS (
                   SELECT 1 FROM cases_case c WHERE c.id = case_id
                     AND (c.opened_on > %(previous)s OR c.closed_on > %(previous)s)) END
"""

_FLOWS: Final = f"""
    SELECT f.kind, f.code, x.case_id, x.currency, NULL::bigint AS officer_id,
           f.money AS money_minor, f.due AS due_minor, NULL::bigint AS subject_id,
           NULL::date AS event_on
    FROM ({_MOVED}) x
    CROSS JOIN LATERAL (VALUES
        ('opened', '', is_open AND NOT was_open, rest, rest),
        ('closed', CASE WHEN written_off > 0 THEN 'written_off' ELSE '' END,
         was_open AND NOT is_open, due_before, due_before),
        ('new_arrears', '', is_late AND NOT was_late, due_now, due_now),
        ('cured', '', was_late AND NOT is_late AND written_off <= 0, due_before, due_before),
        ('written_out', '', was_late AND NOT is_late AND written_off > 0, due_before, due_before),
        ('escalated', '', is_harsher, due_now, due_now),
        ('fell_due', '', rest > 0 AND (was_open OR NOT is_open), rest, rest),
        ('reduced', '', rest < 0 AND (was_open OR NOT is_open), -rest, -rest),
        ('paid', '', paid <> 0 OR paid_due <> 0, paid, paid_due),
        ('written_off', '', written_off <> 0 OR written_off_due <> 0, written_off, written_off_due)
    ) AS f (kind, code, holds, money, due)
    WHERE f.holds
    ORDER BY f.kind, x.case_id, x.currency
"""

_CREDITED: Final = """
    SELECT 'paid_after_talk' AS kind, '' AS code, e.case_id, e.currency,
           t.logged_by_id AS officer_id,
           e.money_minor, e.due_minor, t.id AS subject_id, t.happened_on AS event_on
    FROM portfolio_dayentry e
    CROSS JOIN LATERAL (
        SELECT a.id, a.logged_by_id, a.happened_on FROM contacts_attempt a
        WHERE a.case_id = e.case_id AND a.is_conversation AND a.logged_by_id IS NOT NULL
          AND a.happened_on BETWEEN %(on)s - %(talk_counts)s AND %(on)s
        ORDER BY a.happened_at DESC, a.id DESC
        LIMIT 1
    ) t
    WHERE e.taken_on = %(on)s AND e.kind = 'paid'
    ORDER BY e.id
"""


def write_flows(cursor: Any, values: dict[str, Any]) -> None:
    """Make the day's flows anew from the rows of ``previous`` and ``on``.

    ``after`` and ``through`` are the last postings that the two hold.
    """
    cursor.execute(
        "DELETE FROM portfolio_dayentry WHERE taken_on = %(on)s AND kind = ANY(%(flows)s)",
        {**values, "flows": sorted(FLOWS)},
    )
    more = {"components": sorted(COMPONENTS), "talk_counts": TALK_COUNTS_DAYS}
    write_lines(cursor, _FLOWS, values | more, as_before=True)
    write_lines(cursor, _CREDITED, values | more, as_before=True)
