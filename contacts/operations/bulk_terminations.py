"""Proposing the termination of contracts by the thousand. A person decides later."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from cases.lifecycle import HoldKind
from cases.operations import NewHold, place_holds
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine

#: ``termination_id``, ``notice_id``, ``cause``, ``amount_minor``, ``currency``, ``by_machine``.
TERMINATION_PROPOSED: Final = "termination.proposed"


class NewTermination(NamedTuple):
    """``cause`` names the step or the request that asks for it, and is unique."""

    case_id: int
    cause: str
    grounds: Mapping[str, Any]


_PROPOSE: Final = """
INSERT INTO contacts_termination (case_id, notice_id, cause, status, amount_minor, currency,
                                  grounds, proposed_by_id, proposed_at, decision_reason)
SELECT n.case_id, notice.id, n.cause, 'proposed', owed.amount_minor, owed.currency,
       n.grounds::jsonb, %(user)s, %(at)s, ''
FROM unnest(%(cases)s::bigint[], %(causes)s::text[], %(grounds)s::text[])
     AS n (case_id, cause, grounds)
JOIN cases_case c ON c.id = n.case_id AND c.status = 'open'
CROSS JOIN LATERAL (
    SELECT m.id, m.status FROM contacts_message m
    WHERE m.case_id = n.case_id AND m.debtor_id = c.debtor_id AND m.template = 'notice_75c'
    ORDER BY m.id DESC LIMIT 1
) AS notice
CROSS JOIN LATERAL (
    SELECT a.currency, sum(a.outstanding_minor)::bigint AS amount_minor
    FROM debtors_debtparty p
    JOIN debtors_debt d ON d.id = p.debt_id AND d.terminated_on IS NULL
    JOIN ledger_account a ON a.id = d.account_id AND a.due_minor > 0
    WHERE p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
    GROUP BY a.currency ORDER BY min(a.due_since), a.currency LIMIT 1
) AS owed
WHERE notice.status = 'delivered'
ORDER BY n.case_id
ON CONFLICT DO NOTHING
RETURNING id, case_id, notice_id, cause, amount_minor, currency
"""


@by_machine
@transaction.atomic
def propose_terminations(
    *, proposals: Sequence[NewTermination], on: date, at: datetime, actor: Actor
) -> list[int]:
    """Propose to terminate what the delivered notice under art. 75c of the Banking Act names,
    and hold the cases until a person has decided. Returns the ids of the cases.

    A case without a delivered notice, with an open proposal, or with nothing left to
    terminate is passed over, and so is a used cause. The amount is the whole debt in the
    currency of the debt that is due longest: all of it falls due.
    """
    if not proposals:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _PROPOSE,
            {
                "user": actor.user_id,
                "at": at,
                "cases": [proposal.case_id for proposal in proposals],
                "causes": [proposal.cause for proposal in proposals],
                "grounds": [json.dumps(proposal.grounds, default=str) for proposal in proposals],
            },
        )
        made = sorted(cursor.fetchall())
    record_events(
        events=[
            NewEvent(
                TERMINATION_PROPOSED,
                Subject("case", case_id),
                {
                    "termination_id": termination_id,
                    "notice_id": notice_id,
                    "cause": cause,
                    "amount_minor": amount_minor,
                    "currency": currency,
                    "by_machine": actor.user_id is None,
                },
                on,
            )
            for termination_id, case_id, notice_id, cause, amount_minor, currency in made
        ],
        actor=actor,
        at=at,
    )
    place_holds(
        holds=[
            NewHold(case_id, HoldKind.APPROVAL, f"termination:{termination_id}", "", on, None)
            for termination_id, case_id, *_ in made
        ],
        at=at,
        actor=actor,
    )
    return [row[1] for row in made]
