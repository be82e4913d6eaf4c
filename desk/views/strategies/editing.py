"""Changing a draft: its text as one types, or a step of it in a form. Both are the same draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from desk.views.strategies.drafts import draft_or_404, head_context, page_of, render_draft
from desk.views.strategies.shown import loaded
from desk.views.strategies.step_form import StepForm, without_unchanged
from desk.wording.errors import error_text
from desk.wording.strategies import header_changes, step_changes
from escalation.editing import Field, FieldWrong, Value, list_fields, list_header_fields
from escalation.loading import StrategyInvalid
from escalation.models import Draft
from escalation.operations import (
    DraftChangedMeanwhile,
    change_draft_header,
    change_draft_step,
    move_draft_step,
    save_draft,
    switch_draft_step,
)
from escalation.queries.examination import get_examination
from escalation.queries.versions import get_strategies
from escalation.wording import describe_error, describe_finding, describe_problem, step_title
from kernel import clock
from kernel.errors import DomainError
from kernel.typed import whole_number
from staff.access import StaffRequest, page
from staff.figures import format_moment
from staff.rights import Right


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.DRAFT_STRATEGY)
def edit_text(request: StaffRequest, draft_id: int) -> HttpResponse:
    """POST ``source`` and ``revision`` keeps the text and says what is wrong with it; by htmx
    while one types, else with the whole page."""
    draft = draft_or_404(draft_id)
    if request.method != "POST":
        return _text(request, draft, draft.source)
    source = request.POST.get("source", "")
    try:
        draft = save_draft(
            draft_id=draft_id,
            revision=_revision(request),
            source=source,
            actor=request.actor,
            at=clock.now(),
        )
    except DomainError as error:
        status = 409 if isinstance(error, DraftChangedMeanwhile) else 422
        return _text(request, draft, source, refused=error, status=status)
    if not request.htmx:
        messages.success(request, _("Saved."))
        return redirect("draft-text", draft_id=draft_id)
    return _text(request, draft, draft.source)


def _revision(request: StaffRequest) -> int:
    return whole_number(request.POST.get("revision"), digits=9) or 0


def _text(
    request: StaffRequest,
    draft: Draft,
    source: str,
    *,
    refused: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    found = page_of(request, draft.strategy_key)
    in_force = found.in_force if found else None
    template = "desk/parts/draft_text_state.html" if request.htmx else "desk/strategy_text.html"
    strategy = loaded(source)
    return render(
        request,
        template,
        {
            **head_context(request, draft, in_force),
            **_examined(source, in_force.pk if in_force else None),
            "title": step_title(strategy.title) if strategy else draft.name,
            "source": source,
            "lines": source.count("\n") + 1,
            "conflict": isinstance(refused, DraftChangedMeanwhile),
            "refused": _refusal(refused),
            "oob": bool(request.htmx),
        },
        status=status,
    )


def _refusal(refused: DomainError | None) -> str:
    if refused is None:
        return ""
    if isinstance(refused, DraftChangedMeanwhile):
        at = format_moment(refused.values["saved_at"])
        return _("This draft was saved in another window at %(at)s.") % {"at": at}
    text = error_text(refused)
    if line := refused.values.get("line"):
        text += " " + _("Line %(line)s holds a character that no text holds.") % {"line": line}
    elif limit := refused.values.get("limit"):
        text += " " + _("It is longer than %(limit)s characters.") % {"limit": limit}
    return text


def _examined(source: str, in_force_id: int | None) -> dict[str, Any]:
    """Problems with their lines, findings of the linter, and how much is changed."""
    try:
        examined = get_examination(source=source)
    except StrategyInvalid as error:
        problems = [
            {"line": problem.line, "text": describe_problem(problem), "shape": "not"}
            for problem in error.problems
        ]
        return {"marks": problems, "readable": False, "sound": False, "change_count": 0}
    marks = [
        {
            "line": finding.line,
            "text": describe_finding(finding),
            "shape": "not" if finding.is_error else "bang",
        }
        for finding in examined.findings
    ]
    before = get_strategies(version_ids=[in_force_id])[in_force_id] if in_force_id else None
    changes: list[Any] = []
    if before is not None:
        after = examined.strategy
        titles = {s.key: step_title(s.title) for s in (*before.steps, *after.steps)}
        headers = header_changes(before, after).values()
        changes = [{"title": "", "lines": lines} for lines in headers]
        changes += [
            {"title": titles[key], "lines": lines}
            for key, lines in step_changes(before, after).items()
        ]
    return {
        "marks": marks,
        "readable": True,
        "sound": examined.is_sound,
        "changes": changes,
        "change_count": sum(len(change["lines"]) for change in changes),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.DRAFT_STRATEGY)
def edit_step(request: StaffRequest, draft_id: int, step: str) -> HttpResponse:
    """The form of one step; POST changes only what was changed in it."""
    draft = draft_or_404(draft_id)
    fields = _fields(draft, lambda text: list_fields(text, step))
    if request.method != "POST":
        form = StepForm(fields=fields, initial={"revision": draft.revision})
        return _form(request, draft, step, form)

    def change(form: StepForm, values: Mapping[str, Value]) -> None:
        change_draft_step(
            draft_id=draft_id, revision=form.cleaned_data["revision"], step=step,
            values=values, actor=request.actor, at=clock.now(),
        )  # fmt: skip

    return _take(request, draft, step, fields, change)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.DRAFT_STRATEGY)
def edit_header(request: StaffRequest, draft_id: int) -> HttpResponse:
    """What stands above the steps: names, and what becomes of cases in flight."""
    draft = draft_or_404(draft_id)
    fields = _fields(draft, list_header_fields)
    if request.method == "POST":
        fields = [field for field in fields if field.name in request.POST]
    if request.method != "POST":
        form = StepForm(fields=fields, initial={"revision": draft.revision})
        return _form(request, draft, "", form)

    def change(form: StepForm, values: Mapping[str, Value]) -> None:
        change_draft_header(
            draft_id=draft_id, revision=form.cleaned_data["revision"], values=values,
            actor=request.actor, at=clock.now(),
        )  # fmt: skip

    return _take(request, draft, "", fields, change)


def _fields(draft: Draft, of: Callable[[str], list[Field]]) -> list[Field]:
    """404 where the text has errors, or no such step: there is no form for it."""
    if loaded(draft.source) is None:
        raise Http404
    try:
        return of(draft.source)
    except KeyError as error:
        raise Http404 from error


def _take(
    request: StaffRequest,
    draft: Draft,
    step: str,
    fields: list[Field],
    change: Callable[[StepForm, Mapping[str, Value]], None],
) -> HttpResponse:
    form = StepForm(request.POST, fields=fields)
    if not form.is_valid():
        return _form(request, draft, step, form, status=422)
    try:
        change(form, without_unchanged(form.values(), fields))
    except FieldWrong as error:
        name = str(error.values["field"])
        form.add_error(name if name in form.fields else None, _("This cannot be."))
        return _form(request, draft, step, form, status=422)
    except DraftChangedMeanwhile as error:
        return _conflict(request, draft_or_404(draft.pk), step, fields, error)
    except StrategyInvalid as error:
        form.add_error(None, describe_error(error))
        return _form(request, draft, step, form, status=422)
    except DomainError as error:
        return _refused(request, draft, error)
    return _changed(request, draft, step)


def _conflict(
    request: StaffRequest,
    draft: Draft,
    step: str,
    fields: list[Field],
    error: DraftChangedMeanwhile,
) -> HttpResponse:
    """What was typed stays, beside what was saved; sent again, it goes over that."""
    names = {field.name for field in fields}
    now = _fields(draft, lambda text: list_fields(text, step) if step else list_header_fields(text))
    sent = request.POST.copy()
    sent["revision"] = str(draft.revision)
    form = StepForm(sent, fields=[field for field in now if field.name in names])
    form.show_saved()
    form.add_error(None, [_refusal(error), _("What you typed is below and is not saved yet.")])
    return _form(request, draft, step, form, status=409)


def _form(
    request: StaffRequest, draft: Draft, step: str, form: StepForm, *, status: int = 200
) -> HttpResponse:
    """By htmx a fresh form opens in place; a refused one takes the place of the whole draft."""
    template = "desk/strategy_step.html"
    if request.htmx:
        part = "step_page" if form.is_bound else "step_form"
        template = f"desk/parts/{part}.html"
    strategy = loaded(draft.source)
    titles = {s.key: step_title(s.title) for s in strategy.steps} if strategy else {}
    found = page_of(request, draft.strategy_key)
    return render(
        request,
        template,
        {
            **head_context(request, draft, found.in_force if found else None),
            "title": step_title(strategy.title) if strategy else draft.name,
            "step": step,
            "step_title": titles.get(step, ""),
            "is_off": bool(step) and step not in titles,
            "form": form,
        },
        status=status,
    )


def _changed(request: StaffRequest, draft: Draft, step: str) -> HttpResponse:
    if request.htmx:
        return render_draft(request, draft_or_404(draft.pk), focus_step=step)
    messages.success(request, _("Saved."))
    address = redirect("draft", draft_id=draft.pk)
    address["Location"] += f"#step-{step}" if step else ""
    return address


def _refused(request: StaffRequest, draft: Draft, error: DomainError) -> HttpResponse:
    """Said at the top of the page, over the draft as it is now."""
    lines = describe_error(error) if isinstance(error, StrategyInvalid) else [error_text(error)]
    if isinstance(error, DraftChangedMeanwhile):
        lines = [_refusal(error), _("Below is what was saved. Change it again.")]
    messages.error(request, " ".join(lines))
    if request.htmx:
        return render_draft(request, draft_or_404(draft.pk), status=409)
    return redirect("draft", draft_id=draft.pk)


_ACTS: Final = frozenset({"up", "down", "off", "on"})


@require_POST
@page(Right.DRAFT_STRATEGY)
def act_on_step(request: StaffRequest, draft_id: int, step: str) -> HttpResponse:
    """POST ``act``: up, down, off or on; and ``revision``."""
    draft = draft_or_404(draft_id)
    act = request.POST.get("act", "")
    if act not in _ACTS:
        raise Http404
    moment: dict[str, Any] = {
        "draft_id": draft_id, "revision": _revision(request),
        "step": step, "actor": request.actor, "at": clock.now(),
    }  # fmt: skip
    try:
        if act in ("up", "down"):
            move_draft_step(by=-1 if act == "up" else 1, **moment)
        else:
            switch_draft_step(on=act == "on", **moment)
    except DomainError as error:
        return _refused(request, draft, error)
    return _changed(request, draft, step)
