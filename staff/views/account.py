"""One's own account: password, second factor, where one is signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from allauth.core import ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from staff import operations
from staff.access import StaffRequest, before_second_factor, signed_in
from staff.forms import ActivateForm, ChangePasswordForm, OwnPasswordForm
from staff.queries import get_second_factor, list_sessions
from staff.second_factor import is_required_of, remember_second_factor
from staff.views.answers import done

_BLOCK = re.compile(".{4}")


@require_safe
@signed_in
def account(request: StaffRequest) -> HttpResponse:
    return _show(request)


def _show(request: StaffRequest, **bound: Any) -> HttpResponse:
    forms = {"password": ChangePasswordForm(), "off": OwnPasswordForm(prefix="off"),
             "codes": OwnPasswordForm(prefix="codes"), **bound}  # fmt: skip
    return render(
        request,
        "staff/account.html",
        {
            "forms": forms,
            "second_factor": get_second_factor(user_id=request.user.pk),
            "is_required": is_required_of(request.user.role),
            "sessions": list_sessions(
                user_id=request.user.pk, session_key=request.session.session_key or ""
            ),
        },
        status=422 if bound else 200,
    )


@require_POST
@sensitive_post_parameters()
@signed_in
def change_password(request: StaffRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST)

    def change() -> None:
        user = operations.change_password(
            user_id=request.user.pk,
            current=form.cleaned_data["current"],
            password=form.cleaned_data["password"],
            actor=request.actor,
            at=clock.now(),
        )
        before = request.session.session_key or ""
        update_session_auth_hash(request, user)
        operations.move_session(from_key=before, to_key=request.session.session_key or "")

    said = _("The password is changed. You are signed out everywhere else.")
    if _confirmed(request, form, change, said):
        return redirect("account")
    return _show(request, password=form)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@before_second_factor
@signed_in
def set_up_second_factor(request: StaffRequest) -> HttpResponse:
    """The key for the app, and a code to show that it works; then the recovery codes, once."""
    if get_second_factor(user_id=request.user.pk).is_on:
        return redirect("account")
    form = ActivateForm(request.POST or None)
    codes: list[str] = []
    secret = get_totp_secret(regenerate=request.method != "POST")

    def turn_on() -> None:
        codes.extend(
            operations.turn_on_second_factor(
                user_id=request.user.pk,
                password=form.cleaned_data["password"],
                secret=secret,
                code=form.cleaned_data["code"],
                actor=request.actor,
                at=clock.now(),
            )
        )

    if request.method == "POST" and _confirmed(request, form, turn_on, ""):
        clear_totp_secret(request)
        remember_second_factor(request)
        return _show_codes(request, codes)
    adapter = get_adapter()
    address = adapter.build_totp_url(request.user, secret)
    return render(
        request,
        "staff/second_factor.html",
        {
            "form": form,
            "picture": _inline(adapter.build_totp_svg(address)),
            "key": " ".join(_BLOCK.findall(secret)),
            "is_required": is_required_of(request.user.role),
        },
        status=422 if form.errors else 200,
    )


def _inline(svg: str) -> SafeString:
    """The picture without the head of its file; the library draws it from our own text."""
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308


@require_POST
@sensitive_post_parameters()
@signed_in
def turn_off_second_factor(request: StaffRequest) -> HttpResponse:
    form = OwnPasswordForm(request.POST, prefix="off")

    def turn_off() -> None:
        operations.turn_off_second_factor(
            user_id=request.user.pk,
            password=form.cleaned_data["password"],
            actor=request.actor,
            at=clock.now(),
        )

    if _confirmed(request, form, turn_off, _("The second factor is switched off.")):
        return redirect("account")
    return _show(request, off=form)


@require_POST
@sensitive_post_parameters()
@signed_in
def renew_recovery_codes(request: StaffRequest) -> HttpResponse:
    form = OwnPasswordForm(request.POST, prefix="codes")
    codes: list[str] = []

    def renew() -> None:
        codes.extend(
            operations.renew_recovery_codes(
                user_id=request.user.pk,
                password=form.cleaned_data["password"],
                actor=request.actor,
                at=clock.now(),
            )
        )

    if _confirmed(request, form, renew, ""):
        return _show_codes(request, codes)
    return _show(request, codes=form)


def _show_codes(request: StaffRequest, codes: list[str]) -> HttpResponse:
    """They are shown in this answer and never again."""
    response = render(request, "staff/recovery_codes.html", {"codes": codes})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@signed_in
def end_other_sessions(request: StaffRequest) -> HttpResponse:
    operations.end_other_sessions(
        user_id=request.user.pk,
        session_key=request.session.session_key or "",
        actor=request.actor,
        at=clock.now(),
    )
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("account")


def _confirmed(request: StaffRequest, form: Form, act: Callable[[], object], said: str) -> bool:
    """``done``, for a form that asks for the password: only so many times in five minutes."""
    if form.is_valid() and not ratelimit.consume(
        request, action="reauthenticate", user=request.user
    ):
        form.add_error(None, _("Too many attempts in a short time. Wait a moment."))
        return False
    return done(request, form, act, said)
