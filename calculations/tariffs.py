"""Which rate a debt bears, from the rate that is asked for and the rates of the contract. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from calculations.fields import BadInputs, Field, FieldKind, optional
from calculations.rate_words import NAMES, AfterStatutory, Rate, Unnamed, read_rate
from calculations.topic import warning
from ledger.interest import Segment
from ledger.rates import RateKind, Rates, Tariff

_DELAY: Final = "contract_rate_pct"
_CAPITAL: Final = "contract_capital_rate_pct"
RATE_FIELDS: Final = (
    Field(
        "rate", FieldKind.WORD, read_rate, required=False, default=Unnamed.AGREED,
        aliases=("rate_kind", "interest_kind", "kind"), words=tuple(NAMES),
    ),
    optional(_DELAY, FieldKind.PERCENT, "contract_delay_rate_pct", "contract_rate", "rate_pct"),
    optional(_CAPITAL, FieldKind.PERCENT),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """``without`` is what would hold but for the rate of the capital, the value of ``capital``;
    ``unused`` are the keys of rates that change nothing."""

    tariff: Tariff
    unused: tuple[str, ...] = ()
    without: Tariff | None = None
    capital: str = ""

    def warnings(self, segments: Sequence[Segment], rates: Rates) -> list[dict[str, Any]]:
        """What became of the contract's rates, where it may surprise."""
        unused, found = list(self.unused), []
        if self.without is not None and segments:
            if self._is_higher(segments, rates):
                found.append(warning("capital_rate_counts", article="KC 481 § 2"))
            else:
                unused.append(self.capital)
        return [*found, *([warning("changes_nothing", keys=unused)] if unused else [])]

    def _is_higher(self, segments: Sequence[Segment], rates: Rates) -> bool:
        assert self.without is not None
        return any(
            rates.percent(self.tariff, period.first_on) != period.percent
            for segment in segments
            for period in rates.periods(self.without, segment.first_on, segment.last_on)
        )


def choose_tariff(values: Mapping[str, Any]) -> Chosen:
    """The tariff by the values of ``RATE_FIELDS``.

    Where no rate is named, the one agreed for delay counts, even a low one, and without one the
    statutory one; the rate of the capital counts where it is higher than that (art. 481 § 2 of
    the Civil Code). Raises BadInputs where a contract's rate is named and has no percent.
    """
    rate: Rate = values["rate"]
    contract = {key: values[key] for key in (_DELAY, _CAPITAL) if values[key] is not None}
    if isinstance(rate, AfterStatutory):
        chosen = _named(rate.kind, contract)
        return replace(chosen, tariff=replace(chosen.tariff, statutory_before_2016=True))
    if isinstance(rate, Unnamed):
        return _agreed(contract)
    if isinstance(rate, Decimal):
        unused = tuple(key for key, percent in contract.items() if percent != rate)
        return Chosen(Tariff(RateKind.CONTRACT_DELAY, rate), unused)
    return _named(rate, contract)


def _agreed(contract: Mapping[str, Decimal]) -> Chosen:
    delay, capital = contract.get(_DELAY), contract.get(_CAPITAL)
    if delay is None:
        return _named(RateKind.STATUTORY_DELAY, contract)
    agreed = Tariff(RateKind.CONTRACT_DELAY, delay)
    if capital is None:
        return Chosen(agreed)
    # both are cut to the same maximum, so that the higher one may be taken before
    higher = Tariff(RateKind.CONTRACT_DELAY, max(delay, capital))
    return Chosen(higher, without=agreed, capital=_CAPITAL)


def _named(kind: RateKind, contract: Mapping[str, Decimal]) -> Chosen:
    if kind not in (RateKind.CONTRACT_DELAY, RateKind.CONTRACT_CAPITAL, RateKind.STATUTORY_DELAY):
        return Chosen(Tariff(kind), tuple(contract))
    own, other = (_DELAY, _CAPITAL) if kind is RateKind.CONTRACT_DELAY else (_CAPITAL, _DELAY)
    key = own if own in contract else other
    unused = tuple(given for given in contract if given != key)
    if kind is RateKind.STATUTORY_DELAY:
        if key not in contract:
            return Chosen(Tariff(kind))
        return Chosen(Tariff(kind, contract[key]), unused, Tariff(kind), key)
    if key not in contract:
        raise BadInputs([(_DELAY, "missing")])
    return Chosen(Tariff(kind, contract[key]), unused)
