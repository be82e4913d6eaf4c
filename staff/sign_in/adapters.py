"""What django-allauth asks the project: words, limits, secrets, and whom to tell."""

from __future__ import annotations

from base64 import b64decode, b64encode
from functools import cache
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.secrecy import Sealer
from staff.look import remember_look
from staff.models import User
from staff.operations import note_failed_sign_in, note_sign_in
from staff.preferences import Theme
from staff.second_factor import has_shown_second_factor, is_required_of
from staff.sign_in.limits import keep_attempts_left


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped
    """Signing in by user name and password alone: no self sign-up, no e-mail."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("User name and password do not fit together."),
        "too_many_login_attempts": _(
            "Too many failed attempts. Wait 15 minutes, or ask an administrator for a new password."
        ),
        "rate_limited": _("Too many attempts in a short time. Wait a moment."),
        "incorrect_code": _("The code is not right, or it has been used already."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, *_args: Any, **_values: Any) -> None:
        """Nothing about a sign-in goes out by e-mail."""

    def add_message(self, *_args: Any, **_values: Any) -> None:
        """Our own pages say what was done."""

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("sign-in")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count for an account, under whatever host name it is tried."""
        return str(credentials.get("username", "")).casefold()

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        note_failed_sign_in(
            username=str(credentials.get("username", "")),
            address=self.get_client_ip(request),
            attempts_left=keep_attempts_left(request, self._login_failed_rl_usage),
            at=clock.now(),
        )

    def post_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().post_login(request, user, **hooks)
        note_sign_in(
            user_id=user.pk,
            address=self.get_client_ip(request),
            with_second_factor=has_shown_second_factor(request),
            at=clock.now(),
        )
        remember_look(request, response, language=user.language, theme=Theme(user.theme))
        return response


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped
    """The key of an authenticator is sealed at rest, like every secret of a person."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        return b64encode(_sealer().seal(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _sealer().open(b64decode(encrypted_text))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_required_of(authenticator.user.role)

    def send_notification_mail(self, *_args: Any, **_values: Any) -> None:
        """The journal has it; nothing goes out by e-mail."""


@cache
def _sealer() -> Sealer:
    return Sealer(tuple(settings.DATA_SECRETS), "staff.second_factor")
