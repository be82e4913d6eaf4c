"""A case goes to an agency only with a delivered notice and a person's approval, and comes back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from agencies.lifecycle import EndReason, PlacementStatus
from agencies.models import Agency, Placement
from agencies.operations import (
    CaseOnHold,
    LivePlacement,
    NothingToCollect,
    NoticeNotDelivered,
    NotTerminated,
    decide_placement,
    end_placements_of_closed_cases,
    end_placements_past,
    make_placement_batch,
    propose_placement,
    propose_placement_again,
    propose_placements,
    recall_placement,
    recall_silenced_placements,
    return_placement,
    withdraw_placement,
)
from cases.lifecycle import Handler, HoldKind
from cases.models import Case, Hold, WorkItem
from cases.operations import (
    CaseHandledByAnother,
    NewHold,
    NewProposal,
    place_holds,
    settle_cases,
    take_case,
)
from contacts.lifecycle import Template
from debtors.models import Debt
from desk.approvals import each_approval
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.authority import RightMissing
from kernel.lifecycle import MoveNotAllowed
from ledger.models import Account
from staff.approvals import DecidedByPersonOnly, OverLimit, OwnProposal
from staff.models import ApprovalLimit
from tests.integration.agencies.conftest import deliver_letter
from tests.integration.cases.builders import make_debt

pytestmark = pytest.mark.django_db


def propose_by_machine(case: Case, machine: Actor, at: datetime, on: date) -> Placement:
    new = NewProposal(case.pk, f"step:{case.pk}", {"step": "place"})
    assert propose_placements(proposals=[new], on=on, at=at, actor=machine) == [case.pk]
    return Placement.objects.get(case=case)


def approve(placement: Placement, actor: Actor, at: datetime) -> Placement:
    return decide_placement(
        placement_id=placement.pk, move="approve", reason="no other way", actor=actor, at=at
    )


def open_holds(case: Case) -> set[tuple[str, str]]:
    return set(Hold.objects.filter(case=case, ended_on=None).values_list("kind", "cause"))


def kinds(case: Case) -> list[str]:
    return [event.kind for event in reversed(list_events(subjects=[Subject("case", case.pk)]))]


def test_the_machine_s_proposal_holds_the_case_and_shows_its_grounds(
    case: Case, machine: Actor, as_manager: Actor, at: datetime, on: date
) -> None:
    placement = propose_by_machine(case, machine, at, on)
    assert placement.proposed_by is None
    assert (placement.amount_minor, placement.currency) == (125_000, "PLN")
    assert open_holds(case) == {("approval", f"placement:{placement.pk}")}
    (row,) = each_approval(actor=as_manager)
    assert (row.kind, row.id, row.step) == ("placement", placement.pk, "")
    assert placement.grounds == {"step": "place"}
    assert kinds(case)[1:] == ["placement.proposed", "hold.placed"]


def test_the_same_proposals_again_change_nothing(
    case: Case, machine: Actor, at: datetime, on: date
) -> None:
    propose_by_machine(case, machine, at, on)
    before = kinds(case)
    new = NewProposal(case.pk, f"step:{case.pk}", {})
    other = NewProposal(case.pk, "step:other", {})
    assert propose_placements(proposals=[new, other], on=on, at=at, actor=machine) == []
    assert kinds(case) == before


def test_two_causes_at_once_make_one_proposal_of_the_right_amount(
    case: Case, machine: Actor, at: datetime, on: date
) -> None:
    both = [NewProposal(case.pk, "one", {}), NewProposal(case.pk, "two", {})]
    assert propose_placements(proposals=both, on=on, at=at, actor=machine) == [case.pk]
    assert Placement.objects.get().amount_minor == 125_000


def test_a_case_with_debts_in_two_currencies_is_proposed_in_the_one_due_longest(
    case: Case, machine: Actor, at: datetime, on: date
) -> None:
    make_debt(case.debtor, due_minor=77, outstanding_minor=77, currency="EUR",
              due_since=date(2026, 1, 2))  # fmt: skip
    placement = propose_by_machine(case, machine, at, on)
    assert (placement.amount_minor, placement.currency) == (77, "EUR")


def test_approved_it_takes_the_case_and_waits_for_a_file(
    ready_case: Case, machine: Actor, as_manager: Actor, at: datetime, on: date
) -> None:
    placement = approve(propose_by_machine(ready_case, machine, at, on), as_manager, at)
    ready_case.refresh_from_db()
    assert placement.status == PlacementStatus.APPROVED
    assert ready_case.handled_by == Handler.AGENCY
    assert open_holds(ready_case) == {("agency", f"placement:{placement.pk}")}
    assert "placement.approved" in kinds(ready_case)


def test_without_a_delivered_notice_it_cannot_be_approved(
    case: Case, machine: Actor, as_manager: Actor, at: datetime, on: date
) -> None:
    placement = propose_by_machine(case, machine, at, on)
    with pytest.raises(NoticeNotDelivered):
        approve(placement, as_manager, at)
    deliver_letter(case, Template.DEMAND, on + timedelta(days=1))
    with pytest.raises(NoticeNotDelivered):
        approve(placement, as_manager, at)
    case.refresh_from_db()
    assert case.handled_by == Handler.HOUSE


def test_a_reminder_is_no_notice(
    case: Case, machine: Actor, as_manager: Actor, at: datetime, on: date
) -> None:
    deliver_letter(case, Template.REMINDER, date(2026, 3, 2))
    with pytest.raises(NoticeNotDelivered):
        approve(propose_by_machine(case, machine, at, on), as_manager, at)


def test_what_a_strategy_asks_for_needs_no_termination(
    case: Case, machine: Actor, as_manager: Actor, at: datetime, on: date
) -> None:
    deliver_letter(case, Template.DEMAND, date(2026, 3, 2))
    placement = approve(propose_by_machine(case, machine, at, on), as_manager, at)
    assert placement.status == PlacementStatus.APPROVED


def test_a_person_may_place_only_what_is_terminated(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    deliver_letter(case, Template.DEMAND, date(2026, 3, 2))
    with pytest.raises(NotTerminated):
        propose_placement(case_id=case.pk, reason="silent", actor=as_officer, at=at)


def test_a_case_is_proposed_once_at_a_time(
    ready_case: Case, as_officer: Actor, at: datetime
) -> None:
    propose_placement(case_id=ready_case.pk, reason="silent", actor=as_officer, at=at)
    with pytest.raises(LivePlacement):
        propose_placement(case_id=ready_case.pk, reason="silent", actor=as_officer, at=at)


@pytest.mark.parametrize("kind", [HoldKind.DEATH, HoldKind.BANKRUPTCY, HoldKind.DISPUTE])
def test_what_came_up_since_the_proposal_stops_the_approval(
    ready_case: Case, machine: Actor, as_manager: Actor, at: datetime, on: date, kind: HoldKind
) -> None:
    placement = propose_by_machine(ready_case, machine, at, on)
    hold = NewHold(ready_case.pk, kind, "", "told by phone", on)
    place_holds(holds=[hold], at=at, actor=machine)
    with pytest.raises(CaseOnHold) as refused:
        approve(placement, as_manager, at)
    assert refused.value.values["holds"] == [kind]


def test_a_debt_barred_by_limitation_is_not_placed(
    ready_case: Case, machine: Actor, as_manager: Actor, at: datetime, on: date
) -> None:
    placement = propose_by_machine(ready_case, machine, at, on)
    Debt.objects.update(limitation_on=date(2025, 12, 31))
    with pytest.raises(NothingToCollect):
        approve(placement, as_manager, at)
    Debt.objects.update(is_consumer=False)
    assert approve(placement, as_manager, at).status == PlacementStatus.APPROVED


def test_an_agreement_that_took_the_case_is_in_the_way(
    ready_case: Case, machine: Actor, as_manager: Actor, at: datetime, on: date
) -> None:
    placement = propose_by_machine(ready_case, machine, at, on)
    take_case(case_id=ready_case.pk, handler=Handler.AGREEMENT, on=on, at=at, actor=machine)
    with pytest.raises(CaseHandledByAnother):
        approve(placement, as_manager, at)


def test_only_another_person_with_the_right_and_the_limit_decides(
    ready_case: Case, machine: Actor, as_manager: Actor, as_leader: Actor,
    limit: ApprovalLimit, at: datetime,
) -> None:  # fmt: skip
    placement = propose_placement(case_id=ready_case.pk, reason="silent", actor=as_manager, at=at)
    with pytest.raises(OwnProposal):
        approve(placement, as_manager, at)
    with pytest.raises(RightMissing):
        approve(placement, as_leader, at)
    with pytest.raises(DecidedByPersonOnly):
        approve(placement, machine, at)


def test_over_the_limit_somebody_else_must_decide(
    ready_case: Case, machine: Actor, as_manager: Actor, limit: ApprovalLimit,
    at: datetime, on: date,
) -> None:  # fmt: skip
    limit.amount_minor = 124_999
    limit.save()
    with pytest.raises(OverLimit):
        approve(propose_by_machine(ready_case, machine, at, on), as_manager, at)


def test_refused_it_frees_the_case_and_makes_work(
    ready_case: Case, machine: Actor, as_manager: Actor, at: datetime, on: date
) -> None:
    placement = propose_by_machine(ready_case, machine, at, on)
    decide_placement(
        placement_id=placement.pk, move="refuse", reason="sick", actor=as_manager, at=at
    )
    assert open_holds(ready_case) == set()
    assert WorkItem.objects.get(case=ready_case).reason["code"] == "placement_refuse"
    with pytest.raises(MoveNotAllowed):
        approve(placement, as_manager, at)


def test_sent_back_it_may_be_proposed_again_by_a_person(
    ready_case: Case, machine: Actor, as_manager: Actor, as_officer: Actor, at: datetime, on: date
) -> None:
    placement = propose_by_machine(ready_case, machine, at, on)
    decide_placement(
        placement_id=placement.pk, move="send_back", reason="check", actor=as_manager, at=at
    )
    again = propose_placement_again(
        placement_id=placement.pk, reason="checked", actor=as_officer, at=at
    )
    assert (again.status, again.decided_by) == (PlacementStatus.PROPOSED, None)
    assert again.proposed_by_id == as_officer.user_id
    assert open_holds(ready_case) == {("approval", f"placement:{placement.pk}")}
    assert approve(again, as_manager, at).status == PlacementStatus.APPROVED


def test_an_approved_placement_may_be_withdrawn(
    ready_case: Case, machine: Actor, as_manager: Actor, as_officer: Actor, at: datetime, on: date
) -> None:
    placement = approve(propose_by_machine(ready_case, machine, at, on), as_manager, at)
    withdraw_placement(
        placement_id=placement.pk, reason=EndReason.OTHER, note="", actor=as_officer, at=at
    )
    ready_case.refresh_from_db()
    assert ready_case.handled_by == Handler.HOUSE
    assert open_holds(ready_case) == set()


@pytest.mark.parametrize(
    ("leave", "status"),
    [(recall_placement, PlacementStatus.RECALLED), (return_placement, PlacementStatus.RETURNED)],
)
def test_a_placement_that_ends_gives_the_case_back_with_its_reason(
    ready_case: Case, machine: Actor, as_manager: Actor, agency: Agency,
    at: datetime, on: date, leave: object, status: str,
) -> None:  # fmt: skip
    placement = approve(propose_by_machine(ready_case, machine, at, on), as_manager, at)
    make_placement_batch(agency_id=agency.pk, actor=as_manager, at=at)
    assert callable(leave)
    left = leave(
        placement_id=placement.pk, reason=EndReason.COMPLAINT, note="rude", actor=as_manager, at=at
    )
    ready_case.refresh_from_db()
    assert (left.status, left.end_reason, left.ended_on) == (status, "complaint", on)
    assert ready_case.handled_by == Handler.HOUSE
    assert open_holds(ready_case) == set()
    assert WorkItem.objects.get(case=ready_case).kind == "placement_ended"
    assert f"placement.{status}" in kinds(ready_case)


def test_when_the_agreed_term_is_over_the_case_comes_back_by_itself(
    ready_case: Case, machine: Actor, as_manager: Actor, agency: Agency, at: datetime, on: date
) -> None:
    approve(propose_by_machine(ready_case, machine, at, on), as_manager, at)
    make_placement_batch(agency_id=agency.pk, actor=as_manager, at=at)
    last = on + timedelta(days=90)

    def close(day: date) -> int:
        return end_placements_past(on=day, at=at + timedelta(days=100), actor=machine)

    assert [close(last - timedelta(days=1)), close(last), close(last)] == [0, 1, 0]
    placement = Placement.objects.get(case=ready_case)
    ready_case.refresh_from_db()
    assert (placement.status, placement.ended_on) == (PlacementStatus.ENDED, last)
    assert placement.end_reason == EndReason.TERM_OVER
    assert ready_case.handled_by == Handler.HOUSE
    assert open_holds(ready_case) == set()
    assert WorkItem.objects.get(case=ready_case).reason["reason"] == "term_over"
    (event,) = list_events(subjects=[Subject("case", ready_case.pk)], kinds=["placement.ended"])
    assert event.effective_on == last


@pytest.mark.parametrize(
    ("kind", "recalled"), [(HoldKind.DEATH, 1), (HoldKind.BANKRUPTCY, 1), (HoldKind.DISPUTE, 0)]
)
def test_the_dead_and_the_bankrupt_are_recalled_by_the_night(
    ready_case: Case, machine: Actor, as_manager: Actor, agency: Agency,
    at: datetime, on: date, kind: HoldKind, recalled: int,
) -> None:  # fmt: skip
    approve(propose_by_machine(ready_case, machine, at, on), as_manager, at)
    make_placement_batch(agency_id=agency.pk, actor=as_manager, at=at)
    hold = NewHold(ready_case.pk, kind, "", "told by the heirs", on)
    place_holds(holds=[hold], at=at, actor=machine)
    night = at + timedelta(hours=14)
    assert recall_silenced_placements(on=on, at=night, actor=machine) == recalled
    assert recall_silenced_placements(on=on, at=night, actor=machine) == 0
    placement = Placement.objects.get(case=ready_case)
    ready_case.refresh_from_db()
    if recalled:
        assert (placement.status, placement.end_reason) == (PlacementStatus.RECALLED, kind)
        assert ready_case.handled_by == Handler.HOUSE
    else:
        assert placement.status == PlacementStatus.PLACED


def test_when_the_case_closes_the_placement_ends_as_paid(
    ready_case: Case, machine: Actor, as_manager: Actor, agency: Agency, at: datetime, on: date
) -> None:
    approve(propose_by_machine(ready_case, machine, at, on), as_manager, at)
    make_placement_batch(agency_id=agency.pk, actor=as_manager, at=at)
    Account.objects.update(due_minor=0, due_since=None)
    settle_cases(debtor_ids=[ready_case.debtor_id], on=on, at=at, actor=machine)
    end_placements_of_closed_cases(case_ids=[ready_case.pk], on=on, at=at, actor=machine)
    placement = Placement.objects.get(case=ready_case)
    ready_case.refresh_from_db()
    assert (placement.status, placement.end_reason) == (PlacementStatus.ENDED, EndReason.PAID)
    assert ready_case.handled_by == Handler.HOUSE


def test_when_the_case_closes_a_proposal_is_void(
    ready_case: Case, machine: Actor, at: datetime, on: date
) -> None:
    placement = propose_by_machine(ready_case, machine, at, on)
    Account.objects.update(due_minor=0, due_since=None)
    settle_cases(debtor_ids=[ready_case.debtor_id], on=on, at=at, actor=machine)
    end_placements_of_closed_cases(case_ids=[ready_case.pk], on=on, at=at, actor=machine)
    placement.refresh_from_db()
    assert placement.status == PlacementStatus.WITHDRAWN
    assert open_holds(ready_case) == set()
