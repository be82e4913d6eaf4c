"""Users: who they are, what they may do, and whether they may sign in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import DomainError
from staff import operations
from staff.access import StaffRequest, page
from staff.forms import ChangeUserForm, NewUserForm, PasswordForm
from staff.models import User
from staff.queries import (
    UserNotFound,
    get_second_factor,
    get_user_by_id,
    list_ids_with_second_factor,
    list_sessions,
    list_users,
)
from staff.rights import Right, Role, needs_team
from staff.views.answers import done
from staff.wording import refusal_text, role_name


@require_http_methods(["GET", "POST"])
@page(Right.MANAGE_STAFF)
def manage_users(request: StaffRequest) -> HttpResponse:
    """Everybody, and a form for somebody new."""
    form = NewUserForm(request.POST or None)

    def create() -> None:
        values = form.cleaned_data
        operations.create_user(
            username=values["username"],
            full_name=values["full_name"],
            role=Role(values["role"]),
            team=values["team"],
            password=values["password"],
            language=values["language"] or "pl",
            actor=request.actor,
            at=clock.now(),
        )

    if request.method == "POST" and done(request, form, create, _("The user may sign in now.")):
        return redirect("staff-users")
    protected = list_ids_with_second_factor()
    rows = [
        {
            "user": user,
            "role": role_name(Role(user.role)),
            "second_factor": user.pk in protected,
            "sees_nothing": user.team_id is None and needs_team(Role(user.role)),
        }
        for user in list_users()
    ]
    status = 422 if form.errors else 200
    return render(request, "staff/users.html", {"rows": rows, "form": form}, status=status)


def _find(user_id: int) -> User:
    try:
        return get_user_by_id(user_id=user_id)
    except UserNotFound as error:
        raise Http404 from error


def _show(request: StaffRequest, user: User, **bound: Any) -> HttpResponse:
    state = {
        "full_name": user.full_name,
        "role": user.role,
        "team": user.team_id,
        "is_active": user.is_active,
    }
    forms = {"change": ChangeUserForm(initial=state), "password": PasswordForm(), **bound}
    return render(
        request,
        "staff/user.html",
        {
            "person": user,
            "second_factor": get_second_factor(user_id=user.pk),
            "sessions": list_sessions(user_id=user.pk),
            "is_oneself": user.pk == request.user.pk,
            "sees_nothing": user.team_id is None and needs_team(Role(user.role)),
            **forms,
        },
        status=422 if bound else 200,
    )


@require_http_methods(["GET", "POST"])
@page(Right.MANAGE_STAFF)
def manage_user(request: StaffRequest, user_id: int) -> HttpResponse:
    """What one user may do."""
    user = _find(user_id)
    if request.method != "POST":
        return _show(request, user)
    form = ChangeUserForm(request.POST)

    def change() -> None:
        operations.change_user(
            user_id=user_id,
            role=Role(form.cleaned_data["role"]),
            team=form.cleaned_data["team"],
            is_active=form.cleaned_data["is_active"],
            full_name=form.cleaned_data["full_name"],
            actor=request.actor,
            at=clock.now(),
        )

    if done(request, form, change, _("It holds from the user's next request.")):
        return redirect("staff-users")
    return _show(request, user, change=form)


@require_POST
@page(Right.MANAGE_STAFF)
def set_password(request: StaffRequest, user_id: int) -> HttpResponse:
    user = _find(user_id)
    form = PasswordForm(request.POST)

    def change() -> None:
        operations.set_password(
            user_id=user_id,
            password=form.cleaned_data["password"],
            actor=request.actor,
            at=clock.now(),
        )

    if done(request, form, change, _("The password is set.")):
        return redirect("staff-users")
    return _show(request, user, password=form)


@require_POST
@page(Right.MANAGE_STAFF)
def reset_second_factor(request: StaffRequest, user_id: int) -> HttpResponse:
    _find(user_id)
    try:
        operations.reset_second_factor(user_id=user_id, actor=request.actor, at=clock.now())
    except DomainError as error:
        messages.error(request, refusal_text(error))
    else:
        messages.success(request, _("The second factor is reset, and the person is signed out."))
    return redirect("staff-user", user_id=user_id)


@require_POST
@page(Right.MANAGE_STAFF)
def end_sessions(request: StaffRequest, user_id: int) -> HttpResponse:
    _find(user_id)
    operations.end_sessions(user_id=user_id, actor=request.actor, at=clock.now())
    messages.success(request, _("The person is signed out everywhere."))
    return redirect("staff-user", user_id=user_id)
