"""Agreements that were broken by what was known then, and would not have been by what is now.

What followed the breach cannot be taken back by a machine: a person looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction

from cases.lifecycle import WorkKind
from cases.locking import lock_cases
from cases.operations import NewWorkItem, open_work_items
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.calendar import POLAND
from negotiations.events import AGREEMENT_NOT_BROKEN
from negotiations.models import Agreement

#: Why an agreement ended, once late money has shown that its instalment had come in time.
MONEY_WAS_LATE_KNOWN: Final = "money_known_late"
#: The money that counts from a day within the tolerance of the instalment that was missed.
_WOULD_HOLD: Final = """
    SELECT g.id, g.case_id, m.number, m.due_on, g.currency, paid.minor
    FROM negotiations_agreement g
    JOIN negotiations_instalment m ON m.agreement_id = g.id AND m.status = 'missed'
    JOIN cases_case c ON c.id = g.case_id AND c.status = 'open'
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(l.amount_minor), 0)::bigint AS minor
        FROM debtors_debtparty p
        JOIN debtors_debt d ON d.id = p.debt_id AND d.currency = g.currency
        JOIN ledger_transaction t ON t.account_id = d.account_id AND t.id > g.last_transaction_id
             AND t.effective_on <= m.due_on + g.tolerance_days
        JOIN ledger_posting l ON l.transaction_id = t.id AND l.leg = 'cash'
        WHERE p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
    ) paid
    WHERE g.case_id = ANY(%(cases)s) AND g.status = 'broken' AND g.end_reason <> %(told)s
      AND paid.minor + g.tolerance_minor >= (
          SELECT sum(i.amount_minor) FROM negotiations_instalment i
          WHERE i.agreement_id = g.id AND i.number <= m.number)
    ORDER BY g.id
"""
_CASES: Final = """
    SELECT DISTINCT g.case_id FROM negotiations_agreement g
    JOIN cases_case c ON c.id = g.case_id
    JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
    JOIN debtors_debt d ON d.id = p.debt_id AND d.account_id = ANY(%s)
    WHERE g.status = 'broken'
"""


@by_machine
@transaction.atomic
def tell_of_late_money(
    *, account_ids: Sequence[int], on: date, at: datetime, actor: Actor
) -> list[int]:
    """Ask a person to look at each such agreement, once; returns their ids."""
    with connection.cursor() as cursor:
        cursor.execute(_CASES, [list(account_ids)])
        case_ids = [int(row[0]) for row in cursor.fetchall()]
        if not case_ids:
            return []
        locked = lock_cases(case_ids=case_ids)
        cursor.execute(_WOULD_HOLD, {"cases": locked, "told": MONEY_WAS_LATE_KNOWN})
        found = cursor.fetchall()
    Agreement.objects.filter(pk__in=[row[0] for row in found]).update(
        end_reason=MONEY_WAS_LATE_KNOWN
    )
    record_events(
        events=[
            NewEvent(
                AGREEMENT_NOT_BROKEN,
                Subject("case", case_id),
                {
                    "agreement_id": pk,
                    "missed": number,
                    "due_on": due_on,
                    "currency": currency,
                    "paid_minor": paid,
                },
                on,
            )
            for pk, case_id, number, due_on, currency, paid in found
        ],
        at=at,
        actor=actor,
    )
    open_work_items(
        items=[
            NewWorkItem(
                case_id,
                WorkKind.REVIEW,
                POLAND.next_working_day(on),
                None,
                {"code": "agreement_not_broken", "agreement_id": pk},
            )
            for pk, case_id, *_ in found
        ],
        at=at,
        actor=actor,
    )
    return [row[0] for row in found]
