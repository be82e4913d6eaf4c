"""What a bank statement says, whatever form it came in. Amounts are signed minor units: money
that came in is positive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kernel.errors import InvalidInput

if TYPE_CHECKING:
    from ledger.statements.tally import Tally


class Form(StrEnum):
    MT940 = "mt940"
    MT942 = "mt942"
    CAMT052 = "camt052"
    CAMT053 = "camt053"
    CAMT054 = "camt054"


#: Forms whose booked entries are the bank's last word; the others may still change.
FINAL_FORMS: Final = frozenset({Form.MT940, Form.CAMT053})


class EntryStatus(StrEnum):
    BOOKED = "booked"
    PENDING = "pending"
    #: The bank only tells of it; no money moved.
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader should know: a code, the place in the file, and typed values."""

    code: str
    place: str
    values: Mapping[str, Any] = field(default_factory=dict)


class StatementUnreadable(InvalidInput):
    """The file cannot be understood, so that nothing of it is taken in.

    ``reason`` is a code, ``place`` the line or element, further values depend on the reason.
    """

    code = "statement_unreadable"

    def __init__(self, reason: str, place: str, **values: Any) -> None:
        super().__init__(reason=reason, place=place, **values)


@dataclass(frozen=True, slots=True)
class Balance:
    amount_minor: int
    currency: str
    on: date


@dataclass(frozen=True, slots=True)
class Party:
    """The other side. ``account_is_valid`` is None where the number has no check digits."""

    name: str = ""
    account: str = ""
    account_is_valid: bool | None = None
    bank: str = ""


NOBODY: Final = Party()


@dataclass(frozen=True, slots=True)
class Detail:
    """One transfer within an entry that sums up several."""

    amount_minor: int
    party: Party
    title: str
    end_to_end_id: str
    bank_reference: str
    is_return: bool
    return_code: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a statement.

    ``position`` counts from 1. ``is_reversal`` takes an earlier entry back, ``is_return`` sends
    a payment back that the other side did not accept, for the reason ``return_code`` (ISO 20022's
    code, or the bank's own). ``details`` are the transfers of a batch: none for a single one, and
    their sum is the entry's amount. ``is_unsplit``: the bank sums up transfers of which it does not
    tell all, or not how much each is; ``told`` is what it tells of them, for a person to read, and
    nobody in it is known to have paid the whole.
    """

    position: int
    booked_on: date | None
    value_on: date | None
    amount_minor: int
    currency: str
    status: EntryStatus
    party: Party
    title: str
    bank_reference: str = ""
    end_to_end_id: str = ""
    code: str = ""
    is_reversal: bool = False
    is_return: bool = False
    return_code: str = ""
    details: tuple[Detail, ...] = ()
    is_unsplit: bool = False
    told: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A statement begins: its entries follow one by one, and then the statement itself."""

    form: Form


@dataclass(frozen=True, slots=True)
class Statement:
    """One account in one currency, told after its entries have gone by; ``tally`` sums them up.

    ``number`` is the bank's; several pages of one statement have one number. The balances are
    None where the form, or the bank, has none.
    """

    form: Form
    account: str
    account_is_valid: bool | None
    currency: str
    number: str
    page: str
    from_on: date | None
    to_on: date | None
    opening: Balance | None
    closing: Balance | None
    tally: Tally
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The end of a file that was understood. ``encoding`` is a Python codec's name; empty for
    XML, which names its own."""

    form: Form
    version: str
    encoding: str
    findings: tuple[Finding, ...] = ()


#: What a file is read as, in this order: each statement is opened, its entries come, then the
#: statement; in the end the file.
Part: TypeAlias = Opened | Entry | Statement | ReadFile
