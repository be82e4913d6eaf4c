"""From the notice to the terminated contract: terms run from recorded delivery."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from cases.lifecycle import HoldKind, WorkKind
from cases.models import Case, Hold, WorkItem
from cases.operations import NewProposal
from contacts.deliveries import DeliveryEntry
from contacts.guard import Rule
from contacts.lifecycle import MessageChannel, MessageStatus, Template
from contacts.models import Message, Termination
from contacts.operations import (
    DeliveryRefused,
    NewMessage,
    TerminationBarred,
    complete_terminations,
    decide_termination,
    dispatch_messages,
    propose_termination,
    propose_termination_again,
    propose_terminations,
    queue_messages,
    record_deliveries,
    record_delivery,
    record_restructuring_request,
    withdraw_termination,
)
from contacts.queries import MessageNotFound
from contacts.reactions import end_with_case
from debtors.models import Address, Debt
from desk.approvals import each_approval
from journal.operations import Subject
from journal.queries import list_events
from journal.subscribers import RecordedEvent
from kernel.actor import Actor
from kernel.authority import RightMissing
from kernel.clock import instant
from kernel.lifecycle import MoveNotAllowed
from staff.approvals import OverLimit, OwnProposal
from staff.models import ApprovalLimit, Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_user, set_due

pytestmark = pytest.mark.django_db

DELIVERED_ON = date(2026, 4, 20)
AFTER_TERM = date(2026, 5, 12)


@pytest.fixture
def as_legal(db: None) -> Actor:
    return actor_of(make_user("lex", Role.LEGAL))


def letter(case: Case, template: Template, on: date, machine: Actor) -> Message:
    new = NewMessage(case.pk, MessageChannel.LETTER, template, f"{template}:{case.pk}:{on}")
    (pk,) = queue_messages(messages=[new], on=on, at=instant(on), actor=machine)
    return Message.objects.get(pk=pk)


@pytest.fixture
def proposed(
    case: Case, delivered_notice: Callable[[Case, date], Message], machine: Actor
) -> Termination:
    delivered_notice(case, DELIVERED_ON)
    (pk,) = propose_terminations(
        proposals=[NewProposal(case.pk, "step:1", {"seen": 1})], on=date(2026, 5, 11),
        at=instant(AFTER_TERM), actor=machine,
    )  # fmt: skip
    return Termination.objects.get(pk=pk)


def kinds(case: Case) -> list[str]:
    return [event.kind for event in list_events(subjects=[Subject("case", case.pk)])]


def test_the_whole_way_to_a_terminated_contract(
    case: Case, proposed: Termination, as_legal: Actor, at: datetime, machine: Actor
) -> None:
    decided = decide_termination(
        termination_id=proposed.pk, move="approve", reason="seen", actor=as_legal, at=at
    )
    assert decided.statement is not None
    assert decided.statement.template == Template.TERMINATION
    assert decided.statement.figures["notice_delivered_on"] == "2026-04-20"
    assert Hold.objects.get(kind=HoldKind.APPROVAL).ended_on == date(2026, 5, 12)
    assert complete_terminations(on=date(2026, 8, 1), at=at, actor=machine) == 0
    record_delivery(
        message_id=decided.statement.pk, status=MessageStatus.DELIVERED,
        happened_on=date(2026, 5, 15), on=date(2026, 5, 18), actor=as_legal, at=at,
    )  # fmt: skip
    decided.refresh_from_db()
    assert decided.effective_on == date(2026, 6, 14)
    later = instant(date(2026, 6, 15))
    assert complete_terminations(on=date(2026, 6, 13), at=later, actor=machine) == 0
    assert complete_terminations(on=date(2026, 6, 14), at=later, actor=machine) == 1
    assert complete_terminations(on=date(2026, 6, 14), at=later, actor=machine) == 0
    debt = Debt.objects.select_related("account").get()
    assert debt.terminated_on == date(2026, 6, 14)
    assert debt.account.due_minor == debt.account.outstanding_minor == 500_000
    assert kinds(case)[0] == "termination.completed"


def test_what_was_paid_in_the_notice_period_is_not_terminated(
    proposed: Termination, as_legal: Actor, at: datetime, machine: Actor
) -> None:
    decide_termination(
        termination_id=proposed.pk, move="approve", reason="seen", actor=as_legal, at=at
    )
    Termination.objects.update(effective_on=date(2026, 6, 14))
    debt = Debt.objects.get()
    set_due(debt, 0)
    assert complete_terminations(on=date(2026, 6, 14), at=at, actor=machine) == 1
    debt.refresh_from_db()
    assert debt.terminated_on is None


def test_refused_and_sent_back(
    case: Case, proposed: Termination, as_legal: Actor, as_officer: Actor, at: datetime
) -> None:
    sent = decide_termination(
        termination_id=proposed.pk, move="send_back", reason="add the file", actor=as_legal, at=at
    )
    assert Hold.objects.filter(kind=HoldKind.APPROVAL, ended_on=None).exists()
    assert WorkItem.objects.get().reason["code"] == "sent_back"
    propose_termination_again(termination_id=sent.pk, reason="added", actor=as_officer, at=at)
    with pytest.raises(RightMissing):
        decide_termination(
            termination_id=sent.pk, move="approve", reason="x", actor=as_officer, at=at
        )
    refused = decide_termination(
        termination_id=sent.pk, move="refuse", reason="too early", actor=as_legal, at=at
    )
    assert refused.status == "refused"
    assert not Hold.objects.filter(kind=HoldKind.APPROVAL, ended_on=None).exists()
    with pytest.raises(MoveNotAllowed):
        decide_termination(
            termination_id=sent.pk, move="approve", reason="x", actor=as_legal, at=at
        )
    assert not Message.objects.filter(template=Template.TERMINATION).exists()
    assert kinds(case)[0] == "hold.ended"


def test_withdrawn_the_hold_ends(proposed: Termination, as_officer: Actor, at: datetime) -> None:
    withdraw_termination(termination_id=proposed.pk, reason="paid", actor=as_officer, at=at)
    assert Hold.objects.get(kind=HoldKind.APPROVAL).ended_on is not None


def test_nobody_decides_their_own_proposal_or_above_their_limit(
    case: Case, delivered_notice: Callable[[Case, date], Message], team: Team, leader: User,
    as_leader: Actor, at: datetime, on: date,
) -> None:  # fmt: skip
    delivered_notice(case, DELIVERED_ON)
    own = propose_termination(case_id=case.pk, grounds={}, on=on, actor=as_leader, at=at)
    with pytest.raises(OwnProposal):
        decide_termination(
            termination_id=own.pk, move="approve", reason="x", actor=as_leader, at=at
        )
    other = actor_of(make_user("otto", Role.TEAM_LEADER, team))
    with pytest.raises(OverLimit):
        decide_termination(termination_id=own.pk, move="approve", reason="x", actor=other, at=at)
    ApprovalLimit.objects.create(
        role=Role.TEAM_LEADER, kind="termination", currency="PLN", amount_minor=500_000
    )
    assert (
        decide_termination(
            termination_id=own.pk, move="approve", reason="x", actor=other, at=at
        ).status
        == "approved"
    )


def test_a_limit_holds_in_each_currency(
    case: Case, delivered_notice: Callable[[Case, date], Message], team: Team, machine: Actor,
    at: datetime, on: date,
) -> None:  # fmt: skip
    make_debt(case.debtor, currency="EUR", outstanding_minor=400_000)
    delivered_notice(case, DELIVERED_ON)
    (pk,) = propose_terminations(
        proposals=[NewProposal(case.pk, "c", {})], on=on, at=at, actor=machine
    )
    assert Termination.objects.get(pk=pk).grounds["amounts"] == {"PLN": 500_000, "EUR": 400_000}
    ApprovalLimit.objects.create(
        role=Role.TEAM_LEADER, kind="termination", currency="PLN", amount_minor=500_000
    )
    leader = actor_of(make_user("otto", Role.TEAM_LEADER, team))
    with pytest.raises(OverLimit) as over:
        decide_termination(termination_id=pk, move="approve", reason="x", actor=leader, at=at)
    assert over.value.values["currency"] == "EUR"


def test_a_request_for_restructuring_after_the_proposal_stops_the_approval(
    case: Case, proposed: Termination, as_officer: Actor, as_legal: Actor, at: datetime, on: date
) -> None:
    record_restructuring_request(
        case_id=case.pk, received_on=on, note="wants longer terms", actor=as_officer, at=at
    )
    with pytest.raises(TerminationBarred) as barred:
        decide_termination(
            termination_id=proposed.pk, move="approve", reason="x", actor=as_legal, at=at
        )
    assert barred.value.values["rule"] == Rule.RESTRUCTURING_OPEN


def test_the_inbox_shows_open_proposals_of_the_team(
    proposed: Termination, as_officer: Actor, as_legal: Actor
) -> None:
    (row,) = each_approval(actor=as_legal)
    assert (row.kind, row.id, row.amount_minor) == ("termination", proposed.pk, 500_000)
    assert list(each_approval(actor=as_officer)) == [row]
    stranger = actor_of(make_user("sven", Role.OFFICER, Team.objects.create(name="South")))
    assert list(each_approval(actor=stranger)) == []


def test_a_returned_letter_disables_the_address_and_asks_for_another(
    case: Case, machine: Actor, as_legal: Actor, at: datetime, on: date
) -> None:
    message = letter(case, Template.DEMAND, date(2026, 5, 4), machine)
    record_delivery(
        message_id=message.pk, status=MessageStatus.RETURNED, happened_on=date(2026, 5, 8), on=on,
        actor=as_legal, at=at,
    )  # fmt: skip
    assert not Address.objects.get(debtor=case.debtor).is_usable
    item = WorkItem.objects.get()
    assert (item.kind, item.due_on) == (WorkKind.LETTER_RETURNED, date(2026, 5, 13))
    with pytest.raises(DeliveryRefused):
        record_delivery(
            message_id=message.pk, status=MessageStatus.DELIVERED, happened_on=on, on=on,
            actor=as_legal, at=at,
        )  # fmt: skip


def test_deliveries_of_another_team_are_not_there(
    case: Case, machine: Actor, at: datetime, on: date
) -> None:
    message = letter(case, Template.DEMAND, date(2026, 5, 4), machine)
    stranger = actor_of(make_user("sven", Role.TEAM_LEADER, Team.objects.create(name="South")))
    with pytest.raises(MessageNotFound):
        record_delivery(
            message_id=message.pk, status=MessageStatus.DELIVERED, happened_on=on, on=on,
            actor=stranger, at=at,
        )  # fmt: skip


def test_good_entries_are_recorded_and_bad_ones_named_and_twice_changes_nothing(
    case: Case, make_case: Callable[[], Case], machine: Actor, as_legal: Actor, at: datetime,
    on: date,
) -> None:  # fmt: skip
    first = letter(case, Template.NOTICE_75C, date(2026, 5, 4), machine)
    second = letter(make_case(), Template.DEMAND, date(2026, 5, 4), machine)
    entries = [
        DeliveryEntry(2, str(first.pk), MessageStatus.HANDED_OVER, date(2026, 5, 5), "RR1"),
        DeliveryEntry(3, "RR1", MessageStatus.DELIVERED, date(2026, 5, 8)),
        DeliveryEntry(4, str(second.pk), MessageStatus.DELIVERED, date(2026, 5, 3)),
        DeliveryEntry(5, "999999", MessageStatus.DELIVERED, date(2026, 5, 8)),
        DeliveryEntry(6, str(second.pk), MessageStatus.HANDED_OVER, date(2026, 5, 6)),
        DeliveryEntry(7, str(second.pk), MessageStatus.RETURNED, date(2026, 5, 9)),
    ]
    dry = record_deliveries(entries=entries, on=on, actor=as_legal, at=at, dry_run=True)
    assert Message.objects.filter(status="queued").count() == 2
    report = record_deliveries(entries=entries, on=on, actor=as_legal, at=at)
    assert report == dry
    assert (report.handed_over, report.delivered, report.returned) == (2, 1, 1)
    assert [(r.line, r.reason) for r in report.refused] == [
        (4, "day_too_early"),
        (5, "unknown_message"),
    ]
    events = len(kinds(case))
    again = record_deliveries(entries=entries, on=on, actor=as_legal, at=at)
    assert (again.handed_over, again.delivered, again.returned, again.unchanged) == (0, 0, 0, 4)
    assert len(kinds(case)) == events
    first.refresh_from_db()
    assert (first.status, first.delivered_on) == ("delivered", date(2026, 5, 8))


def test_a_number_that_is_a_message_and_a_post_number_is_refused_until_it_says_which(
    case: Case, make_case: Callable[[], Case], machine: Actor, as_legal: Actor, at: datetime,
    on: date,
) -> None:  # fmt: skip
    first = letter(case, Template.DEMAND, date(2026, 5, 4), machine)
    second = letter(make_case(), Template.DEMAND, date(2026, 5, 4), machine)
    day = date(2026, 5, 8)
    told = DeliveryEntry(2, f"id:{second.pk}", MessageStatus.HANDED_OVER, day, str(first.pk))
    record_deliveries(entries=[told], on=on, actor=as_legal, at=at)
    unclear = record_deliveries(
        entries=[DeliveryEntry(2, str(first.pk), MessageStatus.DELIVERED, day)],
        on=on, actor=as_legal, at=at,
    )  # fmt: skip
    assert [entry.reason for entry in unclear.refused] == ["ambiguous_message"]
    clear = record_deliveries(
        entries=[
            DeliveryEntry(2, f"post:{first.pk}", MessageStatus.DELIVERED, day),
            DeliveryEntry(3, f"id:{first.pk}", MessageStatus.RETURNED, day),
        ],
        on=on, actor=as_legal, at=at,
    )  # fmt: skip
    assert (clear.delivered, clear.returned, clear.refused) == (1, 1, [])
    assert Message.objects.get(pk=second.pk).status == MessageStatus.DELIVERED


def test_the_command_reports_every_bad_line(case: Case, machine: Actor, tmp_path: Path) -> None:
    message = letter(case, Template.DEMAND, date(2026, 5, 4), machine)
    file = tmp_path / "post.csv"
    file.write_text(
        "message;status;day\n"
        f"{message.pk};delivered;2026-05-08\n"
        "x;delivered;2026-05-08\n"
        f"{message.pk};eaten;2026-05-08\n"
    )
    out = io.StringIO()
    call_command("record_deliveries", str(file), "--json", "--at", "2026-05-12", stdout=out)
    answer = json.loads(out.getvalue().splitlines()[-1])
    assert (answer["rows_read"], answer["delivered"], answer["rows_refused"]) == (3, 1, 2)
    assert [row["line"] for row in answer["refused"]] == [3, 4]
    out, err = io.StringIO(), io.StringIO()
    call_command("record_deliveries", str(file), "--at", "2026-05-12", stdout=out, stderr=err)
    assert "unchanged: 1" in out.getvalue()
    assert len(err.getvalue().splitlines()) == 2


def test_at_dispatch_what_was_paid_meanwhile_is_skipped_with_the_reason(
    case: Case, make_case: Callable[[], Case], machine: Actor, as_legal: Actor, at: datetime,
    on: date,
) -> None:  # fmt: skip
    paid = letter(case, Template.DEMAND, on, machine)
    going = letter(make_case(), Template.DEMAND, on, machine)
    held_case = make_case()
    held = letter(held_case, Template.DEMAND, on, machine)
    Hold.objects.create(
        case=held_case, kind=HoldKind.DISPUTE, from_on=on, placed_at=at, actor_kind="user",
        actor_id="1",
    )  # fmt: skip
    set_due(Debt.objects.get(parties__debtor=case.debtor), 0)
    result = dispatch_messages(channel=MessageChannel.LETTER, actor=as_legal, at=at)
    assert (result.handed_over, result.skipped, result.waiting) == (
        [going.pk],
        [paid.pk],
        [held.pk],
    )
    paid.refresh_from_db()
    assert (paid.status, paid.skip_reason["rule"]) == ("skipped", "nothing_due")
    assert kinds(case)[0] == "message.skipped"
    again = dispatch_messages(channel=MessageChannel.LETTER, actor=as_legal, at=at)
    assert (again.handed_over, again.skipped) == ([], [])


def test_an_sms_waits_for_the_morning(
    case: Case, machine: Actor, as_legal: Actor, on: date
) -> None:
    new = NewMessage(case.pk, MessageChannel.SMS, Template.REMINDER, "r")
    queue_messages(messages=[new], on=on, at=instant(on), actor=machine)
    night = instant(on) - timedelta(hours=1)
    assert dispatch_messages(channel=MessageChannel.SMS, actor=as_legal, at=night).waiting
    noon = instant(on) + timedelta(hours=12)
    assert dispatch_messages(channel=MessageChannel.SMS, actor=as_legal, at=noon).handed_over


def test_an_undelivered_notice_terminates_nothing(
    case: Case, machine: Actor, as_officer: Actor, at: datetime, on: date
) -> None:
    letter(case, Template.NOTICE_75C, date(2026, 3, 1), machine)
    Message.objects.update(status="handed_over", handed_over_on=date(2026, 3, 2))
    new = NewProposal(case.pk, "c", {})
    assert propose_terminations(proposals=[new], on=on, at=at, actor=machine) == []
    with pytest.raises(TerminationBarred):
        propose_termination(case_id=case.pk, grounds={}, on=on, actor=as_officer, at=at)


def test_a_statement_that_can_never_go_out_lets_another_be_proposed(
    case: Case, proposed: Termination, as_legal: Actor, at: datetime, machine: Actor
) -> None:
    decide_termination(
        termination_id=proposed.pk, move="approve", reason="seen", actor=as_legal, at=at
    )
    Address.objects.update(is_usable=False)
    result = dispatch_messages(channel=MessageChannel.LETTER, actor=as_legal, at=at)
    assert len(result.skipped) == 1
    proposed.refresh_from_db()
    assert proposed.done_on is not None
    assert WorkItem.objects.get().kind == WorkKind.FIND_ADDRESS
    new = NewProposal(case.pk, "step:2", {})
    assert propose_terminations(proposals=[new], on=AFTER_TERM, at=at, actor=machine)


def test_without_an_address_the_statement_waits_and_goes_out_when_one_is_found(
    case: Case, proposed: Termination, as_legal: Actor, at: datetime, machine: Actor
) -> None:
    Address.objects.update(is_usable=False)
    decided = decide_termination(
        termination_id=proposed.pk, move="approve", reason="seen", actor=as_legal, at=at
    )
    assert not Message.objects.filter(template=Template.TERMINATION).exists()
    events = len(kinds(case))
    complete_terminations(on=date(2026, 5, 13), at=at, actor=machine)
    assert len(kinds(case)) == events
    Address.objects.update(is_usable=True)
    complete_terminations(on=date(2026, 5, 14), at=at, actor=machine)
    complete_terminations(on=date(2026, 5, 15), at=at, actor=machine)
    decided.refresh_from_db()
    assert decided.statement is not None
    assert decided.statement.queued_on == date(2026, 5, 14)


@pytest.mark.parametrize("approve", [True, False])
def test_when_the_case_closes_nothing_is_left_to_terminate(
    case: Case, proposed: Termination, as_legal: Actor, at: datetime, approve: bool
) -> None:
    if approve:
        decide_termination(
            termination_id=proposed.pk, move="approve", reason="seen", actor=as_legal, at=at
        )
    event = RecordedEvent(
        1, at.date(), "case.closed", "case", case.pk, "system", "x", at.date(), at, {}
    )
    end_with_case(events=[event], at=at)
    end_with_case(events=[event], at=at)
    proposed.refresh_from_db()
    assert (proposed.status, proposed.done_on is not None) == (
        ("approved", True) if approve else ("withdrawn", False)
    )
    assert not Hold.objects.filter(ended_on=None).exists()
    ended = [
        kind for kind in kinds(case) if kind in ("termination.lapsed", "termination.withdrawn")
    ]
    assert len(ended) == 1
