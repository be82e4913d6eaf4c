"""The rate that somebody means, from the many ways in which its name is written. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from calculations.values import WrongValue, read_percent, words_of
from ledger.rates import RateKind, Tariff

#: How the rates are called where they are offered.
NAMES: Final[dict[str, RateKind]] = {
    "statutory delay": RateKind.STATUTORY_DELAY,
    "maximum delay": RateKind.MAXIMUM_DELAY,
    "statutory capital": RateKind.STATUTORY_CAPITAL,
    "maximum capital": RateKind.MAXIMUM_CAPITAL,
    "commercial": RateKind.COMMERCIAL,
    "commercial public health": RateKind.COMMERCIAL_PUBLIC_HEALTH,
    "statutory then commercial": RateKind.STATUTORY_THEN_COMMERCIAL,
    "contract delay": RateKind.CONTRACT_DELAY,
    "contract capital": RateKind.CONTRACT_CAPITAL,
}
_MAXIMUM: Final = frozenset({"maximum", "max", "maksymalne", "maksymalna"})
_CAPITAL: Final = frozenset({"capital", "kapitalowe", "kapitalowa", "kapital"})
_COMMERCIAL: Final = frozenset({"commercial", "b2b", "business", "handlowe", "handlowych"})
_HEALTH: Final = frozenset({"health", "healthcare", "lecznicze", "leczniczy"})
_CONTRACT: Final = frozenset({"contract", "contractual", "umowne", "umowna"})
_STATUTORY: Final = frozenset({"statutory", "ustawowe", "ustawowa", "delay", "opoznienie"})
#: Words that say nothing about which rate is meant.
_FILLING: Final = frozenset(
    {"interest", "rate", "for", "in", "the", "until", "till", "to", "from", "then", "of", "general",
     "debtor", "public", "care", "transactions", "transaction", "2015", "2016", "12", "31", "01",
     "1", "odsetki", "za", "w", "od", "do", "transakcjach", "podmiot", "publiczny", "legal",
     "before", "since", "late", "payment", "and", "by", "law"}
)  # fmt: skip
_KNOWN: Final = _MAXIMUM | _CAPITAL | _COMMERCIAL | _HEALTH | _CONTRACT | _STATUTORY | _FILLING


def read_rate(value: Any) -> RateKind | Decimal:
    """A kind, or the percent of a contract's own rate. Raises WrongValue."""
    try:
        return read_percent(value)
    except WrongValue:
        pass
    try:
        spelt = words_of(value)
    except WrongValue:
        raise WrongValue("not_one_of") from None
    words = frozenset(spelt)
    if not words - _FILLING or words - _KNOWN:
        raise WrongValue("not_one_of")
    return _kind(words)


def _kind(words: frozenset[str]) -> RateKind:
    if words & _COMMERCIAL:
        if words & _HEALTH:
            return RateKind.COMMERCIAL_PUBLIC_HEALTH
        two = "then" in words and bool(words & _STATUTORY)
        return RateKind.STATUTORY_THEN_COMMERCIAL if two else RateKind.COMMERCIAL
    if words & _HEALTH:
        raise WrongValue("not_one_of")
    capital = bool(words & _CAPITAL)
    if words & _CONTRACT:
        return RateKind.CONTRACT_CAPITAL if capital else RateKind.CONTRACT_DELAY
    if words & _MAXIMUM:
        return RateKind.MAXIMUM_CAPITAL if capital else RateKind.MAXIMUM_DELAY
    return RateKind.STATUTORY_CAPITAL if capital else RateKind.STATUTORY_DELAY


def tariff_of(rate: RateKind | Decimal, contract_percent: Decimal | None) -> Tariff:
    """Raises TariffInvalid where a contract's rate has no percent."""
    if isinstance(rate, Decimal):
        return Tariff(RateKind.CONTRACT_DELAY, rate)
    takes_percent = rate in (
        RateKind.CONTRACT_DELAY, RateKind.CONTRACT_CAPITAL, RateKind.STATUTORY_DELAY
    )  # fmt: skip
    return Tariff(rate, contract_percent if takes_percent else None)
