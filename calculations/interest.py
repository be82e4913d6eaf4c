"""Interest, rates on a day, and the cap of a contract's rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from calculations.fields import BadInputs, Field, FieldKind, needed, optional, rows, word
from calculations.rate_words import read_rate
from calculations.tariffs import RATE_FIELDS, Chosen, choose_tariff
from calculations.topic import Answer, Setting, Topic, Values, warning
from calculations.values import WrongValue, money, money_percent, plain_percent
from kernel.calendar import POLAND
from ledger.interest import (
    BaseStep,
    Capitalised,
    Ground,
    Interest,
    InterestTooEarly,
    PaidMoreThanOwed,
    PartPayment,
    Segment,
    interest_between,
    interest_for_delay,
)
from ledger.rates import ARTICLES, NoRateOnDay, RateKind, Rates, Series, Tariff

_DAY: Final = timedelta(days=1)
_PAYMENTS: Final = rows(
    "payments",
    needed("date", FieldKind.DAY, "paid_on", "payment_date", "on", "day"),
    needed("amount", FieldKind.AMOUNT, "paid", "paid_amount"),
    aliases=("part_payments", "partial_payments"),
)
_ON_CAPITAL: Final = frozenset(
    {RateKind.STATUTORY_CAPITAL, RateKind.MAXIMUM_CAPITAL, RateKind.CONTRACT_CAPITAL}
)
_FOR_DELAY: Final = frozenset(
    {RateKind.STATUTORY_DELAY, RateKind.MAXIMUM_DELAY, RateKind.CONTRACT_DELAY}
)
_GROUNDS: Final = {
    "lawsuit": Ground.LAWSUIT, "later agreement": Ground.LATER_AGREEMENT,
    "agreement": Ground.LATER_AGREEMENT, "pozew": Ground.LAWSUIT,
}  # fmt: skip
_CAPITALISED: Final = rows(
    "capitalised",
    needed("date", FieldKind.DAY, "on"),
    needed("amount", FieldKind.AMOUNT),
    word("ground", _GROUNDS, required=False, default=Ground.LAWSUIT),
    aliases=("interest_on_interest",),
)


def segment_rows(segments: Sequence[Segment]) -> list[dict[str, Any]]:
    return [
        {
            "from": segment.first_on.isoformat(),
            "to": segment.last_on.isoformat(),
            "days": segment.days,
            "rate_pct": plain_percent(segment.percent),
            "base": money(segment.base_minor),
            "amount": money(segment.amount_minor),
        }
        for segment in segments
    ]


def figures(interest: Interest, chosen: Chosen, rates: Rates) -> Answer:
    """What every answer about interest holds, with the warnings of its rates."""
    warnings = chosen.warnings(interest.segments, rates)
    if interest.unconfirmed_from:
        warnings.append(warning("rates_not_confirmed", since=interest.unconfirmed_from.isoformat()))
    percents = {segment.percent for segment in interest.segments}
    return {
        "interest": money(interest.total_minor),
        "days": interest.days,
        "rate_pct": plain_percent(percents.pop()) if len(percents) == 1 else None,
        "segments": segment_rows(interest.segments),
        "articles": list(interest.articles),
        "confirmed_until": interest.confirmed_until.isoformat(),
        "warnings": warnings,
    }


def compute_delay(values: Values, setting: Setting) -> Answer:
    """From the day after the effective due day through the day of payment."""
    rates, paid_on, chosen = setting.rates, values["payment_date"], choose_tariff(values)
    later = [row["date"] for row in values["payments"] if row["date"] > paid_on]
    try:
        found = interest_for_delay(
            principal_minor=values["principal"],
            due_on=values["due_date"],
            paid_on=paid_on,
            tariff=chosen.tariff,
            rates=rates,
            calendar=POLAND,
            payments=[
                PartPayment(row["date"], row["amount"])
                for row in values["payments"]
                if row["date"] <= paid_on
            ],
            capitalised=[
                Capitalised(row["date"], row["amount"], row["ground"])
                for row in values["capitalised"]
            ],
        )
    except PaidMoreThanOwed:
        raise BadInputs([("payments", "more_than_owed")]) from None
    except InterestTooEarly:
        raise BadInputs([("capitalised", "not_overdue_yet")]) from None
    answer = figures(found.interest, chosen, rates)
    if later:
        days = [day.isoformat() for day in sorted(later)]
        answer["warnings"].append(warning("paid_after_the_last_day", days=days))
    return {
        **answer,
        "effective_due_date": found.effective_due_on.isoformat(),
        "first_day": (found.effective_due_on + _DAY).isoformat(),
    }


def compute_inclusive(values: Values, setting: Setting) -> Answer:
    """Both days included; the due day has been taken care of by whoever asks."""
    first_on, last_on = values["from_inclusive"], values["to_inclusive"]
    if last_on < first_on:
        raise BadInputs([("to_inclusive", "before_the_first_day")])
    principal, chosen = values["principal"], choose_tariff(values)
    found = interest_between(
        bases=[BaseStep(first_on, principal or 1)],
        first_on=first_on,
        last_on=last_on,
        tariff=chosen.tariff,
        rates=setting.rates,
    )
    if not principal:
        # the days and the rate are asked for, too, and nothing has none of its own
        nothing = (s._replace(base_minor=0, amount_minor=0) for s in found.segments)
        found = replace(found, segments=tuple(nothing))
    return figures(found, chosen, setting.rates)


def compute_rates(values: Values, setting: Setting) -> Answer:
    """Every rate of a day that there is; a rate that did not exist then is left out."""
    on, rates = values["date"], setting.rates
    names = {
        "capital": RateKind.STATUTORY_CAPITAL,
        "capital_max": RateKind.MAXIMUM_CAPITAL,
        "delay": RateKind.STATUTORY_DELAY,
        "delay_max": RateKind.MAXIMUM_DELAY,
        "commercial": RateKind.COMMERCIAL,
        "commercial_public_health": RateKind.COMMERCIAL_PUBLIC_HEALTH,
    }
    found: Answer = {}
    for name, kind in names.items():
        try:
            found[name] = money_percent(rates.percent(Tariff(kind), on))
        except NoRateOnDay:
            continue
    reference = rates.find(Series.NBP_REFERENCE, on)
    if reference is not None:
        found["nbp_reference"] = money_percent(reference)
    if not found:
        raise BadInputs([("date", "no_rate_on_day")])
    return {**found, **_confirmed(on, rates)}


def _read_side(value: Any) -> bool:
    """Whether a name of a rate means one on capital; else one for delay."""
    rate = read_rate(value)
    for kinds, capital in ((_ON_CAPITAL, True), (_FOR_DELAY, False)):
        if rate in kinds:
            return capital
    raise WrongValue("not_one_of")


def compute_cap(values: Values, setting: Setting) -> Answer:
    """What of a contract's rate may be charged on a day."""
    on, delay, on_capital = (
        values[key] for key in ("date", "contract_rate_pct", "contract_capital_rate_pct")
    )
    if delay is not None and on_capital is not None:
        raise BadInputs([("contract_capital_rate_pct", "one_of_the_two")])
    contract = delay if on_capital is None else on_capital
    if contract is None:
        raise BadInputs([("contract_rate_pct", "missing")])
    capital = values["kind"] if values["kind"] is not None else on_capital is not None
    kind = RateKind.CONTRACT_CAPITAL if capital else RateKind.CONTRACT_DELAY
    maximum = RateKind.MAXIMUM_CAPITAL if capital else RateKind.MAXIMUM_DELAY
    most = setting.rates.percent(Tariff(maximum), on)
    applied = setting.rates.percent(Tariff(kind, contract), on)
    return {
        "applied_rate_pct": plain_percent(applied),
        "maximum_rate_pct": plain_percent(most),
        "capped": contract > most,
        "article": ARTICLES[kind],
        **_confirmed(on, setting.rates),
    }


def _confirmed(on: date, rates: Rates) -> Answer:
    late = on > rates.confirmed_until
    return {
        "confirmed_until": rates.confirmed_until.isoformat(),
        "warnings": [warning("rates_not_confirmed", since=on.isoformat())] if late else [],
    }


TOPICS: Final = (
    Topic(
        "interest_delay",
        "interest",
        (
            needed("principal", FieldKind.AMOUNT, "amount"),
            needed("due_date", FieldKind.DAY, "due_on"),
            needed("payment_date", FieldKind.DAY, "paid_on", "to_date", "as_of"),
            *RATE_FIELDS,
            _PAYMENTS,
            _CAPITALISED,
        ),
        compute_delay,
        {"principal": "10000.00", "due_date": "2020-03-15", "payment_date": "2021-01-10",
         "rate": "statutory delay"},
        ("interest",),
        ("interest_for_delay",),
    ),
    Topic(
        "interest_period_inclusive",
        "interest",
        (
            needed("principal", FieldKind.AMOUNT, "amount"),
            needed("from_inclusive", FieldKind.DAY, "from", "from_date"),
            needed("to_inclusive", FieldKind.DAY, "to", "to_date"),
            *RATE_FIELDS,
        ),
        compute_inclusive,
        {"principal": "6000.00", "from_inclusive": "2020-04-09", "to_inclusive": "2020-05-28"},
        ("rate_pct", "days", "interest"),
    ),
    Topic(
        "rates_on_date",
        "interest",
        (needed("date", FieldKind.DAY, "on"),),
        compute_rates,
        {"date": "2025-10-15"},
        ("confirmed_until",),
    ),
    Topic(
        "contract_rate_cap",
        "interest",
        (
            needed("date", FieldKind.DAY, "on"),
            optional("contract_rate_pct", FieldKind.PERCENT, "contract_delay_rate_pct",
                     "contract_rate", "rate_pct"),
            optional("contract_capital_rate_pct", FieldKind.PERCENT),
            Field("kind", FieldKind.WORD, _read_side, required=False,
                  aliases=("rate", "rate_kind", "interest_kind"), words=("delay", "capital"),
                  quiet=True),
        ),
        compute_cap,
        {"date": "2023-03-23", "contract_rate_pct": "29"},
        ("applied_rate_pct",),
        ("contract_cap",),
    ),
)  # fmt: skip
