"""Work for people, who owns a case, and who has it in hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cases.lifecycle import Handler, WorkKind
from cases.locking import CaseNotFound
from cases.models import Case, WorkItem
from cases.operations import (
    CaseHandledByAnother,
    CaseInHand,
    NewWorkItem,
    OwnerNotInTeam,
    WorkItemNotFound,
    WorkOpenAlready,
    assign_case,
    cancel_work_items,
    claim_next_work_item,
    finish_work_item,
    open_work_item,
    open_work_items,
    return_case,
    return_cases,
    take_case,
    take_cases,
)
from cases.queries import (
    WorkKey,
    get_case,
    get_case_figures,
    list_timeline_subjects,
    list_work,
    list_work_of_case,
)
from debtors.models import Debt
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.authority import RightMissing
from kernel.lifecycle import MoveNotAllowed
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_user

pytestmark = pytest.mark.django_db


def ask(case: Case, at: datetime, machine: Actor, kind: WorkKind, on: date) -> WorkItem:
    (pk,) = open_work_items(items=[NewWorkItem(case.pk, kind, on)], at=at, actor=machine)
    return WorkItem.objects.get(pk=pk)


def kinds(case: Case) -> list[str]:
    return [event.kind for event in list_events(subjects=[Subject("case", case.pk)])]


def test_one_item_of_a_kind_is_open_and_carries_its_reason(
    case: Case, at: datetime, on: date, machine: Actor
) -> None:
    reason = {"code": "step", "step": 'call "x"\n'}
    item = NewWorkItem(case.pk, WorkKind.CALL, on, 7, reason)
    (pk,) = open_work_items(items=[item], at=at, actor=machine)
    assert open_work_items(items=[item], at=at, actor=machine) == []
    stored = WorkItem.objects.get(pk=pk)
    assert (stored.priority, stored.reason, stored.team) == (7, reason, case.team)
    event, *_ = list_events(subjects=[Subject("case", case.pk)])
    assert event.payload == {
        "work_item_id": pk,
        "kind": "call",
        "due_on": on.isoformat(),
        "reason": reason,
    }


def test_a_person_opens_work_once(case: Case, as_officer: Actor, at: datetime, on: date) -> None:
    open_work_item(
        case_id=case.pk, kind=WorkKind.REVIEW, due_on=on, note="look", actor=as_officer, at=at
    )
    with pytest.raises(WorkOpenAlready):
        open_work_item(
            case_id=case.pk, kind=WorkKind.REVIEW, due_on=on, note="look", actor=as_officer, at=at
        )


def test_the_next_item_is_ones_own_then_the_teams_the_soonest_first(
    make_case: Callable[[], Case], officer: User, as_officer: Actor, as_leader: Actor,
    at: datetime, on: date, machine: Actor,
) -> None:  # fmt: skip
    teams, later, own = make_case(), make_case(), make_case()
    assign_case(
        case_id=own.pk, team_id=officer.team_id, owner_id=officer.pk, actor=as_leader, at=at
    )
    ask(later, at, machine, WorkKind.CALL, on)
    urgent = ask(teams, at, machine, WorkKind.ANSWER_REQUEST, on)
    mine = ask(own, at, machine, WorkKind.CALL, on)
    ask(own, at, machine, WorkKind.REVIEW, on + timedelta(days=1))
    assert claim_next_work_item(on=on, actor=as_officer, at=at) == mine
    assert claim_next_work_item(on=on, actor=as_officer, at=at) == mine
    finish_work_item(work_item_id=mine.pk, note="", actor=as_officer, at=at)
    assert claim_next_work_item(on=on, actor=as_officer, at=at) == urgent
    colleague = actor_of(make_user("ben", Role.OFFICER, officer.team))
    claimed = claim_next_work_item(on=on, actor=colleague, at=at)
    assert claimed is not None
    assert claimed.case == later
    third = actor_of(make_user("cid", Role.OFFICER, officer.team))
    assert claim_next_work_item(on=on, actor=third, at=at) is None
    after_lease = at + timedelta(minutes=31)
    assert claim_next_work_item(on=on, actor=third, at=after_lease) == urgent


def test_a_leased_item_is_finished_by_its_holder_only(
    case: Case, officer: User, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    item = ask(case, at, machine, WorkKind.CALL, on)
    claim_next_work_item(on=on, actor=as_officer, at=at)
    colleague = actor_of(make_user("ben", Role.OFFICER, officer.team))
    with pytest.raises(CaseInHand):
        finish_work_item(work_item_id=item.pk, note="", actor=colleague, at=at)
    finish_work_item(work_item_id=item.pk, note="done", actor=as_officer, at=at)
    with pytest.raises(MoveNotAllowed):
        finish_work_item(work_item_id=item.pk, note="", actor=as_officer, at=at)
    assert kinds(case)[:2] == ["work_item.finished", "work_item.claimed"]


def test_another_teams_work_is_not_there(
    case: Case, at: datetime, on: date, machine: Actor
) -> None:
    item = ask(case, at, machine, WorkKind.CALL, on)
    stranger = actor_of(make_user("sven", Role.OFFICER, Team.objects.create(name="South")))
    assert claim_next_work_item(on=on, actor=stranger, at=at) is None
    with pytest.raises(WorkItemNotFound):
        finish_work_item(work_item_id=item.pk, note="", actor=stranger, at=at)
    with pytest.raises(CaseNotFound):
        get_case(case_id=case.pk, actor=stranger)
    assert list_work(actor=stranger, due_by=on) == []


def test_the_list_goes_on_after_the_last_item_seen(
    make_case: Callable[[], Case], as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    for i in range(5):
        ask(make_case(), at, machine, WorkKind.CALL, on - timedelta(days=i % 2))
    seen: list[int] = []
    after = None
    while page := list_work(actor=as_officer, due_by=on, after=after, limit=2):
        seen += [item.pk for item in page]
        after = WorkKey(page[-1].due_on, page[-1].priority, page[-1].pk)
    assert len(seen) == len(set(seen)) == 5


def test_work_that_is_not_needed_any_more_is_cancelled(
    case: Case, at: datetime, on: date, machine: Actor
) -> None:
    ask(case, at, machine, WorkKind.CALL, on)
    review = ask(case, at, machine, WorkKind.REVIEW, on)
    kwargs: dict[str, Any] = {"case_ids": [case.pk], "code": "x", "actor": machine, "at": at}
    assert len(cancel_work_items(kinds=[WorkKind.CALL], **kwargs)) == 1
    assert cancel_work_items(kinds=[WorkKind.CALL], **kwargs) == []
    assert list_work_of_case(case_id=case.pk)[0] == review


def test_assigning_moves_the_open_work_too_and_is_told_once(
    case: Case, officer: User, as_leader: Actor, as_officer: Actor, at: datetime, on: date,
    machine: Actor,
) -> None:  # fmt: skip
    item = ask(case, at, machine, WorkKind.CALL, on)
    give: dict[str, Any] = {
        "case_id": case.pk,
        "team_id": officer.team_id,
        "owner_id": officer.pk,
        "at": at,
    }
    assign_case(actor=as_leader, **give)
    assign_case(actor=as_leader, **give)
    item.refresh_from_db()
    assert item.owner == officer
    assert kinds(case).count("case.assigned") == 1
    with pytest.raises(RightMissing):
        assign_case(actor=as_officer, **give)
    stranger = make_user("sven", Role.OFFICER, Team.objects.create(name="South"))
    with pytest.raises(OwnerNotInTeam):
        assign_case(actor=as_leader, **{**give, "owner_id": stranger.pk})


def test_one_handler_at_a_time(case: Case, at: datetime, on: date, machine: Actor) -> None:
    kwargs: dict[str, Any] = {"case_id": case.pk, "on": on, "at": at, "actor": machine}
    take_case(handler=Handler.AGENCY, cause="placement:1", **kwargs)
    with pytest.raises(CaseHandledByAnother) as refused:
        take_case(handler=Handler.COURT, **kwargs)
    assert refused.value.values["handled_by"] == Handler.AGENCY
    with pytest.raises(CaseHandledByAnother):
        return_case(handler=Handler.COURT, **kwargs)
    assert return_case(handler=Handler.AGENCY, **kwargs).handled_by == Handler.HOUSE
    assert kinds(case)[:2] == ["case.returned_to_house", "case.taken_by_agency"]


def test_many_are_taken_and_returned_where_it_is_possible(
    make_case: Callable[[], Case], at: datetime, on: date, machine: Actor
) -> None:
    first, second, third = (make_case().pk for _ in range(3))
    kwargs: dict[str, Any] = {"on": on, "at": at, "actor": machine}
    take_case(case_id=second, handler=Handler.COURT, **kwargs)
    ids = [first, second, third]
    assert take_cases(case_ids=ids, handler=Handler.AGENCY, **kwargs) == [first, third]
    assert return_cases(case_ids=ids, handler=Handler.AGENCY, **kwargs) == [first, third]
    assert return_cases(case_ids=ids, handler=Handler.AGENCY, **kwargs) == []


def test_figures_stand_per_currency_with_days_past_due(case: Case, on: date) -> None:
    make_debt(case.debtor, due_minor=100, outstanding_minor=900, due_since=date(2026, 3, 1))
    make_debt(case.debtor, currency="EUR", due_minor=0, outstanding_minor=700)
    zloty, euro = get_case_figures(case_id=case.pk)
    assert (zloty.currency, zloty.due_minor, zloty.outstanding_minor) == ("PLN", 125_100, 500_900)
    assert zloty.days_past_due(on) == 72
    assert (euro.currency, euro.due_minor, euro.days_past_due(on)) == ("EUR", 0, 0)


def test_the_timeline_is_about_the_case_its_debtor_and_its_accounts(case: Case) -> None:
    account = Debt.objects.get(parties__debtor=case.debtor).account_id
    assert list_timeline_subjects(case_id=case.pk) == [
        Subject("case", case.pk),
        Subject("debtor", case.debtor_id),
        Subject("account", account),
    ]
