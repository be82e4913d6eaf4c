"""Addresses that only take a form, opened as pages.

So it goes to whoever signs in again on the way of a form, who reloads or shares the page of a
refused one, or goes back to it: they come to the page to which the form belongs.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from staff.access import PART


class FormAddresses:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.get("Allow") != "POST":
            return response
        if request.method != "GET" or not _is_opened_by_a_person(request):
            return response
        if request.user.is_authenticated:
            messages.info(request, _("Nothing was changed by opening this address again."))
        return redirect(_page_above(request.path))


def _is_opened_by_a_person(request: HttpRequest) -> bool:
    """A browser says that it wants a page."""
    wants_page = "text/html" in request.headers.get("Accept", "")
    return (
        wants_page and not request.path.startswith("/api/") and "HX-Request" not in request.headers
    )


def _page_above(path: str) -> str:
    """The nearest address above that there is; if that takes a form as well, it is asked anew."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            found = resolve(path)
        except Resolver404:
            continue
        if not getattr(found.func, PART, False):
            return path
    return "/"
