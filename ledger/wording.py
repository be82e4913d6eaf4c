"""The words of money: components of a debt and kinds of transactions."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.lifecycle import Component, Keeper, TransactionKind
from ledger.rate_changes import RateChangeInvalid
from ledger.rates import RateKind, Series

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
    TransactionKind.REALLOCATION: _("Correction"),
    TransactionKind.INTEREST: _("Interest for delay"),
    TransactionKind.REFUND: _("Refund of an overpayment"),
}


_KEEPERS: Final[dict[Keeper, Promise]] = {
    Keeper.CORE: _("The bank's core system keeps the book"),
    Keeper.HOUSE: _("We keep the book"),
}


def keeper_sentence(keeper: Keeper) -> Promise:
    """Whose figures are the book of record."""
    return _KEEPERS[keeper]


def component_name(component: Component) -> Promise:
    return _COMPONENTS[component]


def transaction_name(kind: TransactionKind) -> Promise:
    return _TRANSACTIONS[kind]


_RATES: Final[dict[RateKind, Promise]] = {
    RateKind.STATUTORY_CAPITAL: _("Statutory interest on capital"),
    RateKind.MAXIMUM_CAPITAL: _("Maximum interest on capital"),
    RateKind.STATUTORY_DELAY: _("Statutory interest for delay"),
    RateKind.MAXIMUM_DELAY: _("Maximum interest for delay"),
    RateKind.COMMERCIAL: _("Delay between businesses"),
    RateKind.COMMERCIAL_PUBLIC_HEALTH: _("Delay of public health care"),
    RateKind.STATUTORY_THEN_COMMERCIAL: _("Statutory until 2015, then between businesses"),
    RateKind.CONTRACT_CAPITAL: _("Contract rate on capital"),
    RateKind.CONTRACT_DELAY: _("Contract rate for delay"),
}
_SERIES: Final[dict[Series, Promise]] = {
    Series.NBP_REFERENCE: _("Reference rate of the NBP"),
    Series.NBP_LOMBARD: _("Lombard rate of the NBP"),
    Series.STATUTORY_BEFORE_2016: _("Statutory interest until 2015"),
    Series.CAPITAL_MARGIN: _("Points added for capital"),
    Series.DELAY_MARGIN: _("Points added for delay"),
    Series.MAXIMUM_MULTIPLE: _("Multiple for the maximum"),
    Series.LOMBARD_MULTIPLE: _("Multiple of the lombard rate until 2015"),
    Series.COMMERCIAL_MARGIN: _("Points added between businesses"),
    Series.PUBLIC_HEALTH_MARGIN: _("Points added for public health care"),
}
#: Those that may still change, the one that changes most often first.
EDITED_SERIES: Final = (
    Series.NBP_REFERENCE,
    Series.NBP_LOMBARD,
    Series.DELAY_MARGIN,
    Series.CAPITAL_MARGIN,
    Series.MAXIMUM_MULTIPLE,
    Series.COMMERCIAL_MARGIN,
    Series.PUBLIC_HEALTH_MARGIN,
)
_CHANGE_FAULTS: Final[dict[str, Promise]] = {
    "missing": _("This is needed."),
    "out_of_range": _("This cannot be right."),
    "too_many_places": _("At most four decimal places."),
    "too_far_ahead": _("Nobody can know that so far ahead."),
    "before_the_rate": _("The rates are confirmed at least until the new one holds."),
    "needed_to_correct": _("This corrects what was recorded before: say why."),
    "no_change": _("This is what holds already."),
    "series_has_ended": _("This series ended with the law that it comes from."),
}


def rate_name(kind: RateKind) -> Promise:
    return _RATES[kind]


def series_name(series: Series) -> Promise:
    return _SERIES[series]


def rate_change_text(error: RateChangeInvalid) -> Promise:
    """What is wrong with a field of a rate."""
    return _CHANGE_FAULTS[error.values["why"]]
