"""Intake runs: what was read, refused and done; and a file handed in by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from debtors.intake.profile import list_shipped
from debtors.intake_wording import FILE_REFUSALS, say
from debtors.lifecycle import RunStatus
from debtors.models import IntakeRun
from debtors.operations import IntakeOptions, queue_import
from debtors.wording import run_status_name
from desk.forms import UploadForm
from kernel import clock
from kernel.errors import DomainError
from kernel.money import Money
from staff.access import StaffRequest, page
from staff.figures import format_count
from staff.rights import Right
from staff.views.lists import after_id, keyset_page

PAGE_SIZE: Final = 50
_SHAPES: Final = {
    RunStatus.DONE: "met",
    RunStatus.UNCHANGED: "na",
    RunStatus.DRY_RUN: "na",
    RunStatus.QUEUED: "later",
    RunStatus.RUNNING: "later",
    RunStatus.REFUSED: "not",
    RunStatus.FAILED: "not",
}
#: The page of such a run asks for itself again.
_ONGOING: Final = frozenset({RunStatus.QUEUED, RunStatus.RUNNING})
#: In the order in which a reader wants them.
_COUNTS: Final = (
    "rows_read",
    "rows_refused",
    "rows_filtered",
    "debtors_created",
    "debtors_updated",
    "debts_created",
    "debts_updated",
    "debts_missing",
    "debts_kept",
    "cases_opened",
)


@require_safe
@page(Right.SEE_RUNS)
def list_runs(request: StaffRequest) -> HttpResponse:
    return _list(request, UploadForm(profiles=list_shipped(), initial={"as_of": clock.today()}))


def _list(request: StaffRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    runs = IntakeRun.objects.order_by("-pk")
    before = after_id(request)
    if before is not None:
        runs = runs.filter(pk__lt=before)
    shown = keyset_page(
        request, list(runs[: PAGE_SIZE + 1]), size=PAGE_SIZE, key=lambda run: run.pk
    )
    return render(
        request,
        "desk/intake_runs.html",
        {
            "runs": [run_line(run) for run in shown.rows],
            "form": form,
            "may_import": request.actor.has(Right.IMPORT_PORTFOLIO),
            **shown.urls,
        },
        status=status,
    )


@require_POST
@page(Right.IMPORT_PORTFOLIO)
def upload(request: StaffRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES, profiles=list_shipped())
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            run = queue_import(
                chunks=cleaned["file"].chunks(),
                file_name=cleaned["file"].name,
                profile=cleaned["profile"],
                as_of=cleaned["as_of"],
                options=IntakeOptions(full=cleaned["full"], dry_run=cleaned["dry_run"]),
                actor=request.actor,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("The file is kept; a worker takes it in."))
            return redirect("intake-run", run_id=run.pk)
    return _list(request, form, status=422)


@require_safe
@page(Right.SEE_RUNS)
def show_run(request: StaffRequest, run_id: int) -> HttpResponse:
    run = get_object_or_404(IntakeRun, pk=run_id)
    counts = run.counts or {}
    return render(
        request,
        "desk/intake_run.html",
        {
            **run_line(run),
            "ongoing": run.status in _ONGOING,
            "figures": [
                {"label": _label(name), "value": format_count(int(counts[name]))}
                for name in _COUNTS
                if counts.get(name) is not None
            ],
            "totals": [
                (currency, Money.from_decimal(Decimal(total), currency).minor)
                for currency, total in sorted((counts.get("totals") or {}).items())
            ],
            "may_download": bool(run.error_file) and request.actor.has(Right.IMPORT_PORTFOLIO),
        },
    )


@require_safe
@page(Right.IMPORT_PORTFOLIO)
def download_errors(request: StaffRequest, run_id: int) -> HttpResponseBase:
    run = get_object_or_404(IntakeRun, pk=run_id)
    path = Path(run.error_file)
    if not run.error_file or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def run_line(run: IntakeRun) -> dict[str, Any]:
    """A run as a row of a table; ``note`` says why it was refused, or how far it has come."""
    status, refusal = RunStatus(run.status), _refusal(run.refusal)
    progress = _progress(run) if status is RunStatus.RUNNING else ""
    return {
        "run": run,
        "status": run_status_name(status),
        "shape": _SHAPES[status],
        "refusal": refusal,
        "progress": progress,
        "note": refusal or progress,
    }


def _progress(run: IntakeRun) -> str:
    text = ngettext("%(rows)s row so far", "%(rows)s rows so far", run.rows_done)
    return text % {"rows": format_count(run.rows_done)}


def _refusal(refusal: dict[str, Any]) -> str:
    code = refusal.get("code", "")
    if not code:
        return ""
    if code in FILE_REFUSALS:
        kept: type[DomainError] = type("KeptRefusal", (DomainError,), {"code": code})
        return say(kept(**refusal.get("values", {})))
    return str(code)


def _label(name: str) -> str:
    return {
        "rows_read": _("Rows read"),
        "rows_refused": _("Rows refused"),
        "rows_filtered": _("Rows left out by the profile"),
        "debtors_created": _("Debtors created"),
        "debtors_updated": _("Debtors changed"),
        "debts_created": _("Debts created"),
        "debts_updated": _("Debts changed"),
        "debts_missing": _("Debts missing from the extract"),
        "debts_kept": _("Debts whose book is ours and stays as it is"),
        "cases_opened": _("Cases opened"),
    }[name]
