"""Which queued messages no longer fit what is owed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class RecallReason(StrEnum):
    """``PAID``: nothing of what it names is due. ``OTHER_AMOUNT``: it names another amount than
    is owed. ``NOT_CALLED_FOR``: the case has left the strategy that wanted it, as when so little
    is left that no letter is written about it."""

    PAID = "paid"
    OTHER_AMOUNT = "other_amount"
    NOT_CALLED_FOR = "not_called_for"
    CASE_CLOSED = "case_closed"


class OwedNow(NamedTuple):
    """Of one account, in minor units."""

    due_minor: int
    outstanding_minor: int


def misfit(
    figures: Mapping[str, Any], now: Mapping[int, OwedNow], *, may_have_grown: bool
) -> RecallReason | None:
    """Why a message with these figures may not go out; ``now`` is what is owed by account.

    What grew by the calendar alone, as interest and new instalments do, makes no letter wrong: it
    says its day. Where a payment was taken back (``may_have_grown``) more counts as another amount.
    """
    debts = figures["debts"]
    owed = [now.get(debt["account_id"], OwedNow(0, 0)) for debt in debts]
    if all(one.due_minor <= 0 for one in owed):
        return RecallReason.PAID
    for debt, one in zip(debts, owed, strict=True):
        said = OwedNow(debt["due_minor"], debt["outstanding_minor"])
        is_less = one.due_minor < said.due_minor or one.outstanding_minor < said.outstanding_minor
        if is_less or (may_have_grown and one != said):
            return RecallReason.OTHER_AMOUNT
    return None


def next_cause(cause: str) -> str:
    """Of a message that is written anew: ``step:17:demand:1`` → ``step:17:demand:1~2``."""
    base, _, count = cause.partition("~")
    return f"{base}~{int(count or 1) + 1}"
