"""``/api/v1/cases/{number}/timeline``: what happened, newest first."""

from __future__ import annotations

from typing import Final

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, actor_of
from api.parameters import Parameter, cursor, read_parameters, whole_number
from api.queries import get_timeline
from api.shapes import TimelineDocument
from staff.rights import Scope

DEFAULT_LIMIT: Final = 50
HIGHEST_LIMIT: Final = 200

TIMELINE_PARAMETERS: Final[dict[str, Parameter]] = {
    parameter.name: parameter
    for parameter in (
        whole_number(
            "limit",
            least=1,
            most=HIGHEST_LIMIT,
            description=f"Events per page, {DEFAULT_LIMIT} if not given.",
        ),
        cursor("cursor", pattern=r"[0-9]{1,18}", read=int),
    )
}


class TimelineEndpoint(Endpoint):
    """The newest first; go back with `next_cursor`. Events are never changed."""

    scope = Scope.READ_TIMELINE

    @extend_schema(
        operation_id="get_timeline",
        summary="Everything that happened about a case, the machine's decisions included",
        tags=["cases"],
        parameters=[parameter.shown for parameter in TIMELINE_PARAMETERS.values()],
        responses=TimelineDocument,
    )
    def get(self, request: Request, number: str) -> Response:
        values = read_parameters(request.query_params, TIMELINE_PARAMETERS)
        page = get_timeline(
            number=number,
            before_id=values.get("cursor"),
            limit=values.get("limit", DEFAULT_LIMIT),
            actor=actor_of(request),
        )
        return Response(
            {
                "events": page.events,
                "next_cursor": str(page.next_before_id) if page.next_before_id else None,
            }
        )
