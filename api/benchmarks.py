"""The API page of 100 cases beside the same rows read and dumped as JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from http import HTTPStatus
from statistics import median
from typing import Any, Final
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from api.case_rows import CASES, OWED
from kernel.actor import system_actor
from staff.operations import issue_token
from staff.rights import Scope

PAGE_CASES: Final = 100
GOAL_RATIO: Final = 4.0
_ADDRESS: Final = "/api/v1/cases"


def run(*, on: date, at: datetime, pages: int = 60) -> dict[str, Any]:
    """Ours is the whole request: token, throttle, two statements, JSON.

    Pages all over the book, in turn ours and the raw one; the medians count.
    """
    token = issue_token(
        client_name="benchmark",
        scopes=[Scope.READ_CASES],
        valid_days=1,
        actor=system_actor("benchmark"),
        at=at - timedelta(hours=1),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM cases_case")
        last = int(cursor.fetchone()[0])
    ours: list[float] = []
    raw: list[float] = []
    application = WSGIHandler()
    for after in _starts(last, pages):
        seconds, body = _timed(partial(_page, application, token, after))
        ours.append(seconds)
        assert len(json.loads(body)["cases"]) == PAGE_CASES
        seconds, _ = _timed(partial(_raw_page, after, on))
        raw.append(seconds)
    ours_ms, raw_ms = median(ours) * 1000, median(raw) * 1000
    return {
        "ours_ms": round(ours_ms, 2),
        "limit_ms": round(raw_ms, 2),
        "ratio": round(ours_ms / raw_ms, 2),
        "goal_ratio": GOAL_RATIO,
        "cases": PAGE_CASES,
        "pages": pages,
    }


def _starts(last: int, pages: int) -> Iterator[int]:
    """Evenly over the book; the first two rounds only warm up what is cached."""
    step = max((last - PAGE_CASES) // pages, 0)
    return (place * step for place in range(pages))


def _timed(act: Callable[[], str]) -> tuple[float, str]:
    begun = time.perf_counter()
    body = act()
    return time.perf_counter() - begun, body


def _page(application: WSGIHandler, token: str, after: int) -> str:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": _ADDRESS,
        "QUERY_STRING": f"limit={PAGE_CASES}&cursor={after}",
        "HTTP_HOST": "localhost",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "HTTP_X_FORWARDED_PROTO": "https",
    }
    setup_testing_defaults(environ)
    statuses: list[str] = []

    def start_response(status: str, _headers: object, _error: object = None) -> None:
        statuses.append(status)

    answer: Any = application(environ, start_response)  # type: ignore[arg-type]
    body = b"".join(answer)
    answer.close()
    assert statuses[0].startswith(str(HTTPStatus.OK.value)), (statuses, body[:500])
    return body.decode()


def _raw_page(after: int, on: date) -> str:
    """The least that it could cost: the same statements, and the rows as they come."""
    with connection.cursor() as cursor:
        cursor.execute(
            CASES.format(where="c.id > %(after)s", order="c.id"),
            {"after": after, "limit": PAGE_CASES},
        )
        rows = cursor.fetchall()
        cursor.execute(OWED, [[row[8] for row in rows]])
        return json.dumps([rows, cursor.fetchall(), on], default=str)
