"""For how much an heir answers (art. 1012, 1015, 1030–1031 of the Civil Code). Pure."""

from __future__ import annotations

from enum import StrEnum


class Acceptance(StrEnum):
    """How the heir took the estate. Silence of six months is benefit of inventory since
    2015-10-18; before acceptance only the estate itself answers."""

    SIMPLE = "simple"
    BENEFIT_OF_INVENTORY = "benefit_of_inventory"
    REJECTED = "rejected"
    NOT_YET = "not_yet"


def heir_liability_minor(*, estate_minor: int, debt_minor: int, acceptance: Acceptance) -> int:
    """The most that can be demanded of the heir. With benefit of inventory, and of an estate
    that nobody has accepted yet, never more than the estate is worth."""
    if acceptance is Acceptance.REJECTED:
        return 0
    if acceptance is Acceptance.SIMPLE:
        return debt_minor
    return min(max(estate_minor, 0), debt_minor)
