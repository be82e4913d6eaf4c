"""The URL root: each app brings its own pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from collections_app import health
from collections_app.views import overview, switches

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("api.urls")),
    path("", include("staff.urls")),
    path("", include("desk.urls")),
    path("", include("portfolio.urls")),
    path("", include("contacts.urls")),
    path("", include("negotiations.urls")),
    path("", include("bookkeeping.urls")),
    path("", include("agencies.urls")),
    path("", include("courts.urls")),
    path("", include("ledger.urls")),
    path("operations/", overview.show_operations, name="operations"),
    path(
        "operations/switches/<str:switch_kind>/<str:switch_key>/",
        switches.show_switch,
        name="switch",
    ),
    path(
        "operations/switches/<str:switch_kind>/<str:switch_key>/turn/",
        switches.turn_switch,
        name="turn-switch",
    ),
]

handler400 = "collections_app.error_pages.bad_request"
handler500 = "collections_app.error_pages.server_error"
