"""What was searched for and must stand in no address: sealed in the session, under a number."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from kernel.secrecy import Sealer, Unreadable

_KEPT: Final = "searched"
_LAST: Final = "searched_last"
#: A person goes back over so many searches at most.
_MOST: Final = 10


def remember(request: HttpRequest, text: str) -> str:
    """The number by which the text is found again."""
    kept: dict[str, str] = request.session.get(_KEPT, {})
    sealed = b64encode(_sealer().seal(text)).decode()
    for number, known in kept.items():
        if known == sealed:
            return number
    number = str(int(request.session.get(_LAST, 0)) + 1)
    newest = [*kept.items(), (number, sealed)][-_MOST:]
    request.session[_KEPT], request.session[_LAST] = dict(newest), number
    return number


def recall(request: HttpRequest, number: str) -> str | None:
    """None where it is not known any more."""
    sealed = request.session.get(_KEPT, {}).get(number)
    if sealed is None:
        return None
    try:
        return _sealer().open(b64decode(sealed))
    except Unreadable:
        return None


def _sealer() -> Sealer:
    return Sealer(tuple(settings.DATA_SECRETS), "desk.searched")
