"""Everything below ``/api/``; an address that is none answers with a problem, too."""

from __future__ import annotations

from django.urls import include, path, re_path

from api.endpoints.documentation import show_documentation, show_openapi
from api.problems import answer_unknown_address

urlpatterns = [
    path("", include("api.documented_urls")),
    path("api/v1/openapi.json", show_openapi, name="api-openapi"),
    path("api/v1/docs", show_documentation, name="api-documentation"),
    re_path(r"^api/(?P<rest>[\s\S]*)\Z", answer_unknown_address, name="api-unknown"),
]
