"""The one answer to a wait that took too long: a lock, a deadlock, a statement that had to end.

Nothing was written then, and nobody made a mistake: the page says so and offers to try again. A
form that carries a key of its own is offered with all that was entered, since it does its work
once however often it is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg2 import errors

from cases.locking import CaseBusy

logger = logging.getLogger(__name__)

#: Others hold what was wanted; asked again, the same may succeed.
_PASSING: Final = (
    errors.LockNotAvailable,
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.QueryCanceled,
)
RETRY_AFTER_SECONDS: Final = 5
#: The hidden field by which a form does its work once.
_KEY: Final = "submission"
_MAX_FIELDS: Final = 100


def is_passing(error: BaseException) -> bool:
    """Did the database only have too much to do at that moment?"""
    if isinstance(error, CaseBusy):
        return True
    return isinstance(error, OperationalError) and isinstance(error.__cause__, _PASSING)


class BusyMiddleware:
    """Answers 503 where a view let such an error through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not is_passing(error):
            return None
        logger.warning("busy: %s %s, %s", request.method, request.path, type(error.__cause__))
        if request.headers.get("HX-Request") == "true":
            answer = HttpResponse(status=503)
        else:
            answer = render(request, "busy.html", {"again": _again(request)}, status=503)
        answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
        answer["Cache-Control"] = "no-store"
        return answer


def _again(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent, where it may be sent again without a second effect."""
    if request.method != "POST" or not request.POST.get(_KEY):
        return []
    given = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    return given if len(given) <= _MAX_FIELDS else []
