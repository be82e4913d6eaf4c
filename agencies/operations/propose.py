"""Proposing that a case goes to an agency. A person decides later."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from agencies import events
from agencies.models import Placement
from cases.lifecycle import HoldKind
from cases.operations import NewHold, place_holds
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine


class NewProposal(NamedTuple):
    """``cause`` names the step or the person's request that asks for it, and is unique."""

    case_id: int
    cause: str
    grounds: Mapping[str, Any]


@by_machine
@transaction.atomic
def propose_placements(
    *, proposals: Sequence[NewProposal], on: date, at: datetime, actor: Actor
) -> list[int]:
    """Propose agency placements and hold the cases until a person has decided.

    The amount is what is due on the case's debts, in the currency of the debt that is due
    longest. A case with a live placement, and a cause that was used, are passed over: the
    same call twice changes nothing. Returns the ids of the cases that were proposed.
    """
    if not proposals:
        return []
    made = _insert(proposals, at, actor)
    if not made:
        return []
    record_events(
        events=[
            NewEvent(
                events.PLACEMENT_PROPOSED,
                Subject("case", case_id),
                {
                    "placement_id": placement_id,
                    "cause": cause,
                    "amount_minor": amount_minor,
                    "currency": currency,
                    "by_machine": actor.user_id is None,
                },
                on,
            )
            for placement_id, case_id, cause, amount_minor, currency in made
        ],
        at=at,
        actor=actor,
    )
    place_holds(
        holds=[
            NewHold(case_id, HoldKind.APPROVAL, f"placement:{placement_id}", "", on, None)
            for placement_id, case_id, *_ in made
        ],
        at=at,
        actor=actor,
    )
    return [case_id for _, case_id, *_ in made]


def _insert(
    proposals: Sequence[NewProposal], at: datetime, actor: Actor
) -> list[tuple[int, int, str, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {Placement._meta.db_table} (
                case_id, cause, grounds, status, amount_minor, currency,
                proposed_by_id, proposed_at, decision_reason, end_reason
            )
            SELECT wanted.case_id, wanted.cause, wanted.grounds::jsonb, 'proposed',
                   owed.amount_minor, owed.currency, %(user)s, %(at)s, '', ''
            FROM unnest(%(cases)s::bigint[], %(causes)s::text[], %(grounds)s::text[])
                 WITH ORDINALITY AS wanted (case_id, cause, grounds, place)
            JOIN cases_case c ON c.id = wanted.case_id AND c.status = 'open'
            CROSS JOIN LATERAL (
                SELECT a.currency, sum(a.due_minor)::bigint AS amount_minor
                FROM debtors_debtparty p
                JOIN debtors_debt d ON d.id = p.debt_id
                JOIN ledger_account a ON a.id = d.account_id AND a.due_minor > 0
                WHERE p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
                GROUP BY a.currency
                ORDER BY min(a.due_since), a.currency
                LIMIT 1
            ) AS owed
            ORDER BY wanted.place
            ON CONFLICT DO NOTHING
            RETURNING id, case_id, cause, amount_minor, currency
            """,
            {
                "user": actor.user_id,
                "at": at,
                "cases": [proposal.case_id for proposal in proposals],
                "causes": [proposal.cause for proposal in proposals],
                "grounds": [json.dumps(proposal.grounds, default=str) for proposal in proposals],
            },
        )
        return list(cursor.fetchall())
