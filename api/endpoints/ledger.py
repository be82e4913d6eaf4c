"""``/api/v1/cases/{number}/ledger``: what was owed at the end of a day."""

from __future__ import annotations

from typing import Final

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, actor_of
from api.parameters import Parameter, day, instant, read_parameters
from api.queries import get_ledger
from api.shapes import LedgerDocument
from kernel import clock
from staff.rights import Scope

LEDGER_PARAMETERS: Final[dict[str, Parameter]] = {
    parameter.name: parameter
    for parameter in (
        day(
            "as_of",
            description="The end of this day in Warsaw, today if not given. For a day to come:"
            " what is known today, and the interest that will have grown by then.",
        ),
        instant(
            "known_at",
            description="As it was known at this instant; as it is known now if not given.",
        ),
    )
}


class LedgerEndpoint(Endpoint):
    """By debt and component. What was recorded later counts from its own day, unless `known_at`
    leaves it out."""

    scope = Scope.READ_CASES

    @extend_schema(
        operation_id="get_ledger",
        summary="What was owed on any day, as known then or now, and the interest explained",
        tags=["cases"],
        parameters=[parameter.shown for parameter in LEDGER_PARAMETERS.values()],
        responses=LedgerDocument,
    )
    def get(self, request: Request, number: str) -> Response:
        values = read_parameters(request.query_params, LEDGER_PARAMETERS)
        return Response(
            get_ledger(
                number=number,
                on=values.get("as_of") or clock.today(),
                known_at=values.get("known_at"),
                actor=actor_of(request),
            )
        )
