"""Reading off what django-allauth has counted."""

from __future__ import annotations

from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest

from staff.rates import ATTEMPTS

_LEFT: Final = "_ugoda_attempts_left"


def keep_attempts_left(request: HttpRequest, usage: Any) -> int:
    """Read off the count that allauth has just made, for the words of the form."""
    counted = usage.usage if usage else []
    left = max(ATTEMPTS - len(cache.get(counted[-1].cache_key, [])), 0) if counted else 0
    setattr(request, _LEFT, left)
    return left


def attempts_left(request: HttpRequest) -> int:
    return int(getattr(request, _LEFT, 0))
