"""Notes on a case: written, pinned on top of it, struck out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cases import events
from cases.locking import lock_case
from cases.models import Note
from cases.queries import get_case
from journal.operations import Subject, record_event, run_once
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import InvalidInput, NotFound
from kernel.undo import check_undo
from staff.rights import Right


class NoteEmpty(InvalidInput):
    code = "note_empty"


class OnlyPeopleNote(InvalidInput):
    code = "only_people_note"


class NoteNotFound(NotFound):
    """There is no such note, it is struck out, or its case belongs to another team."""

    code = "note_not_found"


@requires(Right.WORK_CASE)
@transaction.atomic
def write_note(
    *,
    case_id: int,
    text: str,
    is_pinned: bool,
    actor: Actor,
    at: datetime,
    submission: str | None = None,
) -> Note:
    """Write a note; it waits for no lock. The same form (``submission``) sent twice writes one.

    Raises NoteEmpty, OnlyPeopleNote, CaseNotFound.
    """
    writer_id = actor.user_id
    if writer_id is None:
        raise OnlyPeopleNote(actor_kind=actor.kind)
    case = get_case(case_id=case_id, actor=actor)
    words = text.strip()
    if not words:
        raise NoteEmpty

    def write() -> int:
        note = Note.objects.create(
            case=case,
            text=words,
            is_pinned=is_pinned,
            written_by_id=writer_id,
            written_at=at,
        )
        record_event(
            kind=events.NOTE_WRITTEN,
            subject=Subject("case", case_id),
            payload={"note_id": note.pk, "note": words, "pinned": is_pinned},
            actor=actor,
            at=at,
        )
        return note.pk

    given = {"case_id": case_id, "text": words, "is_pinned": is_pinned}
    once = run_once(scope="cases.write_note", key=submission, given=given, act=write, at=at)
    return Note.objects.get(pk=once.result)


@requires(Right.WORK_CASE)
@transaction.atomic
def pin_note(*, note_id: int, is_pinned: bool, actor: Actor, at: datetime) -> Note:
    """Put a note on top of its case, or take it down. Raises NoteNotFound, CaseNotFound."""
    note = _locked(note_id, actor)
    if note.is_pinned != is_pinned:
        note.is_pinned = is_pinned
        note.save(update_fields=["is_pinned"])
        record_event(
            kind=events.NOTE_PINNED if is_pinned else events.NOTE_UNPINNED,
            subject=Subject("case", note.case_id),
            payload={"note_id": note.pk, "note": note.text},
            actor=actor,
            at=at,
        )
    return note


@requires(Right.WORK_CASE)
@transaction.atomic
def strike_out_note(*, note_id: int, actor: Actor, at: datetime) -> Note:
    """Who has just written a note strikes it out; it stays in the journal.

    Raises NoteNotFound, CaseNotFound, UndoNotYours, UndoTooLate.
    """
    note = _locked(note_id, actor)
    check_undo(done_by=str(note.written_by_id), done_at=note.written_at, actor=actor, at=at)
    note.struck_at = at
    note.is_pinned = False
    note.save(update_fields=["struck_at", "is_pinned"])
    record_event(
        kind=events.NOTE_STRUCK_OUT,
        subject=Subject("case", note.case_id),
        payload={"note_id": note.pk, "note": note.text},
        actor=actor,
        at=at,
    )
    return note


def _locked(note_id: int, actor: Actor) -> Note:
    case_id = Note.objects.filter(pk=note_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NoteNotFound(note_id=note_id)
    lock_case(case_id=case_id, actor=actor)
    note = Note.objects.filter(pk=note_id, struck_at__isnull=True).first()
    if note is None:
        raise NoteNotFound(note_id=note_id)
    return note
