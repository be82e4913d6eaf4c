"""Language and theme of a browser in which nobody has signed in yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from staff.preferences import Theme

THEME_COOKIE: Final = "theme"
_KEPT_FOR: Final = timedelta(days=365)


def remember_look(
    request: HttpRequest, response: HttpResponseBase, *, language: str, theme: Theme | None
) -> None:
    """In this browser, so that its sign-in page looks the same after signing out."""
    kept: dict[str, str] = {THEME_COOKIE: theme} if theme else {}
    if language in dict(settings.LANGUAGES):
        kept[settings.LANGUAGE_COOKIE_NAME] = language
    for name, value in kept.items():
        response.set_cookie(
            name,
            value,
            max_age=_KEPT_FOR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
