"""What each person on the debts of a case may be told. Pure.

Bank secrecy (art. 104 of the Banking Act): a debtor hears of their own debts, a co-debtor of those
they owe too, a guarantor of what they guarantee once it can be asked of them, a stranger nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from debtors.lifecycle import PartyRole


class Telling(StrEnum):
    #: Everything about every debt of the case.
    EVERYTHING = "everything"
    #: Everything about the debts that are named.
    THESE_DEBTS = "these_debts"
    #: What is due on the debts that are named: the guarantee can be called.
    WHAT_IS_DUE = "what_is_due"
    #: The guarantee cannot be called yet: neither due nor terminated.
    NOTHING_YET = "nothing_yet"


class Answering(NamedTuple):
    """One person on one debt. ``is_due``: something is due on it, or the contract is terminated."""

    debtor_id: int
    role: PartyRole
    contract_no: str
    is_due: bool


class Told(NamedTuple):
    telling: Telling
    contracts: Sequence[str]


def told_of(answering: Iterable[Answering]) -> list[Told]:
    """What one person may be told, for all that they answer for; the widest first."""
    contracts: dict[Telling, list[str]] = {}
    for each in answering:
        contracts.setdefault(_telling(each), []).append(each.contract_no)
    return [Told(telling, contracts[telling]) for telling in Telling if telling in contracts]


def may_be_contacted(told: Iterable[Told]) -> bool:
    """Whether there is anything at all to talk about."""
    return any(each.telling is not Telling.NOTHING_YET for each in told)


def _telling(each: Answering) -> Telling:
    if each.role is PartyRole.MAIN_DEBTOR:
        return Telling.EVERYTHING
    if each.role is PartyRole.CO_DEBTOR:
        return Telling.THESE_DEBTS
    return Telling.WHAT_IS_DUE if each.is_due else Telling.NOTHING_YET
