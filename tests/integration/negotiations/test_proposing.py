"""An agreement is struck within the officer's limits, or waits for a second person."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from cases.lifecycle import Handler, HoldKind
from cases.locking import CaseNotFound
from cases.models import Case, Hold, WorkItem
from cases.operations import CaseHandledByAnother, NewHold, place_holds, take_case
from desk.approvals import each_approval
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.authority import RightMissing
from kernel.lifecycle import MoveNotAllowed
from negotiations.lifecycle import AgreementKind, AgreementStatus
from negotiations.models import Agreement
from negotiations.operations import (
    CaseNotNegotiable,
    CaseSilenced,
    LiveAgreement,
    OverPolicy,
    decide_agreement,
    propose_agreement,
    withdraw_agreement,
)
from negotiations.operations.decide import ScheduleOutdated
from negotiations.policy import OutsidePolicy
from negotiations.queries import get_terms_preview, list_agreements
from negotiations.schedule import InvalidTerms, Terms
from staff.approvals import OverLimit, OwnProposal, ReasonMissing
from staff.models import ApprovalLimit, Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_user

pytestmark = pytest.mark.django_db

SIX = Terms(AgreementKind.INSTALMENTS, 6, date(2026, 5, 20))
SETTLEMENT = Terms(AgreementKind.SETTLEMENT, 2, date(2026, 5, 20), 100_00)


@pytest.fixture(autouse=True)
def _limits(db: None) -> None:
    ApprovalLimit.objects.create(
        role=Role.TEAM_LEADER, kind="agreement", currency="PLN", amount_minor=2_000_000
    )


def propose(case: Case, terms: Terms, actor: Actor, at: datetime) -> Agreement:
    return propose_agreement(
        case_id=case.pk, currency="PLN", terms=terms, note="asked for it", actor=actor, at=at
    )


def kinds(case: Case) -> list[str]:
    return [event.kind for event in reversed(list_events(subjects=[Subject("case", case.pk)]))]


def open_holds(case: Case) -> set[tuple[str, str]]:
    found = Hold.objects.filter(case=case, ended_on=None)
    return set(found.values_list("kind", "cause"))


def test_within_the_officer_s_limits_it_is_in_force_at_once(
    case: Case, as_officer: Actor, at: datetime, on: date
) -> None:
    agreement = propose(case, SIX, as_officer, at)
    case.refresh_from_db()
    assert agreement.status == AgreementStatus.IN_FORCE
    assert agreement.in_force_on == on
    assert agreement.judge_on == date(2026, 5, 25)
    assert case.handled_by == Handler.AGREEMENT
    assert open_holds(case) == {("agreement", f"agreement:{agreement.pk}")}
    assert kinds(case)[1:] == [
        "agreement.proposed",
        "agreement.concluded",
        "case.taken_by_agreement",
        "hold.placed",
    ]


def test_the_instalments_sum_to_what_is_due(case: Case, as_officer: Actor, at: datetime) -> None:
    agreement = propose(case, SIX, as_officer, at)
    amounts = list(agreement.instalments.order_by("number").values_list("amount_minor", flat=True))
    assert sum(amounts) == 125_000
    assert len(amounts) == 6


def test_beyond_the_limits_it_holds_the_case_and_waits(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime
) -> None:
    agreement = propose(case, SETTLEMENT, as_officer, at)
    case.refresh_from_db()
    assert agreement.status == AgreementStatus.PROPOSED
    assert agreement.grounds["excesses"][0]["code"] == "write_off_share"
    assert case.handled_by == Handler.HOUSE
    assert open_holds(case) == {("approval", f"agreement:{agreement.pk}")}
    (row,) = each_approval(actor=as_leader)
    assert (row.kind, row.id, row.case_number) == ("agreement", agreement.pk, case.number)


def test_an_amount_over_the_laid_down_limit_needs_approval(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    ApprovalLimit.objects.create(
        role=Role.OFFICER, kind="agreement", currency="PLN", amount_minor=124_999
    )
    assert propose(case, SIX, as_officer, at).status == AgreementStatus.PROPOSED


def test_approved_by_a_second_person_it_takes_the_case(
    case: Case, as_officer: Actor, as_leader: Actor, leader: User, at: datetime
) -> None:
    proposed = propose(case, SETTLEMENT, as_officer, at)
    agreement = decide_agreement(
        agreement_id=proposed.pk, move="approve", reason="fair", actor=as_leader, at=at
    )
    case.refresh_from_db()
    assert agreement.status == AgreementStatus.IN_FORCE
    assert agreement.decided_by == leader
    assert case.handled_by == Handler.AGREEMENT
    assert open_holds(case) == {("agreement", f"agreement:{agreement.pk}")}
    assert "agreement.approved" in kinds(case)
    assert list(each_approval(actor=as_leader)) == []


def test_refused_it_frees_the_case_and_tells_the_officer(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime
) -> None:
    proposed = propose(case, SETTLEMENT, as_officer, at)
    decide_agreement(
        agreement_id=proposed.pk, move="refuse", reason="too much", actor=as_leader, at=at
    )
    case.refresh_from_db()
    assert case.handled_by == Handler.HOUSE
    assert open_holds(case) == set()
    assert WorkItem.objects.get(case=case).reason["code"] == "agreement_refuse"


def test_sent_back_it_is_replaced_by_the_next_proposal(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime
) -> None:
    first = propose(case, SETTLEMENT, as_officer, at)
    decide_agreement(agreement_id=first.pk, move="send_back", reason="less", actor=as_leader, at=at)
    second = propose(case, SIX, as_officer, at + timedelta(hours=1))
    first.refresh_from_db()
    assert first.status == AgreementStatus.WITHDRAWN
    assert second.status == AgreementStatus.IN_FORCE
    assert open_holds(case) == {("agreement", f"agreement:{second.pk}")}


def test_nobody_approves_what_they_proposed(case: Case, as_leader: Actor, at: datetime) -> None:
    proposed = propose(
        case, Terms(AgreementKind.SETTLEMENT, 1, date(2026, 5, 20), 500_00), as_leader, at
    )
    with pytest.raises(OwnProposal):
        decide_agreement(
            agreement_id=proposed.pk, move="approve", reason="mine", actor=as_leader, at=at
        )


def test_an_officer_lacks_the_right_to_approve(
    case: Case, as_officer: Actor, team: Team, at: datetime
) -> None:
    proposed = propose(case, SETTLEMENT, as_officer, at)
    other = actor_of(make_user("olga", Role.OFFICER, team))
    with pytest.raises(RightMissing):
        decide_agreement(agreement_id=proposed.pk, move="approve", reason="ok", actor=other, at=at)


def test_a_decision_needs_a_reason(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime
) -> None:
    proposed = propose(case, SETTLEMENT, as_officer, at)
    with pytest.raises(ReasonMissing):
        decide_agreement(
            agreement_id=proposed.pk, move="approve", reason=" ", actor=as_leader, at=at
        )


def test_terms_beyond_the_decider_s_policy_go_to_somebody_higher(
    case: Case, as_officer: Actor, as_leader: Actor, as_manager: Actor, at: datetime
) -> None:
    half = Terms(AgreementKind.SETTLEMENT, 1, date(2026, 5, 20), 600_00)
    proposed = propose(case, half, as_officer, at)
    with pytest.raises(OverPolicy):
        decide_agreement(
            agreement_id=proposed.pk, move="approve", reason="ok", actor=as_leader, at=at
        )
    approved = decide_agreement(
        agreement_id=proposed.pk, move="approve", reason="ok", actor=as_manager, at=at
    )
    assert approved.status == AgreementStatus.IN_FORCE


def test_an_amount_over_the_decider_s_limit_is_refused(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime
) -> None:
    ApprovalLimit.objects.update(amount_minor=1000)
    proposed = propose(case, SETTLEMENT, as_officer, at)
    with pytest.raises(OverLimit):
        decide_agreement(
            agreement_id=proposed.pk, move="approve", reason="ok", actor=as_leader, at=at
        )


def test_a_schedule_that_has_begun_without_approval_is_outdated(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime
) -> None:
    proposed = propose(case, SETTLEMENT, as_officer, at)
    with pytest.raises(ScheduleOutdated):
        decide_agreement(
            agreement_id=proposed.pk,
            move="approve",
            reason="late",
            actor=as_leader,
            at=at + timedelta(days=20),
        )


def test_a_new_debt_makes_the_proposed_terms_outdated(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime
) -> None:
    proposed = propose(case, SETTLEMENT, as_officer, at)
    make_debt(case.debtor, due_minor=1, outstanding_minor=1)
    with pytest.raises(ScheduleOutdated):
        decide_agreement(
            agreement_id=proposed.pk, move="approve", reason="ok", actor=as_leader, at=at
        )


def test_a_second_decision_is_a_conflict(
    case: Case, as_officer: Actor, as_leader: Actor, as_manager: Actor, at: datetime
) -> None:
    proposed = propose(case, SETTLEMENT, as_officer, at)
    decide_agreement(agreement_id=proposed.pk, move="approve", reason="ok", actor=as_leader, at=at)
    with pytest.raises(MoveNotAllowed):
        decide_agreement(
            agreement_id=proposed.pk, move="refuse", reason="no", actor=as_manager, at=at
        )


def test_a_case_has_one_live_agreement(case: Case, as_officer: Actor, at: datetime) -> None:
    propose(case, SIX, as_officer, at)
    with pytest.raises(LiveAgreement):
        propose(case, SIX, as_officer, at)


def test_a_case_that_an_agency_has_is_not_negotiated(
    case: Case, as_officer: Actor, machine: Actor, at: datetime, on: date
) -> None:
    take_case(case_id=case.pk, handler=Handler.AGENCY, on=on, at=at, actor=machine)
    with pytest.raises(CaseNotNegotiable):
        propose(case, SIX, as_officer, at)


@pytest.mark.parametrize("kind", [HoldKind.DEATH, HoldKind.BANKRUPTCY])
def test_nobody_settles_with_the_dead_or_the_bankrupt(
    case: Case, as_officer: Actor, as_leader: Actor, machine: Actor,
    at: datetime, on: date, kind: HoldKind,
) -> None:  # fmt: skip
    proposed = propose(case, SETTLEMENT, as_officer, at)
    place_holds(holds=[NewHold(case.pk, kind, "", "told", on)], at=at, actor=machine)
    with pytest.raises(CaseSilenced):
        decide_agreement(
            agreement_id=proposed.pk, move="approve", reason="ok", actor=as_leader, at=at
        )
    withdraw_agreement(agreement_id=proposed.pk, reason="sad", actor=as_officer, at=at)
    with pytest.raises(CaseSilenced):
        propose(case, SIX, as_officer, at)


def test_approval_is_refused_when_an_agency_took_the_case_meanwhile(
    case: Case, as_officer: Actor, as_leader: Actor, machine: Actor, at: datetime, on: date
) -> None:
    proposed = propose(case, SETTLEMENT, as_officer, at)
    take_case(case_id=case.pk, handler=Handler.AGENCY, on=on, at=at, actor=machine)
    with pytest.raises(CaseHandledByAnother):
        decide_agreement(
            agreement_id=proposed.pk, move="approve", reason="ok", actor=as_leader, at=at
        )
    proposed.refresh_from_db()
    assert proposed.status == AgreementStatus.PROPOSED


def test_another_team_s_case_is_not_found(case: Case, at: datetime) -> None:
    other = Team.objects.create(name="Team South")
    stranger = actor_of(make_user("stan", Role.OFFICER, other))
    with pytest.raises(CaseNotFound):
        propose(case, SIX, stranger, at)


def test_withdrawn_in_force_it_gives_the_case_back(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    agreement = propose(case, SIX, as_officer, at)
    withdraw_agreement(agreement_id=agreement.pk, reason="lost their job", actor=as_officer, at=at)
    case.refresh_from_db()
    assert case.handled_by == Handler.HOUSE
    assert open_holds(case) == set()
    (row,) = list_agreements(case_id=case.pk)
    assert row.status == AgreementStatus.WITHDRAWN


@pytest.mark.parametrize(
    "first_due_on", [date(2026, 5, 11), date(2026, 8, 1)], ids=["yesterday", "too late"]
)
def test_a_first_day_out_of_range_is_refused_for_everybody(
    case: Case, as_manager: Actor, at: datetime, first_due_on: date
) -> None:
    with pytest.raises(OutsidePolicy):
        propose(case, Terms(AgreementKind.INSTALMENTS, 3, first_due_on), as_manager, at)


def test_a_preview_shows_the_schedule_and_writes_nothing(
    case: Case, as_officer: Actor, on: date
) -> None:
    checked = get_terms_preview(
        case_id=case.pk, currency="PLN", terms=SETTLEMENT, on=on, actor=as_officer
    )
    assert checked.needs_approval
    assert checked.schedule.to_pay.minor == 115_000
    assert not Agreement.objects.exists()
    assert kinds(case) == ["case.opened"]


def test_nothing_due_in_a_currency_cannot_be_agreed_on(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    with pytest.raises(InvalidTerms):
        propose_agreement(
            case_id=case.pk, currency="EUR", terms=SIX, note="", actor=as_officer, at=at
        )
