"""Money as an integer of minor units with an ISO 4217 currency. No float ever touches it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from kernel.errors import InvalidInput

#: Decimal places of the minor unit where they are not two (ISO 4217 list one, 2026).
_EXPONENTS: Final[dict[str, int]] = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}

#: What a bigint column holds; larger amounts are refused at the border.
MAX_MINOR: Final = 2**63 - 1


class Rounding(StrEnum):
    HALF_UP = ROUND_HALF_UP
    HALF_EVEN = ROUND_HALF_EVEN
    DOWN = ROUND_DOWN
    CEILING = ROUND_CEILING


class InvalidAmount(InvalidInput):
    code = "invalid_amount"


class CurrencyMismatch(InvalidInput):
    code = "currency_mismatch"


def currency_exponent(currency: str) -> int:
    """Decimal places of the currency's minor unit: 2 for PLN, 0 for JPY, 3 for KWD."""
    if not (
        len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()
    ):
        raise InvalidAmount(currency=currency)
    return _EXPONENTS.get(currency, 2)


def odd_units() -> dict[str, int]:
    """Minor units in one whole of each currency in which they are not a hundred."""
    return {currency: 10**exponent for currency, exponent in _EXPONENTS.items()}


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """``minor`` units (grosz for PLN) of ``currency``."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise InvalidAmount(minor=self.minor)
        currency_exponent(self.currency)

    @classmethod
    def from_decimal(
        cls, amount: Decimal, currency: str, *, rounding: Rounding | None = None
    ) -> Money:
        """Exact unless ``rounding`` is named: a finer amount than the minor unit is an error."""
        if not amount.is_finite():
            raise InvalidAmount(amount=str(amount))
        scaled = amount.scaleb(currency_exponent(currency))
        whole = scaled.to_integral_value(rounding=rounding or ROUND_DOWN)
        if rounding is None and whole != scaled:
            raise InvalidAmount(amount=str(amount), currency=currency)
        if abs(whole) > MAX_MINOR:
            raise InvalidAmount(amount=str(amount), currency=currency)
        return cls(int(whole), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    def to_decimal(self) -> Decimal:
        return Decimal(self.minor).scaleb(-currency_exponent(self.currency))

    def __str__(self) -> str:
        return f"{self.to_decimal():f} {self.currency}"

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(one=self.currency, other=other.currency)

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def share(self, numerator: Decimal, *, rounding: Rounding) -> Money:
        """``numerator`` times this amount, rounded as named."""
        exact = Decimal(self.minor) * numerator
        return Money(int(exact.to_integral_value(rounding=rounding)), self.currency)

    def split(self, parts: int) -> list[Money]:
        """Equal parts that sum to the whole; the leftover minor units go to the first ones."""
        if parts < 1:
            raise InvalidAmount(parts=parts)
        return self.allocate([1] * parts)

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Parts in proportion to whole ``weights`` that sum to the whole, by largest remainder."""
        total = sum(weights)
        if total <= 0 or any(weight < 0 for weight in weights):
            raise InvalidAmount(weights=list(weights))
        sign = -1 if self.minor < 0 else 1
        shares = [divmod(abs(self.minor) * weight, total) for weight in weights]
        left = abs(self.minor) - sum(whole for whole, _ in shares)
        by_remainder = sorted(range(len(weights)), key=lambda i: (-shares[i][1], i))
        extra = set(by_remainder[:left])
        return [
            Money(sign * (whole + (1 if i in extra else 0)), self.currency)
            for i, (whole, _) in enumerate(shares)
        ]


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum; the currency is named so that an empty sum has one."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result
