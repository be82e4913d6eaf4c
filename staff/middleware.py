"""What holds for every page of a signed-in person: an end where nothing is done, a second factor.

``seen_at`` in the session is the moment at which its person last did something, kept to half a
minute. A request that the page makes by itself says so (``X-Background``) and does not count.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from kernel import clock
from kernel.authority import REQUIRED
from staff.access import PUBLIC, WITHOUT_SECOND_FACTOR
from staff.models import User
from staff.operations import mark_session_seen
from staff.second_factor import has_shown_second_factor, is_required_of

SEEN_AT: Final = "seen_at"
BACKGROUND: Final = "X-Background"
_KEPT_TO: Final = timedelta(seconds=30)


class SessionRules:
    """Ends a session in which nothing was done for IDLE_MINUTES; asks for the second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if hasattr(request, "_is_private") and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        required = getattr(view, REQUIRED, PUBLIC)
        if required == PUBLIC or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if not isinstance(request.user, User):
            return None
        setattr(request, "_is_private", True)  # noqa: B010 - Back shows nothing after signing out
        at = clock.now()
        if seconds_left(request, at=at) <= 0:
            logout(request)
            messages.info(request, _("You were signed out because nothing was done for a while."))
            return redirect_to_login(request.get_full_path())
        if BACKGROUND not in request.headers:
            mark_seen(request, at=at)
        if getattr(view, WITHOUT_SECOND_FACTOR, False) or not is_required_of(request.user.role):
            return None
        return None if has_shown_second_factor(request) else redirect("second-factor")


def seconds_left(request: HttpRequest, *, at: datetime) -> int:
    """Until the session ends if nothing more is done; a session that is new has all of it."""
    whole = settings.IDLE_MINUTES * 60
    seen_at = request.session.get(SEEN_AT)
    if seen_at is None:
        return int(whole)
    return int(whole - (at.timestamp() - float(seen_at)))


def mark_seen(request: HttpRequest, *, at: datetime) -> None:
    """Somebody has done something."""
    kept = request.session.get(SEEN_AT)
    if kept is not None and at - datetime.fromtimestamp(kept, UTC) < _KEPT_TO:
        return
    request.session[SEEN_AT] = at.timestamp()
    if kept is not None:
        mark_session_seen(session_key=request.session.session_key or "", at=at)
