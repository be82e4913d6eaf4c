"""Whose case it is right now: claims, leases, giving back, taking over, putting aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cases.lifecycle import Tray, WorkKind
from cases.locking import CaseNotFound
from cases.models import Case, InHand, WorkItem
from cases.operations import (
    AsideDayInvalid,
    CaseInHand,
    ClosedCaseNotAssigned,
    NewWorkItem,
    NotInYourHands,
    OnlyPeopleClaim,
    TeamNotYours,
    WorkItemNotFound,
    WorkNotOpen,
    assign_all_cases,
    claim_next_work_item,
    finish_and_claim_next,
    finish_work_item,
    keep_in_hand,
    mark_told,
    note_presence,
    open_work_items,
    put_all_work_aside,
    put_back_case,
    put_work_aside,
    take_case_in_hand,
    take_over_case,
)
from cases.queries import get_hand, list_lookers, list_untold
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.authority import RightMissing
from staff.approvals import ReasonMissing
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debtor, make_user

pytestmark = pytest.mark.django_db

HALF_AN_HOUR = timedelta(minutes=30)


def ask(
    case: Case, at: datetime, machine: Actor, on: date, kind: WorkKind = WorkKind.CALL
) -> WorkItem:
    (pk,) = open_work_items(items=[NewWorkItem(case.pk, kind, on)], at=at, actor=machine)
    return WorkItem.objects.get(pk=pk)


def kinds(case: Case) -> list[str]:
    return [event.kind for event in list_events(subjects=[Subject("case", case.pk)])]


@pytest.fixture
def ben(officer: User) -> Actor:
    return actor_of(make_user("ben", Role.OFFICER, officer.team))


@pytest.fixture
def stranger(db: None) -> Actor:
    return actor_of(make_user("sven", Role.OFFICER, Team.objects.create(name="South")))


def test_late_comes_before_today_and_money_decides_among_what_is_equally_urgent(
    make_case: Callable[..., Case], as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    today, small, large, answer = (make_case(due) for due in (900_000, 1_000, 500_000, 100))
    ask(today, at, machine, on)
    ask(small, at, machine, on - timedelta(days=9))
    ask(large, at, machine, on - timedelta(days=1))
    ask(answer, at, machine, on - timedelta(days=1), WorkKind.ANSWER_REQUEST)
    taken = []
    while item := claim_next_work_item(on=on, actor=as_officer, at=at):
        taken.append(item.case)
        finish_work_item(work_item_id=item.pk, note="", actor=as_officer, at=at)
    assert taken == [answer, large, small, today]


def test_work_that_is_not_due_yet_is_not_handed_out(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    ask(case, at, machine, on + timedelta(days=1))
    assert claim_next_work_item(on=on, actor=as_officer, at=at) is None


def test_one_tray_can_be_asked_for_alone(
    make_case: Callable[..., Case], as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    call, address = make_case(900_000), make_case(1_000)
    ask(call, at, machine, on)
    ask(address, at, machine, on, WorkKind.FIND_ADDRESS)
    item = claim_next_work_item(on=on, actor=as_officer, at=at, tray=Tray.DATA)
    assert item is not None
    assert item.case == address


def test_a_claimed_case_is_nobody_elses_whatever_else_is_to_be_done_on_it(
    case: Case, as_officer: Actor, ben: Actor, at: datetime, on: date, machine: Actor
) -> None:
    ask(case, at, machine, on)
    ask(case, at, machine, on, WorkKind.REVIEW)
    assert claim_next_work_item(on=on, actor=as_officer, at=at) is not None
    assert claim_next_work_item(on=on, actor=ben, at=at) is None
    with pytest.raises(CaseInHand) as refused:
        keep_in_hand(case_id=case.pk, actor=ben, at=at + timedelta(minutes=29))
    assert refused.value.values["user_name"] == "Anna"
    assert claim_next_work_item(on=on, actor=ben, at=at + HALF_AN_HOUR) is not None


def test_every_act_keeps_the_case_for_another_half_hour(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    ask(case, at, machine, on)
    claim_next_work_item(on=on, actor=as_officer, at=at)
    later = at + timedelta(minutes=20)
    hand = keep_in_hand(case_id=case.pk, actor=as_officer, at=later)
    assert (hand.since, hand.until) == (at, later + HALF_AN_HOUR)
    assert hand.work_item_id is not None
    assert get_hand(case_id=case.pk, at=later + HALF_AN_HOUR) is None
    assert kinds(case).count("in_hand.taken") == 0


def test_the_first_act_on_a_free_case_takes_it_and_says_so_once(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    keep_in_hand(case_id=case.pk, actor=as_officer, at=at)
    keep_in_hand(case_id=case.pk, actor=as_officer, at=at + timedelta(minutes=1))
    assert kinds(case).count("in_hand.taken") == 1


def test_who_takes_another_case_gives_the_first_one_free(
    make_case: Callable[..., Case], as_officer: Actor, at: datetime
) -> None:
    first, second = make_case(), make_case()
    take_case_in_hand(case_id=first.pk, actor=as_officer, at=at)
    take_case_in_hand(case_id=second.pk, actor=as_officer, at=at)
    assert get_hand(case_id=first.pk, at=at) is None
    assert get_hand(case_id=second.pk, at=at) is not None


def test_what_was_put_back_goes_to_others_first(
    make_case: Callable[..., Case], as_officer: Actor, ben: Actor, at: datetime, on: date,
    machine: Actor,
) -> None:  # fmt: skip
    best, other = make_case(900_000), make_case(1_000)
    for one in (best, other):
        ask(one, at, machine, on)
    first = claim_next_work_item(on=on, actor=as_officer, at=at)
    assert first is not None
    put_back_case(case_id=best.pk, actor=as_officer, at=at)
    assert kinds(best)[0] == "in_hand.put_back"
    with pytest.raises(NotInYourHands):
        put_back_case(case_id=best.pk, actor=as_officer, at=at)
    second = claim_next_work_item(on=on, actor=as_officer, at=at)
    assert second is not None
    assert second.case == other
    put_back_case(case_id=other.pk, actor=as_officer, at=at)
    again = claim_next_work_item(on=on, actor=as_officer, at=at)
    assert again is not None, "rather what was put back than nothing"
    put_back_case(case_id=again.case_id, actor=as_officer, at=at)
    bens = claim_next_work_item(on=on, actor=ben, at=at)
    assert bens is not None
    assert bens.case == best


def test_a_case_that_a_colleague_looks_at_is_not_handed_out(
    case: Case, as_officer: Actor, ben: Actor, at: datetime, on: date, machine: Actor
) -> None:
    ask(case, at, machine, on)
    note_presence(case_id=case.pk, actor=ben, at=at)
    note_presence(case_id=case.pk, actor=ben, at=at + timedelta(seconds=60))
    (looker,) = list_lookers(case_ids=[case.pk], at=at + timedelta(seconds=60))[case.pk]
    assert (looker.user_name, looker.since) == ("Ben", at)
    assert claim_next_work_item(on=on, actor=as_officer, at=at + timedelta(seconds=61)) is None
    gone = at + timedelta(seconds=181)
    assert list_lookers(case_ids=[case.pk], at=gone) == {}
    assert claim_next_work_item(on=on, actor=as_officer, at=gone) is not None


def test_done_and_next_finishes_and_hands_out_the_next(
    make_case: Callable[..., Case], as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    first, second = make_case(900_000), make_case(1_000)
    for one in (first, second):
        ask(one, at, machine, on)
    claim_next_work_item(on=on, actor=as_officer, at=at)
    step: dict[str, Any] = {"on": on, "actor": as_officer, "at": at}
    next_ = finish_and_claim_next(case_id=first.pk, note="spoke", **step)
    assert next_.finished is not None
    assert next_.finished.status == "done"
    assert next_.item is not None
    assert next_.item.case == second
    assert InHand.objects.get().case == second
    last = finish_and_claim_next(case_id=second.pk, note="", **step)
    assert last.item is None
    assert not InHand.objects.exists()


def test_done_and_next_goes_on_where_logging_the_call_has_finished_the_work(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    item = ask(case, at, machine, on)
    claim_next_work_item(on=on, actor=as_officer, at=at)
    finish_work_item(work_item_id=item.pk, note="", actor=as_officer, at=at)
    gone = finish_and_claim_next(case_id=case.pk, note="", on=on, actor=as_officer, at=at)
    assert gone == (None, None)


def test_done_and_next_is_refused_while_a_colleague_has_the_case(
    case: Case, as_officer: Actor, ben: Actor, at: datetime, on: date, machine: Actor
) -> None:
    item = ask(case, at, machine, on)
    take_case_in_hand(case_id=case.pk, actor=ben, at=at)
    with pytest.raises(CaseInHand):
        finish_and_claim_next(
            case_id=case.pk, work_item_id=item.pk, note="", on=on, actor=as_officer, at=at
        )
    item.refresh_from_db()
    assert item.status == "open"


def test_taking_over_needs_a_reason_and_the_first_is_told(
    case: Case, officer: User, as_officer: Actor, ben: Actor, at: datetime, on: date,
    machine: Actor,
) -> None:  # fmt: skip
    item = ask(case, at, machine, on)
    claim_next_work_item(on=on, actor=as_officer, at=at)
    take: dict[str, Any] = {"case_id": case.pk, "actor": ben, "at": at + timedelta(minutes=1)}
    with pytest.raises(ReasonMissing):
        take_over_case(reason=" ", **take)
    hand = take_over_case(reason="the debtor called me", **take)
    assert (hand.user_name, hand.work_item_id) == ("Ben", item.pk)
    event, *_ = list_events(subjects=[Subject("case", case.pk)])
    assert (event.kind, event.payload["reason"]) == (
        "in_hand.taken_over",
        "the debtor called me",
    )
    (told,) = list_untold(user_id=officer.pk)
    assert (told.case_number, told.by_name, told.reason) == (
        case.number,
        "Ben",
        "the debtor called me",
    )
    mark_told(taken_over_id=told.id, actor=ben, at=at)
    assert list_untold(user_id=officer.pk) == [told], "only the one who was told has read it"
    mark_told(taken_over_id=told.id, actor=as_officer, at=at)
    assert list_untold(user_id=officer.pk) == []
    with pytest.raises(CaseInHand):
        keep_in_hand(case_id=case.pk, actor=as_officer, at=at + timedelta(minutes=2))


def test_taking_over_what_is_free_tells_nobody(
    case: Case, officer: User, as_officer: Actor, ben: Actor, at: datetime
) -> None:
    take_case_in_hand(case_id=case.pk, actor=as_officer, at=at)
    take_over_case(case_id=case.pk, reason="gone home", actor=ben, at=at + HALF_AN_HOUR)
    assert kinds(case)[0] == "in_hand.taken"
    assert list_untold(user_id=officer.pk) == []


def test_a_case_of_another_team_can_be_neither_taken_nor_looked_at(
    case: Case, stranger: Actor, as_officer: Actor, at: datetime
) -> None:
    take_case_in_hand(case_id=case.pk, actor=as_officer, at=at)
    for act in (take_case_in_hand, keep_in_hand, note_presence):
        with pytest.raises(CaseNotFound):
            act(case_id=case.pk, actor=stranger, at=at)
    with pytest.raises(CaseNotFound):
        take_over_case(case_id=case.pk, reason="x", actor=stranger, at=at)


def test_who_may_only_look_takes_nothing_and_a_machine_neither(
    case: Case, at: datetime, on: date, machine: Actor
) -> None:
    auditor = actor_of(make_user("hanna", Role.AUDITOR))
    with pytest.raises(RightMissing):
        take_case_in_hand(case_id=case.pk, actor=auditor, at=at)
    with pytest.raises(RightMissing):
        note_presence(case_id=case.pk, actor=auditor, at=at)
    with pytest.raises(OnlyPeopleClaim):
        claim_next_work_item(on=on, actor=machine, at=at)


def test_work_is_put_aside_until_a_day_with_a_reason_and_keeps_its_first_day(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    item = ask(case, at, machine, on)
    claim_next_work_item(on=on, actor=as_officer, at=at)
    until = on + timedelta(days=3)
    put: dict[str, Any] = {"work_item_id": item.pk, "actor": as_officer, "at": at}
    put_work_aside(until_on=until, reason="paid on Friday", **put)
    item.refresh_from_db()
    assert (item.due_on, item.first_due_on, item.put_aside_reason) == (until, on, "paid on Friday")
    assert get_hand(case_id=case.pk, at=at) is None
    assert claim_next_work_item(on=on, actor=as_officer, at=at) is None
    assert kinds(case)[0] == "work_item.put_aside"
    put_work_aside(until_on=until + timedelta(days=1), reason="again", **put)
    item.refresh_from_db()
    assert item.first_due_on == on


@pytest.mark.parametrize(("kind", "days"), [(WorkKind.CALL, 31), (WorkKind.ANSWER_REQUEST, 8)])
def test_nothing_is_put_aside_for_too_long_or_until_today(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor, kind: WorkKind,
    days: int,
) -> None:  # fmt: skip
    item = ask(case, at, machine, on, kind)
    put: dict[str, Any] = {"work_item_id": item.pk, "actor": as_officer, "at": at}
    for until in (on, on + timedelta(days=days)):
        with pytest.raises(AsideDayInvalid):
            put_work_aside(until_on=until, reason="later", **put)
    with pytest.raises(ReasonMissing):
        put_work_aside(until_on=on + timedelta(days=1), reason="", **put)
    put_work_aside(until_on=on + timedelta(days=days - 1), reason="later", **put)


def test_of_many_put_aside_each_refusal_is_its_own(
    make_case: Callable[..., Case], as_officer: Actor, ben: Actor, at: datetime, on: date,
    machine: Actor,
) -> None:  # fmt: skip
    fine, taken, done = (ask(make_case(), at, machine, on) for _ in range(3))
    take_case_in_hand(case_id=taken.case_id, actor=ben, at=at)
    finish_work_item(work_item_id=done.pk, note="", actor=as_officer, at=at)
    outcome = put_all_work_aside(
        work_item_ids=[fine.pk, taken.pk, done.pk, 999_999],
        until_on=on + timedelta(days=1), reason="inventory", actor=as_officer, at=at,
    )  # fmt: skip
    assert outcome.done == [fine.pk]
    assert {pk: type(error) for pk, error in outcome.refused.items()} == {
        taken.pk: CaseInHand,
        done.pk: WorkNotOpen,
        999_999: WorkItemNotFound,
    }
    stranger = actor_of(make_user("sven", Role.OFFICER, Team.objects.create(name="South")))
    foreign = put_all_work_aside(
        work_item_ids=[taken.pk], until_on=on + timedelta(days=1), reason="x", actor=stranger,
        at=at,
    )  # fmt: skip
    assert isinstance(foreign.refused[taken.pk], WorkItemNotFound)


def test_of_many_assigned_each_refusal_is_its_own(
    make_case: Callable[..., Case], officer: User, as_officer: Actor, as_leader: Actor,
    ben: Actor, at: datetime, on: date,
) -> None:  # fmt: skip
    fine, taken, closed = (make_case() for _ in range(3))
    take_case_in_hand(case_id=taken.pk, actor=ben, at=at)
    Case.objects.filter(pk=closed.pk).update(status="closed", closed_on=on)
    foreign = Case.objects.create(
        number="X-1", debtor=make_debtor(), opened_on=on, updated_at=at,
        team=Team.objects.create(name="South"),
    )  # fmt: skip
    give: dict[str, Any] = {
        "case_ids": [fine.pk, taken.pk, closed.pk, foreign.pk],
        "owner_id": officer.pk,
        "at": at,
    }
    outcome = assign_all_cases(team_id=officer.team_id, actor=as_leader, **give)
    assert outcome.done == [fine.pk]
    assert {pk: type(error) for pk, error in outcome.refused.items()} == {
        taken.pk: CaseInHand,
        closed.pk: ClosedCaseNotAssigned,
        foreign.pk: CaseNotFound,
    }
    fine.refresh_from_db()
    taken.refresh_from_db()
    assert (fine.owner, taken.owner) == (officer, None)
    with pytest.raises(RightMissing):
        assign_all_cases(team_id=officer.team_id, actor=as_officer, **give)


def test_a_leader_gives_cases_to_the_own_team_only_and_a_manager_to_any(
    case: Case, as_leader: Actor, at: datetime
) -> None:
    south = Team.objects.create(name="South")
    give: dict[str, Any] = {"case_ids": [case.pk], "team_id": south.pk, "owner_id": None, "at": at}
    refused = assign_all_cases(actor=as_leader, **give).refused
    assert isinstance(refused[case.pk], TeamNotYours)
    manager = actor_of(make_user("pawel", Role.MANAGER))
    assert assign_all_cases(actor=manager, **give).done == [case.pk]
