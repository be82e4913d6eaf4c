"""Red switches and the decider: a stopped step is neither taken nor passed over."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.lifecycle import SwitchKind
from cases.switches import (
    Switch,
    action_switch,
    channel_switch,
    first_off,
    team_switch,
    teams_off,
    template_switch,
)
from contacts.keeping_back import switches_of_message
from contacts.lifecycle import MessageChannel, Template
from escalation.actions import ACTIONS, ActionName
from escalation.decide import Hold, Perform, Thrown, WaitUntil, decide
from escalation.record import record_text, wanted_of
from escalation.stopping import Stops, is_stopped_by
from escalation.strategy import Step
from kernel.calendar import POLAND
from tests.unit.escalation.cases import RETAIL, SHIPPED, TODAY, at, facts

TEAM = team_switch(7)
EVERY = [
    *(action_switch(action, what) for action, things in ACTIONS.items() for what in things),
    *map(channel_switch, MessageChannel),
    *map(template_switch, Template),
]
STEPS = [step for strategy in SHIPPED.values() for step in strategy.steps]


def stopped_by_the_book(
    step: Step, switch: Switch, mobile: bool, email: bool, prefers: str
) -> bool:
    """The rule again, in the words of the manual and by plain text."""
    for action in step.do:
        name = f"{action.name}.{action.what}"
        if switch == ("automation", name):
            return True
        if name.startswith("send_") and switch == ("template", action.what):
            return True
        if name.startswith("send_letter.") and switch == ("channel", "letter"):
            return True
        by_email = (email and (prefers == "email" or not mobile)) or not (mobile or email)
        by = "email" if by_email else "sms"
        if name.startswith("send_message.") and switch == ("channel", by):
            return True
    return False


@given(
    step=st.sampled_from(STEPS),
    off=st.sets(st.sampled_from(EVERY), max_size=6),
    mobile=st.booleans(),
    email=st.booleans(),
    prefers=st.sampled_from(["sms", "email", "letter"]),
)
def test_a_step_is_stopped_by_exactly_the_switches_that_the_manual_names(
    step: Step, off: set[Switch], mobile: bool, email: bool, prefers: str
) -> None:
    stops = Stops(frozenset(off), prefers_email=prefers == "email")

    found = stops.of_step(step, facts(mobile=mobile, email=email))

    assert len(found) == len(set(found))
    assert set(found) == {
        switch for switch in off if stopped_by_the_book(step, switch, mobile, email, prefers)
    }


@given(step=st.sampled_from(STEPS), switch=st.sampled_from(EVERY))
def test_a_switch_counts_the_step_where_it_would_stop_it_for_somebody(
    step: Step, switch: Switch
) -> None:
    for_somebody = any(
        Stops(frozenset({switch}), prefers_email=prefers).of_step(
            step, facts(mobile=mobile, email=email)
        )
        for prefers in (True, False)
        for mobile in (True, False)
        for email in (True, False)
    )
    assert is_stopped_by(switch, step) is for_somebody


def test_the_switch_of_the_team_stops_every_step_of_its_cases_and_no_other() -> None:
    off = frozenset({TEAM})
    assert all(Stops(off, TEAM).of_step(step, facts()) == (TEAM,) for step in STEPS)
    assert not any(Stops(off).of_step(step, facts()) for step in STEPS)


DUE = [
    decision
    for key in RETAIL.place_of
    if isinstance(decision := decide(RETAIL, facts(), at(key), TODAY, POLAND), Perform)
    and decision.step.key == key
]


def test_there_are_steps_due_to_be_stopped() -> None:
    assert {action.name for decision in DUE for action in decision.step.do} >= {
        ActionName.SEND_LETTER,
        ActionName.ASK_PERSON_TO,
    }


@pytest.mark.parametrize("due", DUE, ids=lambda decision: decision.step.key)
def test_a_stopped_step_is_held_with_its_switch_on_the_record_and_taken_the_day_after(
    due: Perform,
) -> None:
    action = due.step.do[0]
    switch = action_switch(action.name, action.what)
    start = at(due.step.key)

    held = decide(RETAIL, facts(), start, TODAY, POLAND, stops=Stops(frozenset({switch})))

    assert isinstance(held, Hold)
    assert held.because == Thrown(f"switch.{switch.kind}.{switch.key}", switch.kind, switch.key)
    assert held.looked == (*due.looked, (held.because, switch.key, True))
    assert held.look_again_on == TODAY + timedelta(days=1)
    assert (held.position.step, held.position.round) == (due.step.key, due.round)
    again = decide(RETAIL, facts(), held.position, held.look_again_on, POLAND)
    assert isinstance(again, Perform)
    assert (again.step, again.round) == (due.step, due.round)


@given(
    key=st.sampled_from(sorted(RETAIL.place_of)),
    off=st.sets(st.sampled_from([*EVERY, TEAM])),
    changes=st.fixed_dictionaries(
        {},
        optional={
            "overdue": st.sampled_from([(), (("PLN", 1),), (("PLN", 900_000),)]),
            "holds": st.sampled_from([frozenset(), frozenset({"dispute"})]),
            "mobile": st.booleans(),
            "email": st.booleans(),
            "phone": st.booleans(),
            "demand": st.sampled_from(["none", "queued", "delivered"]),
        },
    ),
)
def test_switches_change_nothing_but_a_step_that_would_be_taken(
    key: str, off: set[Switch], changes: dict[str, Any]
) -> None:
    known = facts(**changes)
    stops = Stops(frozenset(off), TEAM if TEAM in off else None)
    free = decide(RETAIL, known, at(key), TODAY, POLAND)

    found = decide(RETAIL, known, at(key), TODAY, POLAND, stops=stops)

    if isinstance(free, Perform) and stops.of_step(free.step, known):
        assert isinstance(found, Hold)
    else:
        assert found == free


def test_the_record_names_every_switch_in_the_way() -> None:
    off = frozenset({action_switch("send_letter", "demand"), channel_switch("letter"), TEAM})

    held = decide(RETAIL, facts(), at("demand"), TODAY, POLAND, stops=Stops(off, TEAM))

    places = [entry[0] for entry in json.loads(record_text(held.looked))["looked"]]
    assert places[-3:] == [
        "switch.automation.send_letter.demand",
        "switch.channel.letter",
        "switch.team.7",
    ]
    assert wanted_of(held.looked[-1][0]) == {"switch": "team", "key": "7"}


def test_an_event_leaves_a_stopped_step_to_the_close_which_looks_at_the_switches() -> None:
    stops = Stops(frozenset({channel_switch("letter")}))

    decision = decide(RETAIL, facts(), at("demand"), TODAY, POLAND, may_perform=False, stops=stops)

    assert isinstance(decision, WaitUntil)
    assert decision.look_again_on == TODAY


@pytest.mark.parametrize("name", [ActionName.SEND_LETTER, ActionName.SEND_MESSAGE])
def test_the_switch_of_a_sending_action_keeps_back_what_it_has_queued(name: ActionName) -> None:
    channel = "letter" if name is ActionName.SEND_LETTER else "sms"
    for what in ACTIONS[name]:
        own = action_switch(name, what)
        by_step, by_hand = (
            switches_of_message(channel=channel, template=what, cause=cause, team_id=7)
            for cause in ("step:1:demand:1", "termination:1")
        )
        assert own in by_step
        assert own not in by_hand


def test_a_message_is_kept_back_by_its_channel_its_template_and_its_team() -> None:
    bearing = switches_of_message(
        channel="letter", template="termination", cause="termination:4", team_id=7
    )
    assert set(bearing) == {channel_switch("letter"), template_switch("termination"), TEAM}
    assert first_off(bearing, frozenset({channel_switch("sms")})) is None
    assert first_off(bearing, frozenset({TEAM})) == TEAM
    assert TEAM not in switches_of_message(
        channel="sms", template="reminder", cause="step:1", team_id=None
    )


def test_teams_that_are_off_are_found_among_other_switches() -> None:
    off = frozenset({TEAM, team_switch(3), Switch(SwitchKind.CHANNEL, "sms")})
    assert teams_off(off) == [3, 7]
