"""Pages name the right they require; who lacks it gets 403, who is not signed in signs in."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from kernel import clock
from kernel.actor import Actor
from kernel.authority import REQUIRED
from staff.models import User
from staff.operations import note_denied_access
from staff.queries import get_actor
from staff.rights import Right

View = Callable[..., HttpResponseBase]

#: The mark of a page for everybody, signed in or not.
PUBLIC: Final = "public"
#: The mark of a page for everybody who has signed in.
SIGNED_IN: Final = "signed_in"
#: The attribute of a view that answers with a part of a page.
PART: Final = "part_of_a_page"
#: The attribute of a view that somebody may open before they have shown a second factor.
WITHOUT_SECOND_FACTOR: Final = "without_second_factor"


class StaffRequest(HttpRequest):
    """A request of a signed-in user."""

    user: User
    actor: Actor
    htmx: HtmxDetails


def page(right: Right) -> Callable[[View], View]:
    """For a view: the user must hold ``right``; the view finds them in ``request.actor``."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.actor = get_actor(user=request.user)
            if not request.actor.has(right):
                note_denied_access(
                    path=request.path, needed=right, actor=request.actor, at=clock.now()
                )
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded: View = login_required(checked)
        setattr(guarded, REQUIRED, right)
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """For a view that every signed-in user may see, such as their own settings."""

    @functools.wraps(view)
    def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.actor = get_actor(user=request.user)
        return view(request, *args, **kwargs)

    guarded: View = login_required(checked)
    setattr(guarded, REQUIRED, SIGNED_IN)
    return guarded


def before_second_factor(view: View) -> View:
    """For a view by which the second factor is set up."""
    setattr(view, WITHOUT_SECOND_FACTOR, True)
    return view


def part(view: View) -> View:
    """For a view that answers a script with a part of a page: nobody is sent there."""
    setattr(view, PART, True)
    return view


def public(view: View) -> View:
    """For a view that needs no sign-in."""
    setattr(view, REQUIRED, PUBLIC)
    return view
