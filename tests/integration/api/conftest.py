from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from api.throttling import ClientThrottle
from kernel import clock
from kernel.actor import Actor, ActorKind
from staff.models import Team
from staff.operations import issue_token
from staff.rights import Right, Scope

NOW = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
ADMINISTRATOR = Actor(ActorKind.USER, "1", frozenset({Right.MANAGE_STAFF}))

Get = Callable[..., Any]


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cache.clear()
    monkeypatch.setattr(ClientThrottle, "rate", "100000/min")
    with clock.fixed_at(NOW):
        yield


def make_token(*scopes: Scope, team: Team | None = None, name: str = "core banking") -> str:
    return issue_token(
        client_name=name,
        scopes=scopes or tuple(Scope),
        valid_days=90,
        actor=ADMINISTRATOR,
        at=NOW,
        team=team,
    )


@pytest.fixture
def token(db: None) -> str:
    """Of a client that may read everything."""
    return make_token()


@pytest.fixture
def get(token: str) -> Get:
    def ask(path: str, *, as_token: str = token, **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {as_token}"} if as_token else {}
        return Client().get(f"/api/v1/{path}", query, headers=headers)

    return ask
