"""Bank statements: files handed in, what they hold, and the payments that wait for a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from desk.queries.statements import (
    InboxEntry,
    NamedAccount,
    list_accounts_called,
    list_entries,
    list_inbox,
    list_statement_files,
    list_statements_of_file,
)
from kernel import clock
from kernel.errors import DomainError
from ledger.lifecycle import EntryState
from ledger.models import StatementEntry, StatementFile
from ledger.operations import (
    match_entries,
    post_entry,
    set_entry_aside,
    suspend_entry,
    take_entry_back,
    take_in_statements,
)
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
MOST_BYTES: Final = 50 * 1024 * 1024


@require_safe
@page(Right.SEE_STATEMENTS)
def list_files(request: StaffRequest) -> HttpResponse:
    return _list(request, [])


@require_POST
@page(Right.IMPORT_STATEMENTS)
def upload(request: StaffRequest) -> HttpResponse:
    """Many files at once; a bad one is told of and stops no other."""
    outcomes = [_take_in(request, file) for file in request.FILES.getlist("files")[:MOST_FILES]]
    if not outcomes:
        messages.error(request, _("Choose at least one file."))
        return redirect("statements")
    matched = match_entries(actor=request.actor, at=clock.now())
    posted = matched.get("post", 0)
    if posted:
        messages.success(
            request,
            ngettext("%(n)s payment was posted.", "%(n)s payments were posted.", posted)
            % {"n": posted},
        )
    refused = any(outcome["refused"] for outcome in outcomes)
    return _list(request, outcomes, status=422 if refused else 200)


def _take_in(request: StaffRequest, file: UploadedFile[Any]) -> dict[str, Any]:
    name = str(file.name or "")
    if (file.size or 0) > MOST_BYTES:
        return {"name": name, "refused": _("The file is larger than 50 MB.")}
    try:
        taken = take_in_statements(
            content=file.read(), name=name, actor=request.actor, at=clock.now()
        )
    except DomainError as error:
        return {"name": name, "refused": say_statement_refusal(error)}
    return {"name": name, "refused": "", "taken": taken}


def _list(
    request: StaffRequest, outcomes: Sequence[Mapping[str, Any]], *, status: int = 200
) -> HttpResponse:
    found = list_statement_files(before_id=after_id(request), limit=PAGE_SIZE + 1)
    shown = keyset_page(request, found, size=PAGE_SIZE, key=lambda file: file.pk)
    return render(
        request,
        "desk/statements.html",
        {
            "files": [_file_line(file) for file in shown.rows],
            "outcomes": outcomes,
            "may_import": request.actor.has(Right.IMPORT_STATEMENTS),
            **shown.urls,
        },
        status=status,
    )


def _file_line(file: StatementFile) -> dict[str, Any]:
    statements = list(file.statements.all())
    warnings = len(file.findings) + sum(len(one.findings) for one in statements)
    return {
        "file": file,
        "form": _form_name(file.form),
        "entries": sum(one.entries_count for one in statements),
        "statements": len(statements),
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
    return render(
        request,
        "desk/statement.html",
        {
            "file": file,
            "form": _form_name(file.form),
            "is_final": Form(file.form) in FINAL_FORMS,
            "statements": statements,
            "findings": [
                say_finding(finding)
                for finding in (*file.findings, *(f for one in statements for f in one.findings))
            ],
            "entries": [_entry_line(entry) for entry in shown.rows],
            "may_correct": request.actor.has(Right.CORRECT_POSTING),
            **shown.urls,
        },
    )


def _entry_line(entry: StatementEntry) -> dict[str, Any]:
    state = EntryState(entry.state) if entry.state else None
    return {
        "entry": entry,
        "state": state_name(entry.state),
        "shape": STATE_SHAPES[state] if state else "na",
        "tied": entry.tied_to is not None,
        "can_take_back": state in (EntryState.POSTED, EntryState.NOT_OURS),
        "reasons": ", ".join(
            reason_text(reason["code"]) for reason in entry.proposal.get("reasons", [])
        ),
    }


@require_safe
@page(Right.IMPORT_STATEMENTS)
def show_inbox(request: StaffRequest) -> HttpResponse:
    return _inbox(request)


def _inbox(
    request: StaffRequest, *, refused: Mapping[int, str] | None = None, status: int = 200
) -> HttpResponse:
    found = list_inbox(after_id=after_id(request), limit=PAGE_SIZE + 1)
    shown = keyset_page(request, found, size=PAGE_SIZE, key=lambda row: row.entry.pk)
    return render(
        request,
        "desk/payment_inbox.html",
        {
            "rows": [_inbox_line(row, refused or {}) for row in shown.rows],
            **shown.urls,
        },
        status=status,
    )


def _inbox_line(row: InboxEntry, refused: Mapping[int, str]) -> dict[str, Any]:
    return {
        **_entry_line(row.entry),
        "choices": row.choices,
        "is_certain_enough": len(row.choices) == 1,
        "comes_in": row.entry.amount_minor > 0,
        "percent": row.entry.proposal.get("percent", 0),
        "refused": refused.get(row.entry.pk, ""),
    }


@require_POST
@page(Right.IMPORT_STATEMENTS)
def decide_entry(request: StaffRequest, entry_id: int, act: str) -> HttpResponse:
    """``accept`` the debt that was found, ``name`` another one, ``suspend`` or ``set-aside``."""
    acts: dict[str, Callable[[], str]] = {
        "accept": lambda: _accept(request, entry_id),
        "name": lambda: _name(request, entry_id),
        "suspend": lambda: _suspend(request, entry_id),
        "set-aside": lambda: _set_aside(request, entry_id),
    }
    if act not in acts:
        raise Http404
    try:
        done = acts[act]()
    except DomainError as error:
        said = say_statement_refusal(error)
        return _inbox(request, refused={entry_id: said}, status=422)
    messages.success(request, done)
    return redirect("payment-inbox")


def _accept(request: StaffRequest, entry_id: int) -> str:
    account = request.POST.get("account", "")
    entry = _entry(entry_id)
    shares = {int(account): entry.amount_minor} if account.isdecimal() else {}
    post_entry(entry_id=entry_id, shares=shares, actor=request.actor, at=clock.now())
    return _("Posted.")


def _name(request: StaffRequest, entry_id: int) -> str:
    """Over the debts of the case or contract that was named, the longest due first."""
    entry = _entry(entry_id)
    debts = list_accounts_called(text=request.POST.get("called", ""))
    shares = _split(entry, [debt for debt in debts if debt.currency == entry.currency])
    post_entry(entry_id=entry_id, shares=shares, actor=request.actor, at=clock.now())
    return _("Posted.")


def _split(entry: StatementEntry, debts: Sequence[NamedAccount]) -> dict[int, int]:
    """What is due on each debt in turn; what is left over goes to the last one."""
    shares: dict[int, int] = {}
    left = entry.amount_minor
    for place, debt in enumerate(debts):
        is_last = place == len(debts) - 1
        part = left if is_last else min(left, max(debt.due_minor, 0))
        if part > 0:
            shares[debt.account_id] = part
            left -= part
    return shares


def _suspend(request: StaffRequest, entry_id: int) -> str:
    suspend_entry(
        entry_id=entry_id,
        reason=request.POST.get("reason", "")[:500],
        actor=request.actor,
        at=clock.now(),
    )
    return _("It waits until it is found out.")


def _set_aside(request: StaffRequest, entry_id: int) -> str:
    set_entry_aside(
        entry_id=entry_id,
        reason=request.POST.get("reason", "")[:500],
        actor=request.actor,
        at=clock.now(),
    )
    return _("Set aside: it is for none of our debts.")


@require_POST
@page(Right.CORRECT_POSTING)
def take_back(request: StaffRequest, entry_id: int) -> HttpResponse:
    entry = _entry(entry_id)
    try:
        take_entry_back(
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


def _entry(entry_id: int) -> StatementEntry:
    entry = StatementEntry.objects.select_related("statement").filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    return entry
