"""Notes on a case; holds and finished work that are taken back; forms that come twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from cases.lifecycle import HoldKind, WorkKind
from cases.locking import CaseNotFound
from cases.models import Case, Hold, Note, WorkItem
from cases.operations import (
    HoldNotFound,
    HoldOpenAlready,
    NewHold,
    NewWorkItem,
    NoteEmpty,
    NoteNotFound,
    WorkOpenAlready,
    bring_back_work,
    end_hold,
    finish_work_item,
    hold_case,
    open_work_item,
    open_work_items,
    pin_note,
    place_holds,
    put_work_aside,
    reopen_work_item,
    strike_out_note,
    take_back_hold,
    write_note,
)
from cases.queries import list_pinned_notes
from journal.operations import KeyReused, Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.authority import RightMissing
from kernel.undo import UndoBuiltUpon, UndoNotYours, UndoTooLate
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user

pytestmark = pytest.mark.django_db

SOON = timedelta(seconds=9)
LATE = timedelta(seconds=16)


def kinds(case: Case) -> list[str]:
    return [event.kind for event in list_events(subjects=[Subject("case", case.pk)])]


def hold(case: Case, actor: Actor, at: datetime, **values: object) -> Hold:
    given = {
        "case_id": case.pk,
        "kind": HoldKind.DISPUTE,
        "reason": "Says it is paid",
        "from_on": at.date(),
        "until_on": None,
        "actor": actor,
        "at": at,
    }
    return hold_case(**{**given, **values})  # type: ignore[arg-type]


def note(case: Case, actor: Actor, at: datetime, **values: object) -> Note:
    given = {
        "case_id": case.pk,
        "text": "Works nights",
        "is_pinned": False,
        "actor": actor,
        "at": at,
    }
    return write_note(**{**given, **values})  # type: ignore[arg-type]


def test_a_note_is_kept_told_and_pinned_on_top(case: Case, as_officer: Actor, at: datetime) -> None:
    written = note(case, as_officer, at, text="  Works nights ")
    assert written.text == "Works nights"
    (event,) = list_events(subjects=[Subject("case", case.pk)], kinds=["note.written"])
    assert event.payload["note"] == "Works nights"
    assert list_pinned_notes(case_id=case.pk) == []

    for _ in range(2):
        pin_note(note_id=written.pk, is_pinned=True, actor=as_officer, at=at)
    assert [n.pk for n in list_pinned_notes(case_id=case.pk)] == [written.pk]
    assert kinds(case).count("note.pinned") == 1
    pin_note(note_id=written.pk, is_pinned=False, actor=as_officer, at=at)
    assert list_pinned_notes(case_id=case.pk) == []


def test_a_note_says_something(case: Case, as_officer: Actor, at: datetime) -> None:
    with pytest.raises(NoteEmpty):
        note(case, as_officer, at, text=" \n ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(case=case, text="", written_by_id=int(as_officer.id), written_at=at)


def test_a_note_just_written_is_struck_out_and_stays_in_the_journal(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime
) -> None:
    written = note(case, as_officer, at, is_pinned=True)
    with pytest.raises(UndoNotYours):
        strike_out_note(note_id=written.pk, actor=as_leader, at=at + SOON)
    with pytest.raises(UndoTooLate):
        strike_out_note(note_id=written.pk, actor=as_officer, at=at + LATE)

    strike_out_note(note_id=written.pk, actor=as_officer, at=at + SOON)

    written.refresh_from_db()
    assert (written.struck_at, written.is_pinned) == (at + SOON, False)
    assert kinds(case)[:2] == ["note.struck_out", "note.written"]
    with pytest.raises(NoteNotFound):
        strike_out_note(note_id=written.pk, actor=as_officer, at=at + SOON)
    with pytest.raises(NoteNotFound):
        pin_note(note_id=written.pk, is_pinned=True, actor=as_officer, at=at)


def test_another_team_and_an_auditor_write_no_note(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    stranger = actor_of(make_user("sven", Role.OFFICER, Team.objects.create(name="South")))
    with pytest.raises(CaseNotFound):
        note(case, stranger, at)
    written = note(case, as_officer, at)
    with pytest.raises(CaseNotFound):
        pin_note(note_id=written.pk, is_pinned=True, actor=stranger, at=at)
    with pytest.raises(RightMissing):
        note(case, actor_of(make_user("aud", Role.AUDITOR)), at)


def test_a_hold_just_placed_is_taken_back(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime, on: date
) -> None:
    placed = hold(case, as_officer, at)
    with pytest.raises(UndoNotYours):
        take_back_hold(hold_id=placed.pk, actor=as_leader, at=at + SOON)
    with pytest.raises(UndoTooLate):
        take_back_hold(hold_id=placed.pk, actor=as_officer, at=at + LATE)

    assert take_back_hold(hold_id=placed.pk, actor=as_officer, at=at + SOON).ended_on == on
    assert kinds(case)[:2] == ["hold.ended", "hold.placed"]
    with pytest.raises(UndoBuiltUpon):
        take_back_hold(hold_id=placed.pk, actor=as_officer, at=at + SOON)


def test_a_hold_that_another_thing_carries_is_not_taken_back(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    new = NewHold(case.pk, HoldKind.PROMISE, "promise:1", "promise", on)
    (hold_id,) = place_holds(holds=[new], at=at, actor=machine)
    with pytest.raises(HoldNotFound):
        take_back_hold(hold_id=hold_id, actor=as_officer, at=at + SOON)


def test_finished_work_is_open_again(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime, on: date, machine: Actor
) -> None:
    new = NewWorkItem(case.pk, WorkKind.REVIEW, on)
    (item_id,) = open_work_items(items=[new], at=at, actor=machine)
    finish_work_item(work_item_id=item_id, note="Seen", actor=as_officer, at=at)
    with pytest.raises(UndoNotYours):
        reopen_work_item(work_item_id=item_id, actor=as_leader, at=at + SOON)
    with pytest.raises(UndoTooLate):
        reopen_work_item(work_item_id=item_id, actor=as_officer, at=at + LATE)

    again = reopen_work_item(work_item_id=item_id, actor=as_officer, at=at + SOON)

    assert (again.status, again.finished_at) == ("open", None)
    assert kinds(case)[0] == "work_item.reopened"


def test_work_that_is_open_again_by_another_item_stays_done(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    new = NewWorkItem(case.pk, WorkKind.REVIEW, on)
    (item_id,) = open_work_items(items=[new], at=at, actor=machine)
    finish_work_item(work_item_id=item_id, note="Seen", actor=as_officer, at=at)
    open_work_items(items=[new], at=at, actor=machine)
    with pytest.raises(UndoBuiltUpon):
        reopen_work_item(work_item_id=item_id, actor=as_officer, at=at + SOON)
    assert WorkItem.objects.get(pk=item_id).status == "done"


def test_work_that_nobody_has_just_finished_is_not_reopened(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    new = NewWorkItem(case.pk, WorkKind.REVIEW, on)
    (item_id,) = open_work_items(items=[new], at=at, actor=machine)
    with pytest.raises(UndoNotYours):
        reopen_work_item(work_item_id=item_id, actor=as_officer, at=at + SOON)


def test_work_just_put_aside_is_due_on_its_day_again(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime, on: date, machine: Actor
) -> None:
    new = NewWorkItem(case.pk, WorkKind.REVIEW, on)
    (item_id,) = open_work_items(items=[new], at=at, actor=machine)

    def aside(days: int, reason: str, moment: datetime) -> None:
        put_work_aside(
            work_item_id=item_id,
            until_on=on + timedelta(days=days),
            reason=reason,
            actor=as_officer,
            at=moment,
        )

    aside(2, "Waits for the bank", at)
    with pytest.raises(UndoNotYours):
        bring_back_work(work_item_id=item_id, actor=as_leader, at=at + SOON)
    with pytest.raises(UndoTooLate):
        bring_back_work(work_item_id=item_id, actor=as_officer, at=at + LATE)
    aside(5, "Waits longer", at + LATE)

    item = bring_back_work(work_item_id=item_id, actor=as_officer, at=at + LATE)
    assert (item.due_on, item.put_aside_reason) == (on + timedelta(days=2), "Waits for the bank")
    with pytest.raises(UndoBuiltUpon):
        bring_back_work(work_item_id=item_id, actor=as_officer, at=at + LATE)


def test_work_put_aside_once_and_brought_back_was_never_aside(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    new = NewWorkItem(case.pk, WorkKind.REVIEW, on)
    (item_id,) = open_work_items(items=[new], at=at, actor=machine)
    put_work_aside(
        work_item_id=item_id,
        until_on=on + timedelta(days=2),
        reason="Waits",
        actor=as_officer,
        at=at,
    )
    item = bring_back_work(work_item_id=item_id, actor=as_officer, at=at + SOON)
    assert (item.due_on, item.first_due_on, item.put_aside_by) == (on, None, None)
    assert kinds(case)[0] == "work_item.brought_back"


def test_the_same_form_sent_twice_holds_writes_and_lists_once(
    case: Case, as_officer: Actor, at: datetime, on: date
) -> None:
    holds = {hold(case, as_officer, at, submission="h").pk for _ in range(2)}
    notes = {note(case, as_officer, at, submission="n").pk for _ in range(2)}
    items = {
        open_work_item(
            case_id=case.pk,
            kind=WorkKind.REVIEW,
            due_on=on,
            note="Look",
            actor=as_officer,
            at=at,
            submission="w",
        ).pk
        for _ in range(2)
    }
    assert len(holds) == len(notes) == len(items) == 1
    assert Hold.objects.count() == Note.objects.count() == WorkItem.objects.count() == 1


def test_a_form_that_comes_late_does_not_place_again_what_has_ended(
    case: Case, as_officer: Actor, at: datetime, on: date
) -> None:
    first = hold(case, as_officer, at, submission="h")
    end_hold(hold_id=first.pk, reason="Solved", on=on, actor=as_officer, at=at)
    assert hold(case, as_officer, at, submission="h").pk == first.pk
    assert Hold.objects.filter(ended_on__isnull=True).count() == 0


def test_the_key_of_a_form_is_good_for_one_content(
    case: Case, as_officer: Actor, at: datetime
) -> None:
    hold(case, as_officer, at, submission="h")
    with pytest.raises(KeyReused):
        hold(case, as_officer, at, submission="h", reason="Something else")
    with pytest.raises(HoldOpenAlready):
        hold(case, as_officer, at, submission="other")
    assert hold(case, as_officer, at, submission="other", kind=HoldKind.OTHER).pk


def test_a_refused_form_may_be_sent_again(
    case: Case, as_officer: Actor, at: datetime, on: date
) -> None:
    values = {"case_id": case.pk, "kind": WorkKind.REVIEW, "due_on": on, "note": "Look"}
    first = open_work_item(**values, actor=as_officer, at=at)  # type: ignore[arg-type]
    with pytest.raises(WorkOpenAlready):
        open_work_item(**values, actor=as_officer, at=at, submission="w")  # type: ignore[arg-type]
    finish_work_item(work_item_id=first.pk, note="", actor=as_officer, at=at)
    second = open_work_item(**values, actor=as_officer, at=at, submission="w")  # type: ignore[arg-type]
    assert second.pk != first.pk
