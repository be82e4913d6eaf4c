"""Every field that a page or form reads, with what somebody hostile sends in it.

All fields together with each value, those of an address alone with one of them as well, and at
full length each alone with each. An error that a view lets through is the test's own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final
from zlib import crc32

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.utils.http import urlencode

from kernel.actor import system_actor
from staff.operations import issue_token
from staff.rights import ROLE_RIGHTS, Right, Role, Scope
from tests.integration.permissions import ACCESS
from tests.integration.world import World

HOSTILE: Final = (
    "9" * 5_000,  # more digits than Python reads
    "9" * 18,  # more than most columns hold
    "9" * 30,
    "-1",
    "²",  # a digit, but no number
    "٣",
    "\x00",
    "NaN",
    "9999-12-31",
    "0001-01-01",
    "'\"<&%\\",
)
API: Final = [name for name, access in ACCESS.items() if isinstance(access.required, Scope)]
_READS: Final = ("get", "getlist", "__getitem__", "__contains__")


def _role_for(required: object) -> Role | None:
    if isinstance(required, Right):
        return next(role for role in reversed(Role) if required in ROLE_RIGHTS[role])
    return Role.MANAGER


@contextmanager
def names_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The names of the fields that somebody asks a form or an address for."""
    names: set[str] = set()

    def watch(original: Callable[..., Any]) -> Callable[..., Any]:
        def read(data: QueryDict, key: str, *more: Any) -> Any:
            names.add(str(key))
            return original(data, key, *more)

        return read

    with monkeypatch.context() as patch:
        for name in _READS:
            patch.setattr(QueryDict, name, watch(getattr(QueryDict, name)))
        yield names


def _send(browser: Client, method: str, address: str, fields: dict[str, str]) -> int:
    """The status of the answer; whatever was done is taken back."""
    data = urlencode(fields)
    with transaction.atomic():
        if method == "GET":
            answer = browser.get(f"{address}?{data}" if data else address)
        else:
            answer = browser.post(address, data, "application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    return int(answer.status_code)


@pytest.mark.chaos
@pytest.mark.parametrize(
    ("name", "method"),
    [
        (name, method)
        for name, access in ACCESS.items()
        if name not in API
        for method in access.methods
    ],
)
def test_no_field_of_an_address_brings_it_down(
    world: World, name: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = world.browser(_role_for(ACCESS[name].required))
    address = world.address(name)
    with names_read(monkeypatch) as names:
        _send(browser, method, address, {})
        for value in HOSTILE:
            _send(browser, method, address, dict.fromkeys(sorted(names), value))
        for field, value in _alone(name, method, names):
            status = _send(browser, method, address, {field: value})
            assert status < 500 or name == "readyz", f"{method} {address} {field}={value[:40]}"


def _alone(name: str, method: str, fields: set[str]) -> list[tuple[str, str]]:
    """A form that is refused shows the whole page anew: one by one at full length only."""
    if os.environ.get("CHAOS") == "full":
        return [(field, value) for field in sorted(fields) for value in HOSTILE]
    one = HOSTILE[crc32(name.encode()) % len(HOSTILE)]
    return [(field, one) for field in sorted(fields)] if method == "GET" else []


@pytest.mark.parametrize("name", [n for n in API if ACCESS[n].methods == ("GET",)])
def test_no_parameter_of_the_interface_brings_it_down(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = world.address(name)
    token = issue_token(
        client_name="a client", scopes=list(Scope), valid_days=366, actor=system_actor("test"),
        at=datetime.now(UTC),
    )  # fmt: skip
    browser = Client(headers={"Authorization": f"Bearer {token}"})
    with names_read(monkeypatch) as names:
        _send(browser, "GET", address, {})
        for field in sorted(names):
            for value in (*HOSTILE, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
                cache.clear()  # a client may ask so often and no more
                status = _send(browser, "GET", address, {field: value})
                assert status < 500, f"{address} {field}={value[:40]}"
