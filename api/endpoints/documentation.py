"""``/api/v1/openapi.json`` and a page that shows it. Neither holds any data of a case."""

from __future__ import annotations

from functools import cache
from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from staff.access import public


@cache
def openapi_document() -> dict[str, Any]:
    """The document; it changes only with the code."""
    make: Any = SchemaGenerator
    document: dict[str, Any] = make(urlconf="api.documented_urls").get_schema(public=True)
    return document


@public
@require_safe
def show_openapi(request: HttpRequest) -> JsonResponse:
    return JsonResponse(openapi_document())


@public
@csp_update({"img-src": ["data:"]})  # the icons in its style sheet
@require_safe
def show_documentation(request: HttpRequest) -> HttpResponse:
    return render(request, "api/documentation.html")
