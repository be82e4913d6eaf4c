"""The list of cases; its whole filter stands in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from cases.lifecycle import CaseStatus, Handler, Stage
from cases.wording import handler_name, stage_name, status_name
from debtors.lifecycle import Product
from debtors.queries import StandingNow, list_debtor_standings
from debtors.standing_wording import stage_text
from debtors.wording import product_name
from desk.queries.case_list import CaseRow, count_cases, list_cases
from desk.queries.context import list_open_holds
from desk.queries.money import NOTHING_OWED, list_case_money
from desk.queries.strategies import get_step_titles
from desk.wording.errors import error_text
from desk.wording.lines import hold_line
from escalation.case_filter import BEHIND_THE_LAST, CaseFilter, FilterInvalid, parse_case_filter
from kernel import clock
from staff.access import StaffRequest, page
from staff.models import Team, User
from staff.rights import Right
from staff.views.lists import Chip, Option, address, after_id, keyset_page

PAGE_SIZE: Final = 50
#: What the form asks for by itself.
_IN_FORM: Final = frozenset(
    {"status", "stage", "in_default", "forborne", "days_past_due_min", "days_past_due_max"}
)


@require_safe
@page(Right.SEE_CASES)
def show_cases(request: StaffRequest) -> HttpResponse:
    """``?status=&stage=&days_past_due_min=&segment=&step=…``; bare, the open cases."""
    if not request.GET:
        return redirect(f"{request.path}?status={CaseStatus.OPEN}")
    try:
        filters = parse_case_filter(request.GET.dict())
    except FilterInvalid as error:
        messages.error(request, error_text(error))
        filters = CaseFilter()
    found = list_cases(
        actor=request.actor,
        chosen=filters,
        on=clock.today(),
        after_id=after_id(request),
        limit=PAGE_SIZE + 1,
    )
    shown = keyset_page(request, found, size=PAGE_SIZE, key=lambda row: row.case_id)
    return render(
        request,
        "desk/cases.html",
        {
            "rows": _lines(shown.rows),
            "chips": _chips(request, filters),
            "statuses": [Option(s, str(status_name(s)), s is filters.status) for s in CaseStatus],
            "defaults": _either(_("in default"), _("not in default"), chosen=filters.in_default),
            "forbearances": _either(_("forborne"), _("not forborne"), chosen=filters.forborne),
            "stages": [Option(s, str(stage_name(s)), s is filters.stage) for s in Stage],
            "filters": filters,
            "kept": {
                name: value
                for name, value in filters.as_parameters().items()
                if name not in _IN_FORM
            },
            "plain_url": request.path,
            "count": count_cases(actor=request.actor, chosen=filters, on=clock.today()),
            **shown.urls,
        },
    )


def _either(yes: str, no: str, *, chosen: bool | None) -> list[Option]:
    return [Option("yes", yes, chosen is True), Option("no", no, chosen is False)]


def _lines(rows: Sequence[CaseRow]) -> list[dict[str, object]]:
    ids = [row.case_id for row in rows]
    today = clock.today()
    money = list_case_money(case_ids=ids)
    holds = list_open_holds(case_ids=ids, on=today)
    standings = list_debtor_standings(debtor_ids=[row.debtor_id for row in rows], on=today)
    return [
        {
            "case": row,
            "money": (owed := money.get(row.case_id, NOTHING_OWED)),
            "days": owed.days_past_due(today),
            "products": " + ".join(str(product_name(product)) for product in owed.products),
            "stage": stage_name(Stage(row.stage)),
            "holds": hold_line(holds.get(row.case_id, [])),
            "closed": row.status == CaseStatus.CLOSED,
            "standing": _standing(standings.get(row.debtor_id)),
        }
        for row in rows
    ]


def _standing(now: StandingNow | None) -> dict[str, str]:
    """The stage, and whether in default and forborne; why stands on the page of the standing."""
    if now is None:
        return {}
    why = [
        word
        for word, holds in (
            (pgettext("short", "in default"), now.default),
            (_("forborne"), now.forborne),
        )
        if holds
    ]
    return {"stage": stage_text(now.stage), "why": ", ".join(why)}


def _chips(request: StaffRequest, filters: CaseFilter) -> list[Chip]:
    """One for each filter that is on; taking off a strategy takes its version and step
    off too."""
    given = filters.as_parameters()
    titles = get_step_titles() if filters.segment else {}
    names = _names()
    chips = []
    for parameter, value in given.items():
        name, word = names[parameter]
        if parameter in ("segment", "step"):
            steps = value.split(",") if parameter == "step" else [""]
            shown = ", ".join(titles.get((filters.segment or "", step), step) for step in steps)
            if parameter == "step" and value == BEHIND_THE_LAST:
                name, shown = _("Step"), _("after the last one")
        else:
            shown = str(word(value))
        off = {parameter: ""} | ({"step": "", "version": ""} if parameter == "segment" else {})
        chips.append(Chip(name, shown, address(request, **off) or request.path))
    return chips


def _name_of(model: type[Model], field: str, pk: str) -> str:
    """The id itself where nobody has it."""
    found = model._default_manager.filter(pk=int(pk)).values_list(field, flat=True)
    return str(found.first() or pk)


def _yes_or_no(value: str) -> str:
    return _("yes") if value == "yes" else _("no")


def _names() -> Mapping[str, tuple[str, Callable[[str], Any]]]:
    return {
        "status": (_("Status"), lambda value: status_name(CaseStatus(value))),
        "stage": (_("Stage"), lambda value: stage_name(Stage(value))),
        "handled_by": (_("In hand of"), lambda value: handler_name(Handler(value))),
        "days_past_due_min": (_("Days past due from"), str),
        "days_past_due_max": (_("Days past due to"), str),
        "overdue_min": (_("Overdue from"), str),
        "team": (_("Team"), lambda value: _name_of(Team, "name", value)),
        "owner": (_("Owner"), lambda value: _name_of(User, "full_name", value)),
        "product": (_("Product"), lambda value: product_name(Product(value))),
        "segment": (_("Strategy"), str),
        "version": (_("Version"), str),
        "step": (_("Before the step"), str),
        "on_hold": (_("On hold"), _yes_or_no),
        "in_default": (_("In default"), _yes_or_no),
        "forborne": (_("Forborne"), _yes_or_no),
        "currency": (_("Currency"), str),
        "updated_since": (_("Changed since"), str),
        "text": (_("Text"), str),
    }
