"""A debtor's statement of account: on the page, as a PDF to send, as a sheet to reckon with."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from bookkeeping.forms import StatementForm
from bookkeeping.movements import Statement
from bookkeeping.operations import note_statement
from bookkeeping.queries.statement import get_statement
from bookkeeping.statement_pdf import set_statement
from bookkeeping.statement_sheet import CONTENT_TYPE, statement_workbook
from bookkeeping.statement_words import LANGUAGES, statement_document
from bookkeeping.views.case_money import find_case
from bookkeeping.wording import say_refusal
from cases.models import Case
from contacts.creditor import SHIPPED, load_creditor
from kernel import clock
from kernel.errors import DomainError
from staff.access import StaffRequest, page
from staff.rights import Right

FORMATS: Final = {"pdf": "application/pdf", "xlsx": CONTENT_TYPE}


@require_safe
@page(Right.SEE_CASES)
def show_statement(request: StaffRequest, number: str) -> HttpResponse:
    """GET with the days; ``format`` gives a file instead of the page, which is noted."""
    case = find_case(request, number)
    wanted = request.GET.get("format", "")
    if wanted and wanted not in FORMATS:
        raise Http404
    asked = "language" in request.GET
    form = StatementForm(request.GET) if asked else StatementForm(_plain())
    statement, status = None, 200
    if form.is_valid():
        try:
            statement = _statement(request, case, form)
        except DomainError as error:
            form.add_error(None, say_refusal(error))
    if statement is None:
        status = 422
    elif wanted:
        return _file(request, case, statement, form.cleaned_data["language"], wanted)
    context = {
        "case": case,
        "form": form if asked else StatementForm(initial=_plain()),
        "statement": statement,
        "words": _words(statement, (get_language() or "pl")[:2]) if statement else None,
        "query": request.GET.urlencode() if asked else f"language={_plain()['language']}",
    }
    answer = render(request, "bookkeeping/statement.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _plain() -> dict[str, str]:
    language = (get_language() or "pl")[:2]
    return {"language": language if language in LANGUAGES else "pl"}


def _statement(request: StaffRequest, case: Case, form: StatementForm) -> Statement:
    today = clock.today()
    return get_statement(
        number=case.number,
        from_on=form.cleaned_data["from_on"],
        until_on=form.until(today),
        as_known_on=form.cleaned_data["as_known_on"],
        today=today,
        actor=request.actor,
    )


def _words(statement: Statement, language: str) -> dict[str, Any]:
    creditor = load_creditor(getattr(settings, "CREDITOR_FILE", SHIPPED))
    return statement_document(
        statement, creditor=creditor, language=language if language in LANGUAGES else "pl"
    )


def _file(
    request: StaffRequest, case: Case, statement: Statement, language: str, wanted: str
) -> HttpResponse:
    at = clock.now()
    words = _words(statement, language)
    if wanted == "pdf":
        content = set_statement(words, made_at=at)
    else:
        with override(language):
            content = statement_workbook(statement, words)
    note_statement(
        case_id=case.pk,
        file_format=wanted,
        language=language,
        from_on=statement.from_on,
        until_on=statement.until_on,
        as_known_on=statement.as_known_on,
        actor=request.actor,
        at=at,
    )
    name = f"{case.number}-{statement.until_on.isoformat()}.{wanted}"
    return HttpResponse(
        content,
        content_type=FORMATS[wanted],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
