"""Signing in, in two steps; and what a page asks about its own session."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from journal.business_days import get_last_closed_day
from kernel import clock
from staff.access import StaffRequest, before_second_factor, signed_in
from staff.middleware import mark_seen, seconds_left
from staff.models import User
from staff.operations import note_recovery_code_used
from staff.queries import get_second_factor
from staff.sign_in.forms import SignInForm


class SignInView(LoginView):  # type: ignore[misc]  # untyped
    """User name and password."""

    form_class = SignInForm
    template_name = "registration/login.html"

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        return {**super().get_context_data(**values), "closed_on": get_last_closed_day()}


class CodeView(AuthenticateView):  # type: ignore[misc]  # untyped
    """The code of the second factor, after the password."""

    template_name = "registration/code.html"

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        if form.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            left = get_second_factor(user_id=form.user.pk).codes_left
            note_recovery_code_used(user_id=form.user.pk, codes_left=left, at=clock.now())
        return answer


sign_in = SignInView.as_view()
show_code = CodeView.as_view()
sign_out = LogoutView.as_view()


@require_safe
@never_cache
def tell_session(request: HttpRequest) -> HttpResponse:
    """Whether this browser is signed in, as whom, and for how long if nothing is done.

    ``token`` is for the forms of a page that stayed open while its person signed in anew.
    """
    user = request.user
    if not isinstance(user, User) or (left := seconds_left(request, at=clock.now())) <= 0:
        return JsonResponse({"user": None, "seconds_left": 0})
    return JsonResponse({"user": user.pk, "seconds_left": left, "token": get_token(request)})


@require_POST
@never_cache
@before_second_factor
@signed_in
def stay(request: StaffRequest) -> HttpResponse:
    """Somebody is at the page, even if they ask the server for nothing."""
    at = clock.now()
    mark_seen(request, at=at)
    return JsonResponse({"user": request.user.pk, "seconds_left": seconds_left(request, at=at)})
