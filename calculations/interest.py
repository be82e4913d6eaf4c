"""Interest, rates on a day, the cap of a contract's rate, and interest on interest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from calculations.fields import BadInputs, Field, FieldKind, needed, optional, rows, word
from calculations.rate_words import NAMES, read_rate, tariff_of
from calculations.topic import Answer, Setting, Topic, Values, warning
from calculations.values import money, money_percent, plain_percent
from kernel.calendar import POLAND
from ledger.interest import (
    ANATOCISM_ARTICLE,
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
_RATE: Final = Field(
    "rate", FieldKind.WORD, read_rate, required=False, default=RateKind.STATUTORY_DELAY,
    aliases=("rate_kind", "interest_kind", "kind"), words=tuple(NAMES),
)  # fmt: skip
_CONTRACT: Final = optional(
    "contract_rate_pct", FieldKind.PERCENT, "contract_delay_rate_pct", "contract_capital_rate_pct",
    "contract_rate", "rate_pct",
)  # fmt: skip
_PAYMENTS: Final = rows(
    "payments",
    needed("date", FieldKind.DAY, "paid_on", "payment_date"),
    needed("amount", FieldKind.AMOUNT, "paid"),
    aliases=("part_payments",),
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


def _figures(interest: Interest) -> Answer:
    """What every answer about interest holds, with the warnings of its rates."""
    warnings = []
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


def _tariff(values: Values) -> Tariff:
    if values["contract_rate_pct"] is None and values["rate"] in (
        RateKind.CONTRACT_DELAY, RateKind.CONTRACT_CAPITAL
    ):  # fmt: skip
        raise BadInputs([("contract_rate_pct", "missing")])
    return tariff_of(values["rate"], values["contract_rate_pct"])


def compute_delay(values: Values, setting: Setting) -> Answer:
    """From the day after the effective due day through the day of payment."""
    principal, rates = values["principal"], setting.rates
    try:
        found = interest_for_delay(
            principal_minor=principal,
            due_on=values["due_date"],
            paid_on=values["payment_date"],
            tariff=_tariff(values),
            rates=rates,
            calendar=POLAND,
            payments=[PartPayment(row["date"], row["amount"]) for row in values["payments"]],
            capitalised=[
                Capitalised(row["date"], row["amount"], row["ground"])
                for row in values["capitalised"]
            ],
        )
    except PaidMoreThanOwed:
        raise BadInputs([("payments", "more_than_owed")]) from None
    except InterestTooEarly:
        raise BadInputs([("capitalised", "not_overdue_yet")]) from None
    return {
        **_figures(found.interest),
        "effective_due_date": found.effective_due_on.isoformat(),
        "first_day": (found.effective_due_on + _DAY).isoformat(),
    }


def compute_inclusive(values: Values, setting: Setting) -> Answer:
    """Both days included; the due day has been taken care of by whoever asks."""
    first_on, last_on = values["from_inclusive"], values["to_inclusive"]
    if last_on < first_on:
        raise BadInputs([("to_inclusive", "before_the_first_day")])
    return _figures(
        interest_between(
            bases=[BaseStep(first_on, values["principal"])],
            first_on=first_on,
            last_on=last_on,
            tariff=_tariff(values),
            rates=setting.rates,
        )
    )


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


def compute_cap(values: Values, setting: Setting) -> Answer:
    """What of a contract's rate may be charged on a day."""
    capital = values["contract_capital_rate_pct"] is not None
    on = values["date"]
    contract = values["contract_capital_rate_pct" if capital else "contract_rate_pct"]
    if contract is None:
        raise BadInputs([("contract_rate_pct", "missing")])
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


def compute_anatocism(values: Values, setting: Setting) -> Answer:
    """Whether overdue interest bears interest itself, since when, and how much."""
    starts = [
        (values[name], ground)
        for name, ground in (
            ("lawsuit_date", Ground.LAWSUIT), ("agreement_date", Ground.LATER_AGREEMENT)
        )
        if values[name] is not None
    ]  # fmt: skip
    overdue_since = values["overdue_since"]
    if overdue_since is not None:
        starts = [
            (on, ground) for on, ground in starts if ground is Ground.LAWSUIT or on >= overdue_since
        ]
    stated = values["lawsuit_filed"] or values["agreement_after_arrears"]
    answer: Answer = {
        "allowed": bool(starts) or bool(stated),
        "article": ANATOCISM_ARTICLE,
        "interest": "0.00",
        "warnings": [],
    }
    if not starts:
        return answer
    since, ground = min(starts)
    answer |= {"from": since.isoformat(), "ground": ground.value}
    if values["overdue_interest"] is None or values["payment_date"] is None:
        return answer
    figures = _figures(
        interest_between(
            bases=[BaseStep(since, values["overdue_interest"])],
            first_on=since,
            last_on=values["payment_date"],
            tariff=_tariff(values),
            rates=setting.rates,
        )
    )
    return answer | figures | {"articles": [*figures["articles"], ANATOCISM_ARTICLE]}


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
            _RATE,
            _CONTRACT,
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
            _RATE,
            _CONTRACT,
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
        ),
        compute_cap,
        {"date": "2023-03-23", "contract_rate_pct": "29"},
        ("applied_rate_pct",),
    ),
    Topic(
        "interest_on_interest",
        "interest",
        (
            optional("overdue_interest", FieldKind.AMOUNT, "interest", "amount", "overdue"),
            optional("lawsuit_date", FieldKind.DAY, "filing_date", "lawsuit_filed_on"),
            optional("agreement_date", FieldKind.DAY, "agreed_on"),
            optional("overdue_since", FieldKind.DAY, "due_date", "arrears_since"),
            optional("lawsuit_filed", FieldKind.FLAG, "lawsuit", default=False),
            optional("agreement_after_arrears", FieldKind.FLAG, "agreement", default=False),
            optional("payment_date", FieldKind.DAY, "paid_on", "to_date"),
            _RATE,
            _CONTRACT,
        ),
        compute_anatocism,
        {"overdue_interest": "500.00", "lawsuit_date": "2025-02-03", "payment_date": "2025-12-31"},
        ("allowed",),
        ("anatocism", "anatocism_allowed", "compound_interest", "interest_on_overdue_interest"),
    ),
)  # fmt: skip
