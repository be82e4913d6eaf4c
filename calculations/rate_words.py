"""The rate that somebody means, from the many ways in which its name is written. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from calculations.values import WrongValue, read_percent, words_of
from ledger.rates import RateKind


class Unnamed(Enum):
    """No rate is named: the one of the contract where there is one, else the statutory one."""

    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class AfterStatutory:
    """The statutory rate until 2015-12-31, and ``kind`` since."""

    kind: RateKind


#: A kind, the percent of a contract's own rate for delay, or a combination.
Rate = RateKind | AfterStatutory | Unnamed | Decimal
#: How the rates are called where they are offered.
NAMES: Final[dict[str, RateKind | AfterStatutory | Unnamed]] = {
    "agreed or statutory": Unnamed.AGREED,
    "statutory delay": RateKind.STATUTORY_DELAY,
    "maximum delay": RateKind.MAXIMUM_DELAY,
    "statutory capital": RateKind.STATUTORY_CAPITAL,
    "maximum capital": RateKind.MAXIMUM_CAPITAL,
    "commercial": RateKind.COMMERCIAL,
    "commercial public health": RateKind.COMMERCIAL_PUBLIC_HEALTH,
    "statutory then commercial": RateKind.STATUTORY_THEN_COMMERCIAL,
    "statutory then maximum delay": AfterStatutory(RateKind.MAXIMUM_DELAY),
    "statutory then contract delay": AfterStatutory(RateKind.CONTRACT_DELAY),
    "contract delay": RateKind.CONTRACT_DELAY,
    "contract capital": RateKind.CONTRACT_CAPITAL,
}
_MAXIMUM: Final = frozenset({"maximum", "max", "maksymalne", "maksymalna"})
_CAPITAL: Final = frozenset({"capital", "kapitalowe", "kapitalowa", "kapital"})
_COMMERCIAL: Final = frozenset({"commercial", "b2b", "business", "handlowe", "handlowych"})
_HEALTH: Final = frozenset({"health", "healthcare", "lecznicze", "leczniczy"})
_CONTRACT: Final = frozenset({"contract", "contractual", "umowne", "umowna"})
_BY_LAW: Final = frozenset({"statutory", "ustawowe", "ustawowa"})
_STATUTORY: Final = _BY_LAW | {"delay", "opoznienie"}
_THEN: Final = frozenset({"then", "potem", "nastepnie"})
#: The column of the commercial rates for whoever is not in public health care.
_GENERAL_DEBTOR: Final = frozenset({"general", "debtor"})
#: Words that say nothing about which rate is meant.
_FILLING: Final = frozenset(
    {"interest", "rate", "for", "in", "the", "until", "till", "to", "from", "then", "of", "general",
     "debtor", "public", "care", "transactions", "transaction", "2015", "2016", "12", "31", "01",
     "1", "odsetki", "za", "w", "od", "do", "transakcjach", "podmiot", "publiczny", "legal",
     "before", "since", "late", "payment", "and", "by", "law", "a", "pct", "kc", "art", "par",
     "359", "481", "art359", "art481", "2", "21", "22", "unoth", "11b"}
) | _THEN  # fmt: skip
_KNOWN: Final = _MAXIMUM | _CAPITAL | _COMMERCIAL | _HEALTH | _CONTRACT | _STATUTORY | _FILLING


def read_rate(value: Any) -> Rate:
    """The rate that a name or a percent stands for. Raises WrongValue."""
    try:
        return read_percent(value)
    except WrongValue:
        pass
    try:
        spelt = words_of(value)
    except WrongValue:
        raise WrongValue("not_one_of") from None
    if (named := NAMES.get(" ".join(spelt))) is not None:
        return named
    words = frozenset(spelt)
    if not words - _FILLING or words - _KNOWN:
        raise WrongValue("not_one_of")
    return _kind(words)


def _kind(words: frozenset[str]) -> RateKind | AfterStatutory:
    by_law = bool(words & _BY_LAW)
    two = by_law and bool(words & _THEN)
    if words & _COMMERCIAL or words & _HEALTH or (words >= _GENERAL_DEBTOR and not by_law):
        if words & _HEALTH:
            return RateKind.COMMERCIAL_PUBLIC_HEALTH
        return RateKind.STATUTORY_THEN_COMMERCIAL if two else RateKind.COMMERCIAL
    capital = bool(words & _CAPITAL)
    if words & _CONTRACT:
        kind = RateKind.CONTRACT_CAPITAL if capital else RateKind.CONTRACT_DELAY
        return AfterStatutory(kind) if two else kind
    if words & _MAXIMUM:
        kind = RateKind.MAXIMUM_CAPITAL if capital else RateKind.MAXIMUM_DELAY
        return AfterStatutory(kind) if two else kind
    return RateKind.STATUTORY_CAPITAL if capital else RateKind.STATUTORY_DELAY
