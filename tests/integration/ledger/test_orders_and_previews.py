"""Orders of allocation that are registered, payments shown before they are posted, refunds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from kernel.actor import system_actor
from ledger.allocation import Bucket, OrderSource
from ledger.book_of_record import delay_tariff
from ledger.lifecycle import Component, Keeper
from ledger.models import Account, Balance, Transaction
from ledger.operations import (
    KeyReused,
    NewBook,
    NothingToRefund,
    NothingToWriteOff,
    PostingInvalid,
    WrongCurrency,
    change_keepers,
    end_order,
    post_adjustment,
    post_charge,
    post_payment,
    post_refund,
    post_shared_payment,
    post_write_off,
    register_products,
    start_order,
)
from ledger.queries.preview import NoDebtToPay, get_payment_preview, get_payment_shares
from ledger.verification import verify_ledger, verify_replay

pytestmark = pytest.mark.django_db

ACTOR = system_actor("test")
ON = date(2026, 4, 1)
AT = datetime(2026, 4, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def open_account(*buckets: Bucket, currency: str = "PLN") -> Account:
    account = Account.objects.create(currency=currency, opened_on=ON - 9 * DAY)
    if buckets:
        post_adjustment(
            account_id=account.pk, changes=buckets, reason="start", idempotency_key="start",
            source=f"test:{account.pk}", effective_on=ON - 9 * DAY, actor=ACTOR, at=AT,
        )  # fmt: skip
    return account


@pytest.fixture
def account() -> Account:
    return open_account(
        Bucket("principal", ON - 5 * DAY, 1_000), Bucket("default_interest", ON - 5 * DAY, 300)
    )


def pay(account: Account, amount: int, key: str, on: date = ON) -> Any:
    return post_payment(
        account_id=account.pk, amount_minor=amount, currency=account.currency, value_on=on,
        idempotency_key=key, source=f"test:{account.pk}", actor=ACTOR, at=AT,
    )  # fmt: skip


def owed(account: Account) -> dict[str, int]:
    rows = Balance.objects.filter(account=account)
    return dict(rows.values_list("component", "amount_minor"))


def agree(account: Account, from_on: date = ON, cause: str = "agreement:1") -> None:
    start_order(
        account_ids=[account.pk], order_key="principal_first", cause=cause, from_on=from_on,
        actor=ACTOR, at=AT,
    )  # fmt: skip


def is_sound() -> bool:
    return verify_ledger() == [] and verify_replay() == []


def test_payments_follow_the_order_of_the_agreement_and_are_put_right_when_it_ends(
    account: Account,
) -> None:
    assert pay(account, 100, "1", ON - DAY).allocated == {"default_interest": 100}
    agree(account)
    assert pay(account, 200, "2").allocated == {"principal": 200}
    assert owed(account) == {"principal": 800, "default_interest": 200}
    end_order(cause="agreement:1", until_on=ON - DAY, actor=ACTOR, at=AT)
    assert owed(account) == {"principal": 1_000}
    assert is_sound()


def test_an_order_that_starts_twice_changes_nothing_more(account: Account) -> None:
    pay(account, 200, "1")
    agree(account)
    agree(account)
    assert owed(account) == {"principal": 800, "default_interest": 300}
    agree(account, cause="agreement:2")
    end_order(cause="agreement:1", until_on=ON, actor=ACTOR, at=AT)
    assert owed(account) == {"principal": 800, "default_interest": 300}
    assert is_sound()


def test_a_product_is_registered_once_and_told_how_many_changed(account: Account) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE told (account_id bigint, product text) ON COMMIT DROP"
        )
        cursor.execute("INSERT INTO told VALUES (%s, 'credit_card')", [account.pk])
    assert register_products(products="told", actor=ACTOR, at=AT) == 1
    assert register_products(products="told", actor=ACTOR, at=AT) == 0
    account.refresh_from_db()
    assert account.product == "credit_card"


@pytest.mark.parametrize("on", [ON, ON - 3 * DAY])
@pytest.mark.parametrize("amount", [50, 300, 900, 1_300, 2_000])
def test_what_is_shown_before_is_what_is_posted_also_for_an_earlier_day(
    account: Account, amount: int, on: date
) -> None:
    pay(account, 250, "later")
    shown = get_payment_preview(account_id=account.pk, amount_minor=amount, value_on=on)
    count = Transaction.objects.count()
    posted = pay(account, amount, "shown", on)
    parts: dict[str, int] = {}
    for part in shown.parts:
        parts[part.component] = parts.get(part.component, 0) + part.amount_minor
    assert parts == posted.allocated
    assert shown.overpaid_minor == posted.overpaid_minor
    assert sum(parts.values()) + shown.overpaid_minor == amount
    corrections = Transaction.objects.filter(kind="reallocation").count()
    assert (shown.corrected, Transaction.objects.count()) == (corrections, count + 1 + corrections)
    assert is_sound()


@pytest.mark.parametrize("on", [ON, ON - 3 * DAY])
@pytest.mark.parametrize("amount", [50, 90_000, 120_000])
def test_what_is_shown_before_counts_the_interest_that_is_posted_first(
    amount: int, on: date
) -> None:
    account = open_account(Bucket("principal", ON - 9 * DAY, 100_000))
    book = NewBook(account.pk, Keeper.HOUSE, ON - 8 * DAY, "ours", delay_tariff(None))
    change_keepers(books=[book], at=AT, actor=ACTOR)
    shown = get_payment_preview(account_id=account.pk, amount_minor=amount, value_on=on)
    posted = pay(account, amount, "shown", on)
    parts: dict[str, int] = {}
    for part in shown.parts:
        parts[part.component] = parts.get(part.component, 0) + part.amount_minor
    assert amount < 100_000 or parts["default_interest"] > 0
    assert (parts, shown.overpaid_minor) == (dict(posted.allocated), posted.overpaid_minor)
    assert is_sound()


def test_a_preview_names_the_order_and_the_interest_that_would_be_left(account: Account) -> None:
    agree(account)
    shown = get_payment_preview(account_id=account.pk, amount_minor=1_100, value_on=ON)
    assert (shown.order_key, shown.source) == ("principal_first", OrderSource.AGREEMENT)
    assert (shown.residual_minor, shown.residual) == (200, "propose_write_off")
    assert (
        get_payment_preview(account_id=account.pk, amount_minor=5, value_on=ON).residual_minor == 0
    )


def test_a_payment_without_a_choice_pays_the_oldest_debt_first_and_loses_no_grosz(
    account: Account,
) -> None:
    older = open_account(Bucket("fees", ON - 8 * DAY, 400))
    euro = open_account(Bucket("fees", ON - 9 * DAY, 400), currency="EUR")
    ids = [account.pk, older.pk, euro.pk]
    asked: dict[str, Any] = {"account_ids": ids, "amount_minor": 500, "currency": "PLN"}
    assert get_payment_shares(**asked, on=ON) == {older.pk: 400, account.pk: 100}

    values = {**asked, "value_on": ON, "idempotency_key": "1", "actor": ACTOR, "at": AT}
    first = post_shared_payment(**values)
    again = post_shared_payment(**values)

    assert [(s.account_id, s.amount_minor) for s in first.shares] == [
        (older.pk, 400),
        (account.pk, 100),
    ]
    assert (first.is_new, again.is_new) == (True, False)
    assert again.shares == first.shares
    assert Transaction.objects.filter(kind="payment").count() == 2
    with pytest.raises(KeyReused):
        post_shared_payment(**{**values, "amount_minor": 501})
    rest = post_shared_payment(**{**values, "amount_minor": 5_000, "idempotency_key": "2"})
    assert sum(share.amount_minor for share in rest.shares) == 5_000
    assert sum(share.overpaid_minor for share in rest.shares) == 5_000 - 1_200
    assert is_sound()


def test_a_payment_in_a_currency_of_none_of_the_debts_is_refused(account: Account) -> None:
    with pytest.raises(NoDebtToPay):
        get_payment_shares(account_ids=[account.pk], amount_minor=1, currency="EUR", on=ON)
    with pytest.raises(WrongCurrency):
        post_payment(
            account_id=account.pk, amount_minor=1, currency="EUR", value_on=ON,
            idempotency_key="x", actor=ACTOR, at=AT,
        )  # fmt: skip


def refund(account: Account, amount: int, key: str = "1", on: date = ON) -> int:
    return post_refund(
        account_id=account.pk, amount_minor=amount, reason="r", idempotency_key=key,
        source="test", effective_on=on, actor=ACTOR, at=AT,
    )  # fmt: skip


def test_a_refund_takes_of_the_credit_once_and_never_more_than_there_is(account: Account) -> None:
    pay(account, 1_500, "1")
    with pytest.raises(NothingToRefund):
        refund(account, 201)
    with pytest.raises(PostingInvalid):
        refund(account, 0)
    assert refund(account, 150) == refund(account, 150)
    account.refresh_from_db()
    assert account.overpaid_minor == 50
    assert is_sound()


def test_a_payment_of_before_does_not_undo_a_write_off_of_components(account: Account) -> None:
    post_write_off(
        account_id=account.pk, amount_minor=200, components=[Component.DEFAULT_INTEREST],
        reason="w", idempotency_key="w", effective_on=ON, actor=ACTOR, at=AT,
    )  # fmt: skip
    pay(account, 250, "late", ON - DAY)
    assert owed(account) == {"principal": 1_000}
    with pytest.raises(NothingToWriteOff):
        post_write_off(
            account_id=account.pk, amount_minor=1, components=[Component.DEFAULT_INTEREST],
            reason="w", idempotency_key="x", actor=ACTOR, at=AT,
        )  # fmt: skip
    post_charge(
        account_id=account.pk, component=Component.DEFAULT_INTEREST, amount_minor=70, due_on=ON,
        reason="i", idempotency_key="i", source="test", actor=ACTOR, at=AT,
    )  # fmt: skip
    assert is_sound()
