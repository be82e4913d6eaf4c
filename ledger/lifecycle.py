"""What an account's money is made of, and the books that stand against it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Component(StrEnum):
    """Parts of a debt. A positive posting is owed by the debtor."""

    PRINCIPAL = "principal"
    CONTRACTUAL_INTEREST = "contractual_interest"
    DEFAULT_INTEREST = "default_interest"
    FEES = "fees"
    COSTS = "costs"


class Book(StrEnum):
    """The other leg of a transaction: where the money came from or went to."""

    OPENING = "opening"
    CASH = "cash"
    CHARGE = "charge"
    ADJUSTMENT = "adjustment"
    WRITTEN_OFF = "written_off"
    OVERPAYMENT = "overpayment"
    SUSPENSE = "suspense"


COMPONENTS: Final = frozenset(component.value for component in Component)


class TransactionKind(StrEnum):
    OPENING = "opening"
    CHARGE = "charge"
    ADJUSTMENT = "adjustment"
    PAYMENT = "payment"
    WRITE_OFF = "write_off"
    FALLS_DUE = "falls_due"
    REVERSAL = "reversal"
    #: What a named transaction came to, put right after something from before it became known.
    REALLOCATION = "reallocation"
    INTEREST = "interest"
    REFUND = "refund"
