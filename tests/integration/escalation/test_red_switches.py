"""Red switches over real cases: what they stop, what goes on, and that nothing is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from cases.lifecycle import SwitchKind
from cases.models import Case, RedSwitch
from cases.switches import Switch, action_switch, channel_switch, team_switch, template_switch
from contacts.models import Message
from escalation.benchmarks.book import write_book
from escalation.models import Decision, Enrolment, PerformedStep
from escalation.operations import (
    SwitchReasonMissing,
    SwitchReasonTooLong,
    UnknownSwitch,
    decide_due,
    switch_off,
    switch_on,
)
from escalation.queries.explanation import get_explanation
from escalation.queries.switching import count_stopped, get_switch_state, list_switches
from escalation.wording import describe_explanation, switch_name
from journal.queries import list_events_about
from kernel.actor import Actor, system_actor
from kernel.authority import RightMissing
from kernel.lifecycle import MoveNotAllowed
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user

ON = date(2026, 5, 12)
AT = datetime(2026, 5, 12, 22, 30, tzinfo=UTC)
MACHINE = system_actor("tests")
DEMAND = action_switch("send_letter", "demand")


@pytest.fixture
def book(db: None) -> None:
    write_book(cases=200, on=ON)


@pytest.fixture
def manager(db: None) -> Actor:
    return actor_of(make_user("maria", Role.MANAGER))


def off(switch: Switch, by: Actor) -> tuple[int, int]:
    return switch_off(switch=switch, reason="A wrong wording", actor=by, at=AT)


def on_again(switch: Switch, by: Actor) -> tuple[int, int]:
    return switch_on(switch=switch, reason="Put right", actor=by, at=AT)


def decide(on: date = ON) -> dict[str, int]:
    return dict(decide_due(on=on, at=AT + (on - ON), actor=MACHINE))


def templates() -> Counter[str]:
    return Counter(Message.objects.values_list("template", flat=True))


def test_a_stopped_action_is_held_for_its_cases_and_for_no_others(
    book: None, manager: Actor
) -> None:
    assert off(DEMAND, manager) == (0, 40), "due tonight or later"

    assert decide() == {"perform": 90, "wait": 80, "hold": 30}

    assert templates() == {"reminder": 20, "last_reminder": 10, "notice_75c": 10}
    held = Decision.objects.filter(outcome="hold", step_key="demand")
    assert {tuple(record["looked"][-1]) for record in held.values_list("record", flat=True)} == {
        ("switch.automation.send_letter.demand", True, "send_letter.demand")
    }
    assert set(held.values_list("look_again_on", flat=True)) == {ON + timedelta(days=1)}


def test_switched_on_again_every_case_takes_its_step_once(book: None, manager: Actor) -> None:
    off(DEMAND, manager)
    decide()
    waiting = set(
        Decision.objects.filter(outcome="hold", step_key="demand").values_list(
            "enrolment_id", flat=True
        )
    )
    tomorrow = ON + timedelta(days=1)
    decide(tomorrow)
    assert "demand" not in templates()

    assert on_again(DEMAND, manager) == (0, 40)
    decide(tomorrow + timedelta(days=1))
    decide(tomorrow + timedelta(days=2))

    taken = Counter(
        PerformedStep.objects.filter(step_key="demand", round=1).values_list(
            "enrolment_id", flat=True
        )
    )
    assert len(waiting) == 20
    assert waiting <= set(taken)
    assert set(taken.values()) == {1}
    assert templates()["demand"] == len(taken)


def test_every_due_case_has_one_decision_also_while_switches_are_off(
    book: None, manager: Actor
) -> None:
    for switch in (DEMAND, channel_switch("sms"), action_switch("propose", "placement")):
        off(switch, manager)

    assert sum(decide().values()) == 200

    assert Decision.objects.count() == 200
    assert set(Decision.objects.values_list("cause", flat=True)) == {f"close:{ON}"}


def test_sms_is_stopped_for_those_to_whom_it_would_go(book: None, manager: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE debtors_debtor SET preferred_channel = 'email' WHERE id IN (SELECT c.debtor_id"
            " FROM cases_case c JOIN escalation_enrolment e ON e.case_id = c.id"
            " WHERE e.step_key = 'reminder' ORDER BY c.id LIMIT 7)"
        )
        cursor.execute(
            "INSERT INTO debtors_contactpoint (debtor_id, kind, value, is_usable) SELECT id,"
            " 'email', 'a' || id || '@example.org', true FROM debtors_debtor"
            " WHERE preferred_channel = 'email'"
        )
    off(channel_switch("sms"), manager)

    decide()

    sent = Counter(Message.objects.values_list("channel", flat=True))
    assert sent == {"email": 7, "letter": 30}


def test_the_switch_of_a_team_stops_its_cases_alone(book: None, manager: Actor) -> None:
    north, south = Team.objects.create(name="North"), Team.objects.create(name="South")
    Case.objects.update(team=south)
    own = list(Case.objects.order_by("id").values_list("id", flat=True)[:100])
    Case.objects.filter(pk__in=own).update(team=north)
    stopped = off(team_switch(north.pk), manager)

    decide()

    assert stopped == (0, 100)
    performed = Decision.objects.filter(outcome="perform")
    assert performed.exists()
    assert not performed.filter(enrolment__case_id__in=own).exists()
    assert performed.count() == 55


def test_a_night_without_switches_asks_for_them_once_in_a_batch(book: None) -> None:
    with CaptureQueriesContext(connection) as seen:
        decide()

    asked = [query for query in seen if "redswitch" in query["sql"]]
    batches = [query for query in seen if "FOR NO KEY UPDATE OF c, e" in query["sql"]]
    assert 1 <= len(asked) <= len(batches)


def test_what_a_switch_stops_is_said_before_and_stays_the_same_until_something_changes(
    book: None, manager: Actor
) -> None:
    decide()
    letters = Message.objects.filter(channel="letter", status="queued").count()
    before = count_stopped(switch=channel_switch("letter"))

    assert before.messages == letters == 30
    assert off(channel_switch("letter"), manager) == before
    assert count_stopped(switch=template_switch("demand")).messages == 20
    assert count_stopped(switch=DEMAND).messages == 20


def test_a_case_whose_proposal_waits_is_counted_for_the_step_behind_it(
    book: None, manager: Actor
) -> None:
    decide()
    asked = list(Enrolment.objects.filter(asked=True, status="active"))
    assert {enrolment.step_key for enrolment in asked} == {"agency", "court"}
    placement = action_switch("propose", "placement")
    before = count_stopped(switch=placement).cases

    Enrolment.objects.filter(step_key="agency", asked=True).update(asked=False)

    assert count_stopped(switch=placement).cases == before + 10


def test_what_another_switch_stops_as_well_does_not_go_on(book: None, manager: Actor) -> None:
    north = Team.objects.create(name="North")
    Case.objects.filter(pk__in=Case.objects.order_by("id")[:100].values("pk")).update(team=north)
    decide()
    letters = channel_switch("letter")
    stopped = off(letters, manager)
    off(DEMAND, manager)
    off(team_switch(north.pk), manager)

    goes_on = on_again(letters, manager)

    assert stopped == (30, count_stopped(switch=letters).cases)
    assert goes_on[0] == 5, "the notices of the other team"
    assert 0 < goes_on[1] < stopped[1]
    assert on_again(DEMAND, manager)[0] == 10


def test_a_switch_cannot_be_turned_twice_nor_without_a_reason_nor_where_there_is_none(
    manager: Actor, db: None
) -> None:
    off(DEMAND, manager)
    with pytest.raises(MoveNotAllowed):
        off(DEMAND, manager)
    with pytest.raises(MoveNotAllowed):
        on_again(channel_switch("sms"), manager)
    assert not RedSwitch.objects.filter(kind="channel").exists(), "nothing is left of the refusal"
    with pytest.raises(SwitchReasonMissing):
        switch_on(switch=DEMAND, reason="  ", actor=manager, at=AT)
    with pytest.raises(SwitchReasonTooLong):
        switch_on(switch=DEMAND, reason="x" * 501, actor=manager, at=AT)
    for unknown in (action_switch("send_letter", "reminder"), team_switch(4711)):
        with pytest.raises(UnknownSwitch):
            off(unknown, manager)


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.MANAGER, Role.ADMINISTRATOR)]
)
def test_only_managers_and_administrators_turn_switches(role: Role, db: None) -> None:
    with pytest.raises(RightMissing):
        off(DEMAND, actor_of(make_user("other", role)))


def test_every_turn_stands_in_the_journal_with_who_why_and_what_it_stopped(
    book: None, manager: Actor
) -> None:
    off(DEMAND, manager)
    on_again(DEMAND, manager)

    newest, oldest = list_events_about(subject_kinds=["switch"])

    assert (oldest.kind, newest.kind) == ("switch.turned_off", "switch.turned_on")
    assert oldest.actor_id == manager.id
    assert {k: v for k, v in oldest.payload.items() if k != "switch_id"} == {
        "kind": "automation",
        "key": "send_letter.demand",
        "reason": "A wrong wording",
        "messages": 0,
        "cases": 40,
    }
    state = get_switch_state(switch=DEMAND)
    assert state is not None
    assert (state.is_off, state.reason, state.turned_by) == (False, "Put right", "Maria")


def test_every_action_channel_template_and_team_has_a_switch(team: Team) -> None:
    kinds = Counter(state.switch.kind for state in list_switches())
    assert kinds == {
        SwitchKind.AUTOMATION: 11,
        SwitchKind.CHANNEL: 3,
        SwitchKind.TEMPLATE: 7,
        SwitchKind.TEAM: 1,
    }


def test_every_switch_has_a_name_of_its_own_in_either_language(team: Team) -> None:
    switches = [state.switch for state in list_switches()]
    for language in ("pl", "en"):
        with override(language):
            names = [(s.kind, switch_name(s, {str(team.pk): team.name})) for s in switches]
        assert len(set(names)) == len(switches)
        assert not [name for _, name in names if "_" in name or "." in name.replace("art.", "")]
    with override("en"):
        assert switch_name(action_switch("propose", "termination")) == "Proposal: termination"
        assert switch_name(Switch(SwitchKind.AUTOMATION, "gone.demand")) == "gone.demand"


def test_a_switch_whose_team_is_gone_can_still_be_turned_on(team: Team, manager: Actor) -> None:
    gone = team_switch(team.pk)
    off(gone, manager)
    Team.objects.filter(pk=team.pk).delete()

    assert gone in [state.switch for state in list_switches()]
    on_again(gone, manager)
    assert gone not in [state.switch for state in list_switches()]


@pytest.fixture
def due_case(open_case: Callable[..., Case]) -> Case:
    return open_case(due_since=ON - timedelta(days=40))


def test_the_case_page_says_which_switch_holds_the_step(due_case: Case, manager: Actor) -> None:
    on = ON + timedelta(days=1)
    free = get_explanation(case_id=due_case.pk, on=on)
    assert free is not None
    assert free.now is not None
    assert free.now.outcome == "perform"
    for state in list_switches():
        if state.switch.kind is SwitchKind.AUTOMATION:
            off(state.switch, manager)

    held = get_explanation(case_id=due_case.pk, on=on)

    assert held is not None
    assert held.now is not None
    assert (held.now.outcome, held.now.step) == ("hold", free.now.step)
    (blocker,) = held.now.blockers
    assert (blocker.role, blocker.what) == ("switch", "automation")
    with override("en"):
        said = describe_explanation(held)[0]
    assert said.startswith("Nothing is done now: switched off: SMS or e-mail:")
    decide_due(on=on, at=AT, actor=MACHINE)
    stored = get_explanation(case_id=due_case.pk, on=on)
    assert stored is not None
    assert stored.last is not None
    assert stored.last.looked[-1].role == "switch"
