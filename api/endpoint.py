"""What every endpoint has in common: who may ask, how often, and how errors look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import BearerToken
from api.problems import ScopeMissing, answer_exception
from api.throttling import ClientThrottle
from kernel import clock
from kernel.actor import Actor
from staff.operations import note_denied_access
from staff.rights import Scope


class HoldsScope(BasePermission):
    """The token must hold the scope that the endpoint names; a refusal is recorded."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        assert isinstance(view, Endpoint)
        token: Any = request.auth
        if token is None:
            return False
        if view.scope in token.known_scopes:
            return True
        note_denied_access(
            path=request.path, needed=view.scope, actor=actor_of(request), at=clock.now()
        )
        raise ScopeMissing


def actor_of(request: Request) -> Actor:
    """The API client that asks."""
    client: Any = request.user
    actor: Actor = client.actor
    return actor


class Endpoint(APIView):
    """Parses, makes one call, answers. ``scope`` is what a token needs to read it."""

    scope: ClassVar[Scope]

    authentication_classes = (BearerToken,)
    permission_classes = (HoldsScope,)
    throttle_classes = (ClientThrottle,)
    metadata_class = None
    http_method_names = ["get", "head"]

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Nothing in between keeps what was told about a person."""
        final: Response = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        return final

    def get_exception_handler(self) -> Callable[..., Response]:
        return answer_exception
