"""What was just logged can be taken back: it is struck out with all that came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from cases.lifecycle import Answer, HoldKind, WorkKind
from cases.locking import CaseNotFound
from cases.models import Case, Hold, LastAnswer, WorkItem
from cases.operations import NewWorkItem, finish_work_item, open_work_items
from contacts.lifecycle import AttemptResult, Direction
from contacts.models import Attempt, Promise
from contacts.operations import (
    AttemptTakenBack,
    LoggedContact,
    NewPromise,
    judge_paid_promises,
    log_contact,
    strike_out_attempt,
)
from contacts.outcome import Outcome
from contacts.queries import get_person_facts
from debtors.lifecycle import Channel
from debtors.models import ContactPoint, Debt
from escalation.queries.facts import get_facts_since_ever
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.authority import RightMissing
from kernel.clock import instant
from kernel.undo import UndoBuiltUpon, UndoNotYours, UndoTooLate
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user, pay

pytestmark = pytest.mark.django_db

SOON = timedelta(seconds=9)
PROMISE = NewPromise(100_000, "PLN", date(2026, 5, 20))


def call(case: Case, actor: Actor, at: datetime, **values: object) -> LoggedContact:
    given = {
        "case_id": case.pk,
        "channel": Channel.PHONE,
        "direction": Direction.OUT,
        "result": AttemptResult.NO_ANSWER,
        "note": "",
        "actor": actor,
        "at": at,
    }
    return log_contact(**{**given, **values})  # type: ignore[arg-type]


def kinds(case: Case) -> list[str]:
    return [event.kind for event in list_events(subjects=[Subject("case", case.pk)])]


def test_a_promise_is_withdrawn_its_hold_ended_and_the_work_open_again(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    open_work_items(items=[NewWorkItem(case.pk, WorkKind.CALL, on)], at=at, actor=machine)
    logged = call(case, as_officer, at, result=AttemptResult.PROMISED, promise=PROMISE)
    assert WorkItem.objects.get().status == "done"

    struck = strike_out_attempt(attempt_id=logged.attempt.pk, actor=as_officer, at=at + SOON)

    assert struck.struck_at == at + SOON
    assert Promise.objects.get().status == "withdrawn"
    assert Hold.objects.get().ended_on == on
    item = WorkItem.objects.get()
    assert (item.status, item.finished_at) == ("open", None)
    assert Attempt.objects.count() == 1
    told = kinds(case)
    assert {"contact.struck_out", "promise.withdrawn", "hold.ended", "work_item.reopened"} <= set(
        told
    )
    assert told.index("contact.struck_out") < told.index("contact.logged")


def test_what_is_struck_out_counts_no_more(
    case: Case, as_officer: Actor, at: datetime, on: date
) -> None:
    logged = call(case, as_officer, at, result=AttemptResult.SPOKE)
    strike_out_attempt(attempt_id=logged.attempt.pk, actor=as_officer, at=at + SOON)

    assert get_person_facts(case_ids=[case.pk], on=on)[case.pk].attempts == ()
    facts = get_facts_since_ever(case_ids=[case.pk], on=on)[case.pk]
    assert facts.last_contact_on is None
    assert call(case, as_officer, at + SOON, result=AttemptResult.SPOKE).is_new


def test_what_was_known_of_the_chance_before_counts_again(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    first = call(case, as_officer, at - timedelta(days=1), result=AttemptResult.WANTS_INSTALMENTS)
    assert LastAnswer.objects.get().answer == Answer.WILLING
    second = call(case, as_officer, at, result=AttemptResult.REFUSED)
    assert LastAnswer.objects.get().answer == Answer.UNWILLING
    strike_out_attempt(attempt_id=second.attempt.pk, actor=as_officer, at=at + SOON)
    last = LastAnswer.objects.get()
    assert (last.answer, last.answered_on) == (Answer.WILLING, first.attempt.happened_on)

    strike_out_attempt(
        attempt_id=first.attempt.pk, actor=as_officer, at=at - timedelta(days=1) + SOON
    )
    assert not LastAnswer.objects.exists()


def test_a_number_given_up_is_used_again_and_nobody_looks_for_another(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    mobile = ContactPoint.objects.get(debtor=case.debtor, kind="mobile")
    logged = call(
        case,
        as_officer,
        at,
        result=AttemptResult.WRONG_PERSON,
        is_other_person=True,
        contact_point_id=mobile.pk,
        outcome=Outcome(disables_point=True),
    )
    assert not ContactPoint.objects.get(pk=mobile.pk).is_usable
    assert WorkItem.objects.get(kind=WorkKind.FIND_PHONE).status == "open"

    strike_out_attempt(attempt_id=logged.attempt.pk, actor=as_officer, at=at + SOON)

    assert ContactPoint.objects.get(pk=mobile.pk).is_usable
    assert WorkItem.objects.get(kind=WorkKind.FIND_PHONE).status == "cancelled"


def test_a_hold_for_a_dispute_and_its_answer_go_with_it(
    case: Case, as_officer: Actor, at: datetime, on: date
) -> None:
    logged = call(
        case,
        as_officer,
        at,
        result=AttemptResult.DISPUTES,
        outcome=Outcome(dispute="Says that the fee is wrong", holds_dispute=True),
    )
    hold = Hold.objects.get(kind=HoldKind.DISPUTE)
    answer = WorkItem.objects.get(kind=WorkKind.ANSWER_REQUEST)
    assert (hold.reason, hold.until_on) == ("Says that the fee is wrong", None)
    assert answer.due_on == on + timedelta(days=14)

    strike_out_attempt(attempt_id=logged.attempt.pk, actor=as_officer, at=at + SOON)

    hold.refresh_from_db()
    answer.refresh_from_db()
    assert (hold.ended_on, answer.status) == (on, "cancelled")


def test_a_call_back_is_called_off_and_the_first_call_is_due_again(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    open_work_items(items=[NewWorkItem(case.pk, WorkKind.CALL, on)], at=at, actor=machine)
    moment = instant(date(2026, 5, 14), time(14))
    logged = call(
        case,
        as_officer,
        at,
        result=AttemptResult.CALL_BACK,
        outcome=Outcome(call_back_at=moment),
    )
    again = WorkItem.objects.get(status="open")
    assert (again.kind, again.due_on) == (WorkKind.CALL, date(2026, 5, 14))

    strike_out_attempt(attempt_id=logged.attempt.pk, actor=as_officer, at=at + SOON)

    assert WorkItem.objects.get(status="open").due_on == on
    assert WorkItem.objects.get(pk=again.pk).status == "cancelled"


def test_asked_twice_it_is_struck_out_once(case: Case, as_officer: Actor, at: datetime) -> None:
    logged = call(case, as_officer, at)
    for _ in range(2):
        strike_out_attempt(attempt_id=logged.attempt.pk, actor=as_officer, at=at + SOON)
    assert kinds(case).count("contact.struck_out") == 1


def test_the_form_that_was_taken_back_does_not_log_again(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    logged = call(case, as_officer, at, submission="f-1")
    strike_out_attempt(attempt_id=logged.attempt.pk, actor=as_officer, at=at + SOON)
    with pytest.raises(AttemptTakenBack):
        call(case, as_officer, at + SOON, submission="f-1")


@pytest.mark.parametrize("seconds", [-1, 16, 3600])
def test_after_its_time_it_stands(
    case: Case, as_officer: Actor, at: datetime, seconds: int
) -> None:
    logged = call(case, as_officer, at)
    with pytest.raises(UndoTooLate):
        strike_out_attempt(
            attempt_id=logged.attempt.pk, actor=as_officer, at=at + timedelta(seconds=seconds)
        )
    assert Attempt.objects.get().struck_at is None


def test_a_little_more_than_ten_seconds_is_granted(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    logged = call(case, as_officer, at)
    late = at + timedelta(seconds=14)
    assert strike_out_attempt(attempt_id=logged.attempt.pk, actor=as_officer, at=late).struck_at


def test_nobody_else_takes_it_back(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime
) -> None:
    logged = call(case, as_officer, at)
    with pytest.raises(UndoNotYours):
        strike_out_attempt(attempt_id=logged.attempt.pk, actor=as_leader, at=at + SOON)
    stranger = actor_of(make_user("sven", Role.OFFICER, Team.objects.create(name="South")))
    with pytest.raises(CaseNotFound):
        strike_out_attempt(attempt_id=logged.attempt.pk, actor=stranger, at=at + SOON)
    auditor = actor_of(make_user("aud", Role.AUDITOR))
    with pytest.raises(RightMissing):
        strike_out_attempt(attempt_id=logged.attempt.pk, actor=auditor, at=at + SOON)


def test_a_promise_that_was_kept_meanwhile_stands_and_so_does_the_contact(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    logged = call(case, as_officer, at, result=AttemptResult.PROMISED, promise=PROMISE)
    pay(Debt.objects.get(parties__debtor=case.debtor), 100_000, on=on, at=at)
    judge_paid_promises(case_ids=[case.pk], on=on, at=at, actor=machine)

    with pytest.raises(UndoBuiltUpon):
        strike_out_attempt(attempt_id=logged.attempt.pk, actor=as_officer, at=at + SOON)
    assert Attempt.objects.get().struck_at is None
    assert Promise.objects.get().status == "kept"


def test_with_such_work_open_again_nothing_is_taken_back(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    new = NewWorkItem(case.pk, WorkKind.CALL, on)
    open_work_items(items=[new], at=at, actor=machine)
    logged = call(case, as_officer, at)
    open_work_items(items=[new], at=at, actor=machine)
    with pytest.raises(UndoBuiltUpon):
        strike_out_attempt(attempt_id=logged.attempt.pk, actor=as_officer, at=at + SOON)
    assert Attempt.objects.get().struck_at is None


def test_a_call_back_that_was_made_already_stands(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    moment = instant(date(2026, 5, 12), time(14))
    logged = call(
        case,
        as_officer,
        at,
        result=AttemptResult.CALL_BACK,
        outcome=Outcome(call_back_at=moment),
    )
    item = WorkItem.objects.get(status="open")
    finish_work_item(work_item_id=item.pk, note="", actor=as_officer, at=at)
    with pytest.raises(UndoBuiltUpon):
        strike_out_attempt(attempt_id=logged.attempt.pk, actor=as_officer, at=at + SOON)


def test_other_cases_are_left_alone(
    make_case: Callable[[], Case], as_officer: Actor, at: datetime
) -> None:
    mine, other = make_case(), make_case()
    logged = call(mine, as_officer, at)
    kept = call(other, as_officer, at)
    strike_out_attempt(attempt_id=logged.attempt.pk, actor=as_officer, at=at + SOON)
    kept.attempt.refresh_from_db()
    assert kept.attempt.struck_at is None
