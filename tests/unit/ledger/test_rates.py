"""Rates are derived from what is laid down, and equal the published tables on every day."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.dated_tables import BrokenTable
from ledger.rates import (
    NoRateOnDay,
    RateKind,
    Rates,
    Series,
    Step,
    Tariff,
    TariffInvalid,
    with_step,
)
from ledger.shipped_rates import DATA, shipped_rates

RATES = shipped_rates()
HERE = Path(__file__).parent
PUBLISHED: dict[str, dict[str, RateKind]] = {
    "statutory_interest_2016.csv": {
        "capital_statutory_pct_art359_2": RateKind.STATUTORY_CAPITAL,
        "capital_maximum_pct_art359_21": RateKind.MAXIMUM_CAPITAL,
        "delay_statutory_pct_art481_2": RateKind.STATUTORY_DELAY,
        "delay_maximum_pct_art481_21": RateKind.MAXIMUM_DELAY,
    },
    "statutory_interest_pre2016.csv": {"statutory_pct": RateKind.STATUTORY_DELAY},
    "commercial_delay_interest.csv": {
        "delay_pct_general_debtor": RateKind.COMMERCIAL,
        "delay_pct_public_healthcare_debtor": RateKind.COMMERCIAL_PUBLIC_HEALTH,
    },
}


def published() -> Iterator[Any]:
    for name, kinds in PUBLISHED.items():
        for row in csv.DictReader((HERE / name).open()):
            for column, kind in kinds.items():
                first = date.fromisoformat(row["from_date"])
                last = date.fromisoformat(row["to_date"] or RATES.confirmed_until.isoformat())
                yield pytest.param(
                    kind, first, last, Decimal(row[column]), id=f"{kind}-{row['from_date']}"
                )


@pytest.mark.parametrize(("kind", "first_on", "last_on", "percent"), list(published()))
def test_a_derived_rate_is_the_published_one_from_its_first_to_its_last_day(
    kind: RateKind, first_on: date, last_on: date, percent: Decimal
) -> None:
    periods = list(RATES.periods(Tariff(kind), first_on, last_on))
    assert periods == [(first_on, last_on, percent)]


def test_before_2016_one_statutory_rate_serves_capital_and_delay() -> None:
    day = date(2015, 12, 31)
    assert RATES.percent(Tariff(RateKind.STATUTORY_CAPITAL), day) == 8
    assert RATES.percent(Tariff(RateKind.STATUTORY_DELAY), day) == 8


@pytest.mark.parametrize(
    ("contract", "on", "applied"),
    [
        ("29", date(2023, 3, 23), "24.5"),
        ("24.5", date(2023, 3, 23), "24.5"),
        ("9.99", date(2023, 3, 23), "9.99"),
        ("20", date(2025, 10, 9), "20"),
        ("20.01", date(2025, 10, 9), "20"),
    ],
)
def test_a_contract_s_rate_is_cut_to_the_maximum_of_the_day(
    contract: str, on: date, applied: str
) -> None:
    tariff = Tariff(RateKind.CONTRACT_DELAY, Decimal(contract))
    assert RATES.percent(tariff, on) == Decimal(applied)


@pytest.mark.parametrize(
    ("capital", "applied"), [("5", "9.25"), ("9.25", "9.25"), ("12", "12"), ("40", "18.50")]
)
def test_a_debt_that_bears_more_than_the_statutory_rate_bears_it_in_delay_too(
    capital: str, applied: str
) -> None:
    tariff = Tariff(RateKind.STATUTORY_DELAY, Decimal(capital))
    assert RATES.percent(tariff, date(2026, 3, 5)) == Decimal(applied)


def test_a_commercial_rate_waits_for_the_half_year() -> None:
    periods = RATES.periods(Tariff(RateKind.COMMERCIAL), date(2020, 3, 1), date(2020, 8, 1))
    assert [(p.first_on, p.percent) for p in periods] == [
        (date(2020, 3, 1), Decimal("11.50")),
        (date(2020, 7, 1), Decimal("10.10")),
    ]


@pytest.mark.parametrize(
    ("kind", "on", "series"),
    [
        (RateKind.STATUTORY_DELAY, date(1992, 8, 14), Series.STATUTORY_BEFORE_2016),
        (RateKind.COMMERCIAL, date(2015, 12, 31), Series.COMMERCIAL_MARGIN),
        (RateKind.MAXIMUM_DELAY, date(2015, 12, 31), Series.NBP_LOMBARD),
        (RateKind.MAXIMUM_CAPITAL, date(2005, 1, 1), Series.LOMBARD_MULTIPLE),
    ],
)
def test_a_day_without_a_rate_is_named(kind: RateKind, on: date, series: Series) -> None:
    with pytest.raises(NoRateOnDay) as refused:
        RATES.percent(Tariff(kind), on)
    assert (refused.value.values["series"], refused.value.values["on"]) == (series, on)


def test_a_lombard_rate_that_somebody_adds_gives_the_old_maximum() -> None:
    lombard = with_step((), Step(date(2015, 3, 5), Decimal("2.50"), "NBP"))
    rates = Rates({**RATES.steps, Series.NBP_LOMBARD: lombard}, RATES.confirmed_until)
    assert rates.percent(Tariff(RateKind.MAXIMUM_CAPITAL), date(2015, 12, 31)) == 10
    assert rates.percent(Tariff(RateKind.MAXIMUM_CAPITAL), date(2016, 1, 1)) == 10


def test_a_contract_s_rate_needs_its_percent() -> None:
    with pytest.raises(TariffInvalid):
        Tariff(RateKind.CONTRACT_DELAY)


DAYS = st.dates(date(1992, 8, 15), date(2030, 1, 1))
AFTER_2016 = st.dates(date(2016, 1, 1), date(2030, 1, 1))


@given(
    AFTER_2016,
    st.integers(0, 3000),
    st.sampled_from([k for k in RateKind if k.value[:8] != "contract"]),
)
def test_periods_cover_every_day_once_and_neighbours_differ(
    first_on: date, days: int, kind: RateKind
) -> None:
    last_on = first_on + timedelta(days=days)
    periods = list(RATES.periods(Tariff(kind), first_on, last_on))
    assert periods[0].first_on == first_on
    assert periods[-1].last_on == last_on
    for one, other in itertools.pairwise(periods):
        assert other.first_on == one.last_on + timedelta(days=1)
        assert one.percent != other.percent


@given(DAYS)
def test_every_day_of_a_period_has_its_percent(on: date) -> None:
    (period,) = RATES.periods(Tariff(RateKind.STATUTORY_DELAY), on, on)
    assert period.percent == RATES.percent(Tariff(RateKind.STATUTORY_DELAY), on)


def test_every_source_of_a_rate_is_listed() -> None:
    listed = {row["id"] for row in csv.DictReader((DATA / "sources.csv").open())}
    used = {
        source
        for name in ("rates.csv", "rates_confirmed.csv")
        for row in csv.DictReader((DATA / name).open())
        for source in row["sources"].split(";")
    }
    assert used <= listed


HEAD = "series,valid_from,valid_to,value,article,sources,verification\n"


@pytest.mark.parametrize(
    "rows",
    [
        "nbp_reference,2020-01-02,,1,NBP,S,v\nnbp_reference,2020-01-01,,2,NBP,S,v\n",
        "nbp_reference,2020-01-01,,1,NBP,S,v\nnbp_reference,2020-01-01,,2,NBP,S,v\n",
        "nbp_reference,2020-01-01,2020-02-01,1,NBP,S,v\nnbp_reference,2020-02-01,,2,NBP,S,v\n",
        "nbp_reference,2020-01-01,,one,NBP,S,v\n",
        "nbp_reference,2020-01-01,,,NBP,S,v\n",
        "libor,2020-01-01,,1,NBP,S,v\n",
        "nbp_reference,yesterday,,1,NBP,S,v\n",
    ],
)
def test_a_table_that_cannot_be_trusted_is_not_read(tmp_path: Path, rows: str) -> None:
    (tmp_path / "rates.csv").write_text(HEAD + rows)
    (tmp_path / "rates_confirmed.csv").write_text("confirmed_until,sources\n2026-01-01,S\n")
    with pytest.raises(BrokenTable):
        shipped_rates(tmp_path)


def test_rates_without_a_confirmed_day_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text(HEAD)
    (tmp_path / "rates_confirmed.csv").write_text("confirmed_until,sources\n")
    with pytest.raises(BrokenTable):
        shipped_rates(tmp_path)
