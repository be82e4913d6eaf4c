"""The kinds of people, contact points and debts, and the statuses they pass."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class DebtorKind(StrEnum):
    PERSON = "person"
    SOLE_TRADER = "sole_trader"
    COMPANY = "company"


class PartyRole(StrEnum):
    MAIN_DEBTOR = "main_debtor"
    CO_DEBTOR = "co_debtor"
    GUARANTOR = "guarantor"


class Channel(StrEnum):
    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"


class Tone(StrEnum):
    NEUTRAL = "neutral"
    GENTLE = "gentle"
    FIRM = "firm"


class ContactPointKind(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "email"


class AddressKind(StrEnum):
    REGISTERED = "registered"
    CORRESPONDENCE = "correspondence"


class Product(StrEnum):
    """What was lent. ``mortgage`` is secured; ``business`` products are no consumer credit."""

    CASH_LOAN = "cash_loan"
    CREDIT_CARD = "credit_card"
    OVERDRAFT = "overdraft"
    INSTALMENT_LOAN = "instalment_loan"
    CAR_LOAN = "car_loan"
    MORTGAGE = "mortgage"
    BUSINESS_LOAN = "business_loan"
    LEASING = "leasing"
    OTHER = "other"


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    DRY_RUN = "dry_run"
    #: The same file had been taken in before: nothing was to be done.
    UNCHANGED = "unchanged"


class DataProblem(StrEnum):
    """Why a debt's data are too bad for the machine to act on."""

    NO_WAY_TO_REACH = "no_way_to_reach"
    IMPOSSIBLE_DATE = "impossible_date"
    NO_AMOUNT = "no_amount"
    NO_NAME = "no_name"


class IdentityItem(StrEnum):
    """What a caller may name to show who they are."""

    BORN_ON = "born_on"
    PESEL = "pesel"
    NIP = "nip"
    REGON = "regon"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    CONTRACT_NO = "contract_no"


#: What a debtor of a kind has none of: a person no company, a company no first name.
WITHOUT: Final[dict[DebtorKind, frozenset[str]]] = {
    DebtorKind.PERSON: frozenset({"company_name", "nip", "regon"}),
    DebtorKind.COMPANY: frozenset({"first_name", "last_name", "pesel"}),
}
#: Fields of a debtor that an officer may correct by hand, in the order people read them.
CORRECTABLE: Final = (
    "kind",
    "first_name",
    "last_name",
    "company_name",
    "pesel",
    "nip",
    "regon",
    "language",
    "preferred_channel",
    "tone",
)
