"""Bank statements: files handed in, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bookkeeping.lifecycle import RefundStatus
from bookkeeping.operations import take_statement_entry_back
from desk.queries.statements import (
    count_waiting,
    list_entries,
    list_meant_for,
    list_statement_files,
    list_statements_of_file,
)
from kernel import clock
from kernel.errors import DomainError
from ledger.lifecycle import EntryState
from ledger.models import StatementEntry, StatementFile
from ledger.operations import (
    match_entries,
    take_in_statements,
)
from ledger.return_words import return_text
from ledger.statement_wording import (
    STATE_SHAPES,
    reason_text,
    say_finding,
    say_statement_refusal,
    state_name,
)
from ledger.statements.values import FINAL_FORMS, Form
from staff.access import StaffRequest, page
from staff.rights import Right
from staff.views.lists import after_id, keyset_page

PAGE_SIZE: Final = 50
ENTRIES_OF_A_PAGE: Final = 100
MOST_FILES: Final = 50
#: So many are matched before the page comes back; the rest by a worker.
MATCHED_AT_ONCE: Final = 5_000
MOST_BYTES: Final = 50 * 1024 * 1024


@require_safe
@page(Right.SEE_STATEMENTS)
def list_files(request: StaffRequest) -> HttpResponse:
    return _list(request, [])


@require_POST
@page(Right.IMPORT_STATEMENTS)
def upload(request: StaffRequest) -> HttpResponse:
    """Many files at once; a bad one is told of and stops no other.

    With ``X-Part: outcomes`` only what became of them is answered, for files sent one by one.
    """
    files = request.FILES.getlist("files")
    outcomes = [_take_in(request, file) for file in files[:MOST_FILES]]
    too_many = _("At most %(limit)s files at once: hand this one in again.") % {"limit": MOST_FILES}
    outcomes += [{"name": str(file.name), "refused": too_many} for file in files[MOST_FILES:]]
    if not outcomes:
        messages.error(request, _("Choose at least one file."))
        return redirect("statements")
    matched = match_entries(actor=request.actor, at=clock.now(), most=MATCHED_AT_ONCE)
    posted = matched.get("post", 0)
    refused = any(outcome["refused"] for outcome in outcomes)
    if request.headers.get("X-Part") == "outcomes":
        status = 422 if refused else 200
        return render(
            request, "desk/parts/statement_outcomes.html", {"outcomes": outcomes}, status=status
        )
    if posted:
        messages.success(
            request,
            ngettext("%(n)s payment was posted.", "%(n)s payments were posted.", posted)
            % {"n": posted},
        )
    return _list(request, outcomes, status=422 if refused else 200)


def _take_in(request: StaffRequest, file: UploadedFile[Any]) -> dict[str, Any]:
    name = str(file.name or "")
    if (file.size or 0) > MOST_BYTES:
        return {"name": name, "refused": _("The file is larger than 50 MB.")}
    try:
        taken = take_in_statements(
            file=cast("BinaryIO", file.file), name=name, actor=request.actor, at=clock.now()
        )
    except DomainError as error:
        return {"name": name, "refused": say_statement_refusal(error)}
    return {"name": name, "refused": "", "taken": taken}


def _list(
    request: StaffRequest, outcomes: Sequence[Mapping[str, Any]], *, status: int = 200
) -> HttpResponse:
    found = list_statement_files(before_id=after_id(request), limit=PAGE_SIZE + 1)
    shown = keyset_page(request, found, size=PAGE_SIZE, key=lambda file: file.pk)
    waiting = count_waiting(file_ids=[file.pk for file in shown.rows])
    return render(
        request,
        "desk/statements.html",
        {
            "files": [_file_line(file, waiting.get(file.pk, 0)) for file in shown.rows],
            "outcomes": outcomes,
            "may_import": request.actor.has(Right.IMPORT_STATEMENTS),
            **shown.urls,
        },
        status=status,
    )


def _file_line(file: StatementFile, waiting: int) -> dict[str, Any]:
    statements = list(file.statements.all())
    warnings = len(file.findings) + sum(len(one.findings) for one in statements)
    return {
        "file": file,
        "form": _form_name(file.form),
        "entries": sum(one.entries_count for one in statements),
        "statements": len(statements),
        "waiting": waiting,
        "repeated": bool(statements) and all(one.same_as_id for one in statements),
        "warnings": warnings,
    }


def _form_name(form: str) -> str:
    return {
        Form.MT940: "MT940",
        Form.MT942: "MT942",
        Form.CAMT052: "camt.052",
        Form.CAMT053: "camt.053",
        Form.CAMT054: "camt.054",
    }[Form(form)]


@require_safe
@page(Right.SEE_STATEMENTS)
def show_file(request: StaffRequest, file_id: int) -> HttpResponse:
    file = StatementFile.objects.filter(pk=file_id).first()
    if file is None:
        raise Http404
    found = list_entries(file_id=file_id, after_id=after_id(request), limit=ENTRIES_OF_A_PAGE + 1)
    shown = keyset_page(request, found, size=ENTRIES_OF_A_PAGE, key=lambda entry: entry.pk)
    statements = list_statements_of_file(file_id=file_id)
    meant_for = list_meant_for(entry_ids=[entry.pk for entry in shown.rows])
    return render(
        request,
        "desk/statement.html",
        {
            "file": file,
            "form": _form_name(file.form),
            "is_final": not statements or any(Form(one.form) in FINAL_FORMS for one in statements),
            "statements": statements,
            "findings": [
                say_finding(finding)
                for finding in (*file.findings, *(f for one in statements for f in one.findings))
            ],
            "entries": [
                {**_file_entry(entry), "meant_for": meant_for.get(entry.pk, [])}
                for entry in shown.rows
            ],
            "may_correct": request.actor.has(Right.CORRECT_POSTING),
            **shown.urls,
        },
    )


def _file_entry(entry: StatementEntry) -> dict[str, Any]:
    line = entry_line(entry)
    if hasattr(entry, "refund"):
        came_back = entry.refund.status == RefundStatus.RETURNED
        word = _("refund, sent back by the bank") if came_back else _("refund paid out")
        line |= {"state": word, "shape": "na" if came_back else "met", "can_take_back": False}
    return line


def entry_line(entry: StatementEntry) -> dict[str, Any]:
    state = EntryState(entry.state) if entry.state else None
    told = state is None and entry.tied_to is not None and _is_final(entry)
    return {
        "entry": entry,
        "state": _("told of before") if told else state_name(entry.state),
        "shape": STATE_SHAPES[state] if state else "na",
        "tied": _tied(entry),
        "can_take_back": state in (EntryState.POSTED, EntryState.NOT_OURS),
        "reasons": ", ".join(_reasons(entry)),
    }


def _is_final(entry: StatementEntry) -> bool:
    return Form(entry.statement.form) in FINAL_FORMS


def _tied(entry: StatementEntry) -> str:
    """That the money was told of elsewhere; empty where it was not."""
    if entry.tied_to is None:
        return ""
    if _is_final(entry):
        return _("another statement told of it before: it is not posted again")
    return _("booked since")


def _reasons(entry: StatementEntry) -> Iterator[str]:
    if entry.return_code:
        yield return_text(entry.return_code)
    for reason in entry.proposal.get("reasons", []):
        yield reason_text(reason["code"])


@require_POST
@page(Right.CORRECT_POSTING)
def take_back(request: StaffRequest, entry_id: int) -> HttpResponse:
    entry = find_entry(entry_id)
    try:
        take_statement_entry_back(
            entry_id=entry_id,
            reason=request.POST.get("reason", "")[:500] or _("posted to the wrong debt"),
            actor=request.actor,
            at=clock.now(),
        )
    except DomainError as error:
        messages.error(request, say_statement_refusal(error))
    else:
        messages.success(request, _("Taken back; it waits among the payments to be found out."))
    return redirect("statement-file", file_id=entry.statement.file_id)


def find_entry(entry_id: int) -> StatementEntry:
    entry = StatementEntry.objects.select_related("statement").filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    return entry
