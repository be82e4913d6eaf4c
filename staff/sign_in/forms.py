"""The two steps of signing in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel import clock
from staff.operations import note_failed_code
from staff.rates import WAIT_MINUTES
from staff.sign_in.limits import attempts_left


class SignInForm(LoginForm):  # type: ignore[misc]  # untyped
    """User name and password; a failure says how many attempts are left."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("User name"), _("Password")
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none"}
        password.widget.attrs = {"autocomplete": "current-password"}
        password.help_text = ""
        (password if self.is_bound else login).widget.attrs["autofocus"] = True
        login.error_messages["required"] = _("Give the user name.")
        password.error_messages["required"] = _("Give the password.")

    def clean(self) -> Any:
        try:
            return super().clean()
        except ValidationError as error:
            if error.code != "username_password_mismatch":
                raise
            raise ValidationError(_mismatch(attempts_left(self.request)), error.code) from error


def _mismatch(left: int) -> str:
    if not left:
        return str(
            _("User name and password do not fit together. That was the last attempt for now.")
        )
    return ngettext(
        "User name and password do not fit together. %(left)s attempt is left, then a wait of"
        " %(minutes)s minutes.",
        "User name and password do not fit together. %(left)s attempts are left, then a wait of"
        " %(minutes)s minutes.",
        left,
    ) % {"left": left, "minutes": WAIT_MINUTES}


class CodeForm(AuthenticateForm):  # type: ignore[misc]  # untyped
    """The code of an authenticator app, or one of the recovery codes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        code = self.fields["code"]
        code.label = _("Code")
        code.widget.attrs = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "autofocus": True,
        }
        code.error_messages["required"] = _("Give the code.")

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        request = context.request
        note_failed_code(
            user_id=self.user.pk,
            address=get_account_adapter(request).get_client_ip(request),
            at=clock.now(),
        )
