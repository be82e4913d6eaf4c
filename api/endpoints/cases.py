"""``/api/v1/cases``: the book, and changes of it since an instant; one case by its number."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, actor_of
from api.parameters import (
    Parameter,
    code,
    cursor,
    flag,
    instant,
    instant_of,
    microseconds_of,
    one_of,
    read_parameters,
    whole_number,
)
from api.queries import Place, get_case, list_cases
from api.shapes import CaseDocument, CasePageDocument
from cases.lifecycle import CaseStatus, Handler, Stage
from debtors.lifecycle import Product
from escalation.case_filter import CaseFilter
from kernel import clock
from staff.rights import Scope

DEFAULT_LIMIT: Final = 100
HIGHEST_LIMIT: Final = 500
_MOST_DAYS: Final = 36_500
_KEY: Final = "[a-z][a-z0-9_]{0,39}"

#: No transaction runs longer; what it changed carries the instant at which it began. Whoever
#: follows changes starts that much earlier and sees some cases twice, but misses none.
LONGEST_TRANSACTION: Final = timedelta(minutes=15)


def _read_place(text: str) -> Place:
    change, _, case_id = text.rpartition(".")
    return Place(instant_of(int(change)) if change else None, int(case_id))


def _write_place(place: Place) -> str:
    if place.updated_at is None:
        return str(place.case_id)
    return f"{microseconds_of(place.updated_at)}.{place.case_id}"


LIST_PARAMETERS: Final[dict[str, Parameter]] = {
    parameter.name: parameter
    for parameter in (
        one_of("stage", Stage, description="How far the case has come."),
        one_of("status", CaseStatus, description="Closed cases have nothing due."),
        one_of("handled_by", Handler, description="Who has the case in hand."),
        whole_number(
            "days_past_due_min",
            least=0,
            most=_MOST_DAYS,
            description="Something is due for at least so many days.",
        ),
        whole_number(
            "days_past_due_max",
            least=0,
            most=_MOST_DAYS,
            description="Nothing is due for more than so many days.",
        ),
        whole_number("team", least=1, most=2**31 - 1, description="The id of a team."),
        one_of("product", Product, description="A debt of the case is of this product."),
        flag("in_default", description="The debtor is in default (CRR art. 178)."),
        flag("forborne", description="A debt of the debtor is forborne."),
        code("currency", pattern="[A-Z]{3}", description="A debt of the case is in it."),
        code("segment", pattern=_KEY, description="The key of the strategy that the case is on."),
        code("step", pattern=_KEY, description="The step that comes next for the case."),
        instant(
            "updated_since",
            description="Cases changed at or after this instant, in the order of their change."
            " Take `next_updated_since` of the last answer.",
        ),
        whole_number(
            "limit",
            least=1,
            most=HIGHEST_LIMIT,
            description=f"Cases per page, {DEFAULT_LIMIT} if not given.",
        ),
        cursor("cursor", pattern=r"([0-9]{1,16}\.)?[0-9]{1,18}", read=_read_place),
    )
}


class CaseListEndpoint(Endpoint):
    """Follow changes with `updated_since`, or go through the whole book without it.

    Go on with `next_cursor` until it is null. A case that changes meanwhile may come twice.
    """

    scope = Scope.READ_CASES

    @extend_schema(
        operation_id="list_cases",
        summary="Cases, a page at a time",
        tags=["cases"],
        parameters=[parameter.shown for parameter in LIST_PARAMETERS.values()],
        responses=CasePageDocument,
    )
    def get(self, request: Request) -> Response:
        values = read_parameters(request.query_params, LIST_PARAMETERS)
        limit = values.pop("limit", DEFAULT_LIMIT)
        after = values.pop("cursor", None)
        chosen = CaseFilter(**values)
        at = clock.now()
        page = list_cases(
            chosen=chosen,
            after=after,
            limit=limit,
            actor=actor_of(request),
            on=clock.legal_day(at),
        )
        return Response(
            {
                "cases": page.cases,
                "next_cursor": _write_place(page.next_place) if page.next_place else None,
                "as_of": at.isoformat(),
                "next_updated_since": (at - LONGEST_TRANSACTION).isoformat(),
            }
        )


class CaseEndpoint(Endpoint):
    """Amounts are decimal strings in major units; days are legal days in Warsaw."""

    scope = Scope.READ_CASES

    @extend_schema(
        operation_id="get_case",
        summary="One case: what is owed, what stops it, what comes next and why",
        tags=["cases"],
        responses=CaseDocument,
    )
    def get(self, request: Request, number: str) -> Response:
        read_parameters(request.query_params, {})
        case: dict[str, Any] = get_case(number=number, actor=actor_of(request), on=clock.today())
        return Response(case)
