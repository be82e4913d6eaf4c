"""A case from day to day under a strategy, with the assumed changes of its facts. Pure.

Nobody pays and nobody talks; a letter arrives ``DELIVERY_DAYS`` after its step; a proposal stays
open, or is granted ``GRANT_DAYS`` after it was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from contacts.lifecycle import Template
from escalation.actions import ActionName
from escalation.decide import Decision, Finished, Hold, Perform, Position, WaitUntil, decide
from escalation.facts import Facts
from escalation.strategy import Step, Strategy
from kernel.calendar import POLAND

#: Assumptions, in calendar days.
DELIVERY_DAYS: Final = 4
GRANT_DAYS: Final = 2
NOTICE_PERIOD_DAYS: Final = 30


class Life:
    def __init__(
        self, strategy: Strategy, position: Position, facts: Facts, *, grants_all: bool
    ) -> None:
        self.strategy = strategy
        self.position = position
        self.facts = facts
        self.grants_all = grants_all
        self.is_finished = False
        self.to_come: list[tuple[date, dict[str, Any]]] = []

    def live(self, on: date, days: int) -> Iterator[tuple[date, Step]]:
        """The days and the steps taken in ``days`` days from ``on``."""
        due, last = on, on + timedelta(days=days - 1)
        while due <= last:
            self._change(due)
            decision = decide(self.strategy, self.facts, self.position, due, POLAND)
            self.position = decision.position
            if isinstance(decision, Perform):
                yield due, decision.step
                self._perform(decision.step, due)
            following = self._following(decision, due)
            if following is None:
                self.is_finished = isinstance(decision, Finished)
                return
            due = following

    def _following(self, decision: Decision, on: date) -> date | None:
        if not isinstance(decision, (Perform, Hold, WaitUntil)):
            return None
        wakes = [day for day, _ in self.to_come if day > on]
        return min([decision.look_again_on, *wakes])

    def _change(self, on: date) -> None:
        if self.to_come:
            for _, change in (item for item in self.to_come if item[0] <= on):
                self._learn(change)
            self.to_come = [item for item in self.to_come if item[0] > on]
        if self.facts.held_until is not None and self.facts.held_until < on:
            self.facts = self.facts._replace(holds=frozenset(), held_until=None)

    def _learn(self, change: Mapping[str, Any]) -> None:
        self.facts = self.facts._replace(**change)

    def _perform(self, step: Step, on: date) -> None:
        for action in step.do:
            if action.name is ActionName.SEND_LETTER and action.what != Template.PRECOURT_DEMAND:
                self._learn({action.what: "queued"})
                arrives = on + timedelta(days=DELIVERY_DAYS)
                change = {action.what: "delivered", f"{action.what}_delivered_on": arrives}
                self.to_come.append((arrives, change))
            elif action.name is ActionName.PROPOSE:
                self._propose(action.what, on)

    def _propose(self, kind: str, on: date) -> None:
        self._learn({kind: "proposed", f"{kind}_decided_on": None})
        if not self.grants_all:
            return
        granted = on + timedelta(days=GRANT_DAYS)
        done = {"termination": "granted", "placement": "active", "referral": "filed"}[kind]
        change: dict[str, Any] = {kind: done, f"{kind}_decided_on": granted}
        if kind in ("placement", "referral"):
            change["handled_by"] = "agency" if kind == "placement" else "court"
        else:
            over = granted + timedelta(days=DELIVERY_DAYS + NOTICE_PERIOD_DAYS)
            self.to_come.append((over, {"termination": "in_effect", "terminated_on": over}))
        self.to_come.append((granted, change))
