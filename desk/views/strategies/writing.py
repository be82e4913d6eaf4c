"""Starting a draft, and what its author does with it as a whole."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from desk.queries.strategies import StrategyNotFound, get_strategy_page
from desk.views.strategies.drafts import draft_or_404
from desk.views.strategies.overview import text_file
from desk.wording.errors import error_text
from escalation.loading.strategy import MOST_CHARS
from escalation.operations import (
    accept_version_in_force,
    ask_for_publication,
    discard_draft,
    rename_draft,
    start_draft,
)
from escalation.wording import describe_error
from kernel import clock
from kernel.errors import DomainError
from kernel.typed import whole_number
from staff.access import StaffRequest, page
from staff.rights import Right

#: A character takes at most four bytes.
_MOST_BYTES: Final = 4 * MOST_CHARS


@require_POST
@page(Right.DRAFT_STRATEGY)
def start(request: StaffRequest) -> HttpResponse:
    """POST ``from`` a key with or without ``version``, or ``draft``, or a ``file``."""
    try:
        source, name = _beginning(request)
        draft = start_draft(source=source, name=name, actor=request.actor, at=clock.now())
    except DomainError as error:
        messages.error(request, error_text(error))
        return redirect("strategies")
    messages.success(request, _("The draft is yours. Nothing changes until it is published."))
    return redirect("draft", draft_id=draft.pk)


def _beginning(request: StaffRequest) -> tuple[str, str]:
    """The text that the draft begins with, and a name for it."""
    given = request.POST.get("name", "").strip()
    if request.POST.get("draft"):
        other = draft_or_404(whole_number(request.POST["draft"]) or 0)
        return other.source, given or other.name
    if (file := request.FILES.get("file")) is not None:
        text = file.read(_MOST_BYTES + 1).decode("utf-8-sig", errors="replace")
        return text, given or str(file.name)
    number = whole_number(request.POST.get("version"), digits=9)
    try:
        found = get_strategy_page(
            key=request.POST.get("from", ""), actor=request.actor, number=number
        )
    except StrategyNotFound as error:
        raise Http404 from error
    following = max(version.number for version in found.versions) + 1
    return found.current.source, given or _("Version %(number)s") % {"number": following}


def act_on_draft(request: StaffRequest, draft_id: int, act: Any, done: str) -> HttpResponse:
    """Make the act, say what came of it, and go back to the draft."""
    draft_or_404(draft_id)
    try:
        act(draft_id=draft_id, actor=request.actor, at=clock.now())
    except DomainError as error:
        lines = describe_error(error) if _has_lines(error) else [error_text(error)]
        messages.error(request, " ".join(lines))
    else:
        messages.success(request, done)
    return redirect("draft", draft_id=draft_id)


def _has_lines(error: DomainError) -> bool:
    return hasattr(error, "problems") or hasattr(error, "findings")


@require_POST
@page(Right.DRAFT_STRATEGY)
def rename(request: StaffRequest, draft_id: int) -> HttpResponse:
    def act(**moment: Any) -> None:
        rename_draft(name=request.POST.get("name", ""), **moment)

    return act_on_draft(request, draft_id, act, _("Renamed."))


@require_POST
@page(Right.DRAFT_STRATEGY)
def discard(request: StaffRequest, draft_id: int) -> HttpResponse:
    draft = draft_or_404(draft_id)
    try:
        discard_draft(draft_id=draft.pk, actor=request.actor, at=clock.now())
    except DomainError as error:
        messages.error(request, error_text(error))
        return redirect("draft", draft_id=draft.pk)
    messages.success(request, _("Discarded: %(name)s") % {"name": draft.name})
    return redirect("strategies")


@require_POST
@page(Right.DRAFT_STRATEGY)
def accept_base(request: StaffRequest, draft_id: int) -> HttpResponse:
    """POST ``version``: the id of the version in force that the author has looked at."""
    version_id = whole_number(request.POST.get("version")) or 0

    def act(**moment: Any) -> None:
        accept_version_in_force(version_id=version_id, **moment)

    return act_on_draft(request, draft_id, act, _("The draft now follows the version in force."))


@require_POST
@page(Right.DRAFT_STRATEGY)
def ask(request: StaffRequest, draft_id: int) -> HttpResponse:
    """POST ``revision``: the one of the draft that the author sees."""
    revision = whole_number(request.POST.get("revision"), digits=9) or 0

    def act(**moment: Any) -> None:
        ask_for_publication(revision=revision, **moment)

    return act_on_draft(
        request, draft_id, act, _("Asked for. A second person puts it in force, never the author.")
    )


@require_safe
@page(Right.DRAFT_STRATEGY)
def download_draft(request: StaffRequest, draft_id: int) -> HttpResponse:
    draft = draft_or_404(draft_id)
    name = draft.strategy_key or "strategy"
    return text_file(draft.source, f"{name}-draft-{draft.pk}-r{draft.revision}.toml")
