"""The facts of thousands of cases in two statements, as plain tuples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import repeat
from typing import Any, Final

from django.db import connection

from cases.lifecycle import holds_that_stop
from escalation.facts import Facts
from escalation.queries.owed import NOTHING_OWED, Owed, get_owed
from kernel.sql_text import array_text

#: Every part joins the batch first, so that a batch of a large book touches only its own rows.
_FACTS: Final = """
WITH batch AS MATERIALIZED (
    SELECT n.case_id, n.counts_from_on, c.debtor_id, c.stage, c.handled_by
    FROM unnest(%(cases)s::bigint[], %(counts_from)s::date[]) AS n (case_id, counts_from_on)
    JOIN cases_case c ON c.id = n.case_id
),
holds AS (
    SELECT b.case_id, array_agg(DISTINCT h.kind) AS kinds,
           CASE WHEN bool_and(h.until_on IS NOT NULL) THEN max(h.until_on) END AS until_on
    FROM batch b JOIN cases_hold h ON h.case_id = b.case_id
    WHERE h.ended_on IS NULL AND h.from_on <= %(on)s
      AND (h.until_on IS NULL OR h.until_on >= %(on)s) AND h.kind = ANY(%(stopping)s)
    GROUP BY b.case_id
),
attempts AS (
    SELECT b.case_id, max(t.happened_on) AS contact_on,
           max(t.happened_on) FILTER (WHERE t.is_conversation) AS conversation_on
    FROM batch b JOIN contacts_attempt t ON t.case_id = b.case_id
    WHERE t.struck_at IS NULL GROUP BY b.case_id
),
promises AS (
    SELECT b.case_id, bool_or(t.status = 'open') AS open,
           count(*) FILTER (WHERE t.status = 'broken')::int AS broken
    FROM batch b JOIN contacts_promise t ON t.case_id = b.case_id
    WHERE t.made_on >= b.counts_from_on GROUP BY b.case_id
),
latest_letters AS (
    SELECT DISTINCT ON (b.case_id, m.template)
           b.case_id, m.template, m.delivered_on,
           CASE m.status WHEN 'recalled' THEN 'skipped' ELSE m.status END AS status
    FROM batch b
    JOIN contacts_message m ON m.case_id = b.case_id AND m.debtor_id = b.debtor_id
    WHERE m.channel = 'letter' AND m.template = ANY(%(letters)s)
      AND m.queued_on >= b.counts_from_on
    ORDER BY b.case_id, m.template, m.id DESC
),
letters AS (
    SELECT case_id,
           max(status) FILTER (WHERE template = 'demand') AS demand,
           max(delivered_on) FILTER (WHERE template = 'demand') AS demand_on,
           max(status) FILTER (WHERE template = 'notice_75c') AS notice,
           max(delivered_on) FILTER (WHERE template = 'notice_75c') AS notice_on,
           max(status) FILTER (WHERE template = 'termination') AS termination,
           max(delivered_on) FILTER (WHERE template = 'termination') AS termination_on
    FROM latest_letters GROUP BY case_id
),
terminations AS (
    SELECT DISTINCT ON (b.case_id) b.case_id, t.status, t.done_on, {decided_on}
    FROM batch b JOIN contacts_termination t ON t.case_id = b.case_id
    WHERE {counts} ORDER BY b.case_id, t.id DESC
),
placements AS (
    SELECT DISTINCT ON (b.case_id) b.case_id, t.status, t.ended_on, {decided_on}
    FROM batch b JOIN agencies_placement t ON t.case_id = b.case_id
    WHERE {counts} ORDER BY b.case_id, t.id DESC
),
past_placements AS (
    SELECT b.case_id, count(*)::int AS past
    FROM batch b JOIN agencies_placement t ON t.case_id = b.case_id
    WHERE t.ended_on IS NOT NULL GROUP BY b.case_id
),
referrals AS (
    SELECT DISTINCT ON (b.case_id) b.case_id, t.status, {decided_on}
    FROM batch b JOIN courts_referral t ON t.case_id = b.case_id
    WHERE {counts} ORDER BY b.case_id, t.id DESC
),
standings AS (
    SELECT b.case_id, t."default", t.forborne
    FROM batch b JOIN debtors_standing t ON t.debtor_id = b.debtor_id AND t.debtor_id IS NOT NULL
    WHERE t.replaced_at IS NULL AND t.from_on <= %(on)s
      AND (t.until_on IS NULL OR t.until_on >= %(on)s)
)
SELECT b.case_id, b.debtor_id, debtor.kind, b.stage, b.handled_by, holds.kinds, holds.until_on,
       attempts.contact_on, attempts.conversation_on,
       coalesce(promises.open, false), coalesce(promises.broken, 0),
       coalesce(points.bits, 0), addresses.usable,
       coalesce(letters.demand, 'none'), letters.demand_on,
       coalesce(letters.notice, 'none'), letters.notice_on,
       coalesce(letters.termination, 'none'), letters.termination_on,
       CASE WHEN t.done_on IS NOT NULL THEN 'none'
            WHEN t.status IN ('proposed', 'sent_back') THEN 'proposed'
            WHEN t.status = 'approved' THEN 'granted'
            ELSE coalesce(t.status, 'none') END,
       t.decided_on,
       CASE WHEN p.status IN ('proposed', 'sent_back') THEN 'proposed'
            WHEN p.status = 'approved' THEN 'granted'
            WHEN p.status = 'placed' THEN 'active'
            WHEN p.status IN ('recalled', 'returned', 'ended') THEN 'ended'
            ELSE coalesce(p.status, 'none') END,
       p.decided_on, p.ended_on, coalesce(past_placements.past, 0),
       CASE WHEN r.status IN ('proposed', 'sent_back') THEN 'proposed'
            WHEN r.status = 'approved' THEN 'granted'
            WHEN r.status IN ('filed', 'order', 'objected', 'order_final', 'enforcement')
                THEN 'filed'
            ELSE coalesce(r.status, 'none') END,
       r.decided_on,
       coalesce(standing."default" <> '', false), coalesce(standing.forborne <> 'no', false)
FROM batch b
JOIN debtors_debtor debtor ON debtor.id = b.debtor_id
CROSS JOIN LATERAL (
    SELECT bit_or(CASE t.kind WHEN 'mobile' THEN 3 WHEN 'landline' THEN 1 ELSE 4 END) AS bits
    FROM debtors_contactpoint t WHERE t.debtor_id = b.debtor_id AND t.is_usable
) points
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT 1 FROM debtors_address t
                   WHERE t.debtor_id = b.debtor_id AND t.is_usable OFFSET 0) AS usable
) addresses
LEFT JOIN holds USING (case_id)
LEFT JOIN attempts USING (case_id)
LEFT JOIN promises USING (case_id)
LEFT JOIN letters USING (case_id)
LEFT JOIN terminations t USING (case_id)
LEFT JOIN placements p USING (case_id)
LEFT JOIN past_placements USING (case_id)
LEFT JOIN referrals r USING (case_id)
LEFT JOIN standings standing USING (case_id)
""".format(
    decided_on="(t.decided_at AT TIME ZONE 'Europe/Warsaw')::date AS decided_on",
    counts="(t.proposed_at AT TIME ZONE 'Europe/Warsaw')::date >= b.counts_from_on",
)

_LETTERS: Final = ["demand", "notice_75c", "termination"]
_STOPPING: Final = sorted(holds_that_stop("escalation"))
_NO_HOLDS: Final[frozenset[str]] = frozenset()


def get_facts(
    *, case_ids: Sequence[int], counts_from: Iterable[date], on: date
) -> dict[int, Facts]:
    """The facts of each case on the legal day ``on``, by case id.

    ``counts_from`` has a day for each case: letters, promises and proposals from before it
    belong to earlier arrears and are left out.
    """
    if not case_ids:
        return {}
    values: dict[str, Any] = {
        "cases": array_text(case_ids),
        "counts_from": array_text(counts_from),
        "on": on,
        "letters": _LETTERS,
        "stopping": _STOPPING,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, values)
        rows: list[Any] = cursor.fetchall()
    owed = get_owed(debtor_ids=[row[1] for row in rows], on=on)
    return {row[0]: _facts(row, owed.get(row[1], NOTHING_OWED)) for row in rows}


def get_facts_since_ever(*, case_ids: Sequence[int], on: date) -> dict[int, Facts]:
    """The same for cases that are not enrolled yet, counting everything."""
    return get_facts(case_ids=case_ids, counts_from=repeat(date.min, len(case_ids)), on=on)


#: Bits of the contact points that can be used.
_PHONE, _MOBILE, _EMAIL = 1, 2, 4


def _facts(row: Sequence[Any], owed: Owed) -> Facts:
    (_, _, kind, stage, handled_by, holds, held_until, contact_on, conversation_on, promised,
     broken, points, address, demand, demand_on, notice, notice_on, statement, statement_on,
     termination, termination_decided_on, *others) = row  # fmt: skip
    if owed.terminated_on is not None:
        termination = "in_effect"
    return Facts(
        owed.overdue,
        owed.outstanding,
        owed.currency,
        owed.due_since,
        owed.product,
        kind,
        owed.consumer,
        stage,
        handled_by,
        frozenset(holds) if holds else _NO_HOLDS,
        held_until,
        contact_on,
        conversation_on,
        promised,
        broken,
        points & _PHONE > 0,
        points & _MOBILE > 0,
        points & _EMAIL > 0,
        address,
        owed.limitation_on,
        demand,
        demand_on,
        notice,
        notice_on,
        statement,
        statement_on,
        termination,
        termination_decided_on,
        owed.terminated_on,
        *others,
    )
