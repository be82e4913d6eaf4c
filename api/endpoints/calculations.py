"""``/api/v1/calculations``: what may be calculated, and an endpoint for each topic."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Final

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.parameters import read_parameters
from calculations.fields import Field, FieldKind
from calculations.table import TOPICS, calculate
from calculations.topic import Setting, Topic
from kernel import clock
from ledger.queries import get_rates
from staff.rights import Scope

_MOST_BYTES: Final = 1_000_000
_DECIMAL: Final = {"anyOf": [{"type": "string", "maxLength": 30}, {"type": "number", "minimum": 0}]}
_SHAPES: Final[Mapping[FieldKind, dict[str, Any]]] = {
    FieldKind.AMOUNT: {**_DECIMAL, "description": "Zlotys, best as a string: 1234.50."},
    FieldKind.PERCENT: {**_DECIMAL, "description": "Percent."},
    FieldKind.DAY: {"type": "string", "format": "date"},
    FieldKind.WHOLE: {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string"}]},
    FieldKind.FLAG: {"type": "boolean"},
    FieldKind.TEXT: {},
}


class ExactJson(BaseParser):
    """JSON whose numbers lose nothing: a fraction is read as Decimal, never as a float."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        content = stream.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise ParseError
        try:
            return json.loads(content, parse_float=Decimal, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ParseError from error


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


class CalculationListEndpoint(Endpoint):
    """Each topic has an address of its own, and takes a JSON object with the named keys."""

    scope = Scope.CALCULATE

    @extend_schema(
        operation_id="list_calculations",
        summary="What may be calculated: interest, fees, terms, statuses",
        tags=["calculations"],
        responses={200: {"type": "object", "required": ["topics"], "properties": {
            "topics": {"type": "array", "items": {"$ref": "#/components/schemas/Topic"}}}}},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        read_parameters(request.query_params, {})
        return Response({"topics": [_described(topic) for topic in TOPICS.values()]})


class CalculationEndpoint(Endpoint):
    """One topic; nothing is kept of what was asked."""

    scope = Scope.CALCULATE
    http_method_names = ["post"]
    parser_classes = (ExactJson,)
    topic: ClassVar[Topic]

    def post(self, request: Request) -> Response:
        read_parameters(request.query_params, {})
        setting = Setting(get_rates(), clock.today())
        return Response(calculate(self.topic.name, request.data, setting))


def endpoint_of(topic: Topic) -> type[CalculationEndpoint]:
    """The endpoint of a topic, with what the document says of it."""
    name = "".join(part.title() for part in topic.name.split("_"))
    made: type[CalculationEndpoint] = type(
        f"{name}Endpoint",
        (CalculationEndpoint,),
        {"topic": topic, "__doc__": topic.compute.__doc__, "post": _documented(topic)},
    )
    return made


def _documented(topic: Topic) -> Any:
    def post(self: CalculationEndpoint, request: Request) -> Response:
        return CalculationEndpoint.post(self, request)

    answer = {"type": "object", "required": list(topic.answers)}
    return extend_schema(
        operation_id=f"calculate_{topic.name}",
        summary=(topic.compute.__doc__ or topic.name).partition("\n")[0].rstrip("."),
        description=topic.compute.__doc__,
        tags=["calculations"],
        request={"application/json": {**_object(topic.fields), "example": topic.example}},
        responses={200: answer},
    )(post)


def _described(topic: Topic) -> dict[str, Any]:
    return {
        "topic": topic.name,
        "keys": [_key(field) for field in topic.fields],
        "answers": list(topic.answers),
        "example": topic.example,
    }


def _key(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "kind": field.kind.value,
        "required": field.required,
        "words": list(field.words),
        "columns": [_key(column) for column in field.columns],
    }


def _object(fields: tuple[Field, ...]) -> dict[str, Any]:
    required = [field.name for field in fields if field.required and not field.aliases]
    return {
        "type": "object",
        "properties": {field.name: _shape(field) for field in fields},
        **({"required": required} if required else {}),
    }


def _shape(field: Field) -> dict[str, Any]:
    if field.kind is FieldKind.ROWS:
        return {"type": "array", "items": _object(field.columns)}
    if field.kind is FieldKind.WORD:
        return {"type": "string", "examples": list(field.words)}
    return dict(_SHAPES[field.kind])
