"""``Authorization: Bearer ugoda_…``: a token stands for an API client and its scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from kernel import clock
from kernel.actor import Actor
from staff.models import ApiToken
from staff.queries import get_client_actor

_SCHEME: Final = "bearer"
_LONGEST_HEADER: Final = 200


@dataclass(frozen=True, slots=True)
class Client:
    """What DRF takes for the user of a request."""

    actor: Actor
    is_authenticated: bool = True

    @property
    def pk(self) -> str:
        """By which throttling tells clients apart."""
        return self.actor.id


class BearerToken(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Client, ApiToken] | None:
        header = request.headers.get("Authorization", "")
        scheme, _, token = header.partition(" ")
        if scheme.lower() != _SCHEME:
            return None
        if len(header) > _LONGEST_HEADER:
            raise AuthenticationFailed
        found = get_client_actor(token=token.strip(), at=clock.now())
        if found is None:
            raise AuthenticationFailed
        row, actor = found
        return Client(actor), row

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="ugoda"'
