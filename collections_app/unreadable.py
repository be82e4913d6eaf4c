"""The one answer to text that PostgreSQL does not keep: with a NUL, which no person types."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse, QueryDict

from collections_app.error_pages import bad_request

_NUL = "\x00"


class NulMiddleware:
    """Answers 400 where a view let such text through to the database.

    A form that knows its fields says so at the field. The interface has answers of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, ValueError | DataError):
            return None
        if not (_has_nul(request.GET) or _has_nul(request.POST)):
            return None
        return bad_request(request, error)


def _has_nul(fields: QueryDict) -> bool:
    return any(
        _NUL in name or any(_NUL in str(value) for value in values)
        for name, values in fields.lists()
    )
