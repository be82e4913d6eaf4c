"""The events of one intake run, in blocks, from what the merge has left in its tables."""

from __future__ import annotations

from typing import Any, Final

from django.db import connection

from debtors import events
from debtors.operations.merging_debts import Extract
from journal.operations import NewEvent, Subject, record_events

_ROWS: Final = 50_000

#: (kind, subject, query of subject id and payload text); %(run)s is the run.
_NEWS: Final = (
    (
        events.DEBT_TAKEN_IN,
        "account",
        """
        SELECT n.account_id, jsonb_build_object(
                   'debt_id', n.id, 'debtor_id', n.debtor_id, 'run_id', %(run)s::bigint,
                   'product', n.product, 'currency', n.currency,
                   'outstanding_minor', a.outstanding_minor, 'due_minor', a.due_minor,
                   'due_since', a.due_since, 'problems', n.problems)::text
        FROM intake_debt n JOIN ledger_account a ON a.id = n.account_id
        WHERE n.is_new ORDER BY n.account_id
        """,
    ),
    (
        events.DEBT_CHANGED,
        "account",
        """
        SELECT n.account_id, jsonb_build_object(
                   'debt_id', n.id, 'debtor_id', n.debtor_id, 'run_id', %(run)s::bigint,
                   'fields', to_jsonb(c.fields))::text
        FROM intake_debt_changed c JOIN intake_debt n USING (id)
        WHERE cardinality(c.fields) > 0 AND %(may_change)s ORDER BY n.account_id
        """,
    ),
    (
        events.DATA_PROBLEMS_CHANGED,
        "account",
        """
        SELECT n.account_id, jsonb_build_object(
                   'debt_id', n.id, 'debtor_id', n.debtor_id, 'run_id', %(run)s::bigint,
                   'problems', n.problems)::text
        FROM intake_debt_changed c JOIN intake_debt n USING (id)
        WHERE c.problems_changed AND %(may_change)s ORDER BY n.account_id
        """,
    ),
    (
        events.PARTY_ADDED,
        "account",
        """
        SELECT account_id, jsonb_build_object(
                   'debt_id', debt_id, 'debtor_id', debtor_id, 'role', role,
                   'run_id', %(run)s::bigint)::text
        FROM intake_party_new WHERE NOT is_new ORDER BY account_id
        """,
    ),
    (  # what was said before is not said again, night after night
        events.FEED_DIFFERS,
        "account",
        """
        SELECT k.account_id, jsonb_build_object(
                   'debt_id', n.id, 'run_id', %(run)s::bigint, 'currency', n.currency,
                   'feed', k.feed, 'changes', k.changes)::text
        FROM (SELECT account_id, jsonb_object_agg(component, feed_minor) AS feed,
                     jsonb_object_agg(component, feed_minor - ours_minor) AS changes
              FROM intake_kept GROUP BY account_id) k
        JOIN intake_debt n USING (account_id)
        WHERE k.feed IS DISTINCT FROM (
            SELECT e.payload -> 'feed' FROM journal_event e
            WHERE e.subject_kind = 'account' AND e.subject_id = k.account_id
              AND e.kind = 'debt.feed_differs' ORDER BY e.id DESC LIMIT 1)
        ORDER BY k.account_id
        """,
    ),
    (
        events.DEBTOR_CHANGED,
        "debtor",
        """
        SELECT id, jsonb_build_object('run_id', %(run)s::bigint, 'fields', to_jsonb(fields))::text
        FROM intake_debtor_changed WHERE cardinality(fields) > 0 ORDER BY id
        """,
    ),
    (
        events.DEBT_MISSING,
        "account",
        """
        SELECT d.account_id, jsonb_build_object(
                   'debt_id', d.id, 'debtor_id', p.debtor_id, 'run_id', %(run)s::bigint)::text
        FROM intake_debt_seen s JOIN debtors_debt d USING (id)
        JOIN debtors_debtparty p ON p.debt_id = d.id AND p.role = 'main_debtor'
        WHERE s.kind = 'missing' ORDER BY d.account_id
        """,
    ),
    (
        events.DEBT_BACK,
        "account",
        """
        SELECT d.account_id, jsonb_build_object(
                   'debt_id', d.id, 'debtor_id', p.debtor_id, 'run_id', %(run)s::bigint)::text
        FROM intake_debt_seen s JOIN debtors_debt d USING (id)
        JOIN debtors_debtparty p ON p.debt_id = d.id AND p.role = 'main_debtor'
        WHERE s.kind = 'back' ORDER BY d.account_id
        """,
    ),
)


def tell(*, extract: Extract) -> int:
    """Record what the merge changed; return how many events. Nothing changed, nothing told."""
    told = 0
    with connection.cursor() as cursor:
        for kind, subject, query in _NEWS:
            if kind == events.DEBTOR_CHANGED and not extract.may_change:
                continue
            cursor.execute(query, {"run": extract.run_id, "may_change": extract.may_change})
            while rows := cursor.fetchmany(_ROWS):
                told += _record(kind, subject, rows, extract)
    return told


def _record(kind: str, subject: str, rows: list[Any], extract: Extract) -> int:
    new = [NewEvent(kind, Subject(subject, pk), payload, extract.as_of) for pk, payload in rows]
    record_events(events=new, actor=extract.actor, at=extract.at)
    return len(new)
