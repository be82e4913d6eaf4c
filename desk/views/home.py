"""Where somebody starts after signing in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from desk.frame import home_of
from staff.access import StaffRequest, signed_in
from staff.rights import Role


@require_safe
@signed_in
def go_home(request: StaffRequest) -> HttpResponse:
    """To the first page of the rail: an administrator sees no cases."""
    return redirect(home_of(Role(request.user.role)))
