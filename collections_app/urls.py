"""The URL root: each app brings its own pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from collections_app import health

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
]

handler500 = "collections_app.error_pages.server_error"
