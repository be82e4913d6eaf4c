"""What the lists of all apps have in common: filters, the address again with a change, pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from kernel.typed import whole_number

Row = TypeVar("Row")


class Chip(NamedTuple):
    """A filter that is on; ``off`` is the address without it."""

    name: str
    value: str
    off: str


class Option(NamedTuple):
    """A filter that could be put on."""

    value: str
    label: str
    chosen: bool


def address(request: HttpRequest, **changes: str | None) -> str:
    """This page with a changed query; a filter starts at the first page again."""
    query = {**request.GET.dict(), "after": "", **changes}
    kept = {name: value for name, value in query.items() if value}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[Row]):
    """One page; the addresses are empty where there is nothing to go to."""

    rows: Sequence[Row]
    first_url: str
    next_url: str

    @property
    def urls(self) -> dict[str, str]:
        """For ``components/pages.html``."""
        return {"first_url": self.first_url, "next_url": self.next_url}


def keyset_page(
    request: HttpRequest, found: Sequence[Row], *, size: int, key: Callable[[Row], object]
) -> KeysetPage[Row]:
    """Of ``size + 1`` rows that were asked for after ``?after=``, those of the page."""
    rows, more = found[:size], len(found) > size
    return KeysetPage(
        rows,
        address(request) if request.GET.get("after") else "",
        address(request, after=str(key(rows[-1]))) if more else "",
    )


def after_id(request: HttpRequest) -> int | None:
    """The id behind which the page begins; what cannot be one is as none."""
    return whole_number(request.GET.get("after"))


def way_back(request: HttpRequest, *, otherwise: str) -> str:
    """The page of ours that ``next`` names, where the reader came from."""
    target = str(request.POST.get("next") or request.GET.get("next") or "")
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if allowed and target.startswith("/") else otherwise
