"""Writing thousands of decisions: their records, the new positions and the performed steps."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from django.db import connection

from escalation.decide import Decision, Exit, Finished, Perform, Position
from escalation.facts import Facts
from escalation.lifecycle import EndReason, EnrolmentStatus
from escalation.record import outcome_of, record_text
from escalation.strategy import Strategy
from kernel.sql_text import NULL, PIECE


class Claim(NamedTuple):
    """An enrolment whose row, and whose case's row, this transaction has locked."""

    enrolment_id: int
    case_id: int
    version_id: int
    counts_from_on: date
    step: str
    round: int
    asked: bool
    previous_on: date

    def position(self, stage: str) -> Position:
        return Position(self.step, self.round, self.previous_on, stage, self.asked)


class Decided(NamedTuple):
    claim: Claim
    strategy: Strategy
    facts: Facts
    decision: Decision


class DecisionRows(NamedTuple):
    """Rows for COPY: of the decisions, of where they leave the enrolments, of steps taken."""

    decisions: str
    positions: str
    steps: str


_DECISIONS: Final = (
    "escalation_decision (enrolment_id, version_id, cause, decided_on, decided_at, outcome,"
    " step_key, round, look_again_on, record)"
)
_STEPS: Final = "escalation_performedstep (enrolment_id, step_key, round, performed_on)"
_POSITIONS: Final = "escalation_position"
_CREATE_POSITIONS: Final = """
CREATE TEMP TABLE IF NOT EXISTS escalation_position (
    enrolment_id bigint, step_key text, round smallint, asked boolean, previous_on date,
    status text, end_reason text, ended_on date, next_due_on date
) ON COMMIT DELETE ROWS
"""
#: ``closed_through_on`` moves only with the close of a day, never with an event.
_MOVE_ENROLMENTS: Final = """
UPDATE escalation_enrolment e
SET step_key = p.step_key, round = p.round, asked = p.asked, previous_on = p.previous_on,
    status = p.status, end_reason = p.end_reason, ended_on = p.ended_on,
    next_due_on = p.next_due_on,
    closed_through_on = coalesce(%(closed_on)s::date, e.closed_through_on)
FROM escalation_position p WHERE e.id = p.enrolment_id
"""


def decision_rows(
    decided: Sequence[Decided], causes: Iterable[str], on: date, at: datetime
) -> DecisionRows:
    """Each decision with its cause, for ``write_decisions``."""
    day, moment = on.isoformat(), f"{on}\t{at.isoformat()}"
    return DecisionRows(
        "".join(
            [_decision(one, cause, moment) for one, cause in zip(decided, causes, strict=True)]
        ),
        "".join([_position(one, day) for one in decided]),
        "".join([_step(one, day) for one in decided if isinstance(one.decision, Perform)]),
    )


def write_decisions(*, rows: DecisionRows, closed_on: date | None) -> None:
    """Write decisions and what follows from them, in the transaction that claimed the enrolments.

    ``closed_on`` is the business day whose close decided, None for an event.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CREATE_POSITIONS)
        for target, text in (
            (_DECISIONS, rows.decisions),
            (_STEPS, rows.steps),
            (_POSITIONS, rows.positions),
        ):
            cursor.copy_expert(f"COPY {target} FROM STDIN", io.StringIO(text), PIECE)
        cursor.execute(_MOVE_ENROLMENTS, {"closed_on": closed_on})
        cursor.execute("DELETE FROM escalation_position")


def _decision(decided: Decided, cause: str, moment: str) -> str:
    """Keys and codes hold neither tabs nor backslashes."""
    claim, decision = decided.claim, decided.decision
    step, step_round = decision.position.step, decision.position.round
    if isinstance(decision, Perform):
        step, step_round = decision.step.key, decision.round
    return (
        f"{claim.enrolment_id}\t{claim.version_id}\t{cause}\t{moment}\t{outcome_of(decision)}\t"
        f"{step}\t{step_round}\t{_look_again(decision)}\t{record_text(decision.looked)}\n"
    )


def _position(decided: Decided, day: str) -> str:
    decision = decided.decision
    after = decision.position
    end = f"active\t\t{NULL}"
    if isinstance(decision, Exit):
        end = f"{EnrolmentStatus.EXITED}\t{decision.because.place[:40]}\t{day}"
    elif isinstance(decision, Finished):
        end = f"{EnrolmentStatus.FINISHED}\t{EndReason.ALL_STEPS_TAKEN}\t{day}"
    return (
        f"{decided.claim.enrolment_id}\t{after.step}\t{after.round}\t"
        f"{'t' if after.asked else 'f'}\t{after.previous_on.isoformat()}\t{end}\t"
        f"{_look_again(decision)}\n"
    )


def _step(decided: Decided, day: str) -> str:
    decision = decided.decision
    assert isinstance(decision, Perform)
    return f"{decided.claim.enrolment_id}\t{decision.step.key}\t{decision.round}\t{day}\n"


def _look_again(decision: Decision) -> str:
    if isinstance(decision, (Exit, Finished)):  # a union would be built anew for each row
        return NULL
    return decision.look_again_on.isoformat()
