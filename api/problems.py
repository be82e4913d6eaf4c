"""Every error as a problem document (RFC 9457) with a stable ``type`` and ``code``.

The code is for programs and never changes; ``title`` and ``detail`` are English prose for the
person who reads a log.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response

from calculations.fields import BadInputs
from kernel.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound
from ledger.statement_wording import say_statement_refusal
from ledger.statements.values import StatementUnreadable
from staff.access import public

logger: Final = logging.getLogger(__name__)

CONTENT_TYPE: Final = "application/problem+json"
#: When to ask again after a database that was busy or away.
RETRY_SECONDS: Final = 5
_TYPE: Final = "urn:ugoda:problem:"

#: What an endpoint may answer besides what it is for. The codes are part of the interface.
PROBLEMS: Final[dict[str, tuple[HTTPStatus, str]]] = {
    "invalid_parameters": (HTTPStatus.BAD_REQUEST, "A parameter is unknown or out of its range"),
    "invalid_input": (HTTPStatus.BAD_REQUEST, "What was asked for cannot be done as it was asked"),
    "not_authenticated": (HTTPStatus.UNAUTHORIZED, "A valid token is needed"),
    "scope_missing": (HTTPStatus.FORBIDDEN, "The token does not hold the scope that is needed"),
    "not_allowed": (HTTPStatus.FORBIDDEN, "The client may not do this"),
    "not_found": (
        HTTPStatus.NOT_FOUND,
        "There is nothing here, or nothing that the client may see",
    ),
    "method_not_allowed": (HTTPStatus.METHOD_NOT_ALLOWED, "The address does not take this method"),
    "not_acceptable": (HTTPStatus.NOT_ACCEPTABLE, "Only application/json can be answered"),
    "conflict": (HTTPStatus.CONFLICT, "Something changed meanwhile; read it again"),
    "unsupported_media_type": (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Only JSON can be read"),
    "too_many_requests": (HTTPStatus.TOO_MANY_REQUESTS, "The client asks too often"),
    "unavailable": (HTTPStatus.SERVICE_UNAVAILABLE, "The database is busy or away; ask again"),
    "internal_error": (HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here; it is logged"),
}

_BY_EXCEPTION: Final[tuple[tuple[type[Exception], str], ...]] = (
    (exceptions.ValidationError, "invalid_parameters"),
    (exceptions.ParseError, "invalid_input"),
    (exceptions.NotAuthenticated, "not_authenticated"),
    (exceptions.AuthenticationFailed, "not_authenticated"),
    (exceptions.PermissionDenied, "not_allowed"),
    (PermissionDenied, "not_allowed"),
    (exceptions.NotFound, "not_found"),
    (Http404, "not_found"),
    (exceptions.MethodNotAllowed, "method_not_allowed"),
    (exceptions.NotAcceptable, "not_acceptable"),
    (exceptions.UnsupportedMediaType, "unsupported_media_type"),
    (exceptions.Throttled, "too_many_requests"),
    (OperationalError, "unavailable"),
    (InterfaceError, "unavailable"),
    (NotFound, "not_found"),
    (NotAllowed, "not_allowed"),
    (Conflict, "conflict"),
    (InvalidInput, "invalid_input"),
    (DomainError, "conflict"),
)


class InvalidParameters(exceptions.ValidationError):
    """Names each parameter that cannot be taken, with a code of its own."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__([f"{parameter}: {code}" for parameter, code in errors])
        self.errors = errors


class ScopeMissing(exceptions.PermissionDenied):
    default_code = "scope_missing"


def problem(code: str, **more: Any) -> dict[str, Any]:
    """The document itself."""
    status, title = PROBLEMS[code]
    return {
        "type": f"{_TYPE}{code}",
        "title": title,
        "status": status.value,
        "code": code,
        **more,
    }


def answer_exception(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: nothing leaves the API as anything else than a problem."""
    code = _code_of(error)
    more: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if isinstance(error, InvalidParameters):
        more["errors"] = [
            {"parameter": parameter, "code": reason} for parameter, reason in error.errors
        ]
    elif isinstance(error, DomainError):
        more["reason"] = error.code
        if isinstance(error, StatementUnreadable):
            more["reason"], more["place"] = error.values["reason"], error.values["place"]
            with translation.override("en"):
                more["detail"] = say_statement_refusal(error)
        if isinstance(error, BadInputs):
            more["errors"] = [{"parameter": key, "code": why} for key, why in error.errors]
    if isinstance(error, exceptions.APIException):
        if challenge := getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = challenge
        if (wait := getattr(error, "wait", None)) is not None:
            headers["Retry-After"] = str(max(int(wait), 1))
    if code == "unavailable":
        headers["Retry-After"] = str(RETRY_SECONDS)
    if code in ("internal_error", "unavailable"):
        logger.error("request failed: path=%s", context["request"].path, exc_info=error)
    body = problem(code, **more)
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def _code_of(error: Exception) -> str:
    if isinstance(error, ScopeMissing):
        return "scope_missing"
    for kind, code in _BY_EXCEPTION:
        if isinstance(error, kind):
            return code
    return "internal_error"


@csrf_exempt
@public
def answer_unknown_address(request: HttpRequest, rest: str = "") -> JsonResponse:
    """For every address below ``/api/`` that is no endpoint."""
    body = problem("not_found")
    return JsonResponse(body, status=body["status"], content_type=CONTENT_TYPE)
