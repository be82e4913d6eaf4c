"""Proposing that a case goes to court. A person decides later."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from cases.lifecycle import Handler, HoldKind
from cases.locking import lock_case
from cases.operations import CaseHandledByAnother, NewHold, place_holds
from courts import events
from courts.claimable import check_referable
from courts.lifecycle import LIVE, REFERRAL_LIFECYCLE
from courts.models import Referral
from courts.queries import ReferralNotFound, get_referral_facts
from journal.operations import NewEvent, Subject, record_events
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.clock import legal_day
from kernel.errors import Conflict
from staff.approvals import ReasonMissing
from staff.rights import Right


class LiveReferral(Conflict):
    """The case has a referral that is proposed, approved or at court."""

    code = "live_referral"


class NewProposal(NamedTuple):
    """``cause`` names the step or the person's request that asks for it, and is unique."""

    case_id: int
    cause: str
    grounds: Mapping[str, Any]


@by_machine
@transaction.atomic
def propose_referrals(
    *, proposals: Sequence[NewProposal], on: date, at: datetime, actor: Actor
) -> list[int]:
    """Propose court referrals and hold the cases until a person has decided.

    The amount is what is due on the case's debts, in the currency of the debt that is due
    longest. A case with a live referral, and a cause that was used, are passed over: the
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
                events.REFERRAL_PROPOSED,
                Subject("case", case_id),
                {
                    "referral_id": referral_id,
                    "cause": cause,
                    "amount_minor": amount_minor,
                    "currency": currency,
                    "by_machine": actor.user_id is None,
                },
                on,
            )
            for referral_id, case_id, cause, amount_minor, currency in made
        ],
        at=at,
        actor=actor,
    )
    place_holds(
        holds=[
            NewHold(case_id, HoldKind.APPROVAL, f"referral:{referral_id}", "", on, None)
            for referral_id, case_id, *_ in made
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
            WITH wanted AS MATERIALIZED (
                SELECT * FROM unnest(%(cases)s::bigint[], %(causes)s::text[], %(grounds)s::text[])
                    WITH ORDINALITY AS n (case_id, cause, grounds, place)
            ), owed AS MATERIALIZED (
                SELECT c.id AS case_id, a.currency, sum(a.due_minor)::bigint AS amount_minor,
                       min(a.due_since) AS due_since
                FROM (SELECT DISTINCT case_id FROM wanted) w
                JOIN cases_case c ON c.id = w.case_id AND c.status = 'open'
                JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
                JOIN debtors_debt d ON d.id = p.debt_id
                JOIN ledger_account a ON a.id = d.account_id AND a.due_minor > 0
                GROUP BY c.id, a.currency
            ), chosen AS MATERIALIZED (
                SELECT DISTINCT ON (case_id) case_id, currency, amount_minor
                FROM owed ORDER BY case_id, due_since, currency
            )
            INSERT INTO {Referral._meta.db_table} (
                case_id, cause, grounds, status, amount_minor, currency,
                proposed_by_id, proposed_at, decision_reason,
                procedure, court, docket_no, bailiff, bailiff_docket_no, outcome
            )
            SELECT wanted.case_id, wanted.cause, wanted.grounds::jsonb, 'proposed',
                   chosen.amount_minor, chosen.currency, %(user)s, %(at)s, '',
                   '', '', '', '', '', ''
            FROM wanted JOIN chosen USING (case_id)
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


@requires(Right.PROPOSE_REFERRAL)
@transaction.atomic
def propose_referral(*, case_id: int, reason: str, actor: Actor, at: datetime) -> Referral:
    """A person proposes to take a case with terminated debts to court.

    Raises CaseNotFound, LiveReferral, CaseHandledByAnother, ReasonMissing, and the errors of
    ``claimable``.
    """
    on = legal_day(at)
    if not reason.strip():
        raise ReasonMissing
    case = lock_case(case_id=case_id, actor=actor)
    live = Referral.objects.filter(case=case, status__in=LIVE).first()
    if live is not None:
        raise LiveReferral(referral_id=live.pk, status=live.status)
    if case.handled_by != Handler.HOUSE:
        raise CaseHandledByAnother(case_id=case_id, handled_by=case.handled_by)
    check_referable(get_referral_facts(case_id=case_id, on=on))
    cause = f"user:{actor.id}:{case_id}:{at.isoformat()}"
    new = NewProposal(case_id, cause, {"note": reason})
    propose_referrals(proposals=[new], on=on, at=at, actor=actor)
    return Referral.objects.get(cause=cause)


@requires(Right.PROPOSE_REFERRAL)
@transaction.atomic
def propose_referral_again(
    *, referral_id: int, reason: str, actor: Actor, at: datetime
) -> Referral:
    """Put a proposal that was sent back to the deciders again, now as the actor's own.

    Raises ReferralNotFound, CaseNotFound, ReasonMissing, MoveNotAllowed.
    """
    if not reason.strip():
        raise ReasonMissing
    referral = Referral.objects.filter(pk=referral_id).first()
    if referral is None:
        raise ReferralNotFound(referral_id=referral_id)
    lock_case(case_id=referral.case_id, actor=actor)
    return move_status(
        row=referral,
        lifecycle=REFERRAL_LIFECYCLE,
        move="propose_again",
        subject=Subject("case", referral.case_id),
        changes={
            "proposed_by": actor.user_id,
            "proposed_at": at,
            "decided_by": None,
            "decided_at": None,
            "grounds": {**referral.grounds, "note": reason},
        },
        payload={
            "reason": reason,
            "amount_minor": referral.amount_minor,
            "currency": referral.currency,
            "by_machine": False,
        },
        actor=actor,
        at=at,
    )
