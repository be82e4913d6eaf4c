"""A token on its way from the form that made it to the page that shows it, once.

It waits in the session, sealed: the database never holds a token that could be read.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest

from kernel.secrecy import Sealer

_KEY: Final = "token_to_show"


def keep_token(request: HttpRequest, token: str) -> None:
    request.session[_KEY] = _sealer().seal(token).hex()


def take_token(request: HttpRequest) -> str:
    """The token that was just made; empty for whoever asks again."""
    sealed = request.session.pop(_KEY, "")
    return _sealer().open(bytes.fromhex(sealed)) if sealed else ""


def _sealer() -> Sealer:
    return Sealer(tuple(settings.DATA_SECRETS), "staff.token")
