"""What waits at the close of the day: work, approvals, terms that end, data to be put right."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from contacts.terms import NOTICE_TERM_WORKING_DAYS, notice_term_ends_on
from courts.lifecycle import Procedure
from courts.terms import objection_ends_on
from kernel.calendar import POLAND
from portfolio.entries import (
    COMPLAINT_ANSWER_DAYS,
    LIMITATION_FAR_DAYS,
    LIMITATION_NEAR_DAYS,
    PLACEMENT_AHEAD_DAYS,
)
from portfolio.operations.entry_lines import write_lines

#: A term of working days is over after so many calendar days, whatever holidays there are.
_LONGEST_NOTICE_TERM: Final = timedelta(days=2 * NOTICE_TERM_WORKING_DAYS + 14)

_WORK: Final = """
    SELECT f.kind, w.kind AS code, w.case_id, '' AS currency, w.owner_id AS officer_id,
           0 AS money_minor, 0 AS due_minor, w.id AS subject_id, w.due_on AS event_on
    FROM cases_workitem w
    CROSS JOIN LATERAL (VALUES ('work_due', true), ('work_late', w.due_on <= %(on)s))
        AS f (kind, holds)
    WHERE w.status = 'open' AND w.due_on <= %(next_working_day)s AND f.holds
    ORDER BY f.kind, w.id
"""

_APPROVALS: Final = """
    SELECT 'approval' AS kind, x.code, x.case_id, x.currency, x.proposed_by_id AS officer_id,
           x.amount_minor AS money_minor, 0 AS due_minor, x.id AS subject_id,
           (x.proposed_at AT TIME ZONE 'Europe/Warsaw')::date AS event_on
    FROM (
        SELECT 'termination' AS code, id, case_id, currency, amount_minor, proposed_by_id,
               proposed_at FROM contacts_termination WHERE status = 'proposed'
        UNION ALL
        SELECT 'agreement', id, case_id, currency, amount_minor, proposed_by_id, proposed_at
        FROM negotiations_agreement WHERE status = 'proposed'
        UNION ALL
        SELECT 'placement', id, case_id, currency, amount_minor, proposed_by_id, proposed_at
        FROM agencies_placement WHERE status = 'proposed'
        UNION ALL
        SELECT 'referral', id, case_id, currency, amount_minor, proposed_by_id, proposed_at
        FROM courts_referral WHERE status = 'proposed'
        UNION ALL
        SELECT 'write_off', id, case_id, currency, amount_minor, proposed_by_id, proposed_at
        FROM bookkeeping_writeoff WHERE status = 'proposed'
        UNION ALL
        SELECT 'refund', id, case_id, currency, amount_minor, proposed_by_id, proposed_at
        FROM bookkeeping_refund WHERE status = 'proposed'
        UNION ALL
        SELECT 'charge', id, case_id, currency, amount_minor, proposed_by_id, proposed_at
        FROM bookkeeping_charge WHERE status = 'proposed'
    ) x
    ORDER BY x.code, x.id
"""

# One line per thing that has the term, with what is due on the debts it is about.
_DEADLINES: Final = """
    SELECT 'deadline' AS kind, x.code, x.case_id, COALESCE(m.currency, '') AS currency,
           NULL::bigint AS officer_id, COALESCE(m.due, 0) AS money_minor,
           COALESCE(m.due, 0) AS due_minor, x.id AS subject_id, x.ends_on AS event_on
    FROM (
        SELECT 'notice_term' AS code, m.id, m.case_id, t.ends_on, NULL::bigint AS account_id
        FROM contacts_message m
        JOIN unnest(%(delivered)s::date[], %(notice_ends)s::date[]) AS t (delivered_on, ends_on)
             ON t.delivered_on = m.delivered_on
        WHERE m.template = 'notice_75c' AND m.status = 'delivered' AND t.ends_on > %(on)s
        UNION ALL
        SELECT 'termination', t.id, t.case_id, t.effective_on, NULL
        FROM contacts_termination t WHERE t.done_on IS NULL AND t.effective_on > %(on)s
        UNION ALL
        SELECT CASE WHEN d.limitation_on <= %(near)s THEN 'limitation_90' ELSE 'limitation_180' END,
               d.id, c.id, d.limitation_on, d.account_id
        FROM debtors_debt d
        JOIN ledger_account a ON a.id = d.account_id AND a.due_minor > 0
        JOIN debtors_debtparty p ON p.debt_id = d.id AND p.role = 'main_debtor'
        JOIN cases_case c ON c.debtor_id = p.debtor_id
        WHERE d.limitation_on > %(on)s AND d.limitation_on <= %(far)s
        UNION ALL
        SELECT 'complaint', h.id, h.case_id, h.from_on + %(complaint_days)s, NULL
        FROM cases_hold h
        WHERE h.kind = 'complaint' AND h.ended_on IS NULL AND h.from_on <= %(on)s
        UNION ALL
        SELECT 'restructuring', r.id, r.case_id, r.received_on, NULL
        FROM contacts_restructuringrequest r WHERE r.status = 'received'
        UNION ALL
        SELECT 'order', o.id, f.case_id, o.ends_on, NULL
        FROM unnest(%(orders)s::bigint[], %(order_ends)s::date[]) AS o (id, ends_on)
        JOIN courts_referral f ON f.id = o.id WHERE o.ends_on > %(on)s
        UNION ALL
        SELECT 'placement', p.id, p.case_id, p.until_on, NULL
        FROM agencies_placement p
        WHERE p.status = 'placed' AND p.until_on > %(on)s AND p.until_on <= %(placement_by)s
    ) x
    JOIN cases_case k ON k.id = x.case_id AND k.status = 'open'
    LEFT JOIN LATERAL (
        SELECT a.currency, sum(GREATEST(a.due_minor, 0)) AS due
        FROM debtors_debtparty q
        JOIN debtors_debt b ON b.id = q.debt_id
        JOIN ledger_account a ON a.id = b.account_id
        WHERE q.debtor_id = k.debtor_id AND q.role = 'main_debtor'
          AND (x.account_id IS NULL OR a.id = x.account_id)
        GROUP BY a.currency ORDER BY sum(a.outstanding_minor) DESC, a.currency LIMIT 1
    ) m ON true
    ORDER BY x.ends_on, x.code, x.id
"""

_PROBLEMS: Final = """
    SELECT 'data_problem' AS kind, x.code, c.id AS case_id, a.currency,
           NULL::bigint AS officer_id, GREATEST(a.due_minor, 0) AS money_minor,
           GREATEST(a.due_minor, 0) AS due_minor, d.id AS subject_id, d.missing_since AS event_on
    FROM debtors_debt d
    CROSS JOIN LATERAL (
        SELECT jsonb_array_elements_text(d.problems) AS code
        UNION ALL SELECT 'missing' WHERE d.missing_since IS NOT NULL
    ) x
    JOIN ledger_account a ON a.id = d.account_id
    JOIN debtors_debtparty p ON p.debt_id = d.id AND p.role = 'main_debtor'
    JOIN cases_case c ON c.debtor_id = p.debtor_id AND c.status = 'open'
    WHERE d.problems <> '[]'::jsonb OR d.missing_since IS NOT NULL
    ORDER BY x.code, d.id
"""


def write_waiting(cursor: Any, values: dict[str, Any]) -> None:
    """What waits as the rows now stand; the work that counts is due by the next working day."""
    on: date = values["on"]
    write_lines(
        cursor,
        _WORK,
        {**values, "next_working_day": POLAND.next_working_day(on)},
        as_before=False,
    )
    write_lines(cursor, _APPROVALS, values, as_before=False)
    write_lines(cursor, _DEADLINES, values | _terms(cursor, on), as_before=False)
    write_lines(cursor, _PROBLEMS, values, as_before=False)


def _terms(cursor: Any, on: date) -> dict[str, Any]:
    """The ends of terms that only the calendar knows."""
    since = on - _LONGEST_NOTICE_TERM
    delivered = [since + timedelta(days=i) for i in range((on - since).days + 1)]
    cursor.execute(
        "SELECT id, served_on, procedure FROM courts_referral"
        " WHERE status = 'order' AND served_on IS NOT NULL"
    )
    orders = {
        int(pk): objection_ends_on(
            served_on=served_on, procedure=Procedure(procedure), calendar=POLAND
        )
        for pk, served_on, procedure in cursor.fetchall()
    }
    return {
        "delivered": delivered,
        "notice_ends": [notice_term_ends_on(day, POLAND) for day in delivered],
        "orders": list(orders),
        "order_ends": list(orders.values()),
        "near": on + timedelta(days=LIMITATION_NEAR_DAYS),
        "far": on + timedelta(days=LIMITATION_FAR_DAYS),
        "complaint_days": COMPLAINT_ANSWER_DAYS,
        "placement_by": on + timedelta(days=PLACEMENT_AHEAD_DAYS),
    }
