"""Pages for what went wrong outside of any view. They do not ask the database: it may be why."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language

from staff.look import THEME_COOKIE
from staff.preferences import Theme

_RETRY_SECONDS: Final = 10
_MAINTENANCE_RETRY_SECONDS: Final = 300
#: Asked by machines that must learn that the process lives, whatever else is closed.
_ALWAYS_OPEN: Final = frozenset({"/healthz", "/readyz"})


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database could not be had in time."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _unavailable(request, "busy", retry_seconds=_RETRY_SECONDS)
    return _page(request, "500.html", status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; why is for the log alone. The interface answers with a problem document."""
    if request.path.startswith("/api/"):
        return _problem("invalid_input", "Bad Request", status=400)
    return _page(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was older than the session; the reason is for the log alone."""
    return render(request, "403_csrf.html", status=403)


class Maintenance:
    """Closes the site while the file ``maintenance`` stands in VAR_DIR.

    What the file says, such as ``until 14:00``, is shown. No process needs to be restarted.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        note = _maintenance_note()
        if note is None or request.path in _ALWAYS_OPEN:
            return self.get_response(request)
        return _unavailable(
            request, "maintenance", retry_seconds=_MAINTENANCE_RETRY_SECONDS, note=note
        )


def _maintenance_note() -> str | None:
    try:
        return (Path(settings.VAR_DIR) / "maintenance").read_text(errors="replace").strip()[:200]
    except OSError:
        return None


def _unavailable(
    request: HttpRequest, code: str, *, retry_seconds: int, note: str = ""
) -> HttpResponse:
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = _problem(code, "Service Unavailable", status=503)
    else:
        response = _page(request, "503.html", status=503, code=code, note=note)
    response["Retry-After"] = str(retry_seconds)
    return response


def _problem(code: str, title: str, *, status: int) -> JsonResponse:
    """RFC 9457, as the interface tells of everything that goes wrong."""
    problem = {"type": "about:blank", "title": title, "code": code, "status": status}
    return JsonResponse(problem, status=status, content_type="application/problem+json")


def _page(request: HttpRequest, template: str, *, status: int, **values: str) -> HttpResponse:
    theme = request.COOKIES.get(THEME_COOKIE, "")
    text = render_to_string(
        template,
        {
            "language": get_language() or settings.LANGUAGE_CODE,
            "theme": theme if theme in set(Theme) else Theme.AUTO,
            **values,
        },
    )
    response = HttpResponse(text, status=status)
    response["Cache-Control"] = "no-store"
    return response
