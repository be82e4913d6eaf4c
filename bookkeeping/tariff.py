"""What may be charged to a debtor and how much: the dated tariff of ``data/tariff.toml``. Pure.

Amounts are minor units. A fee of the tariff is charged once for one occasion: the letter, the
month, the docket that it is for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from kernel.errors import InvalidInput
from kernel.money import Money
from kernel.two_languages import in_both
from ledger.lifecycle import Component

FILE: Final = Path(__file__).parent / "data" / "tariff.toml"
_KEYS: Final = frozenset(
    {"key", "from_on", "until_on", "component", "currency", "amount", "at_most", "name", "source"}
)


class TariffBroken(ValueError):
    """The table does not say what it must; the message names the row."""


class FeeUnknown(InvalidInput):
    """The tariff has no such fee in the currency of the debt on that day."""

    code = "fee_unknown"


class FeeOverTariff(InvalidInput):
    """More than the tariff allows; no approval lifts that."""

    code = "fee_over_tariff"


@dataclass(frozen=True, slots=True)
class Fee:
    """``amount_minor`` is charged unless something else is said, ``at_most_minor`` at the most.

    ``names`` has what it is called, by language.
    """

    key: str
    from_on: date
    until_on: date | None
    component: Component
    currency: str
    amount_minor: int
    at_most_minor: int
    names: Mapping[str, str]
    source: Mapping[str, str]

    def name(self, language: str) -> str:
        return self.names.get(language[:2], self.names["en"])


def list_fees(*, currency: str, on: date, file: Path = FILE) -> list[Fee]:
    """The fees in force in a currency on a day, in the order of the file."""
    latest: dict[str, Fee] = {}
    for fee in load_fees(file):
        if fee.currency == currency and fee.from_on <= on:
            latest[fee.key] = fee
    return [fee for fee in latest.values() if fee.until_on is None or on <= fee.until_on]


def fee_on(*, key: str, currency: str, on: date, file: Path = FILE) -> Fee:
    """Raises FeeUnknown."""
    for fee in list_fees(currency=currency, on=on, file=file):
        if fee.key == key:
            return fee
    raise FeeUnknown(fee=key, currency=currency, on=on)


def checked_amount(fee: Fee, amount_minor: int | None) -> int:
    """What is charged. Raises FeeOverTariff."""
    amount = fee.amount_minor if amount_minor is None else amount_minor
    if not 0 < amount <= fee.at_most_minor:
        raise FeeOverTariff(
            fee=fee.key,
            amount_minor=amount,
            limit_minor=fee.at_most_minor,
            currency=fee.currency,
        )
    return amount


def fee_names(key: str, file: Path = FILE) -> Mapping[str, str]:
    """What a fee is called, by language, also where it is no longer charged; empty if unknown."""
    named = [fee.names for fee in load_fees(file) if fee.key == key]
    return named[-1] if named else {}


@cache
def load_fees(file: Path) -> tuple[Fee, ...]:
    """Every row, oldest first. Raises TariffBroken."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    fees = [_fee(entry, place) for place, entry in enumerate(table.get("fee", []), 1)]
    keys = [(fee.key, fee.currency, fee.from_on) for fee in fees]
    if not fees or len(keys) != len(set(keys)):
        raise TariffBroken(f"{file.name}: rows must be there, each once")
    return tuple(sorted(fees, key=lambda fee: fee.from_on))


def _fee(entry: Mapping[str, Any], place: int) -> Fee:
    try:
        currency = entry["currency"]
        amount = Money.from_decimal(Decimal(entry["amount"]), currency).minor
        fee = Fee(
            entry["key"],
            entry["from_on"],
            entry.get("until_on"),
            Component(entry["component"]),
            currency,
            amount,
            Money.from_decimal(Decimal(entry.get("at_most", entry["amount"])), currency).minor,
            {language: str(entry["name"][language]) for language in ("pl", "en")},
            in_both(entry["source"]),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError, InvalidInput) as error:
        raise TariffBroken(f"row {place}: {error!r}") from error
    sound = fee.component in (Component.FEES, Component.COSTS)
    if set(entry) - _KEYS or not sound or not 0 < fee.amount_minor <= fee.at_most_minor:
        raise TariffBroken(f"row {place}: {dict(entry)}")
    return fee
