"""What stands on the desk of a large book: owners, work late and ahead, promises, agreements,
letters, holds, proposals. Case ``i`` gets what follows from ``i`` alone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from django.db import connection, transaction

from cases.operations import value_aging_work
from kernel.authority import by_machine

_STATEMENTS: Final = (
    """
    UPDATE cases_case SET owner_id = (%(officers)s::bigint[])[1 + id / 200 %% %(many)s]
    WHERE team_id = %(team)s AND id %% 3 > 0
    """,
    """
    INSERT INTO cases_lastanswer (case_id, answer, answered_on)
    SELECT id, (ARRAY['none', 'not_reached', 'spoke', 'willing', 'unwilling', 'broke_word'])
               [1 + id %% 6], %(on)s
    FROM cases_case
    """,
    """
    INSERT INTO cases_workitem (case_id, team_id, owner_id, kind, tray, status, due_on, priority,
                                reason, opened_at)
    SELECT c.id, c.team_id, c.owner_id, k.kind, k.tray, 'open',
           %(on)s::date + (c.id %% 41)::int - 20,
           CASE k.kind WHEN 'answer_request' THEN 10 ELSE 50 END, '{"code": "by_hand"}', %(at)s
    FROM cases_case c
    JOIN (VALUES (7, 'review', 'now'), (8, 'broken_promise', 'now'), (12, 'review', 'now'),
                 (13, 'broken_promise', 'now'), (14, 'answer_request', 'now'),
                 (15, 'find_address', 'data'), (16, 'letter_returned', 'data'),
                 (17, 'review', 'now'), (18, 'review', 'now'), (19, 'broken_agreement', 'now')
    ) AS k (place, kind, tray) ON k.place = c.id %% 20
    ON CONFLICT DO NOTHING
    """,
    """
    UPDATE cases_workitem w SET team_id = c.team_id, owner_id = c.owner_id,
           due_on = %(on)s::date + (c.id %% 31)::int - 25
    FROM cases_case c WHERE c.id = w.case_id AND w.kind = 'call'
    """,
    """
    INSERT INTO contacts_promise (case_id, amount_minor, currency, made_on, due_on, status,
                                  paid_minor)
    SELECT id, 20000, 'PLN', %(on)s::date - 10, %(on)s::date + (id %% 30)::int, 'open', 0
    FROM cases_case WHERE id %% 10 = 4
    """,
    """
    INSERT INTO negotiations_agreement (status, amount_minor, currency, grounds, proposed_at,
        decision_reason, case_id, kind, needs_approval, write_off_minor, tolerance_days,
        tolerance_minor, last_transaction_id, policy_from, in_force_on, judge_on, end_reason)
    SELECT CASE WHEN id %% 50 = 5 THEN 'proposed' ELSE 'in_force' END, 100000, 'PLN', '{}',
           %(at)s::timestamptz - make_interval(days => (id %% 9)::int), '', id, 'instalments',
           false, 0, 5, 0, 0, %(on)s, %(on)s::date - 20, %(on)s::date + (id %% 35)::int, ''
    FROM cases_case WHERE id %% 10 = 5
    """,
    """
    INSERT INTO negotiations_instalment (agreement_id, number, due_on, amount_minor, paid_minor,
                                         status)
    SELECT a.id, n, a.judge_on - 6 + 30 * (n - 1), 10000, 0, 'open'
    FROM negotiations_agreement a, generate_series(1, 10) AS n
    """,
    """
    INSERT INTO contacts_message (case_id, debtor_id, channel, template, template_version, language,
        recipient, figures, cause, status, queued_on, handed_over_on, delivered_on)
    SELECT c.id, c.debtor_id, 'letter', k.template, 1, 'pl', '{}', '{}',
           'desk:' || c.id || ':' || k.status || ':' || k.template, k.status,
           %(on)s::date - 20,
           CASE WHEN k.status <> 'queued' THEN %(on)s::date - (c.id %% 21)::int END,
           CASE WHEN k.status = 'delivered' THEN %(on)s::date - (c.id %% 120)::int END
    FROM cases_case c
    JOIN (VALUES (0, 'queued', 'demand'), (1, 'handed_over', 'demand'),
                 (2, 'handed_over', 'notice_75c'), (3, 'delivered', 'notice_75c'),
                 (6, 'delivered', 'demand'), (7, 'delivered', 'precourt_demand'),
                 (8, 'delivered', 'termination'), (9, 'delivered', 'demand')
    ) AS k (place, status, template) ON k.place = c.id %% 10
    """,
    """
    INSERT INTO cases_hold (case_id, kind, cause, reason, from_on, until_on, placed_at, actor_kind,
                            actor_id)
    SELECT c.id, k.kind, k.cause || c.id, 'of the benchmark', %(on)s::date - 5,
           CASE WHEN c.id %% 3 > 0 THEN %(on)s::date + (c.id %% 50)::int END, %(at)s, 'system',
           'benchmark'
    FROM cases_case c
    JOIN (VALUES (3, 'complaint', ''), (4, 'promise', 'promise:'), (5, 'agreement', 'agreement:'),
                 (11, 'vulnerability', ''), (15, 'data_problem', 'debt:')
    ) AS k (place, kind, cause) ON k.place = c.id %% 20
    ON CONFLICT DO NOTHING
    """,
)


@by_machine
@transaction.atomic
def write_desk_rows(*, on: date, team_id: int, officer_ids: list[int]) -> None:
    """On top of a book that was decided once; the officers of one team own two thirds of its
    cases."""
    values: dict[str, Any] = {
        "on": on,
        "at": datetime(on.year, on.month, on.day, tzinfo=UTC),
        "team": team_id,
        "officers": officer_ids,
        "many": len(officer_ids),
    }
    with connection.cursor() as cursor:
        for statement in _STATEMENTS:
            cursor.execute(statement, values)
    value_aging_work(on=on)
