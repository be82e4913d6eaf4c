"""Any figure of any day, as known then and as known now, whatever the order of arrival."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.actor import system_actor
from ledger.allocation import Bucket
from ledger.book_of_record import delay_tariff
from ledger.lifecycle import Component, Keeper
from ledger.models import Account
from ledger.operations import (
    NewBook,
    NewPause,
    accrue_account,
    change_keepers,
    pause_interest,
    post_adjustment,
    post_charge,
    post_payment,
    reverse_posting,
)
from ledger.queries import get_balances_as_of, get_interest_explained
from ledger.shipped_rates import shipped_rates
from ledger.verification import verify_ledger, verify_replay
from tests.integration.ledger.naive_interest import Told, naive_standing

pytestmark = pytest.mark.django_db

ACTOR = system_actor("test")
#: A Monday; the reference rate changes within the weeks that follow.
FIRST = date(2025, 4, 28)
LAST_DAY = 24
AT = datetime(2026, 4, 1, 9, tzinfo=UTC)
DAYS = st.integers(0, LAST_DAY - 1)
TARIFF = delay_tariff(Decimal("11.0"))
BOOK_FROM = 4
KINDS = ("principal", "fee", "payment", "payment", "interest")


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def open_account(*, ours_from: int | None = BOOK_FROM) -> Account:
    account = Account.objects.create(currency="PLN", opened_on=FIRST)
    if ours_from is not None:
        book = NewBook(account.pk, Keeper.HOUSE, day(ours_from), "termination", TARIFF)
        change_keepers(books=[book], at=AT, actor=ACTOR)
    return account


class Story:
    """What an account is told, posted at rising instants and kept for the naive walk."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.at = AT
        self.known: dict[datetime, list[Told]] = {}
        self.told: dict[str, Told] = {}
        self.payments: dict[str, int] = {}

    def tell(self, kind: str, number: int, amount: int, key: str) -> None:
        on = day(number)
        self.at += timedelta(minutes=1)
        if kind == "principal":
            due_on = on - timedelta(days=number % 4)
            post_adjustment(
                account_id=self.account.pk, reason="instalment", effective_on=on,
                changes=[Bucket(Component.PRINCIPAL, due_on, amount)], idempotency_key=key,
                source=f"test:{self.account.pk}", actor=ACTOR, at=self.at,
            )  # fmt: skip
            self.told[key] = Told("principal", on, amount, key, due_on)
        elif kind == "fee":
            post_charge(
                account_id=self.account.pk, component=Component.FEES, amount_minor=amount,
                due_on=on, reason="fee", idempotency_key=key, source=f"test:{self.account.pk}",
                actor=ACTOR, at=self.at,
            )  # fmt: skip
            self.told[key] = Told("fee", on, amount, key)
        elif kind == "payment":
            posted = post_payment(
                account_id=self.account.pk, amount_minor=amount, currency="PLN", value_on=on,
                idempotency_key=key, source=f"test:{self.account.pk}", actor=ACTOR, at=self.at,
            )  # fmt: skip
            self.payments[key] = posted.transaction_id
            self.told[key] = Told("payment", on, amount, key)
            self._interest(on)
        else:
            accrue_account(account_id=self.account.pk, on=on, at=self.at, actor=ACTOR)
            self._interest(on)
        self.known[self.at] = list(self.told.values())

    def _interest(self, on: date) -> None:
        if on >= day(BOOK_FROM):
            self.told[f"interest:{on}"] = Told("interest", on, 0, "")

    def take_back(self, key: str) -> None:
        self.at += timedelta(minutes=1)
        reverse_posting(
            transaction_id=self.payments[key], reason="returned", actor=ACTOR, at=self.at
        )
        del self.told[key]
        self.known[self.at] = list(self.told.values())

    def naive(self, told: Sequence[Told], number: int, free: Sequence[date] = ()) -> object:
        return naive_standing(
            told, on=day(number), free=free, first_on=day(BOOK_FROM), tariff=TARIFF,
            rates=shipped_rates(),
        )  # fmt: skip

    def found(self, number: int, known_at: datetime | None = None) -> object:
        standing = get_balances_as_of(account_id=self.account.pk, on=day(number), known_at=known_at)
        return dict(standing.parts), standing.credit_minor


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(KINDS), DAYS, st.integers(1, 900_000)), min_size=2, max_size=6
    ),
    st.sets(st.integers(0, 7), max_size=2),
    st.randoms(),
)
def test_every_day_is_what_a_naive_walk_says_then_and_now(
    whats: Sequence[tuple[str, int, int]], taken_back: set[int], chance: random.Random
) -> None:
    story = Story(open_account())
    numbered = [(*what, f"{place:03}") for place, what in enumerate(whats)]
    story.tell("principal", 0, 1_000_000, "first")
    for what in chance.sample(numbered, len(numbered)):
        story.tell(*what)
    gone = [key for key in story.payments if int(key) in taken_back]
    for key in chance.sample(gone, len(gone)):
        story.take_back(key)
    for number in range(LAST_DAY + 1):
        assert story.found(number) == story.naive(list(story.told.values()), number)
        known_at, told = chance.choice(sorted(story.known.items()))
        assert story.found(number, known_at) == story.naive(told, number)
    assert verify_replay([story.account.pk]) == []
    account = Account.objects.get(pk=story.account.pk)
    last = get_balances_as_of(account_id=account.pk, on=day(LAST_DAY))
    assert (last.outstanding_minor, last.due_minor, last.due_since, last.credit_minor) == (
        account.outstanding_minor, account.due_minor, account.due_since, account.overpaid_minor,
    )  # fmt: skip


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(KINDS), DAYS, st.integers(1, 900_000)), min_size=1, max_size=6
    ),
    st.tuples(DAYS, st.integers(0, 12)),
    st.integers(0, 6),
    st.randoms(),
)
def test_days_that_bear_no_interest_are_left_out_whenever_we_learn_of_them(
    whats: Sequence[tuple[str, int, int]],
    pause: tuple[int, int],
    after: int,
    chance: random.Random,
) -> None:
    story = Story(open_account())
    story.tell("principal", 0, 1_000_000, "first")
    first, length = pause
    free = [day(first + more) for more in range(length + 1)]
    for place, what in enumerate([*whats, ("interest", LAST_DAY, 0)]):
        if place == min(after, len(whats)):
            new = NewPause(story.account.pk, "hold:1", free[0], free[-1])
            pause_interest(pauses=[new], at=story.at, actor=ACTOR)
        story.tell(*what, f"{place:03}")
    for number in chance.sample(range(LAST_DAY + 1), 10):
        assert story.found(number) == story.naive(list(story.told.values()), number, free)
    assert verify_replay([story.account.pk]) == []


def test_what_was_known_then_stays_known_after_a_late_payment() -> None:
    story = Story(open_account(ours_from=None))
    story.tell("fee", 1, 50, "a")
    before = story.at
    story.tell("payment", 2, 50, "b")
    assert story.found(3, before) == ({("fees", day(1)): 50}, 0)
    assert story.found(3) == ({}, 0)
    assert story.found(1) == ({("fees", day(1)): 50}, 0)


def test_before_it_was_taken_over_an_account_is_not_here() -> None:
    account = open_account()
    standing = get_balances_as_of(account_id=account.pk, on=FIRST - timedelta(days=1))
    assert (standing.is_here, standing.outstanding_minor) == (False, 0)
    assert get_balances_as_of(account_id=account.pk, on=FIRST).is_here


def test_what_is_due_later_is_not_yet_due_on_the_day() -> None:
    story = Story(open_account(ours_from=None))
    post_adjustment(
        account_id=story.account.pk, reason="plan", effective_on=day(1), source="test",
        changes=[Bucket(Component.PRINCIPAL, day(9), 700), Bucket(Component.FEES, None, 40)],
        idempotency_key="plan", actor=ACTOR, at=AT,
    )  # fmt: skip
    standing = get_balances_as_of(account_id=story.account.pk, on=day(4))
    assert (standing.due_minor, standing.outstanding_minor, standing.due_since) == (0, 740, None)
    assert standing.not_yet_due_of(Component.PRINCIPAL) == 700
    standing = get_balances_as_of(account_id=story.account.pk, on=day(11))
    assert (standing.due_of(Component.PRINCIPAL), standing.days_past_due) == (700, 2)


def test_interest_is_explained_by_segments_that_add_up_to_what_is_posted() -> None:
    story = Story(open_account())
    story.tell("principal", 0, 1_000_000, "a")
    story.tell("payment", 15, 300_000, "b")
    story.tell("interest", 20, 0, "c")
    explained = get_interest_explained(account_id=story.account.pk, on=day(20))
    segments = [one.segment for one in explained.segments]
    assert segments[0].first_on == day(BOOK_FROM)
    assert segments[-1].last_on == day(20)
    assert len({segment.percent for segment in segments}) > 1
    assert explained.total_minor == explained.posted_minor > 0
    assert [one.rate for one in explained.segments if one.source] == ["statutory_delay"]
    assert {one.rate for one in explained.segments if not one.source} == {"contract_capital"}
    later = get_interest_explained(account_id=story.account.pk, on=day(40))
    assert later.not_posted_minor == later.total_minor - explained.posted_minor > 0


def test_interest_of_the_core_system_has_nothing_of_ours_to_explain() -> None:
    story = Story(open_account(ours_from=None))
    story.tell("principal", 0, 1_000_000, "a")
    explained = get_interest_explained(account_id=story.account.pk, on=day(20))
    assert (explained.keeper, explained.segments) == (Keeper.CORE, ())


def test_the_whole_ledger_adds_up_with_interest_in_it() -> None:
    story = Story(open_account())
    story.tell("principal", 0, 1_000_000, "a")
    story.tell("interest", 30, 0, "b")
    story.tell("payment", 10, 2_000_000, "c")
    assert verify_ledger() == []
    assert verify_replay() == []
