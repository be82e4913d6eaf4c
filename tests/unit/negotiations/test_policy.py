"""The shipped policy is sound, and a broken one is refused by name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kernel.calendar import POLAND
from kernel.money import Money
from negotiations.lifecycle import (
    AGREEMENT_LIFECYCLE,
    AgreementKind,
    AgreementStatus,
    InstalmentStatus,
)
from negotiations.policy import (
    FILE,
    BrokenPolicy,
    NoPolicyOnDay,
    OutsidePolicy,
    check_bounds,
    list_excesses,
    load_policies,
    policy_on,
)
from negotiations.schedule import Schedule, Terms, build_schedule
from staff.rights import Role

ON = date(2026, 5, 12)
KIND = AgreementKind
GOOD = FILE.read_text(encoding="utf-8")


def schedule(total: int, terms: Terms) -> Schedule:
    return build_schedule(total=Money(total, "PLN"), terms=terms, calendar=POLAND)


def excesses(role: str, total: int, terms: Terms) -> list[str]:
    found = list_excesses(
        policy=policy_on(ON), role=role, kind=terms.kind, schedule=schedule(total, terms), on=ON
    )
    return [excess.code for excess in found]


@pytest.mark.parametrize(
    ("role", "terms", "codes"),
    [
        ("officer", Terms(KIND.INSTALMENTS, 12, date(2026, 5, 20)), []),
        ("officer", Terms(KIND.INSTALMENTS, 13, date(2026, 5, 20)), ["instalments"]),
        ("officer", Terms(KIND.DEFERRAL, 1, date(2026, 6, 11)), []),
        ("officer", Terms(KIND.DEFERRAL, 1, date(2026, 6, 12)), ["deferral_days"]),
        ("officer", Terms(KIND.SETTLEMENT, 1, date(2026, 5, 20), 1), ["write_off_share"]),
        ("team_leader", Terms(KIND.SETTLEMENT, 1, date(2026, 5, 20), 100_00), []),
        (
            "team_leader",
            Terms(KIND.SETTLEMENT, 25, date(2026, 5, 20), 100_01),
            ["instalments", "write_off_share"],
        ),
        ("manager", Terms(KIND.SETTLEMENT, 25, date(2026, 5, 20), 700_00), []),
        ("auditor", Terms(KIND.DEFERRAL, 1, date(2026, 5, 20)), ["role_may_not_agree"]),
    ],
)
def test_each_role_has_its_limits(role: str, terms: Terms, codes: list[str]) -> None:
    assert excesses(role, 1000_00, terms) == codes


@pytest.mark.parametrize(
    ("total", "terms", "excess"),
    [
        (1000_00, Terms(KIND.DEFERRAL, 1, date(2026, 5, 11)), "first_due_passed"),
        (1000_00, Terms(KIND.INSTALMENTS, 2, date(2026, 7, 14)), "first_due_too_late"),
        (99_98, Terms(KIND.INSTALMENTS, 2, date(2026, 5, 20)), "instalment_too_small"),
    ],
)
def test_the_bounds_hold_for_everybody(total: int, terms: Terms, excess: str) -> None:
    with pytest.raises(OutsidePolicy) as refused:
        check_bounds(policy=policy_on(ON), schedule=schedule(total, terms), on=ON)
    assert refused.value.values["excess"] == excess


def test_a_single_small_debt_may_be_put_off_or_paid_at_once() -> None:
    terms = Terms(KIND.DEFERRAL, 1, date(2026, 5, 20))
    check_bounds(policy=policy_on(ON), schedule=schedule(1, terms), on=ON)


def test_a_currency_that_is_not_named_has_no_amount_at_once() -> None:
    policy = policy_on(ON)
    assert policy.at_once_minor("officer", "TWD") == 0
    assert policy.at_once_minor("officer", "PLN") == 20_000_00
    assert policy.tolerance_minor("TWD") == 0


def test_every_role_of_the_policy_exists() -> None:
    for policy in load_policies(FILE):
        assert set(policy.roles) <= {role.value for role in Role}


def test_before_the_first_policy_nothing_is_agreed() -> None:
    with pytest.raises(NoPolicyOnDay):
        policy_on(date(2015, 12, 31))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tolerance_days = 5", 'tolerance_days = "5"'),
        ("tolerance_days = 5", ""),
        ('write_off_share = "0.10"', 'write_off_share = "1.10"'),
        ('PLN = "5.00"', 'PLN = "5.001"'),
        ('PLN = "50.00"', 'PLN = "fifty"'),
        ("[[policy]]\n", "[[policies]]\n"),
        ("valid_from = 2016-01-01", ""),
        ("instalments = 12", "instalments = -1"),
    ],
)
def test_a_broken_policy_is_refused_when_it_is_loaded(tmp_path: Path, old: str, new: str) -> None:
    assert old in GOOD
    file = tmp_path / "policy.toml"
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BrokenPolicy):
        load_policies(file)


def test_the_policy_in_force_is_the_latest_that_has_begun(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    later = GOOD.replace("2016-01-01", "2026-06-01").replace(
        'write_off_share = "0.10"', 'write_off_share = "0.15"'
    )
    file.write_text(GOOD + later, encoding="utf-8")
    first, second = load_policies(file)
    assert first.valid_from < second.valid_from
    assert second.roles["team_leader"].write_off_share == Decimal("0.15")


def test_every_status_of_an_agreement_can_be_reached() -> None:
    assert AGREEMENT_LIFECYCLE.unreachable(AgreementStatus.PROPOSED) == set()
    assert {status.value for status in InstalmentStatus} == {"open", "paid", "missed"}
