"""What people did on the day, and what rules stopped: from promises and the journal."""

from __future__ import annotations

from typing import Any, Final

from portfolio.operations.entry_lines import write_lines

# Who took a promise is credited with it. One that is kept early counts on its due day, so that
# kept and broken ones of a stretch of days are those due in it.
_PROMISES: Final = """
    SELECT f.kind, '' AS code, p.case_id, p.currency, a.logged_by_id AS officer_id,
           p.amount_minor AS money_minor, 0 AS due_minor, p.id AS subject_id, p.due_on AS event_on
    FROM contacts_promise p
    LEFT JOIN contacts_attempt a ON a.id = p.attempt_id
    CROSS JOIN LATERAL (VALUES
        ('promise_made', p.made_on),
        (CASE p.status WHEN 'kept' THEN 'promise_kept' WHEN 'broken' THEN 'promise_broken' END,
         GREATEST(p.due_on, p.judged_on))
    ) AS f (kind, counts_on)
    WHERE f.kind IS NOT NULL AND f.counts_on > %(since)s AND f.counts_on <= %(on)s
    ORDER BY f.kind, p.id
"""

# What was taken back on the same day, such as a call logged by mistake, was not done.
_TOLD: Final = """
    SELECT e.id, e.kind, e.subject_id, e.actor_kind, e.actor_id, e.effective_on, e.payload
    FROM journal_event e
    WHERE e.recorded_on > %(since)s AND e.recorded_on <= %(on)s AND e.subject_kind = 'case'
      AND e.kind = ANY(%(kinds)s)
"""
_ACTS: Final = f"""
    WITH told AS ({_TOLD}),
    taken_back AS (
        SELECT payload->>'attempt_id' AS attempt, payload->>'work_item_id' AS work, max(id) AS id
        FROM told WHERE kind IN ('contact.struck_out', 'work_item.reopened') GROUP BY 1, 2
    )
    SELECT f.kind, f.code, t.subject_id AS case_id, '' AS currency,
           CASE WHEN t.actor_kind = 'user' THEN t.actor_id::bigint END AS officer_id,
           0 AS money_minor, 0 AS due_minor, f.subject::bigint AS subject_id,
           t.effective_on AS event_on
    FROM told t
    CROSS JOIN LATERAL (VALUES
        ('attempt', t.payload->>'result', t.payload->>'attempt_id',
         t.kind = 'contact.logged' AND t.payload->>'direction' = 'out'),
        ('talk', t.payload->>'result', t.payload->>'attempt_id',
         t.kind = 'contact.logged' AND (t.payload->>'conversation')::boolean),
        ('work_opened', t.payload->>'kind', t.payload->>'work_item_id',
         t.kind = 'work_item.opened'),
        ('work_done', t.payload->>'kind', t.payload->>'work_item_id',
         t.kind = 'work_item.finished'),
        ('stopped_contact', t.payload->>'rule', NULL, t.kind = 'contact.refused'),
        ('stopped_message', t.payload->>'rule', t.payload->>'message_id',
         t.kind = 'message.skipped'),
        ('overridden', t.payload->>'rule', NULL, t.kind = 'contact.guard_overridden')
    ) AS f (kind, code, subject, holds)
    WHERE f.holds AND NOT EXISTS (
        SELECT 1 FROM taken_back b WHERE b.id > t.id
          AND (b.attempt = f.subject AND f.kind IN ('attempt', 'talk')
               OR b.work = f.subject AND f.kind = 'work_done'))
    ORDER BY f.kind, t.id
"""
_KINDS: Final = (
    "contact.logged", "contact.struck_out", "work_item.opened", "work_item.finished",
    "work_item.reopened", "contact.refused", "message.skipped", "contact.guard_overridden",
)  # fmt: skip


def write_acts(cursor: Any, values: dict[str, Any]) -> None:
    """What was recorded on the days after ``since``, through ``on``."""
    write_lines(cursor, _PROMISES, values, as_before=False)
    write_lines(cursor, _ACTS, {**values, "kinds": list(_KINDS)}, as_before=False)
