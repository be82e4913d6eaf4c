"""The ledger of a case: what was owed on any day, the postings, and where interest comes from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from debtors.lifecycle import Product
from debtors.wording import product_name
from desk.forms.as_of import AsOfForm, Knowledge
from desk.queries.ledger import (
    DebtNotInCase,
    DebtOnDay,
    get_debt_on_day,
    list_debts_on_day,
)
from desk.views.case.reversing import is_typed_in
from desk.views.case.show import find_case
from kernel import clock
from kernel.typed import whole_number
from ledger.lifecycle import Component, Keeper
from ledger.queries import (
    ExplainedInterest,
    LedgerRow,
    Standing,
    get_interest_explained,
    list_ledger_rows,
)
from ledger.rates import ARTICLES
from ledger.wording import component_name, keeper_sentence, rate_name, transaction_name
from staff.access import StaffRequest, page
from staff.figures import format_day, format_decimal, mask_accounts_in
from staff.rights import Right
from staff.views.lists import address

ROWS_PER_PAGE: Final = 60


@require_safe
@page(Right.SEE_CASES)
def show_case_ledger(request: StaffRequest, number: str) -> HttpResponse:
    """``?as_of=2026-05-31&known=then``: the figures of the case at the end of a day."""
    case = find_case(request, number)
    form, on, known = _asked(request)
    debts = list_debts_on_day(case=case, on=on)
    return render(
        request,
        "desk/case_ledger.html",
        {
            "case": case,
            "form": form,
            "on": on,
            "known": known,
            "component_names": [component_name(component) for component in Component],
            "debts": [_debt_row(one, known) for one in debts],
            "totals": _totals(debts, known),
            "query": f"?as_of={on.isoformat()}&known={known.value}",
        },
        status=422 if form.errors else 200,
    )


@require_safe
@page(Right.SEE_CASES)
def show_debt_ledger(request: StaffRequest, number: str, debt_id: int) -> HttpResponse:
    """One debt: its parts on the day, its interest, and its postings, newest first."""
    case = find_case(request, number)
    form, on, known = _asked(request)
    try:
        one = get_debt_on_day(case=case, debt_id=debt_id, on=on)
    except DebtNotInCase as error:
        raise Http404 from error
    account_id = one.debt.account_id
    known_at = clock.end_of(on) if known is Knowledge.THEN else None
    rows = list_ledger_rows(account_id=account_id, on=on, known_at=known_at)[::-1]
    skipped = _skipped(request)
    interest = get_interest_explained(account_id=account_id, on=on)
    return render(
        request,
        "desk/debt_ledger.html",
        {
            "case": case,
            "form": form,
            "on": on,
            "known": known,
            "currency": one.debt.currency,
            "component_names": [component_name(component) for component in Component],
            "one": _debt_row(one, known),
            "parts": _parts(_chosen(one, known)),
            "interest": _interest(interest),
            "may_correct": request.actor.has(Right.CORRECT_POSTING),
            "may_see_statements": request.actor.has(Right.SEE_STATEMENTS),
            "rows": [_row(row) for row in rows[skipped : skipped + ROWS_PER_PAGE]],
            "first_url": address(request) if skipped else "",
            "next_url": (
                address(request, after=str(skipped + ROWS_PER_PAGE))
                if len(rows) > skipped + ROWS_PER_PAGE
                else ""
            ),
            "case_query": f"?as_of={on.isoformat()}&known={known.value}",
        },
        status=422 if form.errors else 200,
    )


def _asked(request: StaffRequest) -> tuple[AsOfForm, date, Knowledge]:
    """The day that was asked for; today without one, and for one that cannot be."""
    today = clock.today()
    form = AsOfForm({"as_of": today.isoformat(), "known": Knowledge.NOW, **request.GET.dict()})
    if not form.is_valid():
        return form, today, Knowledge.NOW
    known = Knowledge(form.cleaned_data["known"] or Knowledge.NOW)
    return form, form.cleaned_data["as_of"], known


def _skipped(request: StaffRequest) -> int:
    return whole_number(request.GET.get("after"), digits=5) or 0


def _chosen(one: DebtOnDay, known: Knowledge) -> Standing:
    return one.then if known is Knowledge.THEN else one.now


def _debt_row(one: DebtOnDay, known: Knowledge) -> dict[str, Any]:
    """``other_minor`` is what was owed by the other knowledge, where it differs."""
    standing = _chosen(one, known)
    other = one.now if known is Knowledge.THEN else one.then
    return {
        "debt": one.debt,
        "product": product_name(Product(one.debt.product)),
        "standing": standing,
        "parts": [standing.due_of(component) for component in Component],
        "differs": other.parts != standing.parts,
        "other_minor": other.outstanding_minor,
        "not_yet_due_minor": standing.outstanding_minor - standing.due_minor,
        "is_then": known is Knowledge.THEN,
    }


def _totals(debts: Sequence[DebtOnDay], known: Knowledge) -> list[dict[str, Any]]:
    """By currency; amounts of different ones are never added, and days are not at all."""
    totals: dict[str, dict[str, Any]] = {}
    for one in debts:
        standing = _chosen(one, known)
        total = totals.setdefault(
            one.debt.currency,
            {
                "currency": one.debt.currency,
                "due_minor": 0,
                "outstanding_minor": 0,
                "parts": [0 for _component in Component],
            },
        )
        total["due_minor"] += standing.due_minor
        total["outstanding_minor"] += standing.outstanding_minor
        total["parts"] = [
            so_far + standing.due_of(component)
            for so_far, component in zip(total["parts"], Component, strict=True)
        ]
    return list(totals.values())


def _parts(standing: Standing) -> list[dict[str, Any]]:
    return [
        {
            "name": component_name(component),
            "due_minor": standing.due_of(component),
            "later_minor": standing.not_yet_due_of(component),
        }
        for component in Component
    ]


def _interest(explained: ExplainedInterest) -> dict[str, Any]:
    begun = [entry for entry in explained.book.entries if entry.from_on <= explained.on]
    return {
        "explained": explained,
        "keeper": keeper_sentence(explained.keeper),
        "since": begun[-1].from_on if begun else None,
        "is_ours": explained.keeper is Keeper.HOUSE or bool(explained.segments),
        "segments": [
            {
                "segment": one.segment,
                "percent": format_decimal(one.segment.percent, places=2),
                "rate": rate_name(one.rate),
                "article": ARTICLES[one.tariff.kind],
                "source": one.source,
            }
            for one in explained.segments
        ],
    }


def _row(row: LedgerRow) -> dict[str, Any]:
    return {
        "row": row,
        "what": _what(row),
        "title": mask_accounts_in(row.title),
        "may_be_taken_back": is_typed_in(row.kind, row.source) and not row.is_reversed,
        "recorded_later": clock.legal_day(row.recorded_at) != row.on,
        "parts": [
            {"name": component_name(component), "minor": minor}
            for component, minor in row.changes.items()
        ],
        "balances": [row.balances[component] for component in Component],
    }


def _what(row: LedgerRow) -> str:
    name = str(transaction_name(row.kind))
    if row.about_kind is None or row.about_on is None:
        return name
    return _("%(what)s: %(about)s of %(day)s") % {
        "what": name,
        "about": str(transaction_name(row.about_kind)).lower(),
        "day": format_day(row.about_on),
    }
