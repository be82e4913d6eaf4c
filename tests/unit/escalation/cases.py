"""Facts and strategies for the tests of the pure decider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from escalation.actions import ActionName
from escalation.decide import Decision, Perform, Position, decide, start
from escalation.facts import Facts
from escalation.loading import load_strategy
from escalation.strategy import Strategy
from kernel.calendar import POLAND

TODAY = date(2026, 3, 2)
FOLDER = Path(__file__).parents[3] / "escalation" / "strategies"
SHIPPED = {path.stem: load_strategy(path.read_text()) for path in sorted(FOLDER.glob("*.toml"))}
RETAIL = SHIPPED["unsecured_retail"]


def facts(**changes: Any) -> Facts:
    """A consumer 100 days late with 1,200.00 of 5,000.00 PLN, reachable on every channel."""
    values: dict[str, Any] = {
        "overdue": (("PLN", 120_000),),
        "outstanding": (("PLN", 500_000),),
        "currency": "PLN",
        "due_since": TODAY - timedelta(days=100),
        "product": "cash_loan",
        "debtor_kind": "person",
        "consumer": True,
        "stage": "direct_contact",
        "handled_by": "house",
        "holds": frozenset(),
        "held_until": None,
        "last_contact_on": None,
        "last_conversation_on": None,
        "open_promise": False,
        "broken_promises": 0,
        "phone": True,
        "mobile": True,
        "email": True,
        "postal_address": True,
        "limitation_on": None,
        "demand": "none",
        "demand_delivered_on": None,
        "notice_75c": "none",
        "notice_75c_delivered_on": None,
        "termination_notice": "none",
        "termination_notice_delivered_on": None,
        "termination": "none",
        "termination_decided_on": None,
        "terminated_on": None,
        "placement": "none",
        "placement_decided_on": None,
        "placement_ended_on": None,
        "past_placements": 0,
        "referral": "none",
        "referral_decided_on": None,
        "in_default": False,
        "forborne": False,
    }
    return Facts(**{**values, **changes})


def at(step: str, *, this_round: int = 1, previous_on: date | None = None, **more: Any) -> Position:
    """A position whose previous step was 60 days ago unless told otherwise."""
    return Position(
        step, this_round, previous_on or TODAY - timedelta(days=60), "direct_contact", **more
    )


def decided(strategy: Strategy, known: Facts, position: Position, on: date = TODAY) -> Decision:
    return decide(strategy, known, position, on, POLAND)


@dataclass
class Life:
    """A case lived day by day: letters arrive after four days, a person answers after three."""

    strategy: Strategy
    facts: Facts
    post_delivers: bool = True
    answers: bool | None = True
    performed: list[tuple[str, int, date]] = field(default_factory=list)
    changes: list[tuple[date, dict[str, Any]]] = field(default_factory=list)

    def live(self, days: int, on: date = TODAY) -> Iterator[tuple[date, Decision]]:
        position = start(self.strategy, at_step="", on=on, stage="direct_contact")
        due = on
        for day in (on + timedelta(days=i) for i in range(days)):
            if any(when <= day for when, _ in self.changes):
                due = day
                for when, change in [item for item in self.changes if item[0] <= day]:
                    self.facts = self.facts._replace(**change)
                    self.changes.remove((when, change))
            if due > day:
                continue
            decision = decided(self.strategy, self.facts, position, day)
            position = decision.position
            yield day, decision
            if isinstance(decision, Perform):
                self._perform(decision, day)
            due = getattr(decision, "look_again_on", date.max)

    def _perform(self, decision: Perform, day: date) -> None:
        self.performed.append((decision.step.key, decision.round, day))
        for action in decision.step.do:
            if action.name is ActionName.SEND_LETTER:
                arrived = day + timedelta(days=4)
                queued: dict[str, Any] = {action.what: "queued"}
                self.facts = self.facts._replace(**queued)
                change = (
                    {action.what: "delivered", f"{action.what}_delivered_on": arrived}
                    if self.post_delivers
                    else {action.what: "returned"}
                )
                self.changes.append((arrived, change))
            elif action.name is ActionName.PROPOSE:
                self._propose(action.what, day)

    def _propose(self, kind: str, day: date) -> None:
        proposed: dict[str, Any] = {kind: "proposed", f"{kind}_decided_on": None}
        self.facts = self.facts._replace(**proposed)
        answered = day + timedelta(days=3)
        if self.answers is None:
            return
        done = {"termination": "granted", "placement": "ended", "referral": "filed"}
        state = done[kind] if self.answers else "refused"
        self.changes.append((answered, {kind: state, f"{kind}_decided_on": answered}))
        if self.answers and kind == "termination":
            over = day + timedelta(days=37)
            self.changes.append((over, {"termination": "in_effect", "terminated_on": over}))
