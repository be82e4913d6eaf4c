"""The canonical layout: every field an extract can bring, with its kind and limit.

``docs/intake.md`` describes the same fields for people; a test keeps both in step.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from debtors.lifecycle import Channel, DebtorKind, PartyRole, Product, Tone


class FieldKind(StrEnum):
    TEXT = "text"
    #: One of ``Field.codes``.
    CODE = "code"
    #: Money in the row's currency.
    AMOUNT = "amount"
    #: Per cent a year.
    RATE = "rate"
    DATE = "date"
    #: Several values; in one cell they are separated by commas or semicolons.
    LIST = "list"


class Owner(StrEnum):
    DEBTOR = "debtor"
    PARTY = "party"
    DEBT = "debt"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: FieldKind
    owner: Owner
    max_length: int = 0
    codes: frozenset[str] = frozenset()
    required: bool = False
    #: Never shown in full in an error file or a log.
    secret: bool = False


PERSON_KINDS: Final = frozenset(DebtorKind)
ROLES: Final = frozenset(PartyRole)
CHANNELS: Final = frozenset(Channel)
TONES: Final = frozenset(Tone)
LANGUAGES: Final = frozenset({"pl", "en"})
PRODUCTS: Final = frozenset(Product)
YES_NO: Final = frozenset({"yes", "no"})
#: In the order in which the past-due amount fills them when the file does not say which part
#: is past due: what a creditor credits first is past due first.
COMPONENTS: Final = ("costs", "fees", "default_interest", "contractual_interest", "principal")

_T, _C, _L = FieldKind.TEXT, FieldKind.CODE, FieldKind.LIST
_ADDRESS: Final = (
    ("street", 150),
    ("house_no", 20),
    ("flat_no", 20),
    ("postcode", 12),
    ("city", 100),
    ("country", 2),
)

FIELDS: Final[tuple[Field, ...]] = (
    Field("debtor_ref", _T, Owner.DEBTOR, 80, required=True),
    Field("kind", _C, Owner.DEBTOR, codes=PERSON_KINDS),
    Field("first_name", _T, Owner.DEBTOR, 100),
    Field("last_name", _T, Owner.DEBTOR, 150),
    Field("company_name", _T, Owner.DEBTOR, 300),
    Field("pesel", _T, Owner.DEBTOR, 20, secret=True),
    Field("nip", _T, Owner.DEBTOR, 20, secret=True),
    Field("regon", _T, Owner.DEBTOR, 20, secret=True),
    Field("language", _C, Owner.DEBTOR, codes=LANGUAGES),
    Field("preferred_channel", _C, Owner.DEBTOR, codes=CHANNELS),
    Field("tone", _C, Owner.DEBTOR, codes=TONES),
    Field("phones", _L, Owner.DEBTOR, 40),
    Field("emails", _L, Owner.DEBTOR, 254),
    *(Field(name, _T, Owner.DEBTOR, size) for name, size in _ADDRESS),
    *(Field(f"mail_{name}", _T, Owner.DEBTOR, size) for name, size in _ADDRESS),
    Field("role", _C, Owner.PARTY, codes=ROLES),
    Field("debt_ref", _T, Owner.DEBT, 80, required=True),
    Field("product", _C, Owner.DEBT, codes=PRODUCTS),
    Field("contract_no", _T, Owner.DEBT, 80),
    Field("contract_on", FieldKind.DATE, Owner.DEBT),
    Field("currency", _T, Owner.DEBT, 3),
    Field("principal", FieldKind.AMOUNT, Owner.DEBT),
    Field("contractual_interest", FieldKind.AMOUNT, Owner.DEBT),
    Field("default_interest", FieldKind.AMOUNT, Owner.DEBT),
    Field("fees", FieldKind.AMOUNT, Owner.DEBT),
    Field("costs", FieldKind.AMOUNT, Owner.DEBT),
    Field("past_due_amount", FieldKind.AMOUNT, Owner.DEBT),
    Field("past_due_since", FieldKind.DATE, Owner.DEBT),
    Field("contract_rate", FieldKind.RATE, Owner.DEBT),
    Field("terminated_on", FieldKind.DATE, Owner.DEBT),
    Field("limitation_on", FieldKind.DATE, Owner.DEBT),
    Field("consumer", _C, Owner.DEBT, codes=YES_NO),
    Field("bank_account_no", _T, Owner.DEBT, 34),
    Field("virtual_account", _T, Owner.DEBT, 40),
)
BY_NAME: Final = {field.name: field for field in FIELDS}
REQUIRED: Final = tuple(field.name for field in FIELDS if field.required)
