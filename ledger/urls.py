"""Pages of the ledger."""

from __future__ import annotations

from django.urls import path

from ledger.views import rates

urlpatterns = [
    path("rates/", rates.show_rates, name="rates"),
    path("rates/change/", rates.change, name="change-rates"),
]
