"""The endpoints: all of them are in the OpenAPI document."""

from __future__ import annotations

from django.urls import path, register_converter

from api.endpoints.calculations import CalculationListEndpoint, endpoint_of
from api.endpoints.cases import CaseEndpoint, CaseListEndpoint
from api.endpoints.ledger import LedgerEndpoint
from api.endpoints.statements import StatementEndpoint, StatementListEndpoint
from api.endpoints.timeline import TimelineEndpoint
from calculations.table import TOPICS


class CaseNumber:
    """As ``cases`` gives them: ``UG-2026-000017``."""

    regex = r"[A-Z][A-Z0-9-]{1,19}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CaseNumber, "case_number")

urlpatterns = [
    path("api/v1/cases", CaseListEndpoint.as_view(), name="api-cases"),
    path("api/v1/cases/<case_number:number>", CaseEndpoint.as_view(), name="api-case"),
    path("api/v1/cases/<case_number:number>/ledger", LedgerEndpoint.as_view(), name="api-ledger"),
    path(
        "api/v1/cases/<case_number:number>/timeline",
        TimelineEndpoint.as_view(),
        name="api-timeline",
    ),
    path("api/v1/statements", StatementListEndpoint.as_view(), name="api-statements"),
    path("api/v1/statements/<int:file_id>", StatementEndpoint.as_view(), name="api-statement"),
    path("api/v1/calculations", CalculationListEndpoint.as_view(), name="api-calculations"),
    *(
        path(
            f"api/v1/calculations/{topic.name}",
            endpoint_of(topic).as_view(),
            name=f"api-calculate-{topic.name}",
        )
        for topic in TOPICS.values()
    ),
]
