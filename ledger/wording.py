"""The words of money: components of a debt and kinds of transactions."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.lifecycle import Component, TransactionKind

_COMPONENTS: Final[dict[Component, Promise]] = {
    Component.PRINCIPAL: _("Principal"),
    Component.CONTRACTUAL_INTEREST: _("Interest"),
    Component.DEFAULT_INTEREST: _("Delay interest"),
    Component.FEES: _("Fees"),
    Component.COSTS: _("Costs"),
}
_TRANSACTIONS: Final[dict[TransactionKind, Promise]] = {
    TransactionKind.OPENING: _("Taken over from the bank's system"),
    TransactionKind.CHARGE: _("Charge"),
    TransactionKind.ADJUSTMENT: _("Adjustment by the bank"),
    TransactionKind.PAYMENT: _("Payment"),
    TransactionKind.WRITE_OFF: _("Write-off"),
    TransactionKind.FALLS_DUE: _("Fell due"),
    TransactionKind.REVERSAL: _("Reversal"),
}


def component_name(component: Component) -> Promise:
    return _COMPONENTS[component]


def transaction_name(kind: TransactionKind) -> Promise:
    return _TRANSACTIONS[kind]
