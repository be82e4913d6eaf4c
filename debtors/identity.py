"""Who is on the telephone: what a caller may name, and whether it is enough. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from debtors.lifecycle import IdentityItem
from kernel.errors import InvalidInput

#: Two things that are not of one and the same origin.
LEAST_NAMED: Final = 2
#: A call is over after this long; then the caller is asked again.
CALL_MINUTES: Final = 30


class TooLittleNamed(InvalidInput):
    """Fewer than two things, or a PESEL and the day of birth that stands in it."""

    code = "identity_too_little_named"


class CannotBeCompared(InvalidInput):
    """The caller named what the file does not hold, so nobody can say that it is right."""

    code = "identity_cannot_be_compared"


def check_named(named: Collection[IdentityItem], known: Collection[IdentityItem]) -> None:
    """Raises CannotBeCompared, TooLittleNamed."""
    unknown = sorted(set(named) - set(known))
    if unknown:
        raise CannotBeCompared(items=unknown)
    if len(set(map(_origin, named))) < LEAST_NAMED:
        raise TooLittleNamed(items=sorted(set(named)))


def _origin(item: IdentityItem) -> IdentityItem:
    """The day of birth can be read off a PESEL."""
    return IdentityItem.PESEL if item is IdentityItem.BORN_ON else item
