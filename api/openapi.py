"""What drf-spectacular cannot see by itself: tokens, and the problems of every endpoint."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from api.problems import CONTENT_TYPE, PROBLEMS

#: Problems that a reading endpoint can answer, besides those of an address with a number in it.
_READING: Final = (
    "invalid_parameters",
    "not_authenticated",
    "scope_missing",
    "method_not_allowed",
    "not_acceptable",
    "too_many_requests",
    "internal_error",
    "unavailable",
)
#: What an operation with a body can answer besides.
_TAKING: Final = ("unsupported_media_type",)
_HEADERS: Final[dict[str, str]] = {
    "not_authenticated": "WWW-Authenticate",
    "method_not_allowed": "Allow",
    "too_many_requests": "Retry-After",
    "unavailable": "Retry-After",
}

PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "RFC 9457. Programs go by `code`, which never changes.",
    "required": ["type", "title", "status", "code"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(PROBLEMS)},
        "reason": {"type": "string", "description": "The code of the rule that refused."},
        "place": {"type": "string", "description": "Where in the file the fault is."},
        "detail": {"type": "string", "description": "The fault in words."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["parameter", "code"],
                "additionalProperties": False,
                "properties": {"parameter": {"type": "string"}, "code": {"type": "string"}},
            },
        },
    },
}


_KEY_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["name", "kind", "required", "words", "columns"],
    "properties": {
        "name": {"type": "string"},
        "kind": {"type": "string"},
        "required": {"type": "boolean"},
        "words": {"type": "array", "items": {"type": "string"}},
        "columns": {"type": "array", "items": {"type": "object"}},
    },
}
TOPIC_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["topic", "keys", "answers", "example"],
    "properties": {
        "topic": {"type": "string"},
        "keys": {"type": "array", "items": _KEY_SCHEMA},
        "answers": {"type": "array", "items": {"type": "string"}},
        "example": {"type": "object"},
    },
}


class BearerTokenScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "Made by an administrator, with the scopes `cases:read`,"
            " `timeline:read`, `calculations` and `statements:write`, for a year at most.",
        }


def add_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A post-processing hook: every operation names the problems that it may answer."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM_SCHEMA
    schemas["Topic"] = TOPIC_SCHEMA
    for path, operations in result["paths"].items():
        for operation in operations.values():
            codes = [*_READING, *(["not_found"] if "{" in path else [])]
            codes += _TAKING if "requestBody" in operation else ()
            for code in codes:
                status, title = PROBLEMS[code]
                operation["responses"][str(status.value)] = _response(code, title)
    return result


def _response(code: str, title: str) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": title,
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if header := _HEADERS.get(code):
        response["headers"] = {header: {"schema": {"type": "string"}, "required": True}}
    return response
