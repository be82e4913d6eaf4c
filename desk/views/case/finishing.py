"""Done with a case: its work is finished, and the next one comes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import operations as cases
from cases.lifecycle import WorkKind
from cases.models import Case
from cases.wording import work_name
from desk.forms import FinishWorkForm
from desk.views.case.answering import answer
from desk.views.case.show import find_case
from desk.views.hands import answer_next
from desk.views.undoing import Undoable, offer_undo
from desk.wording.errors import error_text
from kernel import clock
from kernel.errors import DomainError
from kernel.typed import whole_number
from staff.access import StaffRequest, page
from staff.rights import Right


@require_POST
@page(Right.WORK_CASE)
def finish_and_go_on(request: StaffRequest, number: str) -> HttpResponse:
    """POST ``note``, and ``work_item`` where it is known: done, and on with the next case."""
    case = find_case(request, number)
    form = FinishWorkForm(request.POST)

    def act() -> HttpResponse:
        item = whole_number(request.POST.get("work_item", ""))
        return _finish(request, case, note=form.cleaned_data["note"], work_item_id=item)

    return answer(request, case, "done", form, act, keeps_hand=False)


def go_on(request: StaffRequest, case: Case) -> HttpResponse:
    """For a form that ends with the case: what it is in hand for is done, and the next one comes.

    What was sent is kept already, so that a refusal is only told.
    """
    try:
        return _finish(request, case)
    except DomainError as error:
        messages.error(request, error_text(error))
        return redirect("case", number=case.number)


def _finish(
    request: StaffRequest, case: Case, *, note: str = "", work_item_id: int | None = None
) -> HttpResponse:
    step = cases.finish_and_claim_next(
        case_id=case.pk,
        work_item_id=work_item_id,
        note=note,
        on=clock.today(),
        actor=request.actor,
        at=clock.now(),
    )
    if step.finished is not None:
        offer_undo(
            request,
            case,
            kind=Undoable.WORK,
            thing_id=step.finished.pk,
            text=_("Done: %(todo)s.") % {"todo": work_name(WorkKind(step.finished.kind))},
        )
    return answer_next(request, step.item)
