"""What waits at a close: terms by law, approvals, work and data problems, each once and in time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from agencies.models import Placement
from cases.lifecycle import WorkKind, tray_of
from cases.models import Case, Hold, WorkItem
from contacts.lifecycle import AttemptResult, Direction
from contacts.models import Message, RestructuringRequest, Termination
from contacts.operations import ContactRefused, log_contact
from courts.models import Referral
from debtors.lifecycle import Channel
from debtors.models import Debt
from kernel.calendar import POLAND
from portfolio.models import DayEntry
from portfolio.operations import take_snapshot
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user
from tests.integration.portfolio.conftest import AT, ON, make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(north: Team) -> Case:
    return make_case("C-1", north, days=100, due_minor=70_000)


def entries(kind: str) -> list[tuple[str, date | None]]:
    """Code and day, of the close of ``ON``."""
    take_snapshot(on=ON, at=AT)
    rows = DayEntry.objects.filter(taken_on=ON, kind=kind).order_by("code", "event_on", "id")
    return list(rows.values_list("code", "event_on"))


def message(case: Case, delivered_on: date, status: str = "delivered") -> Message:
    return Message.objects.create(
        case=case, debtor=case.debtor, channel="letter", template="notice_75c", language="pl",
        recipient={}, figures={}, cause=f"{case.pk}:{delivered_on}:{status}", status=status,
        queued_on=delivered_on, delivered_on=delivered_on if status == "delivered" else None,
    )  # fmt: skip


def test_the_term_of_a_notice_is_ahead_until_its_last_working_day(case: Case) -> None:
    long_ago = ON - timedelta(days=60)
    ended = next(
        day
        for day in (ON - timedelta(days=i) for i in range(60))
        if POLAND.add_working_days(day, 14) <= ON
    )
    message(case, long_ago)
    message(case, ended)
    message(case, ON, status="queued")
    running = [ON, ended + timedelta(days=1)]
    for day in running:
        message(case, day)

    found = entries("deadline")

    assert found == sorted(("notice_term", POLAND.add_working_days(day, 14)) for day in running)
    line = DayEntry.objects.filter(kind="deadline").first()
    assert line is not None
    assert (line.currency, line.money_minor) == ("PLN", 70_000)


def test_a_claim_that_expires_is_ahead_by_its_debt_within_half_a_year(
    case: Case, north: Team
) -> None:
    def expires(number: str, days: int) -> date:
        other = make_case(number, north, days=40, due_minor=5_000)
        day = ON + timedelta(days=days)
        Debt.objects.filter(parties__debtor=other.debtor).update(limitation_on=day)
        return day

    expires("L-0", 0)
    near, at_the_edge = expires("L-1", 1), expires("L-2", 90)
    far, last = expires("L-3", 91), expires("L-4", 180)
    expires("L-5", 181)

    assert entries("deadline") == [
        ("limitation_180", far), ("limitation_180", last),
        ("limitation_90", near), ("limitation_90", at_the_edge),
    ]  # fmt: skip


def test_a_complaint_is_to_be_answered_within_thirty_days_and_stays_when_it_is_late(
    case: Case, north: Team
) -> None:
    late = make_case("C-2", north, days=40, due_minor=5_000)
    done = make_case("C-3", north, days=40, due_minor=5_000)
    for one, days, ended in ((case, 10, None), (late, 45, None), (done, 10, ON)):
        Hold.objects.create(
            case=one, kind="complaint", from_on=ON - timedelta(days=days), ended_on=ended,
            placed_at=AT, actor_kind="user", actor_id="1",
        )  # fmt: skip

    assert entries("deadline") == [
        ("complaint", ON - timedelta(days=15)),
        ("complaint", ON + timedelta(days=20)),
    ]


def test_requests_terminations_orders_and_placements_are_ahead(case: Case, north: Team) -> None:
    RestructuringRequest.objects.create(case=case, received_on=ON - timedelta(days=3))
    leader, legal = make_user("lena", Role.TEAM_LEADER, north), make_user("rob", Role.LEGAL)
    proposal = {
        "case": case, "amount_minor": 70_000, "currency": "PLN", "proposed_at": AT,
        "proposed_by": leader, "decided_by": legal, "decided_at": AT,
    }  # fmt: skip
    Termination.objects.create(
        **proposal, status="approved", notice=message(case, ON - timedelta(days=70)), cause="t",
        debt_ids=[], effective_on=ON + timedelta(days=9),
    )  # fmt: skip
    Referral.objects.create(
        **proposal, status="order", cause="r", claim_minor=70_000, procedure="epu", court="Lublin",
        filed_on=ON - timedelta(days=30), order_on=ON - timedelta(days=9),
        served_on=ON - timedelta(days=4),
    )  # fmt: skip

    assert entries("deadline") == [
        ("order", date(2026, 5, 22)),
        ("restructuring", ON - timedelta(days=3)),
        ("termination", ON + timedelta(days=9)),
    ]


def test_a_closed_case_has_no_deadline(case: Case) -> None:
    message(case, ON)
    Case.objects.filter(pk=case.pk).update(status="closed", closed_on=ON)
    assert entries("deadline") == []


def test_work_of_the_next_working_day_counts_and_what_was_due_before_is_late(
    case: Case, north: Team
) -> None:
    owner = make_user("anna", Role.OFFICER, north)
    following = POLAND.next_working_day(ON)
    for kind, due_on, status in (
        ("call", ON - timedelta(days=2), "open"),
        ("review", following, "open"),
        ("find_phone", following + timedelta(days=1), "open"),
        ("find_address", ON, "done"),
    ):
        WorkItem.objects.create(
            case=case, team=north, owner=owner, kind=kind, due_on=due_on, opened_at=AT,
            status=status, tray=tray_of(WorkKind(kind)),
        )  # fmt: skip

    assert entries("work_due") == [("call", ON - timedelta(days=2)), ("review", following)]
    assert entries("work_late") == [("call", ON - timedelta(days=2))]
    assert {e.officer_id for e in DayEntry.objects.filter(kind="work_due")} == {owner.pk}


def test_proposals_that_nobody_has_decided_wait_by_kind(case: Case) -> None:
    Placement.objects.create(
        case=case, amount_minor=70_000, currency="PLN", proposed_at=AT, cause="p"
    )
    assert entries("approval") == [("placement", date(2026, 5, 13))]


def test_a_debt_with_bad_data_stands_once_for_each_problem(case: Case) -> None:
    Debt.objects.filter(parties__debtor=case.debtor).update(
        problems=["no_name", "no_amount"], missing_since=ON - timedelta(days=1)
    )
    assert [code for code, _ in entries("data_problem")] == ["missing", "no_amount", "no_name"]


def test_what_the_guard_stops_is_counted_by_rule_on_its_day(case: Case, north: Team) -> None:
    officer = actor_of(make_user("anna", Role.OFFICER, north))
    Hold.objects.create(
        case=case, kind="death", from_on=ON, placed_at=AT, actor_kind="user", actor_id="1"
    )
    noon = AT - timedelta(hours=15)
    with pytest.raises(ContactRefused):
        log_contact(
            case_id=case.pk, channel=Channel.PHONE, direction=Direction.OUT,
            result=AttemptResult.NO_ANSWER, note="", actor=officer, at=noon,
        )  # fmt: skip

    assert entries("stopped_contact") == [("death", ON)]
    assert entries("attempt") == []


def test_a_try_and_a_talk_count_for_who_logged_them(case: Case, north: Team) -> None:
    officer = make_user("anna", Role.OFFICER, north)
    log_contact(
        case_id=case.pk, channel=Channel.PHONE, direction=Direction.OUT,
        result=AttemptResult.SPOKE, note="", actor=actor_of(officer), at=AT - timedelta(hours=15),
    )  # fmt: skip

    assert entries("attempt") == [("spoke", ON)]
    assert entries("talk") == [("spoke", ON)]
    assert {entry.officer_id for entry in DayEntry.objects.all()} >= {officer.pk}
