"""What decided steps do: work for people, messages, letters, proposals, and a new stage.

One call to each owning app for the whole batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from agencies.operations import propose as agencies
from cases.lifecycle import Stage, WorkKind
from cases.operations import NewWorkItem, move_cases_to_stage, open_work_items
from contacts.lifecycle import MessageChannel, Template
from contacts.operations import (
    NewMessage,
    NewTermination,
    propose_terminations,
    queue_messages,
)
from courts.operations import propose as courts
from escalation.actions import Action, ActionName
from escalation.decide import Exit, Finished, Perform
from escalation.events import CASE_EXITED, STEP_PERFORMED, STRATEGY_FINISHED
from escalation.lifecycle import EndReason
from escalation.operations.writing import Decided
from escalation.record import grounds_of
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.calendar import POLAND


def carry_out(*, decided: Sequence[Decided], on: date, at: datetime, actor: Actor) -> None:
    """Make what the decisions say real, in the same transaction."""
    record_events(
        events=[event for one in decided if (event := _event(one, on))], actor=actor, at=at
    )
    _enter_stages(decided, on, at, actor)
    by_action: dict[ActionName, list[tuple[Decided, Action]]] = defaultdict(list)
    for one in decided:
        if isinstance(one.decision, Perform):
            for action in one.decision.step.do:
                by_action[action.name].append((one, action))
    _open_work(by_action[ActionName.ASK_PERSON_TO], on, at, actor)
    messages = by_action[ActionName.SEND_MESSAGE] + by_action[ActionName.SEND_LETTER]
    queue_messages(
        messages=[
            NewMessage(one.claim.case_id, _channel(action), Template(action.what), cause_of(one))
            for one, action in messages
        ],
        on=on,
        at=at,
        actor=actor,
    )
    _propose(by_action[ActionName.PROPOSE], on, at, actor)


def cause_of(decided: Decided) -> str:
    """Names the step, so that whatever it makes is made once: ``step:17:demand:1``."""
    decision = decided.decision
    assert isinstance(decision, Perform)
    return f"step:{decided.claim.enrolment_id}:{decision.step.key}:{decision.round}"


def _channel(action: Action) -> MessageChannel | None:
    """None: SMS or e-mail, by what the debtor prefers and has."""
    return MessageChannel.LETTER if action.name is ActionName.SEND_LETTER else None


def _event(decided: Decided, on: date) -> NewEvent | None:
    claim, decision, key = decided.claim, decided.decision, decided.strategy.key
    subject = Subject("case", claim.case_id)
    start = f'{{"enrolment_id":{claim.enrolment_id},"strategy":"{key}",'
    match decision:
        case Perform(step=step, round=number):
            text = f'{start}"step":"{step.key}","round":{number},"version_id":{claim.version_id}}}'
            return NewEvent(STEP_PERFORMED, subject, text, on)
        case Exit(because=because):
            return NewEvent(CASE_EXITED, subject, f'{start}"reason":"{because.place}"}}', on)
        case Finished():
            text = f'{start}"reason":"{EndReason.ALL_STEPS_TAKEN}"}}'
            return NewEvent(STRATEGY_FINISHED, subject, text, on)
        case _:
            return None


def _enter_stages(decided: Iterable[Decided], on: date, at: datetime, actor: Actor) -> None:
    entering: dict[str, list[int]] = defaultdict(list)
    for one in decided:
        if one.decision.position.stage != one.facts.stage:
            entering[one.decision.position.stage].append(one.claim.case_id)
    for stage, case_ids in sorted(entering.items()):
        move_cases_to_stage(case_ids=case_ids, stage=Stage(stage), on=on, at=at, actor=actor)


def _open_work(
    asked: Sequence[tuple[Decided, Action]], on: date, at: datetime, actor: Actor
) -> None:
    due_on = POLAND.next_working_day(on)
    open_work_items(
        items=[
            NewWorkItem(
                one.claim.case_id,
                WorkKind(action.what),
                due_on,
                None,
                {"code": "step", "strategy": one.strategy.key, "step": _step_key(one)},
            )
            for one, action in asked
        ],
        at=at,
        actor=actor,
    )


def _step_key(decided: Decided) -> str:
    decision = decided.decision
    assert isinstance(decision, Perform)
    return decision.step.key


def _propose(
    proposed: Sequence[tuple[Decided, Action]], on: date, at: datetime, actor: Actor
) -> None:
    by_kind: dict[str, list[Decided]] = defaultdict(list)
    for one, action in proposed:
        by_kind[action.what].append(one)
    moment: dict[str, Any] = {"on": on, "at": at, "actor": actor}
    propose_terminations(
        proposals=[
            NewTermination(one.claim.case_id, cause_of(one), _grounds(one))
            for one in by_kind["termination"]
        ],
        **moment,
    )
    agencies.propose_placements(
        proposals=[
            agencies.NewProposal(one.claim.case_id, cause_of(one), _grounds(one))
            for one in by_kind["placement"]
        ],
        **moment,
    )
    courts.propose_referrals(
        proposals=[
            courts.NewProposal(one.claim.case_id, cause_of(one), _grounds(one))
            for one in by_kind["referral"]
        ],
        **moment,
    )


def _grounds(decided: Decided) -> dict[str, Any]:
    """What the machine saw, for the person who decides; it stands on its own."""
    return {
        "strategy": decided.strategy.key,
        "version_id": decided.claim.version_id,
        "step": _step_key(decided),
        "looked": grounds_of(decided.decision.looked),
    }
