"""Roles: what each may do. They are part of the product; a user is given one of them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from staff.access import StaffRequest, page
from staff.queries import list_role_sizes
from staff.right_names import RIGHT_NAMES
from staff.rights import ROLE_RIGHTS, Right, Role, needs_team
from staff.wording import role_name


@require_safe
@page(Right.MANAGE_STAFF)
def show_roles(request: StaffRequest) -> HttpResponse:
    sizes = list_role_sizes()
    return render(
        request,
        "staff/roles.html",
        {
            "roles": [
                {
                    "name": role_name(role),
                    "people": sizes.get(role, 0),
                    "one_team": needs_team(role),
                }
                for role in Role
            ],
            "rows": [
                {"name": name, "cells": [right in ROLE_RIGHTS[role] for role in Role]}
                for right, name in RIGHT_NAMES.items()
            ],
        },
    )
