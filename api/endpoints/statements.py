"""``/api/v1/statements``: a bank statement handed in, and what became of it."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, actor_of
from api.parameters import Parameter, read_parameters
from api.queries.statements import get_statement_document
from api.shapes import StatementDocument
from kernel import clock
from kernel.actor import system_actor
from ledger.operations import match_entries, take_in_statements
from ledger.statements.values import StatementUnreadable
from staff.rights import Scope

MOST_BYTES: Final = 50 * 1024 * 1024
#: A larger body is read from the disk.
_IN_MEMORY_BYTES: Final = 2 * 1024 * 1024
_PIECE_BYTES: Final = 64 * 1024
#: So many are matched before the answer; the rest by a worker.
MATCHED_AT_ONCE: Final = 1_000
_LONGEST_NAME: Final = 255
#: A file inside a form is no statement; it is sent as the body itself.
_FORMS: Final = ("multipart/", "application/x-www-form-urlencoded")
_MEDIA_TYPES: Final = ("application/octet-stream", "application/xml", "text/plain")


class AnyBytes(BaseParser):
    """The form is told by the content, so that any media type will do but that of a form."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        if (media_type or "").startswith(_FORMS):
            raise UnsupportedMediaType(media_type or "")
        return stream


def _copy(sent: Any, file: BinaryIO) -> None:
    """The body as it was sent; there is none in an empty request."""
    size = 0
    while piece := sent.read(_PIECE_BYTES) if hasattr(sent, "read") else b"":
        size += file.write(piece)
        if size > MOST_BYTES:
            raise StatementUnreadable("too_large", "line 1", bytes=size, limit=MOST_BYTES)


def _read_name(text: str) -> str:
    if not text or len(text) > _LONGEST_NAME or not text.isprintable():
        raise ValueError(text)
    return text


_NAME: Final = Parameter(
    "name",
    _read_name,
    "not_a_name",
    OpenApiParameter(
        "name",
        {"type": "string", "minLength": 1, "maxLength": _LONGEST_NAME},
        description="What the file is called, for the people who look at it.",
    ),
)


class StatementListEndpoint(Endpoint):
    """MT940, MT942, camt.052, camt.053 or camt.054, as the bank wrote it.

    The same bytes again change nothing and answer as before with `known_before`, so that a client
    may send a file as often as it likes. Nothing of a file that cannot be understood is taken in:
    the problem says where the fault is.
    """

    scope = Scope.SEND_STATEMENTS
    http_method_names = ["post"]
    parser_classes = (AnyBytes,)

    @extend_schema(
        operation_id="send_statement",
        summary="Hand a bank statement in; its payments are matched and posted",
        tags=["statements"],
        parameters=[_NAME.shown],
        request=dict.fromkeys(_MEDIA_TYPES, OpenApiTypes.BINARY),
        responses={200: StatementDocument, 201: StatementDocument},
    )
    def post(self, request: Request) -> Response:
        values = read_parameters(request.query_params, {"name": _NAME})
        at = clock.now()
        with SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as spooled:
            file = cast("BinaryIO", spooled)
            _copy(request.data, file)
            taken = take_in_statements(
                file=file, name=values.get("name", ""), actor=actor_of(request), at=at
            )
        assert taken.file_id is not None, "only a dry run keeps nothing"
        match_entries(actor=system_actor("statements"), at=at, most=MATCHED_AT_ONCE)
        document = get_statement_document(file_id=taken.file_id, known_before=taken.known_before)
        return Response(document, status=200 if taken.known_before else 201)


class StatementEndpoint(Endpoint):
    """How far its payments have come."""

    scope = Scope.SEND_STATEMENTS

    @extend_schema(
        operation_id="get_statement",
        summary="What a file holds, and how many of its payments have found their debt",
        tags=["statements"],
        responses=StatementDocument,
    )
    def get(self, request: Request, file_id: int) -> Response:
        read_parameters(request.query_params, {})
        return Response(get_statement_document(file_id=file_id, known_before=True))
