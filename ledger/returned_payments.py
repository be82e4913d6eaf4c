"""Which payment a return or a chargeback takes back. Pure.

The bank names the transfer it returns by the payer's reference (EndToEndId) or by its own; some
banks write that into the title. The sender's account and the amount make one likely.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from ledger.payment_names import normal_key

#: A direct debit may be disputed for thirteen months (PSD2, art. 71).
LONGEST: Final = timedelta(days=400)
#: Shorter references are in too many titles by chance.
_SHORTEST: Final = 6
#: Every return is held against the same payments.
_key: Final = lru_cache(maxsize=10_000)(normal_key)


class ReturnReason(StrEnum):
    END_TO_END = "return_end_to_end"
    BANK_REFERENCE = "return_bank_reference"
    TITLE = "return_in_title"
    SENDER = "return_sender"


_PERCENT: Final = {
    ReturnReason.END_TO_END: 99,
    ReturnReason.BANK_REFERENCE: 98,
    ReturnReason.TITLE: 96,
    ReturnReason.SENDER: 70,
}


class Movement(NamedTuple):
    """An entry of a statement; ``amount_minor`` is negative where money went out."""

    id: int
    own_account: str
    amount_minor: int
    currency: str
    on: date | None
    end_to_end_id: str
    bank_reference: str
    party_account: str
    title: str


class Returned(NamedTuple):
    """``entry_ids`` are the payments that it may take back; one where it is certain."""

    entry_ids: tuple[int, ...]
    code: str
    percent: int
    is_certain: bool


def find_returned(taken_back: Movement, payments: Sequence[Movement]) -> Returned:
    """The surest way in which a payment of the same amount and account is named decides."""
    if taken_back.amount_minor >= 0:
        return Returned((), "refund_returned", 0, is_certain=False)
    possible = [one for one in payments if _is_possible(taken_back, one)]
    for reason, agrees in _WAYS.items():
        found = tuple(one.id for one in possible if agrees(taken_back, one))
        if found:
            is_certain = len(found) == 1 and reason is not ReturnReason.SENDER
            percent = _PERCENT[reason] if len(found) == 1 else 50
            return Returned(found, reason.value, percent, is_certain)
    return Returned((), "returned_payment", 0, is_certain=False)


def _is_possible(taken_back: Movement, payment: Movement) -> bool:
    same = (
        payment.own_account == taken_back.own_account
        and payment.currency == taken_back.currency
        and payment.amount_minor == -taken_back.amount_minor
    )
    if not same or payment.on is None or taken_back.on is None:
        return same
    return timedelta(0) <= taken_back.on - payment.on <= LONGEST


def _in_title(taken_back: Movement, payment: Movement) -> bool:
    title = _key(taken_back.title)
    keys = (_key(payment.end_to_end_id), _key(payment.bank_reference))
    return any(len(key) >= _SHORTEST and key in title for key in keys)


_WAYS: Final[dict[ReturnReason, Callable[[Movement, Movement], bool]]] = {
    ReturnReason.END_TO_END: lambda back, paid: (
        bool(back.end_to_end_id) and back.end_to_end_id == paid.end_to_end_id
    ),
    ReturnReason.BANK_REFERENCE: lambda back, paid: (
        bool(back.bank_reference) and back.bank_reference == paid.bank_reference
    ),
    ReturnReason.TITLE: _in_title,
    ReturnReason.SENDER: lambda back, paid: (
        bool(back.party_account) and back.party_account == paid.party_account
    ),
}
