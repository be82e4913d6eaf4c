"""Who must show a second factor, and who has."""

from __future__ import annotations

from typing import Final

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.http import HttpRequest

_METHODS: Final = "account_authentication_methods"


def is_required_of(role: str) -> bool:
    return role in settings.MFA_REQUIRED_ROLES


def has_shown_second_factor(request: HttpRequest) -> bool:
    """Whether whoever uses this session gave a code, not only a password."""
    records = request.session.get(_METHODS) or []
    return any(record.get("method") == "mfa" for record in records)


def remember_second_factor(request: HttpRequest) -> None:
    """The code that switches the second factor on counts as shown in this session."""
    record_authentication(request, request.user, "mfa", type="totp")
