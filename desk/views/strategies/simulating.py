"""A draft played on the live book: asked for, watched, stopped, and the cases it would change."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from desk.forms import SimulationForm
from desk.operations import note_changes_export
from desk.queries.strategies import StrategyPage
from desk.views.strategies.drafts import draft_or_404, head_context, page_of
from desk.views.strategies.path import would_stand_text
from desk.views.strategies.shown import loaded
from desk.views.strategies.simulation_panel import is_small, simulation_context
from desk.views.strategies.writing import act_on_draft
from desk.wording.errors import error_text
from desk.wording.strategies import next_outcome_name, next_step_text
from escalation.lifecycle import RunStatus
from escalation.models import Draft, SimulationRun
from escalation.operations import queue_simulation, run_simulation_here, stop_simulation
from escalation.queries.drafts import (
    ChangedRow,
    get_last_run,
    get_open_run,
    list_all_changed_cases,
    list_changed_cases,
)
from escalation.queries.versions import get_strategies
from escalation.wording import step_title
from kernel import clock
from kernel.errors import DomainError
from staff.access import StaffRequest, page, part
from staff.rights import Right
from staff.views.lists import address, after_id

PAGE_SIZE: Final = 50


@require_POST
@page(Right.DRAFT_STRATEGY)
def simulate(request: StaffRequest, draft_id: int) -> HttpResponse:
    """POST ``working_days`` and ``grants_all``: asks a worker to play the draft."""
    form = SimulationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give 1 to 120 working days."))
        return _panel(request, draft_or_404(draft_id), status=422)

    def act(**moment: Any) -> None:
        queue_simulation(
            working_days=form.cleaned_data["working_days"],
            grants_all=form.cleaned_data["grants_all"],
            **moment,
        )

    answer = act_on_draft(request, draft_id, act, _("The simulation is asked for."))
    return _panel(request, draft_or_404(draft_id)) if request.htmx else answer


@part
@require_safe
@page(Right.DRAFT_STRATEGY)
def show_simulation(request: StaffRequest, draft_id: int) -> HttpResponse:
    """How far it is; asked for again and again while it runs."""
    return _panel(request, draft_or_404(draft_id))


@require_POST
@page(Right.DRAFT_STRATEGY)
def stop(request: StaffRequest, draft_id: int) -> HttpResponse:
    draft = draft_or_404(draft_id)
    run = get_open_run(draft_id=draft_id)
    if run is not None:
        stop_simulation(run_id=run.pk, actor=request.actor, at=clock.now())
        messages.success(request, _("The simulation is stopped."))
    return _panel(request, draft)


@require_POST
@page(Right.DRAFT_STRATEGY)
def play_here(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Play the draft that waits in this request: for a small book where no worker comes."""
    draft = draft_or_404(draft_id)
    run = get_open_run(draft_id=draft_id)
    if run is None or not is_small(draft):
        messages.error(request, _("The book is too large for that. A worker is needed."))
        return _panel(request, draft, status=422)
    try:
        run_simulation_here(run_id=run.pk, actor=request.actor, at=clock.now())
    except DomainError as error:
        messages.error(request, error_text(error))
    return _panel(request, draft)


def _panel(request: StaffRequest, draft: Draft, *, status: int = 200) -> HttpResponse:
    if not request.htmx:
        return redirect("draft", draft_id=draft.pk)
    context = simulation_context(request, draft) | {"oob": True}
    context["stands"] = _stands(request, draft, context["would_stand"])
    return render(request, "desk/parts/strategy_simulation.html", context, status=status)


def _stands(
    request: StaffRequest, draft: Draft, would_stand: dict[str, int] | None
) -> dict[str, str]:
    """What a finished simulation says under each step that the draft adds."""
    found, strategy = page_of(request, draft.strategy_key), loaded(draft.source)
    if would_stand is None or strategy is None or found is None:
        return {}
    return {
        step.key: would_stand_text(would_stand.get(step.key, 0))
        for step in strategy.steps
        if step.key not in found.strategy.place_of
    }


@require_safe
@page(Right.DRAFT_STRATEGY)
def show_changed(request: StaffRequest, draft_id: int) -> HttpResponse:
    """The cases that would take another next step than today; ``?after=`` pages on."""
    draft = draft_or_404(draft_id)
    run = _done(draft)
    found = list_changed_cases(
        run_id=run.pk,
        team_id=request.actor.team_id,
        after_id=after_id(request) or 0,
        limit=PAGE_SIZE + 1,
    )
    rows, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    page_found = page_of(request, draft.strategy_key)
    titles = _titles(page_found, run)
    return render(
        request,
        "desk/strategy_changed.html",
        {
            **head_context(request, draft, page_found.in_force if page_found else None),
            "title": titles.get("", draft.name),
            "run": run,
            "rows": [_line(row, titles) for row in rows],
            "changed": run.result["cases_changed"],
            "cases": run.result["cases"],
            "first_url": address(request) if request.GET.get("after") else "",
            "next_url": address(request, after=str(rows[-1].id)) if more else "",
        },
    )


def _done(draft: Draft) -> SimulationRun:
    run = get_last_run(draft_id=draft.pk)
    if run is None or run.status != RunStatus.DONE:
        raise Http404
    return run


def _titles(found: StrategyPage | None, run: SimulationRun) -> dict[str, str]:
    """Of the steps of every version and of the draft as it was played; the strategy's title
    under no step."""
    versions = [version.pk for version in reversed(found.versions)] if found else []
    by_id = get_strategies(version_ids=versions)
    played = loaded(run.source)
    strategies = [*(by_id[pk] for pk in versions), *([played] if played else [])]
    titles = {step.key: step_title(step.title) for one in strategies for step in one.steps}
    return titles | ({"": step_title(played.title)} if played else {})


def _line(row: ChangedRow, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "case": row,
        "today": titles.get(row.today_step, row.today_step) if row.today_step else "–",
        "today_outcome": next_outcome_name(row.today_outcome),
        "draft": titles.get(row.draft_step, row.draft_step) if row.draft_step else "–",
        "draft_outcome": next_outcome_name(row.draft_outcome),
    }


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


@require_safe
@page(Right.DRAFT_STRATEGY)
def export_changed(request: StaffRequest, draft_id: int) -> StreamingHttpResponse:
    """The same list to the end, as CSV; semicolons, as spreadsheets in Poland read it."""
    draft = draft_or_404(draft_id)
    run = _done(draft)
    titles = _titles(page_of(request, draft.strategy_key), run)
    rows = _csv_rows(run, titles, request.actor.team_id)
    note_changes_export(
        strategy_key=draft.strategy_key,
        draft_id=draft.pk,
        file_format="csv",
        rows=int(run.result["cases_changed"]),
        actor=request.actor,
        at=clock.now(),
    )
    name = f"{draft.strategy_key}-draft-{draft.pk}-changes.csv"
    return _csv_response(rows, name)


def _csv_response(rows: Iterator[list[str]], name: str) -> StreamingHttpResponse:
    writer = csv.writer(_Echo(), delimiter=";")

    def lines() -> Iterator[str]:
        yield "\ufeff"
        for row in rows:
            yield writer.writerow(row)

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _csv_rows(
    run: SimulationRun, titles: dict[str, str], team_id: int | None
) -> Iterator[list[str]]:
    yield [_("Case"), _("Debtor"), _("Today"), _("With the draft"), _("Stands there since")]
    for row in list_all_changed_cases(run_id=run.pk, team_id=team_id):
        yield [
            row.number,
            _plain(row.debtor_name),
            next_step_text(row.today_outcome, titles.get(row.today_step, row.today_step)),
            next_step_text(row.draft_outcome, titles.get(row.draft_step, row.draft_step)),
            row.since_on.isoformat(),
        ]


def _plain(text: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
