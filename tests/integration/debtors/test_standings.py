"""How debts stand, as it is kept: from what the ledger posted, by its news and by the calendar."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from debtors.lifecycle import DebtorKind, PartyRole
from debtors.models import Debt, Debtor, DebtParty, ForbearanceMeasure, Standing, StandingCount
from debtors.operations import (
    NewMeasure,
    grant_measures,
    reckon_standings,
    review_standings,
    take_back_measures,
)
from debtors.queries import list_accounts_unmoved_by_interest
from journal.delivery import deliver_pending
from journal.operations import Subject
from journal.queries import list_events
from journal.subscribers import RecordedEvent
from kernel.actor import system_actor
from kernel.calendar import months_later, years_later
from kernel.clock import instant
from ledger.allocation import Bucket
from ledger.lifecycle import Component
from ledger.models import Account
from ledger.operations import post_adjustment, post_charge, post_payment, reverse_posting
from tests.integration.cases.builders import intake_run, make_debtor
from tests.unit.debtors.naive_standing import stands

pytestmark = pytest.mark.django_db

ACTOR = system_actor("tests")
D0 = date(2024, 1, 10)
EXAMPLES = Path(__file__).parents[2] / "unit" / "calculations" / "worked_examples.csv"


def day(count: int) -> date:
    return D0 + timedelta(days=count)


def noon(on: date) -> datetime:
    return instant(on) + timedelta(hours=12)


def examples(topic: str) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    with EXAMPLES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return [(row[0], json.loads(row[2]), json.loads(row[3])) for row in rows if row[1] == topic]


def open_debt(
    debtor: Debtor | None = None, *, is_consumer: bool = True, currency: str = "PLN",
    opened_on: date = D0,
) -> Debt:  # fmt: skip
    """A debt on which nothing is owed yet."""
    account = Account.objects.create(currency=currency, opened_on=opened_on)
    number = str(account.pk)
    debt = Debt.objects.create(
        account=account, external_id=f"S{number}", product="cash_loan", contract_no=f"S/{number}",
        currency=currency, is_consumer=is_consumer, seen_in_run=intake_run(),
    )  # fmt: skip
    DebtParty.objects.create(debt=debt, debtor=debtor or make_debtor(), role=PartyRole.MAIN_DEBTOR)
    return debt


def owe(debt: Debt, *parts: tuple[date | None, int], on: date = D0) -> None:
    """So much is owed on the debt since a day, due from another one; None: not yet due."""
    post_adjustment(
        account_id=debt.account_id,
        changes=[Bucket(Component.PRINCIPAL, due_on, minor) for due_on, minor in parts],
        reason="tests", idempotency_key=f"{debt.pk}:{on}:{parts}", effective_on=on, actor=ACTOR,
        at=noon(on),
    )  # fmt: skip


def pay(debt: Debt, minor: int, *, value_on: date, at: datetime) -> int:
    return post_payment(
        account_id=debt.account_id, amount_minor=minor, currency=debt.currency, value_on=value_on,
        idempotency_key=f"{debt.pk}:{value_on}:{minor}:{at}", actor=ACTOR, at=at,
    ).transaction_id  # fmt: skip


def reckon(debt: Debt, through: date, at: datetime | None = None) -> int:
    return reckon_standings(
        account_ids=[debt.account_id], through=through, actor=ACTOR, at=at or noon(through)
    )


def rows(debt: Debt, *, known_at: datetime | None = None) -> list[tuple[Any, ...]]:
    """Days, default, forborne and stage, as believed now or as was known at an instant."""
    found = Standing.objects.filter(debt=debt).order_by("from_on")
    if known_at is None:
        found = found.filter(replaced_at__isnull=True)
    else:
        found = found.filter(known_at__lte=known_at).exclude(replaced_at__lte=known_at)
    return list(found.values_list("from_on", "until_on", "default", "forborne", "stage"))


def told(debt: Debt) -> list[RecordedEvent]:
    return list_events(
        subjects=[Subject("account", debt.account_id)], kinds=["debt.standing_changed"]
    )


@pytest.mark.parametrize(("name", "asked", "answer"), examples("default_flag"))
def test_the_worked_examples_of_default_go_through_what_is_kept(
    name: str, asked: dict[str, Any], answer: dict[str, Any]
) -> None:
    overdue = int(Decimal(asked["overdue_pln"]) * 100)
    rest = int(Decimal(asked["exposure_pln"]) * 100) - overdue
    debt = open_debt(is_consumer=asked["segment"] == "retail")
    owe(debt, (D0, overdue), (None, rest))
    last = day(asked["consecutive_days_above"])
    reckon(debt, last)
    in_default = Standing.objects.filter(debt=debt, until_on=None, default="past_due").exists()
    assert in_default is answer["default"], name


@pytest.mark.parametrize(("name", "asked", "answer"), examples("forbearance_exit"))
def test_the_worked_examples_of_forbearance_go_through_what_is_kept(
    name: str, asked: dict[str, Any], answer: dict[str, Any]
) -> None:
    granted_on = date.fromisoformat(asked["forborne_on"])
    arrears_on = granted_on - timedelta(days=120 if asked["was_non_performing"] else 20)
    debt = open_debt(opened_on=arrears_on)
    owe(debt, (arrears_on, 100_000), (None, 400_000), on=arrears_on)
    (party,) = debt.parties.all()
    measure = NewMeasure(party.debtor_id, "PLN", granted_on, Decimal(0), name)
    assert grant_measures(measures=[measure], actor=ACTOR, at=noon(granted_on)) == 1
    paid_on = granted_on + timedelta(days=1)
    pay(debt, 100_000, value_on=paid_on, at=noon(paid_on))
    exit_on = date.fromisoformat(answer["earliest_exit"])
    reckon(debt, exit_on)
    spells = rows(debt)
    assert spells[-1][1] == exit_on - timedelta(days=1), name
    assert all(forborne != "no" for from_on, _, _, forborne, _ in spells if from_on > granted_on)


def test_the_ninety_first_day_over_both_thresholds_is_kept_with_what_was_counted() -> None:
    debt = open_debt()
    owe(debt, (D0, 100_000), (None, 400_000))
    reckon(debt, day(95))
    assert rows(debt) == [
        (day(31), day(90), "", "no", 2),
        (day(91), None, "past_due", "no", 3),
    ]
    standing = Standing.objects.get(debt=debt, until_on=None)
    assert standing.default_since == day(91)
    assert standing.grounds == {
        "material_since": str(day(1)), "due_since": str(D0), "overdue_minor": 100_000,
        "exposure_minor": 500_000, "currency": "PLN", "absolute_minor": 40_000,
        "relative_percent": "1", "days_limit": 90,
    }  # fmt: skip
    whole = Standing.objects.get(debtor=debt.parties.get().debtor, until_on=None)
    assert (whole.default, whole.default_since) == ("past_due", day(91))
    assert whole.grounds == {"debts": [debt.pk]}


def test_what_an_extract_says_to_be_overdue_counts_from_its_own_day() -> None:
    debt = open_debt(opened_on=day(100))
    owe(debt, (D0, 100_000), (None, 400_000), on=day(100))
    reckon(debt, day(100))
    assert rows(debt) == [(day(100), None, "past_due", "no", 3)], "nothing is told of before"
    assert Standing.objects.get(debt=debt).default_since == day(91)


def test_the_calendar_alone_brings_a_debt_into_default_and_touches_no_other() -> None:
    debt, other = open_debt(), open_debt()
    owe(debt, (D0, 100_000), (None, 400_000))
    owe(other, (D0, 10_000), (None, 400_000))
    for one in (debt, other):
        reckon(one, day(40))
    before = set(Standing.objects.values_list("id", flat=True))
    assert review_standings(on=day(90), actor=ACTOR, at=noon(day(90))) == 0
    assert set(Standing.objects.values_list("id", flat=True)) == before
    assert review_standings(on=day(91), actor=ACTOR, at=noon(day(91))) == 1
    assert rows(debt)[-1] == (day(91), None, "past_due", "no", 3)
    assert rows(other) == [(day(31), None, "", "no", 2)]
    (event,) = told(debt)
    assert (event.effective_on, event.payload["after"]["default"]) == (day(91), "past_due")
    assert review_standings(on=day(91), actor=ACTOR, at=noon(day(91))) == 0
    assert not StandingCount.objects.filter(review_on__lte=day(91)).exists()


def test_a_payment_that_comes_late_to_us_undoes_a_default_and_says_so() -> None:
    debt = open_debt()
    owe(debt, (D0, 100_000), (None, 400_000))
    reckon(debt, day(95))
    pay(debt, 70_000, value_on=day(60), at=noon(day(96)))
    deliver_pending(at=noon(day(96)))
    assert rows(debt) == [(day(31), None, "", "no", 2)], "300.00 left is past due, not material"
    assert rows(debt, known_at=noon(day(95)))[-1] == (day(91), None, "past_due", "no", 3)
    (event,) = told(debt)
    assert event.effective_on == day(91)
    assert event.payload["before"]["default"] == "past_due"
    assert event.payload["after"]["default"] == ""
    assert event.payload["back_dated"] is True


def test_the_same_payment_taken_back_brings_the_default_back() -> None:
    debt = open_debt()
    owe(debt, (D0, 100_000), (None, 400_000))
    reckon(debt, day(95))
    expected = rows(debt)
    paid = pay(debt, 70_000, value_on=day(60), at=noon(day(96)))
    deliver_pending(at=noon(day(96)))
    reverse_posting(transaction_id=paid, reason="another's", actor=ACTOR, at=noon(day(97)))
    deliver_pending(at=noon(day(97)))
    assert rows(debt) == expected
    assert [event.payload["after"]["default"] for event in told(debt)] == ["past_due", ""]


def test_a_default_paid_off_is_cured_after_three_months() -> None:
    debt = open_debt()
    owe(debt, (D0, 100_000), (None, 400_000))
    reckon(debt, day(95))
    pay(debt, 100_000, value_on=day(100), at=noon(day(100)))
    deliver_pending(at=noon(day(100)))
    assert rows(debt)[-1] == (day(100), None, "curing", "no", 3)
    cured_on = months_later(day(100), 3)
    assert Standing.objects.get(debt=debt, until_on=None, replaced_at=None).ends_on == cured_on
    review_standings(on=cured_on, actor=ACTOR, at=noon(cured_on))
    assert rows(debt)[-1][:2] == (day(100), cured_on - timedelta(days=1))


def test_a_firm_is_judged_over_all_it_owes_in_a_currency() -> None:
    firm = make_debtor(kind=DebtorKind.COMPANY)
    debts = [open_debt(firm, is_consumer=False) for _ in range(2)]
    elsewhere = open_debt(firm, is_consumer=False, currency="EUR")
    for debt in debts:
        owe(debt, (D0, 110_000), (None, 400_000))
    owe(elsewhere, (D0, 40_000))
    reckon(debts[0], day(91))
    assert [rows(debt)[-1][2] for debt in debts] == ["past_due", "past_due"]
    assert rows(elsewhere)[-1][2] == "", "400.00 euro do not exceed 500.00 and are not added"
    whole = Standing.objects.get(debtor=firm, until_on=None)
    assert whole.grounds == {"debts": [debt.pk for debt in debts]}


def test_a_debt_of_a_firm_that_is_paid_off_has_no_standing_left() -> None:
    firm = make_debtor(kind=DebtorKind.COMPANY)
    small, large = (open_debt(firm, is_consumer=False) for _ in range(2))
    owe(small, (D0, 110_000))
    owe(large, (D0, 310_000), (None, 400_000))
    pay(small, 110_000, value_on=day(100), at=noon(day(100)))
    reckon(small, day(110))
    assert rows(small)[-1][1] == day(99)
    assert rows(large)[-1][1:3] == (None, "past_due")


def test_debts_that_more_interest_cannot_move_are_known_without_their_postings() -> None:
    debt = open_debt()
    owe(debt, (D0, 100_000), (None, 400_000))
    reckon(debt, day(95))
    deliver_pending(at=noon(day(95)))
    assert list_accounts_unmoved_by_interest(since={debt.account_id: day(95)}) == {debt.account_id}
    assert list_accounts_unmoved_by_interest(since={debt.account_id: D0}) == set()
    small = open_debt()
    owe(small, (D0, 30_000))
    reckon(small, day(95))
    assert list_accounts_unmoved_by_interest(since={small.account_id: day(95)}) == {
        small.account_id
    }
    post_charge(
        account_id=small.account_id, component=Component.DEFAULT_INTEREST, amount_minor=10_001,
        due_on=day(95), reason="interest", idempotency_key="i", source="tests", actor=ACTOR,
        at=noon(day(95)),
    )  # fmt: skip
    assert list_accounts_unmoved_by_interest(since={small.account_id: day(95)}) == set()


def test_a_measure_of_the_day_that_is_taken_back_was_never_granted() -> None:
    debt = open_debt()
    owe(debt, (D0, 100_000), (None, 400_000))
    debtor_id = debt.parties.get().debtor_id
    new = [NewMeasure(debtor_id, "PLN", day(10), Decimal(0), "agreement:1")]
    assert grant_measures(measures=new, actor=ACTOR, at=noon(day(10))) == 1
    assert grant_measures(measures=new, actor=ACTOR, at=noon(day(10))) == 0, "told twice"
    assert rows(debt) == [(day(10), None, "", "probation", 2)]
    taken_back = take_back_measures(
        causes=["agreement:1"], on=day(10), actor=ACTOR, at=noon(day(10))
    )
    assert taken_back == 1
    assert rows(debt) == []
    assert ForbearanceMeasure.objects.get().voided_at is not None


def test_a_measure_of_an_earlier_day_stays_when_the_agreement_ends() -> None:
    debt = open_debt()
    owe(debt, (D0, 100_000), (None, 400_000))
    new = NewMeasure(debt.parties.get().debtor_id, "PLN", day(10), Decimal(0), "agreement:1")
    grant_measures(measures=[new], actor=ACTOR, at=noon(day(10)))
    assert take_back_measures(causes=["agreement:1"], on=day(11), actor=ACTOR,
                              at=noon(day(11))) == 0  # fmt: skip
    ends_on = years_later(day(10), 2)
    assert Standing.objects.get(debt=debt, replaced_at=None, until_on=None).ends_on == ends_on


def test_who_is_not_past_due_is_not_forborne_by_an_agreement() -> None:
    debt = open_debt()
    owe(debt, (None, 400_000))
    new = NewMeasure(debt.parties.get().debtor_id, "PLN", day(10), Decimal(0), "agreement:1")
    assert grant_measures(measures=[new], actor=ACTOR, at=noon(day(10))) == 0


def test_giving_up_a_part_of_the_claim_is_a_default_by_itself() -> None:
    debt = open_debt()
    owe(debt, (D0, 100_000), (None, 400_000))
    new = NewMeasure(debt.parties.get().debtor_id, "PLN", day(10), Decimal(20), "agreement:1")
    grant_measures(measures=[new], actor=ACTOR, at=noon(day(10)))
    assert rows(debt) == [(day(10), None, "restructuring", "cure", 3)]


def test_a_currency_without_thresholds_of_its_own_has_the_share_alone() -> None:
    debt = open_debt(currency="CHF")
    owe(debt, (D0, 6_000), (None, 400_000))
    reckon(debt, day(91))
    assert rows(debt)[-1][2] == "past_due"


ARREARS = st.lists(
    st.tuples(st.integers(-40, 200), st.sampled_from([20_000, 39_999, 40_001, 90_000])),
    min_size=1, max_size=3, unique_by=lambda part: part[0],
)  # fmt: skip
PAID = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from([10_000, 50_000, 150_000])), max_size=3
)


@settings(
    max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(ARREARS, PAID, st.none() | st.integers(1, 300), st.permutations([0, 1, 2]))
def test_what_is_kept_equals_a_count_of_every_single_day(
    arrears: Sequence[tuple[int, int]], paid: Sequence[tuple[int, int]], granted: int | None,
    order: Sequence[int],
) -> None:  # fmt: skip
    """Payments come in any order, each judged when it comes; in the end all days agree."""
    debt = open_debt(opened_on=day(-40))
    owe(debt, *((day(due), minor) for due, minor in arrears), (None, 500_000), on=day(-40))
    last, at = day(900), noon(day(900))
    reckon(debt, last)
    if granted is not None:
        ForbearanceMeasure.objects.create(
            debt=debt, granted_on=day(granted), loss_percent=0, cause="x", recorded_at=at
        )
    for place in order:
        if place < len(paid):
            pay(debt, paid[place][1], value_on=day(paid[place][0]), at=at)
            deliver_pending(at=at)
    reckon(debt, last, at)
    legs = debt.account.postings.exclude(leg__in=["adjustment", "cash", "overpayment"])
    owed = list(legs.values_list("transaction__effective_on", "due_on", "amount_minor"))
    expected = stands(owed, [day(granted)] if granted is not None else [], day(-40), last)
    kept = dict.fromkeys(expected, ("", "no", 1))
    for from_on, until_on, default, forborne, stage in rows(debt):
        on = from_on
        while on <= (until_on or last):
            kept[on] = (default, forborne, stage)
            on += timedelta(days=1)
    assert kept == expected
