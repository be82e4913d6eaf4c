"""Proposing to terminate the debts that a delivered notice under art. 75c names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from cases.lifecycle import HoldKind
from cases.locking import lock_case, lock_cases
from cases.operations import STEP_OF_GROUNDS, NewHold, NewProposal, place_holds
from contacts.events import TERMINATION_PROPOSED
from contacts.guard import Refused, may_terminate
from contacts.models import Termination
from contacts.queries.guarding import get_person_facts
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.calendar import POLAND
from kernel.errors import Conflict
from staff.rights import Right


class TerminationBarred(Conflict):
    """The law or a rule stands against it: ``rule`` and its values."""

    code = "termination_barred"


class TerminationOpenAlready(Conflict):
    """One is proposed already, or approved and not completed, or nothing is left to terminate."""

    code = "termination_open_already"


#: The debts that the latest delivered notice names and that are still in arrears, not
#: terminated and not part of another open termination.
_PROPOSE: Final = f"""
WITH wanted AS MATERIALIZED (
    SELECT n.case_id, n.cause, n.grounds::jsonb
    FROM unnest(%(cases)s::bigint[], %(causes)s::text[], %(grounds)s::text[])
        AS n (case_id, cause, grounds)
), notices AS MATERIALIZED (
    SELECT DISTINCT ON (m.case_id) m.case_id, m.id, m.figures
    FROM contacts_message m JOIN wanted USING (case_id)
    WHERE m.template = 'notice_75c' AND m.status = 'delivered'
    ORDER BY m.case_id, m.delivered_on DESC, m.id DESC
), named AS MATERIALIZED (
    SELECT n.case_id, n.id AS notice_id, d.id AS debt_id, a.currency, a.outstanding_minor,
           d.limitation_on
    FROM notices n
    CROSS JOIN LATERAL jsonb_to_recordset(n.figures -> 'debts') AS f (debt_id bigint)
    JOIN debtors_debt d ON d.id = f.debt_id AND d.terminated_on IS NULL
    JOIN ledger_account a ON a.id = d.account_id AND a.due_minor > 0
    WHERE NOT (d.is_consumer AND d.limitation_on IS NOT NULL AND d.limitation_on < %(on)s)
), amounts AS MATERIALIZED (
    SELECT case_id, notice_id, currency, sum(outstanding_minor)::bigint AS amount
    FROM named GROUP BY case_id, notice_id, currency
), sums AS MATERIALIZED (
    SELECT case_id, notice_id,
           (array_agg(currency ORDER BY amount DESC, currency))[1] AS currency,
           (array_agg(amount ORDER BY amount DESC, currency))[1] AS amount,
           jsonb_object_agg(currency, amount) AS amounts
    FROM amounts GROUP BY case_id, notice_id
), lists AS MATERIALIZED (
    SELECT case_id, jsonb_agg(debt_id ORDER BY debt_id) AS debts,
           min(limitation_on) FILTER (WHERE limitation_on >= %(on)s) AS deadline_on
    FROM named GROUP BY case_id
)
INSERT INTO contacts_termination (status, amount_minor, currency, grounds, step, deadline_on,
                                  proposed_by_id, proposed_at, decision_reason, case_id,
                                  notice_id, cause, debt_ids)
SELECT 'proposed', s.amount, s.currency,
       w.grounds || jsonb_build_object('amounts', s.amounts), {STEP_OF_GROUNDS}, l.deadline_on,
       %(user)s, %(at)s, '', w.case_id, s.notice_id, w.cause, l.debts
FROM wanted w
JOIN sums s ON s.case_id = w.case_id
JOIN lists l ON l.case_id = w.case_id
WHERE NOT EXISTS (SELECT 1 FROM contacts_termination t
                  WHERE t.case_id = w.case_id AND t.status = 'approved' AND t.done_on IS NULL)
ORDER BY w.case_id
ON CONFLICT DO NOTHING
RETURNING id, case_id, amount_minor, currency, notice_id, cause
"""


@by_machine
@transaction.atomic
def propose_terminations(
    *, proposals: Sequence[NewProposal], on: date, at: datetime, actor: Actor
) -> list[int]:
    """Propose those that the law allows once ``on`` has passed; returns the new ids.

    Left out are cases without a delivered notice, in its running term, with an open request for
    restructuring, and those where one is open already.
    """
    locked = lock_cases(case_ids=[proposal.case_id for proposal in proposals])
    facts = get_person_facts(case_ids=locked, on=on)
    lawful = [
        proposal
        for proposal in proposals
        if proposal.case_id in facts
        and not isinstance(
            may_terminate(facts=facts[proposal.case_id], on=on, calendar=POLAND), Refused
        )
    ]
    return _propose(lawful, on, at, actor)


@requires(Right.PROPOSE_TERMINATION)
@transaction.atomic
def propose_termination(
    *, case_id: int, grounds: Mapping[str, Any], on: date, actor: Actor, at: datetime
) -> Termination:
    """A person proposes it, on a day that comes after the term of the notice.

    Raises TerminationBarred with the rule, TerminationOpenAlready, CaseNotFound.
    """
    lock_case(case_id=case_id, actor=actor)
    check_may_terminate(case_id=case_id, on=on)
    number = Termination.objects.filter(case_id=case_id).count() + 1
    proposal = NewProposal(case_id, f"by_hand:{case_id}:{number}", grounds)
    proposed = _propose([proposal], on, at, actor)
    if not proposed:
        raise TerminationOpenAlready(case_id=case_id)
    return Termination.objects.get(pk=proposed[0])


def check_may_terminate(*, case_id: int, on: date) -> None:
    """Raises TerminationBarred unless the term was over before the day ``on`` began."""
    facts = get_person_facts(case_ids=[case_id], on=on)[case_id]
    verdict = may_terminate(facts=facts, on=on - timedelta(days=1), calendar=POLAND)
    if isinstance(verdict, Refused):
        raise TerminationBarred(case_id=case_id, rule=verdict.rule, **verdict.values)


def _propose(proposals: Sequence[NewProposal], on: date, at: datetime, actor: Actor) -> list[int]:
    if not proposals:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _PROPOSE,
            {
                "cases": [proposal.case_id for proposal in proposals],
                "causes": [proposal.cause for proposal in proposals],
                "grounds": [proposal.grounds_text for proposal in proposals],
                "on": on,
                "at": at,
                "user": actor.user_id,
            },
        )
        made = sorted(cursor.fetchall())
    record_events(
        events=[
            NewEvent(
                TERMINATION_PROPOSED,
                Subject("case", case_id),
                {
                    "termination_id": pk,
                    "amount_minor": amount_minor,
                    "currency": currency,
                    "notice_id": notice_id,
                    "cause": cause,
                },
                on,
            )
            for pk, case_id, amount_minor, currency, notice_id, cause in made
        ],
        at=at,
        actor=actor,
    )
    place_holds(
        holds=[
            NewHold(row[1], HoldKind.APPROVAL, f"termination:{row[0]}", "termination", on)
            for row in made
        ],
        at=at,
        actor=actor,
    )
    return [row[0] for row in made]
