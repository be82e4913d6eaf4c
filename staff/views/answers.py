"""How the pages of an administrator answer a form."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.utils.functional import Promise

from kernel.errors import DomainError
from staff.wording import refusal_text


def done(request: HttpRequest, form: Form, act: Callable[[], object], said: Promise | str) -> bool:
    """Run ``act`` on a valid form and say so; a refusal becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except DomainError as error:
        form.add_error(None, refusal_text(error))
        return False
    if said:
        messages.success(request, str(said))
    return True
