"""Thousands of payments posted at once come to what each would alone."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor, system_actor
from kernel.authority import RightMissing
from kernel.errors import DomainError
from ledger import allocation_orders
from ledger.allocation import Bucket
from ledger.allocation_orders import load_orders
from ledger.book_of_record import delay_tariff
from ledger.lifecycle import Component, Keeper
from ledger.models import Account, Balance, Posting, Transaction
from ledger.operations import (
    NewBook,
    NewPayment,
    PaymentPosted,
    change_keepers,
    post_adjustment,
    post_charge,
    post_payment,
    post_payments,
    reverse_posting,
    start_order,
)
from ledger.verification import verify_ledger, verify_replay
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user

pytestmark = pytest.mark.django_db

ACTOR = system_actor("test")
FIRST = date(2026, 3, 2)
AT = datetime(2026, 3, 9, 9, tzinfo=UTC)


class _Undo(Exception):
    pass


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def one_by_one(payments: Sequence[NewPayment]) -> list[PaymentPosted | DomainError]:
    outcomes: list[PaymentPosted | DomainError] = []
    for payment in payments:
        values = payment._asdict()
        del values["group"]
        try:
            with transaction.atomic():
                outcomes.append(post_payment(**values, source="statement", actor=ACTOR, at=AT))
        except DomainError as error:
            outcomes.append(error)
    return outcomes


def at_once(payments: Sequence[NewPayment]) -> list[PaymentPosted | DomainError]:
    return post_payments(payments=payments, source="statement", actor=ACTOR, at=AT)


def named(pk: int | None) -> Any:
    """Ids differ from run to run; a transaction is known by its source and key."""
    if pk is None:
        return None
    made = Transaction.objects.get(pk=pk)
    source, _, key = made.source, ":", made.idempotency_key
    if source == "replay":
        return (source, *(named(int(part.removeprefix("after"))) for part in key.split(":")))
    return (source, key)


def plain(outcome: PaymentPosted | DomainError) -> Any:
    if isinstance(outcome, DomainError):
        return outcome.code, sorted(outcome.values)
    return (
        named(outcome.transaction_id),
        dict(outcome.allocated),
        outcome.overpaid_minor,
        outcome.is_new,
    )


def state(account_ids: Sequence[int]) -> Any:
    """Everything that was written of the accounts."""
    transactions = [
        (
            named(one.pk), one.account_id, one.kind, one.effective_on, one.recorded_at, one.reason,
            named(one.corrects_id), one.actor_kind, one.actor_id,
            sorted(
                Posting.objects.filter(transaction=one).values_list(
                    "account_id", "leg", "due_on", "amount_minor"
                ),
                key=str,
            ),
        )
        for one in Transaction.objects.filter(account_id__in=account_ids)
    ]  # fmt: skip
    told = []
    for account_id in account_ids:
        for event in list_events(subjects=[Subject("account", account_id)]):
            payload = dict(event.payload)
            payload["transaction_id"] = named(payload.get("transaction_id"))
            for correction in payload.get("corrected", ()):
                correction["transaction_id"] = named(correction["transaction_id"])
            told.append((event.kind, event.subject_id, event.effective_on, payload))
    return {
        "transactions": sorted(transactions, key=str),
        "events": told,
        "balances": sorted(
            Balance.objects.values_list("account_id", "component", "due_on", "amount_minor"),
            key=str,
        ),
        "accounts": list(Account.objects.order_by("id").values()),
    }


def undone(work: Callable[[], Any]) -> Any:
    result = None
    try:
        with transaction.atomic():
            result = work()
            raise _Undo  # noqa: TRY301 - the way out of the transaction
    except _Undo:
        return result


def book_of_chance(chance: random.Random) -> list[int]:
    """Accounts with charges, principal, earlier payments, and one of them reversed; some are
    credited by an order of their own."""
    ids = []
    for number in range(3):
        account = Account.objects.create(
            currency="EUR" if number == 2 else "PLN",
            opened_on=FIRST,
            product=chance.choice(["", "mortgage", "credit_card"]),
        )
        ids.append(account.pk)
        if chance.random() < 0.4:
            start_order(
                account_ids=[account.pk], order_key="principal_first", cause=f"agreement:{number}",
                from_on=day(chance.randint(0, 5)), actor=ACTOR, at=AT,
            )  # fmt: skip
        more: dict[str, Any] = {
            "account_id": account.pk, "source": f"book:{account.pk}", "actor": ACTOR, "at": AT,
        }  # fmt: skip
        for place in range(chance.randint(0, 3)):
            on = day(chance.randint(0, 6))
            if chance.random() < 0.5:
                post_charge(
                    component=chance.choice([Component.FEES, Component.COSTS]),
                    amount_minor=chance.randint(1, 60), due_on=on, reason="fee",
                    idempotency_key=f"c{place}", **more,
                )  # fmt: skip
            else:
                buckets = [Bucket(Component.PRINCIPAL, chance.choice([on, None]), 40)]
                post_adjustment(
                    changes=buckets, reason="instalment", effective_on=on,
                    idempotency_key=f"a{place}", **more,
                )  # fmt: skip
        if chance.random() < 0.5:
            posted = post_payment(
                amount_minor=chance.randint(1, 60), currency=account.currency,
                value_on=day(chance.randint(0, 6)), idempotency_key="p", **more,
            )  # fmt: skip
            if chance.random() < 0.3:
                reverse_posting(
                    transaction_id=posted.transaction_id, reason="wrong", actor=ACTOR, at=AT
                )
    return ids


def payments_of_chance(chance: random.Random, ids: Sequence[int]) -> list[NewPayment]:
    """Late ones, repeated keys, wrong currencies, days to come, amounts of nothing."""
    made = []
    for place in range(chance.randint(1, 9)):
        key = f"k{chance.randint(0, place)}" if chance.random() < 0.2 else f"k{place}"
        account_id = chance.choice(ids)
        currency = Account.objects.get(pk=account_id).currency
        made.append(
            NewPayment(
                account_id if chance.random() > 0.05 else 10**9,
                chance.randint(1, 80) if chance.random() > 0.05 else 0,
                currency if chance.random() > 0.05 else "CHF",
                day(chance.randint(0, 7) if chance.random() > 0.05 else 30),
                f"{ids[0]}:{key}",
                f"title\t{place}\\",
            )
        )
    return made


@pytest.fixture(autouse=True)
def _mortgages_have_an_order(monkeypatch: pytest.MonkeyPatch) -> None:
    of_mortgages = [
        replace(order, products=("mortgage",), only_by_name=False)
        if order.key == "principal_first"
        else order
        for order in load_orders()
    ]
    monkeypatch.setattr(allocation_orders, "load_orders", lambda *_path: tuple(of_mortgages))


@pytest.mark.chaos
@pytest.mark.parametrize("seed", range(300 if os.environ.get("CHAOS") == "full" else 12))
def test_a_batch_writes_the_very_rows_that_payments_one_by_one_write(seed: int) -> None:
    chance = random.Random(seed)
    ids = book_of_chance(chance)
    payments = payments_of_chance(chance, ids)

    def run(post: Callable[[Sequence[NewPayment]], Any]) -> Any:
        cut = len(payments) // 2
        outcomes = [*post(payments[:cut]), *post(payments[cut:])]
        return [plain(outcome) for outcome in outcomes], state(ids)

    expected = undone(lambda: run(one_by_one))
    assert run(at_once) == expected
    assert verify_ledger() == []
    assert verify_replay(ids) == []


@pytest.mark.parametrize("seed", range(100 if os.environ.get("CHAOS") == "full" else 6))
def test_a_batch_comes_to_the_same_where_the_accounts_bear_interest(seed: int) -> None:
    chance = random.Random(seed)
    ids = book_of_chance(chance)
    for account_id in ids:
        post_adjustment(
            account_id=account_id, changes=[Bucket(Component.PRINCIPAL, FIRST, 50_000)],
            reason="instalment", effective_on=FIRST, idempotency_key="large",
            source=f"book:{account_id}", actor=ACTOR, at=AT,
        )  # fmt: skip
    books = [NewBook(pk, Keeper.HOUSE, day(1), "ours", delay_tariff(None)) for pk in ids[:2]]
    change_keepers(books=books, at=AT, actor=ACTOR)
    payments = [
        payment._replace(amount_minor=payment.amount_minor * 400)
        for payment in payments_of_chance(chance, ids)
    ]

    def run(post: Callable[[Sequence[NewPayment]], Any]) -> Any:
        post(payments)
        known = state(ids)
        return [row for row in known["balances"] if row[3]], known["accounts"]

    expected = undone(lambda: run(one_by_one))
    assert run(at_once) == expected
    assert verify_ledger() == []
    assert verify_replay(ids) == []


def account_with(minor: int) -> int:
    account = Account.objects.create(currency="PLN", opened_on=FIRST)
    post_charge(
        account_id=account.pk, component=Component.FEES, amount_minor=minor, due_on=FIRST,
        reason="fee", idempotency_key="f", source=f"book:{account.pk}", actor=ACTOR, at=AT,
    )  # fmt: skip
    return account.pk


def test_a_group_is_posted_together_or_not_at_all() -> None:
    one, other = account_with(50), account_with(50)
    outcomes = at_once(
        [
            NewPayment(one, 20, "PLN", FIRST, "a", group=1),
            NewPayment(other, 20, "EUR", FIRST, "b", group=1),
            NewPayment(other, 20, "PLN", FIRST, "c", group=2),
        ]
    )
    assert [isinstance(outcome, PaymentPosted) for outcome in outcomes] == [False, False, True]
    assert Account.objects.get(pk=one).due_minor == 50
    assert Account.objects.get(pk=other).due_minor == 30


def test_the_number_of_statements_does_not_grow_with_the_payments() -> None:
    ids = [account_with(50) for _ in range(12)]

    def statements(account_ids: Sequence[int], key: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            at_once([NewPayment(pk, 20, "PLN", day(1), f"{key}{pk}") for pk in account_ids])
        return len(caught)

    assert statements(ids[:2], "few") == statements(ids, "many")


def test_an_officer_posts_no_batch() -> None:
    officer: Actor = actor_of(make_user("anna", Role.OFFICER, None))
    with pytest.raises(RightMissing):
        post_payments(payments=[], source="statement", actor=officer, at=AT)
