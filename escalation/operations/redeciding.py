"""Deciding anew because something happened: it may end, hold or wait, but never perform."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from escalation.operations.deciding import claim_cases, decide_claims
from escalation.operations.performing import carry_out, plan_work
from escalation.operations.writing import Claim, decision_rows, write_decisions
from escalation.record import outcome_of
from kernel.actor import Actor
from kernel.authority import by_machine


class Cause(NamedTuple):
    """The event that made the case worth a new look, and the legal day on which it holds."""

    event_id: int
    on: date


@by_machine
@transaction.atomic
def redecide_cases(*, causes: Mapping[int, Cause], at: datetime, actor: Actor) -> Mapping[str, int]:
    """Decide about enrolled cases, by case id; counts by outcome.

    A step whose time has come is left to the close of the day. A cause that was decided on
    before is passed over.
    """
    counts: Counter[str] = Counter()
    claims = claim_cases(sorted(causes))
    done = _decided_before(claims, causes)
    for on in sorted({cause.on for cause in causes.values()}):
        due = [
            claim
            for claim in claims
            if causes[claim.case_id].on == on and claim.enrolment_id not in done
        ]
        if not due:
            continue
        decided = decide_claims(due, on, may_perform=False)
        events = [f"event:{causes[claim.case_id].event_id}" for claim in due]
        write_decisions(rows=decision_rows(decided, events, on, at), closed_on=None)
        carry_out(work=plan_work(decided, on), on=on, at=at, actor=actor)
        counts.update(outcome_of(one.decision) for one in decided)
    return dict(counts)


def _decided_before(claims: Sequence[Claim], causes: Mapping[int, Cause]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT d.enrolment_id FROM escalation_decision d
            JOIN unnest(%s::bigint[], %s::text[]) AS n (enrolment_id, cause)
              ON n.enrolment_id = d.enrolment_id AND n.cause = d.cause
            """,
            [
                [claim.enrolment_id for claim in claims],
                [f"event:{causes[claim.case_id].event_id}" for claim in claims],
            ],
        )
        return {int(row[0]) for row in cursor.fetchall()}
