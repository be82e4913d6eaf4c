"""A case goes to court only when terminated and approved by legal, and each step has its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cases.lifecycle import Handler, HoldKind
from cases.models import Case, Hold, WorkItem
from cases.operations import NewHold, NewProposal, place_holds, settle_cases
from courts.lifecycle import CostKind, Outcome, Procedure, ReferralStatus
from courts.models import Referral
from courts.operations import (
    CaseOnHold,
    ClaimTimeBarred,
    CostNotPossible,
    CourtMissing,
    DayOutOfOrder,
    EpuCaseLapsed,
    LiveReferral,
    NotAdmissibleInEpu,
    TerminationNotEffective,
    TermStillRuns,
    close_referral,
    decide_referral,
    file_referral,
    propose_referral,
    propose_referral_again,
    propose_referrals,
    record_cost,
    record_final_order,
    record_objection,
    record_order,
    record_service,
    start_enforcement,
    withdraw_referral,
    withdraw_referrals_of_closed_cases,
)
from courts.queries import get_objection_end, list_cost_totals
from debtors.models import Debt
from desk.approvals import each_approval
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.authority import RightMissing
from kernel.lifecycle import MoveNotAllowed
from kernel.money import Money
from ledger.models import Account, Balance
from staff.approvals import OverLimit, OwnProposal
from staff.models import ApprovalLimit
from staff.rights import Role
from tests.integration.cases.builders import make_debt

pytestmark = pytest.mark.django_db
FILED = date(2026, 5, 12)


def propose_by_machine(case: Case, machine: Actor, at: datetime, on: date) -> Referral:
    new = NewProposal(case.pk, f"step:{case.pk}", {"step": "sue"})
    assert propose_referrals(proposals=[new], on=on, at=at, actor=machine) == [case.pk]
    return Referral.objects.get(case=case)


def approve(referral: Referral, actor: Actor, at: datetime) -> Referral:
    return decide_referral(
        referral_id=referral.pk, move="approve", reason="no other way", actor=actor, at=at
    )


@pytest.fixture
def approved(ready_case: Case, machine: Actor, as_legal: Actor, at: datetime, on: date) -> Referral:
    return approve(propose_by_machine(ready_case, machine, at, on), as_legal, at)


def file(referral: Referral, actor: Actor, at: datetime, *, on: date = FILED,
         procedure: Procedure = Procedure.EPU, counsel: bool = False) -> Referral:  # fmt: skip
    return file_referral(
        referral_id=referral.pk, procedure=procedure, court="SR Lublin-Zachód", docket_no="",
        filed_on=on, with_counsel=counsel, actor=actor, at=at,
    )  # fmt: skip


def ordered(referral: Referral, actor: Actor, procedure: Procedure = Procedure.EPU) -> Referral:
    """Filed on 12 May, ordered on 1 June, served on 8 June 2026."""
    file(referral, actor, datetime(2026, 5, 12, 10, tzinfo=UTC), procedure=procedure)
    june = datetime(2026, 6, 9, 10, tzinfo=UTC)
    record_order(
        referral_id=referral.pk, order_on=date(2026, 6, 1), docket_no="Nc-e 7/26",
        actor=actor, at=june,
    )  # fmt: skip
    return record_service(referral_id=referral.pk, served_on=date(2026, 6, 8), actor=actor, at=june)


def open_holds(case: Case) -> set[tuple[str, str]]:
    return set(Hold.objects.filter(case=case, ended_on=None).values_list("kind", "cause"))


def kinds(case: Case) -> list[str]:
    return [event.kind for event in reversed(list_events(subjects=[Subject("case", case.pk)]))]


def test_the_machine_s_proposal_holds_the_case_until_legal_decides(
    ready_case: Case, machine: Actor, as_legal: Actor, at: datetime, on: date
) -> None:
    referral = propose_by_machine(ready_case, machine, at, on)
    assert (referral.amount_minor, referral.currency) == (125_000, "PLN")
    assert open_holds(ready_case) == {("approval", f"referral:{referral.pk}")}
    (row,) = each_approval(actor=as_legal)
    assert (row.kind, row.id) == ("referral", referral.pk)
    assert referral.grounds == {"step": "sue"}
    again = NewProposal(ready_case.pk, f"step:{ready_case.pk}", {})
    assert propose_referrals(proposals=[again], on=on, at=at, actor=machine) == []


def test_approved_it_takes_the_case(approved: Referral, ready_case: Case) -> None:
    ready_case.refresh_from_db()
    assert approved.status == ReferralStatus.APPROVED
    assert ready_case.handled_by == Handler.COURT
    assert open_holds(ready_case) == {("court", f"referral:{approved.pk}")}


@pytest.mark.parametrize("terminated_on", [None, date(2026, 5, 13)])
def test_before_the_termination_takes_effect_it_cannot_be_approved(
    ready_case: Case, machine: Actor, as_legal: Actor, at: datetime, on: date,
    terminated_on: date | None,
) -> None:  # fmt: skip
    referral = propose_by_machine(ready_case, machine, at, on)
    Debt.objects.update(terminated_on=terminated_on)
    with pytest.raises(TerminationNotEffective):
        approve(referral, as_legal, at)


def test_a_consumer_s_debt_past_limitation_is_never_claimed(
    ready_case: Case, machine: Actor, as_legal: Actor, at: datetime, on: date
) -> None:
    referral = propose_by_machine(ready_case, machine, at, on)
    Debt.objects.update(limitation_on=date(2026, 5, 11))
    with pytest.raises(ClaimTimeBarred):
        approve(referral, as_legal, at)
    Debt.objects.update(is_consumer=False)
    assert approve(referral, as_legal, at).status == ReferralStatus.APPROVED


def test_a_hold_that_came_up_stops_the_approval(
    ready_case: Case, machine: Actor, as_legal: Actor, at: datetime, on: date
) -> None:
    referral = propose_by_machine(ready_case, machine, at, on)
    hold = NewHold(ready_case.pk, HoldKind.BANKRUPTCY, "", "", on)
    place_holds(holds=[hold], at=at, actor=machine)
    with pytest.raises(CaseOnHold):
        approve(referral, as_legal, at)


def test_only_legal_approves_and_never_their_own(
    ready_case: Case, as_legal: Actor, as_leader: Actor, at: datetime
) -> None:
    referral = propose_referral(case_id=ready_case.pk, reason="hides assets", actor=as_legal, at=at)
    with pytest.raises(RightMissing):
        approve(referral, as_leader, at)
    with pytest.raises(OwnProposal):
        approve(referral, as_legal, at)
    with pytest.raises(LiveReferral):
        propose_referral(case_id=ready_case.pk, reason="again", actor=as_legal, at=at)


def test_a_laid_down_limit_binds_legal_too(
    ready_case: Case, machine: Actor, as_legal: Actor, at: datetime, on: date
) -> None:
    ApprovalLimit.objects.create(
        role=Role.LEGAL, kind="referral", currency="PLN", amount_minor=124_999
    )
    with pytest.raises(OverLimit):
        approve(propose_by_machine(ready_case, machine, at, on), as_legal, at)


def test_a_person_may_not_propose_what_is_not_terminated(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    with pytest.raises(TerminationNotEffective):
        propose_referral(case_id=case.pk, reason="now", actor=as_officer, at=at)


def test_sent_back_it_is_proposed_again(
    ready_case: Case, machine: Actor, as_officer: Actor, as_legal: Actor, at: datetime, on: date
) -> None:
    referral = propose_by_machine(ready_case, machine, at, on)
    decide_referral(
        referral_id=referral.pk, move="send_back", reason="papers", actor=as_legal, at=at
    )
    again = propose_referral_again(
        referral_id=referral.pk, reason="papers are here", actor=as_officer, at=at
    )
    assert approve(again, as_legal, at).status == ReferralStatus.APPROVED


def test_filing_fixes_the_claim_and_charges_the_fee(
    approved: Referral, ready_case: Case, as_legal: Actor, at: datetime
) -> None:
    filed = file(approved, as_legal, at, counsel=True)
    account = Account.objects.get(debt__parties__debtor=ready_case.debtor)
    assert (filed.claim_minor, filed.filed_on) == (125_000, FILED)
    assert list_cost_totals(referral_id=filed.pk) == [("PLN", 30_00 + 180_00 + 17_00)]
    costs = Balance.objects.filter(account=account, component="costs")
    assert sum(costs.values_list("amount_minor", flat=True)) == 227_00
    assert account.due_minor == 125_000 + 227_00
    assert kinds(ready_case).count("referral.cost_recorded") == 3


def test_only_terminated_debts_are_claimed(
    approved: Referral, ready_case: Case, as_legal: Actor, at: datetime
) -> None:
    make_debt(ready_case.debtor, due_minor=99_00, outstanding_minor=99_00)
    assert file(approved, as_legal, at).claim_minor == 125_000


def test_the_electronic_court_refuses_what_fell_due_long_ago(
    approved: Referral, as_legal: Actor, at: datetime
) -> None:
    Account.objects.update(due_since=date(2023, 5, 11))
    with pytest.raises(NotAdmissibleInEpu):
        file(approved, as_legal, at)
    other = file(approved, as_legal, at, procedure=Procedure.UPOMINAWCZE)
    assert other.procedure == Procedure.UPOMINAWCZE


def test_what_is_barred_on_the_day_of_filing_is_not_filed(
    approved: Referral, as_legal: Actor, at: datetime
) -> None:
    Debt.objects.update(limitation_on=date(2026, 5, 11))
    with pytest.raises(ClaimTimeBarred):
        file(approved, as_legal, at)


def test_a_claim_in_another_currency_is_filed_without_a_fee_in_it(
    ready_case: Case, machine: Actor, as_legal: Actor, at: datetime, on: date
) -> None:
    Account.objects.update(currency="TWD")
    Debt.objects.update(currency="TWD")
    referral = approve(propose_by_machine(ready_case, machine, at, on), as_legal, at)
    filed = file(referral, as_legal, at, procedure=Procedure.ORDINARY)
    assert (filed.currency, list_cost_totals(referral_id=filed.pk)) == ("TWD", [])


def test_a_filing_needs_a_court_and_a_day_that_has_come(
    approved: Referral, as_legal: Actor, at: datetime
) -> None:
    with pytest.raises(DayOutOfOrder):
        file(approved, as_legal, at, on=date(2026, 5, 13))
    with pytest.raises(CourtMissing):
        file_referral(
            referral_id=approved.pk, procedure=Procedure.EPU, court=" ", docket_no="",
            filed_on=FILED, with_counsel=False, actor=as_legal, at=at,
        )  # fmt: skip


def test_an_officer_runs_no_court_cases(
    approved: Referral, as_officer: Actor, at: datetime
) -> None:
    with pytest.raises(RightMissing):
        file(approved, as_officer, at)


def test_an_unopposed_order_becomes_final_and_is_enforced(
    approved: Referral, ready_case: Case, as_legal: Actor
) -> None:
    referral = ordered(approved, as_legal)
    assert get_objection_end(referral=referral) == date(2026, 6, 22)
    at = datetime(2026, 7, 10, 10, tzinfo=UTC)
    with pytest.raises(TermStillRuns):
        record_final_order(
            referral_id=referral.pk, final_on=date(2026, 6, 22), actor=as_legal, at=at
        )
    record_final_order(referral_id=referral.pk, final_on=date(2026, 6, 23), actor=as_legal, at=at)
    enforced = start_enforcement(
        referral_id=referral.pk, enforcement_on=date(2026, 7, 1), bailiff="Jan Kot",
        bailiff_docket_no="Km 1/26", actor=as_legal, at=at,
    )  # fmt: skip
    assert enforced.status == ReferralStatus.ENFORCEMENT
    told = [kind for kind in kinds(ready_case) if kind.startswith("referral.")]
    assert told == [
        "referral.proposed",
        "referral.approved",
        "referral.filed",
        "referral.cost_recorded",
        "referral.order_issued",
        "referral.order_served",
        "referral.order_final",
        "referral.enforcement_started",
    ]


def test_an_order_that_was_never_served_does_not_become_final(
    approved: Referral, as_legal: Actor, at: datetime
) -> None:
    file(approved, as_legal, at)
    later = at + timedelta(days=90)
    record_order(
        referral_id=approved.pk, order_on=date(2026, 6, 1), docket_no="", actor=as_legal, at=later
    )
    with pytest.raises(TermStillRuns):
        record_final_order(
            referral_id=approved.pk, final_on=date(2026, 8, 1), actor=as_legal, at=later
        )


def test_an_objection_ends_a_case_of_the_electronic_court(
    approved: Referral, as_legal: Actor
) -> None:
    referral = ordered(approved, as_legal)
    at = datetime(2026, 7, 10, 10, tzinfo=UTC)
    record_objection(referral_id=referral.pk, objected_on=date(2026, 6, 15), actor=as_legal, at=at)
    with pytest.raises(EpuCaseLapsed):
        record_order(
            referral_id=referral.pk, order_on=date(2026, 7, 9), docket_no="",
            actor=as_legal, at=at,
        )  # fmt: skip


def test_after_an_objection_elsewhere_the_court_may_give_judgment(
    approved: Referral, as_legal: Actor
) -> None:
    referral = ordered(approved, as_legal, Procedure.UPOMINAWCZE)
    at = datetime(2026, 12, 10, 10, tzinfo=UTC)
    record_objection(referral_id=referral.pk, objected_on=date(2026, 6, 15), actor=as_legal, at=at)
    with pytest.raises(DayOutOfOrder):
        record_order(
            referral_id=referral.pk, order_on=date(2026, 6, 14), docket_no="",
            actor=as_legal, at=at,
        )  # fmt: skip
    judged = record_order(
        referral_id=referral.pk, order_on=date(2026, 11, 2), docket_no="I C 9/26",
        actor=as_legal, at=at,
    )  # fmt: skip
    assert (judged.status, judged.served_on) == (ReferralStatus.ORDER, None)


@pytest.mark.parametrize(
    ("outcome", "work"), [(Outcome.PAID, []), (Outcome.UNENFORCEABLE, ["review"])]
)
def test_closed_it_gives_the_case_back(
    approved: Referral, ready_case: Case, as_legal: Actor, outcome: Outcome, work: list[str]
) -> None:
    referral = ordered(approved, as_legal)
    at = datetime(2026, 7, 10, 10, tzinfo=UTC)
    closed = close_referral(
        referral_id=referral.pk, outcome=outcome, note="", closed_on=date(2026, 7, 9),
        actor=as_legal, at=at,
    )  # fmt: skip
    ready_case.refresh_from_db()
    assert (closed.status, closed.outcome) == (ReferralStatus.CLOSED, outcome)
    assert ready_case.handled_by == Handler.HOUSE
    assert open_holds(ready_case) == set()
    assert list(WorkItem.objects.values_list("kind", flat=True)) == work


def test_before_filing_nothing_can_be_closed_or_cost(
    approved: Referral, as_legal: Actor, at: datetime
) -> None:
    with pytest.raises(MoveNotAllowed):
        close_referral(
            referral_id=approved.pk, outcome=Outcome.PAID, note="", closed_on=FILED,
            actor=as_legal, at=at,
        )  # fmt: skip
    with pytest.raises(CostNotPossible):
        record_cost(
            referral_id=approved.pk, kind=CostKind.OTHER, amount=Money(1, "PLN"),
            incurred_on=FILED, note="", actor=as_legal, at=at,
        )  # fmt: skip


def test_a_bailiff_s_advance_is_charged_when_it_arises(
    approved: Referral, ready_case: Case, as_legal: Actor
) -> None:
    referral = ordered(approved, as_legal)
    at = datetime(2026, 7, 10, 10, tzinfo=UTC)
    record_cost(
        referral_id=referral.pk, kind=CostKind.BAILIFF_ADVANCE, amount=Money(60_00, "PLN"),
        incurred_on=date(2026, 7, 1), note="letters", actor=as_legal, at=at,
    )  # fmt: skip
    account = Account.objects.get(debt__parties__debtor=ready_case.debtor)
    assert account.due_minor == 125_000 + 30_00 + 60_00


def test_nobody_is_sued_who_has_paid(
    approved: Referral, ready_case: Case, machine: Actor, at: datetime, on: date
) -> None:
    Account.objects.update(due_minor=0, due_since=None)
    settle_cases(debtor_ids=[ready_case.debtor_id], on=on, at=at, actor=machine)
    withdraw_referrals_of_closed_cases(case_ids=[ready_case.pk], on=on, at=at, actor=machine)
    approved.refresh_from_db()
    ready_case.refresh_from_db()
    assert approved.status == ReferralStatus.WITHDRAWN
    assert ready_case.handled_by == Handler.HOUSE


def test_what_a_court_knows_of_waits_for_legal_even_when_paid(
    approved: Referral, ready_case: Case, machine: Actor, as_legal: Actor, at: datetime, on: date
) -> None:
    file(approved, as_legal, at)
    Account.objects.update(due_minor=0, due_since=None)
    settle_cases(debtor_ids=[ready_case.debtor_id], on=on, at=at, actor=machine)
    assert (
        withdraw_referrals_of_closed_cases(case_ids=[ready_case.pk], on=on, at=at, actor=machine)
        == []
    )
    approved.refresh_from_db()
    assert approved.status == ReferralStatus.FILED


def test_an_approved_referral_may_be_withdrawn_before_filing(
    approved: Referral, ready_case: Case, as_officer: Actor, at: datetime
) -> None:
    withdraw_referral(referral_id=approved.pk, reason="paid half", actor=as_officer, at=at)
    ready_case.refresh_from_db()
    assert ready_case.handled_by == Handler.HOUSE
    assert open_holds(ready_case) == set()
