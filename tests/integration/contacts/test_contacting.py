"""Logging a contact: the guard stands in the way, the same form logs once, work is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from cases.lifecycle import HoldKind, WorkKind
from cases.locking import CaseNotFound
from cases.models import Case, Hold, WorkItem
from cases.operations import (
    NewHold,
    NewWorkItem,
    claim_next_work_item,
    open_work_items,
    place_holds,
)
from contacts.guard import Rule
from contacts.lifecycle import AttemptResult, Direction, RefusalReason, Template
from contacts.models import Attempt, Message, Promise
from contacts.operations import (
    AttemptInFuture,
    CallBackMomentInvalid,
    ContactPointUnknown,
    ContactRefused,
    DraftTooLarge,
    LoggedContact,
    NewMessage,
    NewPromise,
    NotForOthers,
    PersonUnknown,
    PromiseOpenAlready,
    RuleIsLaw,
    discard_contact_draft,
    log_contact,
    override_guard,
    queue_messages,
    save_contact_draft,
)
from contacts.outcome import Outcome
from contacts.queries import get_contact_draft
from debtors.lifecycle import Channel, PartyRole
from debtors.models import ContactPoint, DebtParty
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.authority import RightMissing
from kernel.clock import instant
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debtor, make_user

pytestmark = pytest.mark.django_db


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


def test_a_call_is_logged_and_the_work_of_calling_is_done(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    open_work_items(items=[NewWorkItem(case.pk, WorkKind.CALL, on)], at=at, actor=machine)
    logged = call(case, as_officer, at)
    assert logged.is_new
    assert logged.attempt.happened_on == on
    assert WorkItem.objects.get().status == "done"
    assert kinds(case)[:2] == ["work_item.finished", "contact.logged"]


def test_only_a_conversation_settles_a_broken_promise(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    item = NewWorkItem(case.pk, WorkKind.BROKEN_PROMISE, on)
    open_work_items(items=[item], at=at, actor=machine)
    call(case, as_officer, at)
    assert WorkItem.objects.get().status == "open"
    call(case, as_officer, at, result=AttemptResult.SPOKE)
    assert WorkItem.objects.get().status == "done"


def test_a_call_and_its_promise_are_one_act(case: Case, as_officer: Actor, at: datetime) -> None:
    promise = NewPromise(100_000, "PLN", date(2026, 5, 20))
    logged = call(case, as_officer, at, result=AttemptResult.PROMISED, promise=promise)
    assert logged.promise is not None
    hold = Hold.objects.get(case=case)
    assert (hold.kind, hold.cause) == (HoldKind.PROMISE, f"promise:{logged.promise.pk}")
    assert hold.until_on == date(2026, 5, 20)
    next_day = at + timedelta(days=1)
    with pytest.raises(PromiseOpenAlready):
        call(case, as_officer, next_day, result=AttemptResult.PROMISED, promise=promise)
    assert Attempt.objects.count() == 1


def test_the_same_form_sent_twice_logs_once(case: Case, as_officer: Actor, at: datetime) -> None:
    promise = NewPromise(100_000, "PLN", date(2026, 5, 20))
    first = call(case, as_officer, at, submission="form-1", promise=promise)
    second = call(case, as_officer, at, submission="form-1", promise=promise)
    assert second.attempt == first.attempt
    assert second.promise == first.promise
    assert (first.is_new, second.is_new) == (True, False)
    assert Attempt.objects.count() == Promise.objects.count() == 1


def test_the_guard_refuses_a_second_conversation_and_records_it(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    call(case, as_officer, at, result=AttemptResult.SPOKE)
    with pytest.raises(ContactRefused) as refused:
        call(case, as_officer, at)
    assert refused.value.values["rule"] == Rule.CONVERSATION_TODAY
    assert refused.value.values["next_at"] == instant(date(2026, 5, 13), time(8))
    assert Attempt.objects.count() == 1
    assert kinds(case)[0] == "contact.refused"


def test_a_call_at_night_is_refused_but_one_from_the_debtor_is_logged(
    case: Case, as_officer: Actor
) -> None:
    night = instant(date(2026, 5, 12), time(22))
    with pytest.raises(ContactRefused):
        call(case, as_officer, night)
    assert call(case, as_officer, night, direction=Direction.IN).is_new


def test_the_moment_of_the_call_counts_and_not_that_of_logging(
    case: Case, as_officer: Actor
) -> None:
    happened_at = instant(date(2026, 5, 12), time(19, 58))
    logged_at = instant(date(2026, 5, 12), time(20, 5))
    assert call(case, as_officer, logged_at, happened_at=happened_at).is_new
    with pytest.raises(AttemptInFuture):
        call(case, as_officer, happened_at, happened_at=logged_at)


def test_nothing_is_said_to_the_dead_even_on_their_own_number(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    hold = NewHold(case.pk, HoldKind.DEATH, "", "told by the family", on)
    place_holds(holds=[hold], at=at, actor=machine)
    with pytest.raises(ContactRefused) as refused:
        call(case, as_officer, at)
    assert refused.value.values["rule"] == Rule.DEATH


def test_compliance_sets_a_rule_aside_for_one_day_and_case(
    case: Case, as_officer: Actor, at: datetime, on: date
) -> None:
    compliance = actor_of(make_user("cora", Role.COMPLIANCE))
    call(case, as_officer, at, result=AttemptResult.SPOKE)
    rule = Rule.CONVERSATION_TODAY
    override_guard(
        case_id=case.pk, rule=rule, on=on, reason="asked to be called", actor=compliance, at=at
    )
    override_guard(case_id=case.pk, rule=rule, on=on, reason="again", actor=compliance, at=at)
    assert kinds(case).count("contact.guard_overridden") == 1
    assert call(case, as_officer, at).attempt.overridden == rule
    next_day = at + timedelta(days=1)
    call(case, as_officer, next_day, result=AttemptResult.SPOKE)
    with pytest.raises(ContactRefused):
        call(case, as_officer, next_day)


def test_an_officer_cannot_override_and_compliance_cannot_override_the_law(
    case: Case, as_officer: Actor, at: datetime, on: date
) -> None:
    with pytest.raises(RightMissing):
        override_guard(
            case_id=case.pk, rule=Rule.OUTSIDE_HOURS, on=on, reason="x", actor=as_officer, at=at
        )
    compliance = actor_of(make_user("cora", Role.COMPLIANCE))
    with pytest.raises(RuleIsLaw):
        override_guard(case_id=case.pk, rule=Rule.DEATH, on=on, reason="x", actor=compliance, at=at)


def test_another_team_sees_no_case(case: Case, at: datetime) -> None:
    stranger = actor_of(make_user("sven", Role.OFFICER, Team.objects.create(name="South")))
    with pytest.raises(CaseNotFound):
        call(case, stranger, at)


def test_an_auditor_logs_nothing(case: Case, at: datetime) -> None:
    with pytest.raises(RightMissing):
        call(case, actor_of(make_user("aud", Role.AUDITOR)), at)


def test_the_number_must_be_the_debtors_and_work(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    foreign = ContactPoint.objects.filter(debtor=make_debtor()).first()
    assert foreign is not None
    with pytest.raises(ContactPointUnknown):
        call(case, as_officer, at, contact_point_id=foreign.pk)
    own = ContactPoint.objects.filter(debtor=case.debtor, kind="mobile").get()
    assert call(case, as_officer, at, contact_point_id=own.pk).attempt.contact_point == own
    ContactPoint.objects.update(is_usable=False)
    with pytest.raises(ContactRefused) as refused:
        call(case, as_officer, at, contact_point_id=own.pk)
    assert refused.value.values["rule"] == Rule.NO_CONTACT_POINT


def test_attempts_of_the_week_are_counted_with_messages_handed_over(
    make_case: Callable[[], Case], as_officer: Actor, at: datetime, machine: Actor, on: date
) -> None:
    case = make_case()
    for days in (4, 4, 4, 1, 1, 1):
        call(case, as_officer, at - timedelta(days=days))
    new = NewMessage(case.pk, None, Template.REMINDER, "r")
    queue_messages(messages=[new], on=on, at=at, actor=machine)
    Message.objects.update(status="handed_over", handed_over_on=on)
    with pytest.raises(ContactRefused) as refused:
        call(case, as_officer, at)
    assert refused.value.values["rule"] == Rule.ATTEMPTS_IN_WINDOW


def test_it_says_with_whom_it_was_and_what_they_said(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    logged = call(
        case,
        as_officer,
        at,
        result=AttemptResult.REFUSED,
        person_id=case.debtor_id,
        note="Salary on the 10th",
        outcome=Outcome(
            refusal=RefusalReason.NO_MONEY, script="call/1", said=("identify", "purpose")
        ),
    )
    attempt = logged.attempt
    assert (attempt.person_id, attempt.is_conversation) == (case.debtor_id, True)
    assert attempt.details == {
        "refusal": "no_money",
        "script": "call/1",
        "said": ["identify", "purpose"],
    }
    (event,) = list_events(subjects=[Subject("case", case.pk)], kinds=["contact.logged"])
    assert event.payload["refusal"] == "no_money"
    assert event.payload["note"] == "Salary on the 10th"


def test_a_co_debtor_is_reached_on_their_own_number_and_a_stranger_is_none(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    debt = case.debtor.parties.get().debt
    wife, stranger = make_debtor(), make_debtor()
    DebtParty.objects.create(debt=debt, debtor=wife, role=PartyRole.CO_DEBTOR)
    hers = ContactPoint.objects.get(debtor=wife, kind="mobile")
    logged = call(case, as_officer, at, person_id=wife.pk, contact_point_id=hers.pk)
    assert (logged.attempt.person, logged.attempt.contact_point) == (wife, hers)
    with pytest.raises(PersonUnknown):
        call(case, as_officer, at, person_id=stranger.pk)


@pytest.mark.parametrize(
    "result",
    [
        AttemptResult.SPOKE,
        AttemptResult.PROMISED,
        AttemptResult.REFUSED,
        AttemptResult.DISPUTES,
        AttemptResult.CALL_BACK,
    ],
)
def test_somebody_else_can_neither_promise_nor_refuse(
    case: Case, as_officer: Actor, at: datetime, result: AttemptResult
) -> None:
    with pytest.raises(NotForOthers):
        call(case, as_officer, at, result=result, is_other_person=True)
    logged = call(case, as_officer, at, result=AttemptResult.MESSAGE_LEFT, is_other_person=True)
    assert logged.attempt.person is None
    assert not logged.attempt.is_conversation


def test_who_asks_to_be_called_back_is_on_the_list_for_that_moment(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    open_work_items(items=[NewWorkItem(case.pk, WorkKind.CALL, on)], at=at, actor=machine)
    moment = instant(date(2026, 5, 14), time(14))
    call(
        case,
        as_officer,
        at,
        direction=Direction.IN,
        result=AttemptResult.CALL_BACK,
        outcome=Outcome(call_back_at=moment),
    )
    item = WorkItem.objects.get(status="open")
    assert (item.due_on, item.reason["at"]) == (date(2026, 5, 14), moment.isoformat())
    assert call(case, as_officer, at, result=AttemptResult.SPOKE).is_new


def test_a_call_back_is_offered_at_its_moment_and_not_before(
    case: Case, as_officer: Actor, at: datetime, on: date
) -> None:
    moment = instant(on, time(14))
    call(
        case,
        as_officer,
        at,
        result=AttemptResult.CALL_BACK,
        outcome=Outcome(call_back_at=moment),
    )
    early = moment - timedelta(minutes=1)
    assert claim_next_work_item(on=on, actor=as_officer, at=early) is None
    item = claim_next_work_item(on=on, actor=as_officer, at=moment)
    assert item is not None
    assert item.case_id == case.pk


@pytest.mark.parametrize(
    "moment",
    [
        instant(date(2026, 5, 12), time(10)),
        instant(date(2026, 5, 14), time(7, 59)),
        instant(date(2026, 5, 14), time(20)),
        instant(date(2026, 5, 17), time(12)),
        instant(date(2026, 7, 1), time(12)),
    ],
)
def test_nobody_is_called_back_in_the_past_outside_the_hours_or_some_day(
    case: Case, as_officer: Actor, at: datetime, moment: datetime
) -> None:
    with pytest.raises(CallBackMomentInvalid):
        call(
            case,
            as_officer,
            at,
            result=AttemptResult.CALL_BACK,
            outcome=Outcome(call_back_at=moment),
        )
    assert not Attempt.objects.exists()


def test_a_number_is_given_up_only_by_who_may_correct_data(case: Case, at: datetime) -> None:
    lawyer = actor_of(make_user("lars", Role.LEGAL))
    mobile = ContactPoint.objects.get(debtor=case.debtor, kind="mobile")
    with pytest.raises(RightMissing):
        call(
            case,
            lawyer,
            at,
            result=AttemptResult.WRONG_PERSON,
            contact_point_id=mobile.pk,
            outcome=Outcome(disables_point=True),
        )
    assert not Attempt.objects.exists()


def test_what_is_typed_is_kept_until_it_is_logged_and_forgotten_after_a_week(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime
) -> None:
    save_contact_draft(case_id=case.pk, fields={"note": "Half"}, actor=as_officer, at=at)
    save_contact_draft(case_id=case.pk, fields={"note": "Half a s"}, actor=as_officer, at=at)
    save_contact_draft(case_id=case.pk, fields={"note": "Hers"}, actor=as_leader, at=at)
    mine = get_contact_draft(case_id=case.pk, actor=as_officer)
    assert mine is not None
    assert mine.fields == {"note": "Half a s"}

    with pytest.raises(DraftTooLarge):
        save_contact_draft(case_id=case.pk, fields={"n": "x" * 5_001}, actor=as_officer, at=at)
    save_contact_draft(case_id=case.pk, fields={"note": ""}, actor=as_officer, at=at)
    assert get_contact_draft(case_id=case.pk, actor=as_officer) is None
    hers = get_contact_draft(case_id=case.pk, actor=as_leader)
    assert hers is not None
    save_contact_draft(case_id=case.pk, fields={}, actor=as_leader, at=at + timedelta(days=8))
    assert get_contact_draft(case_id=case.pk, actor=as_leader) is None
    discard_contact_draft(case_id=case.pk, actor=as_leader, at=at)
