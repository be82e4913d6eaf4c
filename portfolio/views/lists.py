"""The lists behind the figures of a board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.lifecycle import Stage
from cases.wording import stage_name
from escalation.case_filter import CaseFilter
from kernel.typed import day_in, whole_number
from portfolio.buckets import BUCKETS, bucket_between
from portfolio.entries import EntryKind
from portfolio.queries import (
    After,
    Asked,
    Row,
    get_cases_behind,
    get_last_snapshot,
    get_lines_behind,
    get_officer_name,
    get_rolled_behind,
    get_strategy_ids,
)
from portfolio.views.asked import KEPT, filter_in, scope_of
from portfolio.views.exports import file_of, wanted_format
from portfolio.views.filters import part_names
from portfolio.views.listing import (
    Listing,
    case_listing,
    change_text,
    line_listing,
    rolled_listing,
)
from portfolio.wording import bucket_name, code_name, kinds_name, outcome_name, outcomes_of
from portfolio.wording.buckets import CURED
from staff.access import StaffRequest, page
from staff.figures import format_day
from staff.rights import Right
from staff.views.lists import Chip

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class _Question:
    """What the address asks for, in the words of the common filter and those of boards."""

    asked: Asked
    chosen: CaseFilter
    since: date | None


@require_safe
@page(Right.SEE_BOARD)
def list_board_cases(request: StaffRequest) -> HttpResponseBase:
    """``?on=&currency=&stage=&days_past_due_min=…&owner=``: open cases as they stood."""
    question = _question(request)
    if question is None:
        return _nothing(request, _("Cases behind the figure"))
    asked = question.asked
    name = _("Cases behind the figure")
    listing = case_listing(get_cases_behind(asked=asked), name, asked.currency or "")
    told = _("As they stood at the close of %(day)s") % {"day": format_day(asked.on)}
    return _answer(request, listing, question, told)


@require_safe
@page(Right.SEE_BOARD)
def list_board_lines(request: StaffRequest) -> HttpResponseBase:
    """``?kind=paid,…&since=&on=&code=&officer=``: lines of one day, or of all after ``since``."""
    kinds = frozenset(
        EntryKind(word) for word in request.GET.get("kind", "").split(",") if word in set(EntryKind)
    )
    question = _question(request)
    if question is None or not kinds:
        return _nothing(request, _("Lines behind the figure"))
    asked = question.asked
    since = question.since or asked.on - timedelta(days=1)
    behind = get_lines_behind(
        asked=asked, kinds=kinds, since=since, code=request.GET.get("code") or None
    )
    listing = line_listing(behind, kinds, kinds_name(kinds), asked.currency or "")
    return _answer(request, listing, question, _told_of_days(since, asked.on))


@require_safe
@page(Right.SEE_BOARD)
def list_board_rolled(request: StaffRequest) -> HttpResponseBase:
    """``?since=&on=&to=``: the cases of the close ``since`` by where they stood at ``on``."""
    question = _question(request)
    if question is None or question.since is None:
        return _nothing(request, _("Where the cases went"))
    asked, since = question.asked, question.since
    outcomes = outcomes_of(request.GET.get("to", ""))
    behind = get_rolled_behind(asked=asked, before=since, outcomes=outcomes)
    listing = rolled_listing(behind, _("Where the cases went"), asked.currency or "")
    told = _("Open at the close of %(since)s; later means at the close of %(day)s") % {
        "since": format_day(since),
        "day": format_day(asked.on),
    }
    return _answer(request, listing, question, told)


def _told_of_days(since: date, on: date) -> str:
    first = since + timedelta(days=1)
    if first == on:
        return _("Of %(day)s, as its close kept it") % {"day": format_day(on)}
    return _("From %(first)s to %(last)s, as the close of each day kept it") % {
        "first": format_day(first),
        "last": format_day(on),
    }


def _question(request: StaffRequest) -> _Question | None:
    """None before the first close."""
    query = request.GET
    chosen = filter_in(query.dict())
    on = day_in(query.get("on"))
    if on is None:
        snapshot = get_last_snapshot()
        if snapshot is None:
            return None
        on = snapshot.taken_on
    officer_id = whole_number(query.get("officer"))
    asked = Asked(
        on=on,
        scope=scope_of(request, chosen, get_strategy_ids()),
        currency=chosen.currency,
        stage=chosen.stage,
        days_min=chosen.days_past_due_min,
        days_max=chosen.days_past_due_max,
        officer_id=chosen.owner if officer_id is None else officer_id,
        in_default=chosen.in_default,
    )
    since = day_in(query.get("since"))
    return _Question(asked, chosen, since if since is not None and since < on else None)


def _after(request: StaffRequest) -> After | None:
    """The place of the last row of the page before: ``after=125000.17``."""
    written, _dot, row = request.GET.get("after", "").partition(".")
    rank, row_id = whole_number(written.removeprefix("-")), whole_number(row)
    if rank is None or row_id is None:
        return None
    return After(-rank if written.startswith("-") else rank, row_id)


def _answer(
    request: StaffRequest, listing: Listing, question: _Question, told: str
) -> HttpResponseBase:
    totals = listing.behind.count()
    if file_format := wanted_format(request):
        return file_of(request, listing.table(totals.rows), file_format)
    found = listing.behind.page(after=_after(request), limit=PAGE_SIZE + 1)
    rows, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    context: dict[str, Any] = {
        "title": listing.name,
        "told": told,
        "asked": question.asked,
        "currency": question.asked.currency or "",
        "totals": totals,
        "columns": listing.columns,
        "rows": [_line(listing, row) for row in rows],
        "chips": _chips(request, question),
        "board_url": _board_url(request),
        "csv_url": _url(request, format="csv"),
        "xlsx_url": _url(request, format="xlsx"),
        "first_url": _url(request) if request.GET.get("after") else "",
        "next_url": _url(request, after=f"{rows[-1].rank}.{rows[-1].id}") if more else "",
    }
    return render(request, "portfolio/board_list.html", context)


def _line(listing: Listing, row: Row) -> dict[str, Any]:
    return {
        "number": row.number,
        "debtor_name": row.debtor_name,
        "currency": row.currency,
        "cells": [(field.column, field.of(row)) for field in listing.fields],
        "has_changed": row.has_changed,
        "change": change_text(row),
    }


def _nothing(request: StaffRequest, title: str) -> HttpResponse:
    context = {"title": title, "rows": [], "chips": [], "board_url": reverse("board")}
    return render(request, "portfolio/board_list.html", context)


def _url(request: StaffRequest, **changes: str) -> str:
    """This list with a change; a filter starts at the first page again."""
    query = {**request.GET.dict(), "after": "", "format": "", **changes}
    return f"{request.path}?{urlencode({k: v for k, v in query.items() if v})}"


def _board_url(request: StaffRequest) -> str:
    """The board of the same close and part of the book."""
    names = ("on", *KEPT)
    query = {name: request.GET[name] for name in names if request.GET.get(name)}
    return f"{reverse('board')}?{urlencode(query)}" if query else reverse("board")


def _chips(request: StaffRequest, question: _Question) -> list[Chip]:
    """What narrows the list; the days and the kind are what the list is, and no filter."""
    words: dict[str, Callable[[], tuple[str, str]]] = {
        "stage": lambda: (_("Stage"), str(stage_name(Stage(request.GET["stage"])))),
        "in_default": lambda: (
            _("In default"),
            _("yes") if request.GET["in_default"] == "yes" else _("no"),
        ),
        "code": lambda: (_("Kind"), _code(request)),
        "officer": lambda: (_("Officer"), _person(request.GET["officer"])),
        "owner": lambda: (_("Officer"), _person(request.GET["owner"])),
        "to": lambda: (_("Where they went"), _outcome(request.GET["to"])),
        **part_names(request, question.chosen),
    }
    given = question.chosen.as_parameters()
    chips = []
    for name, word in words.items():
        if name in given or (name in ("code", "officer", "to") and request.GET.get(name)):
            label, value = word()
            if value:
                chips.append(Chip(label, value, _url(request, **{name: ""})))
    days = _days(question.asked)
    if days:
        off = _url(request, days_past_due_min="", days_past_due_max="")
        chips.append(Chip(_("Days past due"), days, off))
    return chips


def _days(asked: Asked) -> str:
    bucket = bucket_between(asked.days_min, asked.days_max)
    if bucket is not None:
        return bucket_name(BUCKETS[bucket])
    if asked.days_min is not None and asked.days_max is None:
        return _("from %(days)s") % {"days": asked.days_min}
    if asked.days_min is None and asked.days_max is None:
        return ""
    return f"{asked.days_min or 0}–{asked.days_max}"


def _code(request: StaffRequest) -> str:
    kind = request.GET.get("kind", "").split(",", maxsplit=1)[0]
    code = request.GET["code"]
    return code_name(EntryKind(kind), code) if kind in set(EntryKind) else code


def _person(text: str) -> str:
    user_id = whole_number(text)
    if user_id is None:
        return ""
    return get_officer_name(user_id=user_id) if user_id else _("given to nobody")


def _outcome(code: str) -> str:
    if code == CURED:
        return _("not past due, not written off")
    outcomes = outcomes_of(code)
    return outcome_name(outcomes[0]) if outcomes else ""
