"""Writing thousands of decisions: their records, the new positions and the performed steps."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, NamedTuple

from django.db import connection

from escalation.decide import Decision, Exit, Finished, Perform, Position
from escalation.facts import Facts
from escalation.lifecycle import EndReason, EnrolmentStatus
from escalation.record import outcome_of, record_text
from escalation.strategy import Strategy

NULL: Final = "\\N"


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


_COLUMNS: Final = (
    "enrolment_id, version_id, cause, outcome, step_key, step_round, record, look_again_on,"
    " next_step, next_round, asked, previous_on, status, end_reason, ended_on"
)
_TABLE: Final = """
CREATE TEMP TABLE IF NOT EXISTS escalation_decided (
    enrolment_id bigint, version_id bigint, cause text, outcome text, step_key text,
    step_round smallint, record jsonb, look_again_on date, next_step text, next_round smallint,
    asked boolean, previous_on date, status text, end_reason text, ended_on date
) ON COMMIT DELETE ROWS
"""
#: ``closed_through_on`` moves only with the close of a day, never with an event.
_MOVE_ENROLMENTS: Final = """
UPDATE escalation_enrolment e
SET step_key = d.next_step, round = d.next_round, asked = d.asked, previous_on = d.previous_on,
    status = d.status, end_reason = d.end_reason, ended_on = d.ended_on,
    next_due_on = d.look_again_on,
    closed_through_on = coalesce(%(closed_on)s::date, e.closed_through_on)
FROM escalation_decided d WHERE e.id = d.enrolment_id
"""
_RECORD_DECISIONS: Final = """
INSERT INTO escalation_decision (enrolment_id, version_id, cause, decided_on, decided_at, outcome,
                                 step_key, round, look_again_on, record)
SELECT enrolment_id, version_id, cause, %(on)s, %(at)s, outcome, step_key, step_round,
       look_again_on, record
FROM escalation_decided
"""
_RECORD_STEPS: Final = """
INSERT INTO escalation_performedstep (enrolment_id, step_key, round, performed_on)
SELECT enrolment_id, step_key, step_round, %(on)s
FROM escalation_decided WHERE outcome = 'perform'
"""


def write_decisions(
    *, decided: Iterable[tuple[Decided, str]], on: date, at: datetime, closes_day: bool
) -> None:
    """Write each decision with its cause, in the transaction that claimed the enrolments."""
    rows = io.StringIO("".join([_line(one, cause, on) for one, cause in decided]))
    values = {"on": on, "at": at, "closed_on": on if closes_day else None}
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.copy_expert(f"COPY escalation_decided ({_COLUMNS}) FROM STDIN", rows)
        cursor.execute(_MOVE_ENROLMENTS, values)
        cursor.execute(_RECORD_DECISIONS, values)
        cursor.execute(_RECORD_STEPS, values)
        cursor.execute("DELETE FROM escalation_decided")


def _line(decided: Decided, cause: str, on: date) -> str:
    """One row for COPY. Keys and codes hold neither tabs nor backslashes."""
    claim, decision = decided.claim, decided.decision
    after = decision.position
    status, reason, ended_on = EnrolmentStatus.ACTIVE.value, "", NULL
    step, step_round, look_again = after.step, after.round, NULL
    if isinstance(decision, Exit):
        status, reason, ended_on = EnrolmentStatus.EXITED.value, decision.because.place, str(on)
    elif isinstance(decision, Finished):
        status, reason = EnrolmentStatus.FINISHED.value, EndReason.ALL_STEPS_TAKEN.value
        ended_on = str(on)
    else:
        look_again = decision.look_again_on.isoformat()
    if isinstance(decision, Perform):
        step, step_round = decision.step.key, decision.round
    asked, previous_on = "t" if after.asked else "f", after.previous_on.isoformat()
    return (
        f"{claim.enrolment_id}\t{claim.version_id}\t{cause}\t{outcome_of(decision)}\t{step}\t"
        f"{step_round}\t{record_text(decision.looked)}\t{look_again}\t{after.step}\t{after.round}\t"
        f"{asked}\t{previous_on}\t{status}\t{reason[:40]}\t{ended_on}\n"
    )
