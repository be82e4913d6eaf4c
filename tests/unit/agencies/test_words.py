"""Every status, reason and refusal of agreements, agencies and courts has its words."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import date
from types import ModuleType
from typing import Any

import pytest

import agencies.exchange
import agencies.operations.agencies
import agencies.operations.batch
import agencies.operations.payments
import agencies.operations.propose
import agencies.placeable
import agencies.queries
import agencies.wording
import courts.claimable
import courts.operations.closing
import courts.operations.costs
import courts.operations.moving
import courts.operations.propose
import courts.queries
import courts.wording
import kernel.dated_tables
import negotiations.operations.decide
import negotiations.operations.force
import negotiations.operations.propose
import negotiations.operations.withdraw
import negotiations.policy
import negotiations.queries.agreements
import negotiations.queries.terms
import negotiations.schedule
import negotiations.wording
import staff.approvals
from agencies.lifecycle import PLACEMENT_LIFECYCLE, EndReason, ExclusionGround, PlacementStatus
from cases.lifecycle import HoldKind
from cases.wording import hold_name
from courts.lifecycle import REFERRAL_LIFECYCLE, CostKind, Outcome, Procedure, ReferralStatus
from kernel.authority import RightMissing
from kernel.errors import DomainError
from kernel.money import Money
from negotiations.lifecycle import AgreementKind, AgreementStatus, InstalmentStatus
from staff.refusals import say_refusal

MODULES: list[tuple[Callable[[DomainError], str], ModuleType]] = [
    *(
        (agencies.wording.say_refusal, module)
        for module in (
            agencies.exchange, agencies.operations.agencies, agencies.operations.batch,
            agencies.operations.payments, agencies.operations.propose, agencies.placeable,
            agencies.queries,
        )
    ),
    *(
        (courts.wording.say_refusal, module)
        for module in (
            courts.claimable, kernel.dated_tables, courts.operations.closing,
            courts.operations.costs, courts.operations.moving, courts.operations.propose,
            courts.queries,
        )
    ),
    *(
        (negotiations.wording.say_refusal, module)
        for module in (
            negotiations.operations.decide, negotiations.operations.force,
            negotiations.operations.propose,
            negotiations.operations.withdraw, negotiations.queries.agreements,
            negotiations.queries.terms, staff.approvals,
        )
    ),
]  # fmt: skip


def refusals() -> Iterator[Any]:
    for say, module in MODULES:
        for name, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, DomainError) and found.__module__ == module.__name__:
                yield pytest.param(say, found, id=f"{module.__name__}.{name}")


#: Bad files and batches are for operators and logs, which show the code.
UNWORDED = {"batch_not_found"}


@pytest.mark.parametrize(("say", "refusal"), list(refusals()))
def test_every_refusal_has_a_sentence(
    say: Callable[[DomainError], str], refusal: type[DomainError]
) -> None:
    said = say(refusal())
    assert said
    assert refusal.code in UNWORDED or refusal.code not in said


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ("total", "nothing_due"),
        ("count", "out_of_range"),
        ("count", "deferral_is_one_payment"),
        ("count", "instalments_are_several"),
        ("count", "instalment_of_nothing"),
        ("write_off", "out_of_range"),
        ("write_off", "only_in_a_settlement"),
    ],
)
def test_impossible_terms_are_said_in_words(field: str, why: str) -> None:
    said = negotiations.wording.say_refusal(
        negotiations.schedule.InvalidTerms(field=field, why=why)
    )
    assert "invalid_terms" not in said


@pytest.mark.parametrize(
    "excess", ["first_due_passed", "first_due_too_late", "instalment_too_small"]
)
def test_terms_outside_the_policy_are_said_in_words(excess: str) -> None:
    error = negotiations.policy.OutsidePolicy(excess=excess, limit=Money(50_00, "PLN"), value=1)
    assert "outside_policy" not in negotiations.wording.say_refusal(error)


def test_values_are_put_in_as_people_read_them() -> None:
    over = staff.approvals.OverLimit(amount_minor=123_456, limit_minor=5, currency="PLN")
    assert "1\u00a0234,56" in say_refusal(over, {})
    still = courts.operations.moving.TermStillRuns(ends_on=date(2026, 6, 22))
    assert "22.06.2026" in courts.wording.say_refusal(still)


def test_codes_among_the_values_are_named_in_words() -> None:
    held = agencies.placeable.CaseOnHold(holds=["death", "bankruptcy"])
    said = agencies.wording.say_refusal(held)
    assert str(hold_name(HoldKind.DEATH)) in said
    assert "bankruptcy" not in said


def test_an_unknown_refusal_names_its_code() -> None:
    class Strange(DomainError):
        code = "strange"

    assert "strange" in say_refusal(Strange(), {})
    assert "right_missing" not in say_refusal(RightMissing(right="x"), {})


@pytest.mark.parametrize(
    ("name", "values"),
    [
        (agencies.wording.placement_status_name, PlacementStatus),
        (agencies.wording.end_reason_name, EndReason),
        (agencies.wording.exclusion_ground_name, ExclusionGround),
        (courts.wording.referral_status_name, ReferralStatus),
        (courts.wording.procedure_name, Procedure),
        (courts.wording.outcome_name, Outcome),
        (courts.wording.cost_name, CostKind),
        (negotiations.wording.agreement_kind_name, AgreementKind),
        (negotiations.wording.agreement_status_name, AgreementStatus),
        (negotiations.wording.instalment_status_name, InstalmentStatus),
    ],
)
def test_every_value_has_a_name(name: Callable[[Any], object], values: Any) -> None:
    assert all(str(name(value)) for value in values)


def test_every_status_can_be_reached() -> None:
    assert PLACEMENT_LIFECYCLE.unreachable(PlacementStatus.PROPOSED) == set()
    assert REFERRAL_LIFECYCLE.unreachable(ReferralStatus.PROPOSED) == set()
