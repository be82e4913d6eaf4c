"""Court fees, costs of representation and bailiff fees in PLN, by the tables of their day.

Act on court costs in civil cases (UKSC) art. 13, 13a, 19, 20, 21; KPC art. 126¹ § 3;
act on bailiff costs (UKK 2018) art. 23, 25, 27, 28. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Final

from courts.dated_tables import (
    Band,
    NoRuleOnDay,
    court_fee_bands,
    find_rule,
    representation_bands,
    rule,
)
from courts.lifecycle import Procedure
from kernel.errors import InvalidInput
from kernel.money import Money, total

PLN: Final = "PLN"
_HUNDRED: Final = Decimal(100)


class FeeNeedsPositiveZloty(InvalidInput):
    """Fees are laid down for positive amounts in PLN."""

    code = "fee_needs_positive_zloty"


class BailiffMode(StrEnum):
    """How the bailiff got the money; it sets the rate and the smallest fee."""

    PAID_WITHIN_MONTH = "paid_within_month"
    RECEIVABLES = "receivables"
    BANK_ACCOUNT = "bank_account"
    WAGES = "wages"
    SOCIAL_SECURITY = "social_security"
    PAID_LATER = "paid_later"
    OTHER = "other"


class Discontinued(StrEnum):
    """Why enforcement ended without the whole amount; it sets the fee."""

    BY_CREDITOR = "discontinued_by_creditor"
    PAID_LATE = "discontinued_paid_late"
    BEFORE_NOTICE = "discontinued_before_notice"
    OTHERWISE = "discontinued_otherwise"
    POINTLESS = "pointless"


@dataclass(frozen=True, slots=True)
class CourtCosts:
    court_fee: Money
    representation: Money
    stamp_duty: Money

    @property
    def total(self) -> Money:
        return total((self.court_fee, self.representation, self.stamp_duty), PLN)


def court_fee(
    *,
    value_of_dispute: Money,
    filed_on: date,
    procedure: Procedure,
    from_banking: bool = True,
    charged_to_consumer: bool = False,
) -> Money:
    """The fee on a statement of claim, in whole zlotys.

    The value of the dispute is rounded up to whole zlotys (KPC 126¹ § 3), the fraction of the
    procedure is taken from the exact and capped fee (UKSC 19), and the end is not less than
    the minimum (20) and rounded up to whole zlotys (21). ``from_banking``: claims from banking
    had a cap until 2019-08-20; since then only a consumer's have one (13a). Raises
    FeeNeedsPositiveZloty, NoRuleOnDay.
    """
    value = whole_zlotys(value_of_dispute)
    fee = _whole_fee(value, filed_on, procedure)
    if from_banking:
        fee = min(fee, _bank_cap(value, filed_on, charged_to_consumer=charged_to_consumer) or fee)
    fraction = find_rule(f"{procedure}_fraction", filed_on) or Decimal(1)
    return _zlotys(max(fee * fraction, rule("minimum_fee", filed_on)))


def refund_when_final(*, fee_paid: Money, procedure: Procedure, filed_on: date) -> Money:
    """What the court gives back when an order in upominawcze is final (UKSC 79)."""
    if procedure is not Procedure.UPOMINAWCZE:
        return Money.zero(PLN)
    share = find_rule("upominawcze_refund", filed_on) or Decimal(0)
    return Money.from_decimal(fee_paid.to_decimal() * share, PLN)


def representation_cost(*, value_of_dispute: Money, filed_on: date, procedure: Procedure) -> Money:
    """The minimum rate of counsel that the loser pays back. Raises NoRuleOnDay."""
    by_order = procedure in (Procedure.EPU, Procedure.UPOMINAWCZE, Procedure.NAKAZOWE)
    value = whole_zlotys(value_of_dispute)
    for band in representation_bands():
        named = "order" if by_order else "ordinary"
        if band.procedure == named and band.holds(value, filed_on) and band.fixed is not None:
            return _zlotys(band.fixed)
    raise NoRuleOnDay(code="representation", on=filed_on)


def court_costs(
    *,
    value_of_dispute: Money,
    filed_on: date,
    procedure: Procedure,
    with_counsel: bool,
    from_banking: bool = True,
) -> CourtCosts:
    """What filing costs the claimant: the fee, and counsel with the duty on their power."""
    zero = Money.zero(PLN)
    fee = court_fee(
        value_of_dispute=value_of_dispute,
        filed_on=filed_on,
        procedure=procedure,
        from_banking=from_banking,
    )
    return CourtCosts(
        fee,
        representation_cost(
            value_of_dispute=value_of_dispute, filed_on=filed_on, procedure=procedure
        )
        if with_counsel
        else zero,
        _zlotys(rule("stamp_duty", filed_on)) if with_counsel else zero,
    )


def bailiff_fee(*, enforced: Money, mode: BailiffMode, on: date) -> Money:
    """The proportional fee on what was enforced, with its minimum and maximum (UKK 25-28)."""
    early = mode is BailiffMode.PAID_WITHIN_MONTH
    percent = rule("rate_early" if early else "rate_standard", on)
    fee = whole_zlotys(enforced) * percent / _HUNDRED
    lowest = rule(_lowest_fee(mode), on)
    return Money.from_decimal(min(max(fee, lowest), rule("maximum", on)), PLN)


def discontinuance_fee(*, remaining: Money, why: Discontinued, on: date) -> Money:
    """The bailiff's fee when enforcement ends early (UKK 29, 30); a share has the limits of 25."""
    value = rule(why, on)
    if why in (Discontinued.BEFORE_NOTICE, Discontinued.OTHERWISE):
        return _zlotys(value)
    fee = whole_zlotys(remaining) * value / _HUNDRED
    return Money.from_decimal(min(max(fee, rule("minimum_all", on)), rule("maximum", on)), PLN)


def charges_fee(
    *, value_of_dispute: Money, filed_on: date, charged_to_consumer: bool = False
) -> Money:
    """What the defendant pays for charges against an order in nakazowe (UKSC 19 (4)), of which
    a consumer has a cap. An objection in upominawcze costs nothing."""
    value = whole_zlotys(value_of_dispute)
    fee = _whole_fee(value, filed_on, Procedure.ORDINARY)
    fee = max(fee * rule("defendant_charges_fraction", filed_on), rule("minimum_fee", filed_on))
    if charged_to_consumer:
        fee = min(fee, rule("defendant_charges_consumer_cap", filed_on))
    return _zlotys(fee)


def conciliation_call_fee(*, value_of_dispute: Money, filed_on: date) -> Money:
    """For calling the debtor to an attempt at settlement (UKSC 23a). Raises NoRuleOnDay."""
    value = whole_zlotys(value_of_dispute)
    high = value > rule("conciliation_call_high_above", filed_on)
    return _zlotys(rule("conciliation_call_high" if high else "conciliation_call_low", filed_on))


def whole_zlotys(amount: Money) -> Decimal:
    """The amount rounded up to whole zlotys. Raises FeeNeedsPositiveZloty."""
    if amount.currency != PLN or amount.minor <= 0:
        raise FeeNeedsPositiveZloty(minor=amount.minor, currency=amount.currency)
    return amount.to_decimal().to_integral_value(rounding=ROUND_CEILING)


def _whole_fee(value: Decimal, filed_on: date, procedure: Procedure) -> Decimal:
    simplified = procedure is Procedure.SIMPLIFIED
    names = ("simplified", "any", "ordinary") if simplified else ("any", "ordinary")
    for name in names:
        for band in court_fee_bands():
            if band.procedure == name and band.holds(value, filed_on):
                return _of_band(band, value)
    raise NoRuleOnDay(code="court_fee", on=filed_on)


def _of_band(band: Band, value: Decimal) -> Decimal:
    if band.fixed is not None:
        return band.fixed
    assert band.percent is not None
    fee = value * band.percent / _HUNDRED
    return fee if band.cap is None else min(fee, band.cap)


def _bank_cap(value: Decimal, filed_on: date, *, charged_to_consumer: bool) -> Decimal | None:
    if old := find_rule("bank_claim_cap", filed_on):
        return old
    above = find_rule("consumer_bank_claim_above", filed_on)
    if charged_to_consumer and above is not None and value > above:
        return find_rule("consumer_bank_claim_cap", filed_on)
    return None


def _lowest_fee(mode: BailiffMode) -> str:
    if mode is BailiffMode.PAID_WITHIN_MONTH:
        return "minimum_early"
    return "minimum_other" if mode is BailiffMode.OTHER else "minimum_receivables"


def _zlotys(amount: Decimal) -> Money:
    return Money.from_decimal(amount.to_integral_value(rounding=ROUND_CEILING), PLN)
