"""What a good row becomes: typed, in minor units and dates, checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Contact(NamedTuple):
    """``value`` is E.164 for a phone, lower case for an e-mail address."""

    kind: str
    value: str


class PostalAddress(NamedTuple):
    kind: str
    street: str
    postal_code: str
    city: str
    country: str


class Bucket(NamedTuple):
    """An amount of one component with the day from which it is due; None: not yet."""

    component: str
    due_on: date | None
    amount_minor: int


@dataclass(frozen=True, slots=True)
class PersonRecord:
    ref: str
    kind: str
    first_name: str
    last_name: str
    company_name: str
    pesel: str
    nip: str
    regon: str
    language: str
    preferred_channel: str
    tone: str
    contacts: tuple[Contact, ...]
    addresses: tuple[PostalAddress, ...]


@dataclass(frozen=True, slots=True)
class DebtRecord:
    product: str
    contract_no: str
    contract_on: date | None
    currency: str
    contract_rate: Decimal | None
    is_consumer: bool
    terminated_on: date | None
    limitation_on: date | None
    bank_account_no: str
    virtual_account: str
    buckets: tuple[Bucket, ...]

    @property
    def total_minor(self) -> int:
        return sum(bucket.amount_minor for bucket in self.buckets)


@dataclass(frozen=True, slots=True)
class RowRecord:
    """``debt`` is None for a row that only brings a further person on a debt."""

    line: int
    sheet: str
    role: str
    debt_ref: str
    person: PersonRecord
    debt: DebtRecord | None
    #: Codes of ``debtors.lifecycle.DataProblem``.
    problems: tuple[str, ...]
