"""A made-up book of enrolled cases, written by plain SQL: for benchmarks and tests.

Case ``i`` stands at a place that follows from ``i`` alone: of every twenty, eleven have a step
whose time has come (calls, messages, letters, proposals), the others wait or are held.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from escalation.queries.versions import list_versions_in_force
from kernel.authority import by_machine

#: The step at which case ``i`` stands, by ``i % 20``, in the strategy for everything else.
_STEPS: Final = (
    "reminder", "reminder", "call", "call", "call", "last_reminder", "demand", "demand",
    "notice_75c", "agency", "court",
    "call", "call", "call", "demand", "notice_75c", "termination", "demand", "last_reminder",
    "call",
)  # fmt: skip
#: Of those twenty, the first so many are due to take their step.
_DUE: Final = 11

_STATEMENTS: Final = (
    """
    INSERT INTO debtors_intakerun (file_name, file_sha256, profile, profile_sha256, as_of_on,
        "full", options, status, started_at, rows_done, counts, refusal, error_file, actor_kind,
        actor_id)
    VALUES ('book.csv', '', 'canonical', '', %(opened_on)s, false, '{}', 'done', %(at)s,
            %(cases)s, '{}', '{}', '', 'system', 'benchmark')
    """,
    """
    INSERT INTO debtors_debtor (id, external_id, kind, first_name, last_name, company_name,
        display_name, sort_key, search, updated_at)
    SELECT i, 'B' || i, 'person', 'Jan', 'Testowy' || i, '', 'Jan Testowy' || i,
           lpad(i::text, 10, '0'), to_tsvector('simple', 'jan testowy' || i), %(at)s
    FROM generate_series(1, %(cases)s) AS i
    """,
    """
    INSERT INTO debtors_contactpoint (debtor_id, kind, value)
    SELECT i, k, CASE k WHEN 'email' THEN 'jan' || i || '@example.org'
                        ELSE '+48500' || lpad(i::text, 7, '0') END
    FROM generate_series(1, %(cases)s) AS i, unnest(ARRAY['mobile', 'email']) AS k
    """,
    """
    INSERT INTO debtors_address (debtor_id, kind, street, postal_code, city)
    SELECT i, 'registered', 'Prosta ' || i, '00-001', 'Warszawa'
    FROM generate_series(1, %(cases)s) AS i
    """,
    """
    INSERT INTO ledger_account (id, currency, virtual_account_no, opened_on, outstanding_minor,
        due_minor, due_since)
    SELECT i, 'PLN', 'PL' || lpad(i::text, 26, '0'), %(opened_on)s, 500000 + i %% 100000,
           100000 + i %% 50000, %(on)s::date - 100 - (i %% 60)::int
    FROM generate_series(1, %(cases)s) AS i
    """,
    """
    INSERT INTO ledger_balance (account_id, component, due_on, amount_minor)
    SELECT a.id, k.component, k.due_on, k.amount
    FROM ledger_account a, LATERAL (VALUES
        ('principal', a.due_since, a.due_minor - 20000),
        ('contractual_interest', a.due_since, 20000::bigint),
        ('principal', NULL::date, a.outstanding_minor - a.due_minor)
    ) AS k (component, due_on, amount)
    WHERE a.id <= %(cases)s
    """,
    """
    INSERT INTO ledger_transaction (id, account_id, kind, effective_on, recorded_at, source,
        idempotency_key, reason, actor_kind, actor_id)
    SELECT i, i, 'opening', %(opened_on)s, %(at)s, 'benchmark', i, '', 'system', 'benchmark'
    FROM generate_series(1, %(cases)s) AS i
    """,
    """
    INSERT INTO ledger_posting (transaction_id, account_id, leg, due_on, amount_minor)
    SELECT b.account_id, b.account_id, b.component, b.due_on, b.amount_minor
    FROM ledger_balance b WHERE b.account_id <= %(cases)s
    UNION ALL
    SELECT a.id, a.id, 'opening', NULL, -a.outstanding_minor
    FROM ledger_account a WHERE a.id <= %(cases)s
    """,
    """
    INSERT INTO debtors_debt (account_id, external_id, product, contract_no, contract_on,
        currency, is_consumer, terminated_on, problems, bank_account_no, seen_in_run_id)
    SELECT i, 'B' || i, 'cash_loan', 'C/' || i, '2024-01-15', 'PLN', true,
           CASE WHEN i %% 20 IN (9, 10) THEN %(on)s::date - 20 END, '[]', '',
           (SELECT max(id) FROM debtors_intakerun)
    FROM generate_series(1, %(cases)s) AS i
    """,
    """
    INSERT INTO debtors_debtparty (debt_id, debtor_id, role)
    SELECT d.id, d.account_id, 'main_debtor' FROM debtors_debt d WHERE d.account_id <= %(cases)s
    """,
    """
    INSERT INTO cases_case (id, number, debtor_id, status, overdue_minor, overdue_currency,
        due_since, products, stage, handled_by, opened_on, updated_at)
    SELECT i, 'B-' || i, i, 'open', 100000 + i %% 50000, 'PLN',
           %(on)s::date - 100 - (i %% 60)::int, '{cash_loan}',
           CASE WHEN i %% 20 IN (9, 10, 15, 16) THEN 'formal_letters' ELSE 'direct_contact' END,
           'house', %(opened_on)s, %(at)s
    FROM generate_series(1, %(cases)s) AS i
    """,
    """
    INSERT INTO cases_hold (case_id, kind, reason, from_on, until_on, placed_at, actor_kind,
        actor_id)
    SELECT i, 'dispute', '', %(on)s::date - 5, %(on)s::date + 10, %(at)s, 'system', 'benchmark'
    FROM generate_series(1, %(cases)s) AS i WHERE i %% 20 = 19
    """,
    """
    INSERT INTO escalation_enrolment (case_id, version_id, status, step_key, previous_on,
        counts_from_on, entered_on, next_due_on)
    SELECT i, %(version)s, 'active', (%(steps)s::text[])[i %% 20 + 1],
           %(on)s::date - CASE WHEN i %% 20 < %(due)s THEN 40 ELSE 1 END,
           %(opened_on)s, %(opened_on)s, %(on)s
    FROM generate_series(1, %(cases)s) AS i
    """,
    "SELECT setval('ledger_account_id_seq', %(cases)s)",
    "SELECT setval('ledger_transaction_id_seq', %(cases)s)",
    "SELECT setval('debtors_debtor_id_seq', %(cases)s)",
    "SELECT setval('cases_case_id_seq', %(cases)s)",
)


@by_machine
@transaction.atomic
def write_book(*, cases: int, on: date) -> None:
    """``cases`` open cases, every one due on ``on``, into an empty migrated database."""
    (version,) = [v for v in list_versions_in_force() if v.strategy.segment.for_everything_else]
    values: dict[str, Any] = {
        "cases": cases,
        "on": on,
        "opened_on": on - timedelta(days=90),
        "at": datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(days=90),
        "version": version.version_id,
        "steps": list(_STEPS),
        "due": _DUE,
    }
    with connection.cursor() as cursor:
        for statement in _STATEMENTS:
            cursor.execute(statement, values)
