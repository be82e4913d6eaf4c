"""Undo: offered for ten seconds on whatever page comes next, and done by the app that owns it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cases.locking import CaseNotFound
from cases.models import Case
from cases.operations import (
    bring_back_work,
    reopen_work_item,
    strike_out_note,
    take_back_hold,
)
from contacts.operations import strike_out_attempt
from desk.queries.case_page import get_case
from desk.wording.errors import error_text
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.typed import whole_number
from kernel.undo import UNDO_OFFERED
from staff.access import StaffRequest, page
from staff.rights import Right

_SESSION_KEY: Final = "undo"
#: As many as a page of a list has rows.
_MOST: Final = 100


class Undoable(StrEnum):
    CONTACT = "contact"
    HOLD = "hold"
    NOTE = "note"
    WORK = "work"
    ASIDE = "aside"


Undo = Callable[[int, Actor, datetime], object]

_UNDO: Final[dict[Undoable, Undo]] = {
    Undoable.CONTACT: lambda pk, actor, at: strike_out_attempt(attempt_id=pk, actor=actor, at=at),
    Undoable.HOLD: lambda pk, actor, at: take_back_hold(hold_id=pk, actor=actor, at=at),
    Undoable.NOTE: lambda pk, actor, at: strike_out_note(note_id=pk, actor=actor, at=at),
    Undoable.WORK: lambda pk, actor, at: reopen_work_item(work_item_id=pk, actor=actor, at=at),
    Undoable.ASIDE: lambda pk, actor, at: bring_back_work(work_item_id=pk, actor=actor, at=at),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """``text`` says what was done; ``ids`` to what, with full stops between. ``left`` has the
    words of the countdown, for the seconds that are left and each one less."""

    kind: str
    ids: str
    number: str
    about: str
    text: str
    left: list[str]


def offer_undo(
    request: StaffRequest, case: Case, *, kind: Undoable, thing_id: int, text: str
) -> None:
    """Say on the next page what was done on the case, with the way to take it back."""
    about = f"{case.debtor.display_name}, {case.number}."
    _keep(request, kind=kind, ids=[thing_id], number=case.number, about=about, text=text)


def offer_undo_of_rows(
    request: StaffRequest, number: str, *, kind: Undoable, ids: Sequence[int], text: str
) -> None:
    """The same for rows of a list; ``number`` is the case of one of them."""
    _keep(request, kind=kind, ids=ids, number=number, about="", text=text)


def _keep(request: StaffRequest, *, ids: Sequence[int], **values: str) -> None:
    request.session[_SESSION_KEY] = {
        **values,
        "ids": ".".join(map(str, ids)),
        "until": (clock.now() + UNDO_OFFERED).isoformat(),
    }


def undo_offer(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``undo``, None where nothing can be taken back any more."""
    session = getattr(request, "session", None)
    kept = session.get(_SESSION_KEY) if session is not None else None
    if not kept:
        return {"undo": None}
    values = dict(kept)
    left = (datetime.fromisoformat(values.pop("until")) - clock.now()).total_seconds()
    if not 0 < left <= UNDO_OFFERED.total_seconds():
        return {"undo": None}
    return {"undo": Offer(**values, left=[_left(n) for n in range(round(left), 0, -1)])}


def _left(seconds: int) -> str:
    return ngettext(
        "for another %(seconds)s second", "for another %(seconds)s seconds", seconds
    ) % {"seconds": seconds}


@require_POST
@page(Right.SEE_CASES)
def undo(request: StaffRequest, number: str) -> HttpResponse:
    """POST ``kind`` and ``ids``: take back what was done a moment ago.

    Answers with the page of the case, or with the work list where it was about several rows.
    """
    try:
        case = get_case(number=number, actor=request.actor)
        kind, ids = Undoable(request.POST.get("kind", "")), _ids(request.POST.get("ids", ""))
    except (CaseNotFound, ValueError) as error:
        raise Http404 from error
    request.session.pop(_SESSION_KEY, None)
    refused = []
    for thing_id in ids:
        try:
            _UNDO[kind](thing_id, request.actor, clock.now())
        except DomainError as error:
            refused.append(error_text(error))
    if len(refused) < len(ids):
        messages.success(request, _("Taken back. Both stand on the timeline."))
    for text in dict.fromkeys(refused):
        messages.error(request, text)
    return redirect("case", number=case.number) if len(ids) == 1 else redirect("work-list")


def _ids(text: str) -> list[int]:
    """Raises ValueError where there is none, or too many."""
    ids = [whole_number(part) for part in text.split(".", _MOST)]
    found = [pk for pk in ids if pk is not None]
    if not 0 < len(found) <= _MOST or len(found) != len(ids):
        raise ValueError(text)
    return found
