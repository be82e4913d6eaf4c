"""Messages that a red switch keeps back stay queued, and the rest of the queue goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from cases.locking import keep_switches_still
from cases.models import Case
from cases.operations import turn_switch
from cases.switches import Switch, action_switch, channel_switch, team_switch, template_switch
from contacts.guard import Refused, Rule
from contacts.lifecycle import MessageChannel, Template
from contacts.models import Message
from contacts.operations import Dispatched, NewMessage, dispatch_messages, queue_messages
from contacts.queries import list_dispatch
from contacts.queries.keeping_back import count_kept_back
from debtors.models import Debt
from kernel.actor import Actor, system_actor
from kernel.lifecycle import MoveNotAllowed
from staff.models import Team
from tests.integration.cases.builders import make_debt, make_debtor, set_due
from tests.integration.cases.conftest import ON

NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
MACHINE = system_actor("tests")
MakeCase = Callable[..., Case]


def queue(case: Case, channel: str, template: str, *, cause: str = "", on: date = ON) -> int:
    new = NewMessage(
        case.pk,
        MessageChannel(channel),
        Template(template),
        cause or f"step:{case.pk}:{template}:1",
    )
    (message_id,) = queue_messages(messages=[new], on=on, at=NOON, actor=MACHINE)
    return message_id


def turn(switch: Switch, move: str = "turn_off") -> None:
    turn_switch(switch=switch, move=move, reason="Wrong text", stopped={}, actor=MACHINE, at=NOON)


def hand_over(channel: str, *, at: datetime = NOON, actor: Actor = MACHINE) -> Dispatched:
    return dispatch_messages(channel=MessageChannel(channel), actor=actor, at=at)


@pytest.mark.parametrize(
    "switch",
    [
        channel_switch("letter"),
        template_switch("demand"),
        action_switch("send_letter", "demand"),
    ],
)
def test_a_kept_back_message_stays_queued_and_goes_when_it_is_switched_on(
    switch: Switch, make_case: MakeCase
) -> None:
    message_id = queue(make_case(), "letter", "demand")
    turn(switch)

    done = hand_over("letter")

    assert (list(done.handed_over), list(done.skipped), done.kept_back) == ([], [], 1)
    assert Message.objects.get(pk=message_id).status == "queued"
    turn(switch, "turn_on")
    assert hand_over("letter").handed_over == [message_id]


def test_a_switch_keeps_back_only_what_it_names(make_case: MakeCase) -> None:
    demand, text = queue(make_case(), "letter", "demand"), queue(make_case(), "sms", "reminder")
    by_hand = queue(make_case(), "letter", "precourt_demand", cause="by_hand:1")
    turn(action_switch("send_letter", "precourt_demand"))
    turn(template_switch("last_reminder"))

    assert hand_over("letter").handed_over == [demand, by_hand], "a person had this one sent"
    assert hand_over("sms").handed_over == [text]


def test_what_is_kept_back_holds_up_nothing_behind_it(make_case: MakeCase) -> None:
    for _ in range(3):
        queue(make_case(), "letter", "demand")
    notice = queue(make_case(), "letter", "precourt_demand")
    turn(template_switch("demand"))

    done = dispatch_messages(channel=MessageChannel.LETTER, actor=MACHINE, at=NOON, limit=2)

    assert (done.handed_over, done.kept_back) == ([notice], 3)


def test_the_switch_of_a_team_keeps_back_the_messages_of_its_cases(
    make_case: MakeCase, team: Team
) -> None:
    south = Team.objects.create(name="South")
    own, other = make_case(), make_case()
    Case.objects.filter(pk=own.pk).update(team=team)
    Case.objects.filter(pk=other.pk).update(team=south)
    kept, goes = queue(own, "letter", "demand"), queue(other, "letter", "demand")
    turn(team_switch(team.pk))

    done = hand_over("letter")

    assert done.handed_over == [goes]
    assert Message.objects.get(pk=kept).status == "queued"
    assert count_kept_back(off=frozenset({team_switch(team.pk)})) == 1
    assert count_kept_back(off=frozenset({team_switch(south.pk)}), team_id=team.pk) == 0


def test_the_list_of_messages_names_the_switch(make_case: MakeCase) -> None:
    queue(make_case(), "letter", "demand")
    turn(channel_switch("letter"))

    (listed,) = list_dispatch(actor=MACHINE, at=NOON)

    assert isinstance(listed.verdict, Refused)
    assert listed.verdict.rule is Rule.SWITCHED_OFF
    assert listed.verdict.values == {"kind": "channel", "key": "letter"}
    assert not listed.verdict.is_final


def test_what_was_paid_meanwhile_is_not_sent_after_the_switch_is_on_again(
    make_case: MakeCase,
) -> None:
    case = make_case()
    message_id = queue(case, "letter", "demand")
    turn(channel_switch("letter"))
    set_due(Debt.objects.get(parties__debtor=case.debtor), 0)
    turn(channel_switch("letter"), "turn_on")

    assert hand_over("letter").skipped == [message_id]


def test_figures_that_grew_old_behind_a_switch_are_not_sent(make_case: MakeCase) -> None:
    message_id = queue(make_case(), "letter", "demand")
    turn(channel_switch("letter"))
    later = NOON + timedelta(days=60)
    assert hand_over("letter", at=later).kept_back == 1
    assert Message.objects.get(pk=message_id).status == "queued"
    turn(channel_switch("letter"), "turn_on")

    hand_over("letter", at=later)

    message = Message.objects.get(pk=message_id)
    assert (message.status, message.skip_reason["rule"]) == ("skipped", "figures_too_old")


def _turn_elsewhere(done: list[str], move: str = "turn_off") -> None:
    try:
        turn(channel_switch("letter"), move)
        done.append("turned")
    except MoveNotAllowed:
        done.append("refused")
    finally:
        connections.close_all()


@pytest.mark.commits
def test_a_switch_waits_for_what_is_being_handed_over_and_nothing_goes_after_it() -> None:
    debtor = make_debtor()
    make_debt(debtor)
    case = Case.objects.create(number="T-1", debtor=debtor, opened_on=ON, updated_at=NOON)
    first = queue(case, "letter", "demand")
    done: list[str] = []
    person = threading.Thread(target=_turn_elsewhere, args=[done])
    with transaction.atomic():
        handed = hand_over("letter").handed_over
        person.start()
        person.join(timeout=0.3)
        assert person.is_alive(), "what is on its way is on its way"
    person.join(timeout=20)

    assert (handed, done) == ([first], ["turned"])
    queue(case, "letter", "precourt_demand")
    assert hand_over("letter").kept_back == 1


@pytest.mark.commits
def test_of_two_who_turn_one_switch_at_once_one_is_told_that_it_is_done() -> None:
    done: list[str] = []
    people = [threading.Thread(target=_turn_elsewhere, args=[done]) for _ in range(2)]
    with transaction.atomic():
        keep_switches_still()
        for person in people:
            person.start()
    for person in people:
        person.join(timeout=20)

    assert sorted(done) == ["refused", "turned"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_event WHERE kind = 'switch.turned_off'")
        assert cursor.fetchone() == (1,)
