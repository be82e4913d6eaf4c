"""Views of the work list that a person keeps under a name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk.operations import delete_view, save_view
from desk.queries.scope import Whose
from desk.views.work.filters import read_address
from desk.wording.errors import error_text
from kernel.errors import DomainError
from staff.access import StaffRequest, page
from staff.rights import Right


@require_POST
@page(Right.SEE_CASES)
def keep_view(request: StaffRequest) -> HttpResponse:
    """POST ``name`` and ``query``; only what the list itself understands is kept."""
    query = QueryDict(request.POST.get("query", "")[:2_000])
    address, _refused = read_address(
        query, user=request.user, actor=request.actor, usual=Whose.MINE
    )
    try:
        view = save_view(
            name=request.POST.get("name", ""), query=address.query(), actor=request.actor
        )
    except DomainError as error:
        messages.error(request, error_text(error))
    else:
        messages.success(request, _("The view is kept as %(name)s.") % {"name": view.name})
    return redirect(address.url())


@require_POST
@page(Right.SEE_CASES)
def drop_view(request: StaffRequest, view_id: int) -> HttpResponse:
    delete_view(view_id=view_id, actor=request.actor)
    return redirect("work-list")
