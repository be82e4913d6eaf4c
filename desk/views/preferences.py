"""Language and theme: how pages look to one reader. Changes nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from desk.frame import THEME_COOKIE, THEMES

_KEPT_FOR: Final = timedelta(days=365)


@require_POST
def save_preferences(request: HttpRequest) -> HttpResponse:
    """POST ``language`` or ``theme`` (empty: as the system wishes), and ``next``."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = redirect(target)
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language, secure=request.is_secure())
    theme = request.POST.get("theme")
    if theme in THEMES:
        _keep(response, THEME_COOKIE, theme, secure=request.is_secure())
    elif theme == "":
        response.delete_cookie(THEME_COOKIE)
    return response


def _keep(response: HttpResponse, name: str, value: str, *, secure: bool) -> None:
    response.set_cookie(
        name, value, max_age=_KEPT_FOR, secure=secure, httponly=True, samesite="Lax"
    )
