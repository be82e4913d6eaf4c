"""Facts that arrive late, in any order, end in the balances they would have had in time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import system_actor
from ledger.allocation import Bucket
from ledger.legs import Leg
from ledger.lifecycle import Book, Component, TransactionKind
from ledger.models import Account, Balance, Posting, Transaction
from ledger.operations import (
    NothingToWriteOff,
    post_adjustment,
    post_charge,
    post_payment,
    post_write_off,
    reverse_posting,
)
from ledger.replay import Fact
from ledger.verification import verify_ledger, verify_replay
from tests.unit.ledger.facts_of_chance import AMOUNTS, DAYS, FIRST, naive_balances

pytestmark = pytest.mark.django_db

ACTOR = system_actor("test")
AT = datetime(2026, 4, 1, 9, tzinfo=UTC)
KINDS = ("charge", "principal", "payment", "payment", "write_off")


def open_account() -> Account:
    return Account.objects.create(currency="PLN", opened_on=FIRST)


def post(account: Account, what: tuple[str, date, int, str]) -> Fact | None:
    """Post it, and say what it is to the naive walk; None where it is refused."""
    kind, on, amount, key = what
    more: dict[str, Any] = {
        "account_id": account.pk, "idempotency_key": key, "source": f"test:{account.pk}",
        "actor": ACTOR, "at": AT,
    }  # fmt: skip
    name = (more["source"], key)
    if kind == "charge":
        pk = post_charge(
            component=Component.FEES, amount_minor=amount, due_on=on, reason="fee", **more
        )
        legs = (Leg(Component.FEES, on, amount), Leg(Book.CHARGE, None, -amount))
        return Fact(pk, TransactionKind.CHARGE, on, name, legs)
    if kind == "principal":
        due_on = on - timedelta(days=3)
        pk = post_adjustment(
            changes=[Bucket(Component.PRINCIPAL, due_on, amount)], reason="instalment",
            effective_on=on, **more,
        )  # fmt: skip
        legs = (Leg(Component.PRINCIPAL, due_on, amount), Leg(Book.ADJUSTMENT, None, -amount))
        return Fact(pk, TransactionKind.ADJUSTMENT, on, name, legs)
    if kind == "payment":
        posted = post_payment(amount_minor=amount, currency="PLN", value_on=on, **more)
        return Fact(posted.transaction_id, TransactionKind.PAYMENT, on, name, (), amount)
    try:
        pk = post_write_off(amount_minor=amount, effective_on=on, reason="small", **more)
    except NothingToWriteOff:
        return None
    return Fact(pk, TransactionKind.WRITE_OFF, on, name, (), amount)


def balances(account: Account) -> tuple[dict[tuple[str, date | None], int], int]:
    account.refresh_from_db()
    rows = Balance.objects.filter(account=account)
    owed = {(b.component, b.due_on): b.amount_minor for b in rows}
    return owed, account.overpaid_minor


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(KINDS), DAYS, AMOUNTS), min_size=2, max_size=8),
    st.sets(st.integers(0, 7), max_size=3),
    st.randoms(),
)
def test_any_arrival_ends_where_a_naive_walk_over_the_days_does(
    whats: Sequence[tuple[str, date, int]], taken_back: set[int], chance: random.Random
) -> None:
    account = open_account()
    numbered = [(*what, f"{place:03}") for place, what in enumerate(whats)]
    arrived = [
        fact for what in chance.sample(numbered, len(numbered)) if (fact := post(account, what))
    ]
    gone = [fact for place, fact in enumerate(arrived) if place in taken_back]
    for fact in chance.sample(gone, len(gone)):
        reverse_posting(transaction_id=fact.id, reason="wrong", actor=ACTOR, at=AT)
    assert balances(account) == naive_balances(fact for fact in arrived if fact not in gone)
    assert verify_replay([account.pk]) == []


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def test_a_late_payment_moves_what_a_later_one_paid_and_says_so() -> None:
    account = open_account()
    post(account, ("charge", day(0), 50, "a"))
    post(account, ("charge", day(4), 50, "b"))
    later = post(account, ("payment", day(4), 50, "c"))
    post(account, ("payment", day(2), 50, "d"))
    assert later is not None
    assert balances(account) == ({}, 0)
    correction = Transaction.objects.get(kind=TransactionKind.REALLOCATION)
    assert (correction.corrects_id, correction.effective_on) == (later.id, day(4))
    (event,) = list_events(subjects=[Subject("account", account.pk)], kinds=["balances.replayed"])
    assert event.payload["corrected"] == [
        {"transaction_id": later.id, "effective_on": "2026-03-06", "changes": {}}
    ]


def test_an_overpayment_pays_the_next_fee_at_once() -> None:
    account = open_account()
    post(account, ("payment", day(0), 80, "a"))
    post(account, ("charge", day(1), 50, "b"))
    assert balances(account) == ({}, 30)
    own = Posting.objects.filter(transaction__kind=TransactionKind.CHARGE)
    assert sorted(own.values_list("leg", "amount_minor")) == [("charge", -50), ("fees", 50)]


def test_a_reversed_payment_gives_its_place_to_the_one_after_it() -> None:
    account = open_account()
    post(account, ("charge", day(0), 50, "a"))
    first = post(account, ("payment", day(1), 50, "b"))
    post(account, ("payment", day(2), 50, "c"))
    assert first is not None
    assert balances(account) == ({}, 50)
    reverse_posting(transaction_id=first.id, reason="returned", actor=ACTOR, at=AT)
    assert balances(account) == ({}, 0)
    assert verify_ledger() == []
    assert verify_replay() == []


def test_the_proof_names_an_account_whose_postings_are_not_what_its_facts_come_to() -> None:
    account = open_account()
    post(account, ("charge", day(0), 50, "a"))
    fee = post(account, ("charge", day(1), 20, "b"))
    paid = post(account, ("payment", day(2), 50, "c"))
    assert fee is not None
    assert paid is not None
    forged = Transaction.objects.create(
        account=account, kind=TransactionKind.REALLOCATION, effective_on=day(2), recorded_at=AT,
        source="forged", idempotency_key="1", corrects_id=paid.id, actor_kind="system",
        actor_id="forger",
    )  # fmt: skip
    Posting.objects.bulk_create(
        [
            Posting(transaction=forged, account=account, leg="fees", due_on=due_on, amount_minor=n)
            for due_on, n in ((day(0), 20), (day(1), -20))
        ]
    )
    (finding,) = verify_replay()
    assert finding.code == "replay_differs"
    assert finding.values["account_id"] == account.pk
