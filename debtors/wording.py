"""The words of people and debts: kinds, roles, channels, products and data problems."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from debtors.lifecycle import (
    AddressKind,
    Channel,
    ContactPointKind,
    DataProblem,
    DebtorKind,
    IdentityItem,
    PartyRole,
    Product,
    RunStatus,
    Tone,
)

_KINDS: Final[dict[DebtorKind, Promise]] = {
    DebtorKind.PERSON: _("person"),
    DebtorKind.SOLE_TRADER: _("sole trader"),
    DebtorKind.COMPANY: _("company"),
}
_IDENTITY: Final[dict[IdentityItem, Promise]] = {
    IdentityItem.BORN_ON: _("Date of birth"),
    IdentityItem.PESEL: _("PESEL"),
    IdentityItem.NIP: _("NIP"),
    IdentityItem.REGON: _("REGON"),
    IdentityItem.ADDRESS: _("Address"),
    IdentityItem.PHONE: _("Phone number"),
    IdentityItem.EMAIL: _("E-mail address"),
    IdentityItem.CONTRACT_NO: _("Contract number"),
}
_ROLES: Final[dict[PartyRole, Promise]] = {
    PartyRole.MAIN_DEBTOR: _("main debtor"),
    PartyRole.CO_DEBTOR: _("co-debtor"),
    PartyRole.GUARANTOR: _("guarantor"),
}
_CHANNELS: Final[dict[Channel, Promise]] = {
    Channel.PHONE: _("Phone"),
    Channel.SMS: _("SMS"),
    Channel.EMAIL: _("E-mail"),
    Channel.LETTER: _("Letter"),
    Channel.VISIT: _("Visit"),
}
_TONES: Final[dict[Tone, Promise]] = {
    Tone.NEUTRAL: pgettext_lazy("tone", "neutral"),
    Tone.GENTLE: pgettext_lazy("tone", "gentle"),
    Tone.FIRM: pgettext_lazy("tone", "firm"),
}
_POINTS: Final[dict[ContactPointKind, Promise]] = {
    ContactPointKind.MOBILE: _("mobile"),
    ContactPointKind.LANDLINE: _("landline"),
    ContactPointKind.EMAIL: _("e-mail"),
}
_ADDRESSES: Final[dict[AddressKind, Promise]] = {
    AddressKind.REGISTERED: _("registered address"),
    AddressKind.CORRESPONDENCE: _("correspondence address"),
}
_PRODUCTS: Final[dict[Product, Promise]] = {
    Product.CASH_LOAN: _("Cash loan"),
    Product.CREDIT_CARD: _("Credit card"),
    Product.OVERDRAFT: _("Overdraft"),
    Product.INSTALMENT_LOAN: _("Instalment loan"),
    Product.CAR_LOAN: _("Car loan"),
    Product.MORTGAGE: _("Mortgage"),
    Product.BUSINESS_LOAN: _("Business loan"),
    Product.LEASING: _("Leasing"),
    Product.OTHER: _("Other product"),
}
_RUNS: Final[dict[RunStatus, Promise]] = {
    RunStatus.QUEUED: pgettext_lazy("intake run", "waiting"),
    RunStatus.RUNNING: pgettext_lazy("intake run", "running"),
    RunStatus.DONE: pgettext_lazy("intake run", "done"),
    RunStatus.REFUSED: pgettext_lazy("intake run", "refused"),
    RunStatus.FAILED: pgettext_lazy("intake run", "failed"),
    RunStatus.DRY_RUN: pgettext_lazy("intake run", "tried without writing"),
    RunStatus.UNCHANGED: pgettext_lazy("intake run", "taken in before"),
}
_PROBLEMS: Final[dict[DataProblem, Promise]] = {
    DataProblem.NO_WAY_TO_REACH: _("no way to reach the debtor"),
    DataProblem.IMPOSSIBLE_DATE: _("impossible date"),
    DataProblem.NO_AMOUNT: _("no amount"),
    DataProblem.NO_NAME: _("no name"),
}


def debtor_kind_name(kind: DebtorKind) -> Promise:
    return _KINDS[kind]


def role_name(role: PartyRole) -> Promise:
    return _ROLES[role]


def channel_name(channel: Channel) -> Promise:
    return _CHANNELS[channel]


def tone_name(tone: Tone) -> Promise:
    return _TONES[tone]


def contact_point_name(kind: ContactPointKind) -> Promise:
    return _POINTS[kind]


def address_name(kind: AddressKind) -> Promise:
    return _ADDRESSES[kind]


def product_name(product: Product) -> Promise:
    return _PRODUCTS[product]


def run_status_name(status: RunStatus) -> Promise:
    return _RUNS[status]


def problem_name(problem: DataProblem) -> Promise:
    return _PROBLEMS[problem]


def identity_item_name(item: IdentityItem) -> Promise:
    return _IDENTITY[item]
