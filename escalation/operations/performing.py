"""What decided steps do: work for people, messages, letters, proposals, and a new stage.

``plan_work`` says it in plain values, ``carry_out`` makes it real with one call to each owning
app for the whole batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from agencies.operations import propose_placements
from cases.lifecycle import WorkKind
from cases.operations import NewProposal, NewWorkItem, enter_stages, open_work_items
from contacts.lifecycle import MessageChannel, Template
from contacts.operations import (
    NewMessage,
    propose_terminations,
    queue_messages,
)
from courts.operations import propose_referrals
from escalation.actions import Action, ActionName
from escalation.decide import Exit, Finished, Perform
from escalation.events import CASE_EXITED, STEP_PERFORMED, STRATEGY_FINISHED
from escalation.lifecycle import EndReason
from escalation.operations.writing import Decided
from escalation.record import grounds_texts
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.calendar import POLAND


class Work(NamedTuple):
    """What a batch of decisions makes."""

    events: Sequence[NewEvent]
    #: Where each case stands that takes a step, or whose proposal was carried out.
    stages: Mapping[int, str]
    items: Sequence[NewWorkItem]
    messages: Sequence[NewMessage]
    terminations: Sequence[NewProposal]
    placements: Sequence[NewProposal]
    referrals: Sequence[NewProposal]


def plan_work(decided: Sequence[Decided], on: date) -> Work:
    """What the decisions say, in the words of the apps that will own it."""
    asked = _by_action(decided)
    proposed = _proposed(asked[ActionName.PROPOSE])
    return Work(
        events=_events(decided, on),
        stages=_stages(decided),
        items=_work_items(asked[ActionName.ASK_PERSON_TO], on),
        messages=_messages(asked),
        terminations=[NewProposal(*new) for new in proposed["termination"]],
        placements=[NewProposal(*new) for new in proposed["placement"]],
        referrals=[NewProposal(*new) for new in proposed["referral"]],
    )


def carry_out(*, work: Work, on: date, at: datetime, actor: Actor) -> None:
    """Make it real, in the transaction that writes the decisions."""
    moment: dict[str, Any] = {"on": on, "at": at, "actor": actor}
    record_events(events=work.events, at=at, actor=actor)
    enter_stages(stages=work.stages, **moment)
    open_work_items(items=work.items, at=at, actor=actor)
    queue_messages(messages=work.messages, **moment)
    propose_terminations(proposals=work.terminations, **moment)
    propose_placements(proposals=work.placements, **moment)
    propose_referrals(proposals=work.referrals, **moment)


def cause_of(decided: Decided) -> str:
    """Names the step, so that whatever it makes is made once: ``step:17:demand:1``."""
    decision = decided.decision
    assert isinstance(decision, Perform)
    return f"step:{decided.claim.enrolment_id}:{decision.step.key}:{decision.round}"


def _by_action(decided: Iterable[Decided]) -> Mapping[ActionName, list[tuple[Decided, Action]]]:
    found: dict[ActionName, list[tuple[Decided, Action]]] = defaultdict(list)
    for one in decided:
        if isinstance(one.decision, Perform):
            for action in one.decision.step.do:
                found[action.name].append((one, action))
    return found


def _messages(asked: Mapping[ActionName, list[tuple[Decided, Action]]]) -> list[NewMessage]:
    return [
        NewMessage(one.claim.case_id, _channel(action), Template(action.what), cause_of(one))
        for name in (ActionName.SEND_MESSAGE, ActionName.SEND_LETTER)
        for one, action in asked[name]
    ]


def _channel(action: Action) -> MessageChannel | None:
    """None: SMS or e-mail, by what the debtor prefers and has."""
    return MessageChannel.LETTER if action.name is ActionName.SEND_LETTER else None


def _events(decided: Iterable[Decided], on: date) -> list[NewEvent]:
    events = []
    for claim, strategy, _, decision in decided:
        start = f'{{"enrolment_id":{claim.enrolment_id},"strategy":"{strategy.key}"'
        if isinstance(decision, Perform):
            kind = STEP_PERFORMED
            payload = (
                f'{start},"step":"{decision.step.key}","round":{decision.round},'
                f'"version_id":{claim.version_id}}}'
            )
        elif isinstance(decision, Exit):
            kind, payload = CASE_EXITED, f'{start},"reason":"{decision.because.place}"}}'
        elif isinstance(decision, Finished):
            kind, payload = STRATEGY_FINISHED, f'{start},"reason":"{EndReason.ALL_STEPS_TAKEN}"}}'
        else:
            continue
        events.append(NewEvent(kind, Subject("case", claim.case_id), payload, on))
    return events


def _stages(decided: Iterable[Decided]) -> Mapping[int, str]:
    return {
        claim.case_id: decision.position.stage
        for claim, _, facts, decision in decided
        if isinstance(decision, Perform) or decision.position.stage != facts.stage
    }


def _work_items(asked: Iterable[tuple[Decided, Action]], on: date) -> list[NewWorkItem]:
    due_on = POLAND.next_working_day(on)
    return [
        NewWorkItem(
            one.claim.case_id,
            WorkKind(action.what),
            due_on,
            None,
            {"code": "step", "strategy": one.strategy.key, "step": _step_key(one)},
        )
        for one, action in asked
    ]


def _step_key(decided: Decided) -> str:
    decision = decided.decision
    assert isinstance(decision, Perform)
    return decision.step.key


def _proposed(
    asked: Sequence[tuple[Decided, Action]],
) -> Mapping[str, list[tuple[int, str, str]]]:
    """Case, cause and grounds of each proposal, by what is proposed. The grounds are what the
    machine saw, for the person who decides; they stand on their own."""
    found: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    texts = grounds_texts([one.decision.looked for one, _ in asked])
    for (one, action), looked in zip(asked, texts, strict=True):
        grounds = (
            f'{{"strategy":"{one.strategy.key}","version_id":{one.claim.version_id},'
            f'"step":"{_step_key(one)}","looked":{looked}}}'
        )
        found[action.what].append((one.claim.case_id, cause_of(one), grounds))
    return found
