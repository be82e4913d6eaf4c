"""What an account's money is made of, and the books that stand against it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, move


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


class Keeper(StrEnum):
    """Whose figures are the book of record of an account."""

    CORE = "core"
    HOUSE = "house"


class NameKind(StrEnum):
    """By what a payment may name an account, the surest first."""

    VIRTUAL_ACCOUNT = "virtual_account"
    CONTRACT = "contract"
    CASE = "case"
    SENDER = "sender"
    #: Who owes it: the words of their name in the order of the alphabet.
    HOLDER = "holder"


class EntryState(StrEnum):
    """What became of a booked entry of a bank statement."""

    WAITING = "waiting"
    PROPOSED = "proposed"
    SUSPENSE = "suspense"
    POSTED = "posted"
    #: Money that went out, or that no debtor moved: nothing to post.
    NOT_OURS = "not_ours"
    #: The bank took it back; what was posted of it is reversed.
    RETURNED = "returned"


#: What waits for a person.
UNDECIDED: Final = (EntryState.PROPOSED, EntryState.SUSPENSE)

ENTRY_LIFECYCLE: Final = Lifecycle(
    subject="statement_entry",
    statuses=EntryState,
    moves={
        "post": move(
            [EntryState.WAITING, EntryState.PROPOSED, EntryState.SUSPENSE],
            EntryState.POSTED,
            "statement_entry.posted",
        ),
        "propose": move(
            [EntryState.WAITING, EntryState.SUSPENSE],
            EntryState.PROPOSED,
            "statement_entry.proposed",
        ),
        "suspend": move(
            [EntryState.WAITING, EntryState.PROPOSED],
            EntryState.SUSPENSE,
            "statement_entry.suspended",
        ),
        "set_aside": move(
            [EntryState.WAITING, EntryState.PROPOSED, EntryState.SUSPENSE],
            EntryState.NOT_OURS,
            "statement_entry.set_aside",
        ),
        "give_back": move(
            [EntryState.WAITING, EntryState.PROPOSED, EntryState.SUSPENSE, EntryState.POSTED],
            EntryState.RETURNED,
            "statement_entry.returned",
        ),
        "take_back": move(
            [EntryState.POSTED, EntryState.NOT_OURS],
            EntryState.SUSPENSE,
            "statement_entry.taken_back",
        ),
        "post_again": move(
            [EntryState.RETURNED], EntryState.POSTED, "statement_entry.posted_again"
        ),
        "find_again": move([EntryState.RETURNED], EntryState.SUSPENSE, "statement_entry.suspended"),
    },
)
