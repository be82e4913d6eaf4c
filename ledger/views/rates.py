"""Rates of interest: what holds today, where each comes from, and adding to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from ledger.forms import RateForm
from ledger.operations import change_rates
from ledger.queries import RateHistoryRow, get_rates, list_rate_history
from ledger.rate_changes import RateChangeInvalid
from ledger.rates import ARTICLES, NoRateOnDay, RateKind, Rates, Series, Tariff
from ledger.wording import rate_change_text, rate_name, series_name
from staff.access import StaffRequest, page
from staff.figures import format_decimal
from staff.queries import list_actor_names
from staff.rights import Right

_SHOWN: Final = (
    RateKind.STATUTORY_DELAY,
    RateKind.MAXIMUM_DELAY,
    RateKind.STATUTORY_CAPITAL,
    RateKind.MAXIMUM_CAPITAL,
    RateKind.COMMERCIAL,
    RateKind.COMMERCIAL_PUBLIC_HEALTH,
)
#: The history that changes often; the others fold away.
_OFTEN: Final = Series.NBP_REFERENCE


@require_safe
@page(Right.SEE_RUNS)
def show_rates(request: StaffRequest) -> HttpResponse:
    return _show(request, RateForm(initial={"confirmed_until": None}))


@require_POST
@page(Right.MANAGE_RATES)
def change(request: StaffRequest) -> HttpResponse:
    form = RateForm(request.POST)
    if form.is_valid():
        try:
            change_rates(change=form.change(), actor=request.actor, at=clock.now())
        except RateChangeInvalid as error:
            form.add_error(error.values["field"], str(rate_change_text(error)))
        else:
            messages.success(request, _("It holds for every calculation from now on."))
            return redirect("rates")
    return _show(request, form, status=422)


def _show(request: StaffRequest, form: RateForm, *, status: int = 200) -> HttpResponse:
    rates, on = get_rates(), clock.today()
    history = list_rate_history()
    names = list_actor_names(events=[row for row in history if row.recorded_at])
    often = [row for row in history if row.series in (_OFTEN, None)]
    others = [row for row in history if row.series not in (_OFTEN, None)]
    return render(
        request,
        "ledger/rates.html",
        {
            "today": on,
            "confirmed_until": rates.confirmed_until,
            "is_late": on > rates.confirmed_until,
            "rates": [_rate(rates, kind, on) for kind in _SHOWN],
            "steps": [_row(row, names, rates) for row in often],
            "others": _grouped(others, names, rates),
            "form": form if request.actor.has(Right.MANAGE_RATES) else None,
        },
        status=status,
    )


def _rate(rates: Rates, kind: RateKind, on: date) -> dict[str, Any]:
    first_on = date(2016, 1, 1)
    try:
        current = list(rates.periods(Tariff(kind), min(first_on, on), on))[-1]
    except NoRateOnDay:
        return {"name": rate_name(kind), "article": ARTICLES[kind], "percent": None, "since": None}
    return {
        "name": rate_name(kind),
        "article": ARTICLES[kind],
        "percent": format_decimal(current.percent, places=2),
        "since": current.first_on,
    }


def _grouped(
    rows: list[RateHistoryRow], names: Mapping[tuple[str, str], str], rates: Rates
) -> list[dict[str, Any]]:
    return [
        {
            "name": series_name(series),
            "steps": [_row(row, names, rates) for row in rows if row.series is series],
        }
        for series in Series
        if any(row.series is series for row in rows)
    ]


def _row(row: RateHistoryRow, names: Mapping[tuple[str, str], str], rates: Rates) -> dict[str, Any]:
    known = row.value is not None
    return {
        "row": row,
        "value": format_decimal(row.value, places=2) if row.value is not None else "",
        "delay": _delay(rates, row) if known and row.series is _OFTEN and row.holds else "",
        "by": names.get((row.actor_kind, row.actor_id), row.actor_id),
    }


def _delay(rates: Rates, row: RateHistoryRow) -> str:
    """What delay interest the step made, where the law already derived it from this rate."""
    assert row.since_on is not None
    if rates.find(Series.DELAY_MARGIN, row.since_on) is None:
        return ""
    percent = rates.percent(Tariff(RateKind.STATUTORY_DELAY), row.since_on)
    return format_decimal(percent, places=2)
