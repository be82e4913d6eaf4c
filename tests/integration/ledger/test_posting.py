"""Payments, adjustments, write-offs and reversals: balanced, once, and told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor, ActorKind, system_actor
from kernel.authority import RightMissing
from ledger.allocation import Bucket
from ledger.lifecycle import Component
from ledger.models import Account, Balance, Posting, Transaction
from ledger.operations import (
    AccountNotFound,
    FutureValueDay,
    KeyReused,
    NothingToWriteOff,
    PostingInvalid,
    WrongCurrency,
    move_to_due,
    post_adjustment,
    post_charge,
    post_payment,
    post_write_off,
    reverse_posting,
)
from ledger.operations.changes import CannotReverse
from ledger.verification import verify_ledger

ON = date(2025, 10, 1)
AT = datetime(2025, 10, 1, 9, tzinfo=UTC)
ACTOR = system_actor("test")
JULY, AUGUST = date(2025, 7, 1), date(2025, 8, 1)

pytestmark = pytest.mark.django_db


def open_account(*buckets: Bucket, currency: str = "PLN") -> Account:
    account = Account.objects.create(currency=currency, opened_on=ON)
    if buckets:
        post_adjustment(
            account_id=account.pk, changes=buckets, reason="start", idempotency_key="start",
            source=f"test:{account.pk}", actor=ACTOR, at=AT,
        )  # fmt: skip
    account.refresh_from_db()
    return account


@pytest.fixture
def account() -> Account:
    return open_account(
        Bucket("principal", JULY, 1000),
        Bucket("fees", AUGUST, 200),
        Bucket("contractual_interest", AUGUST, 300),
        Bucket("principal", None, 5000),
    )


def pay(account: Account, amount: int, key: str = "1", **changes: Any) -> Any:
    values = {"currency": "PLN", "value_on": ON, "idempotency_key": key, "actor": ACTOR, "at": AT}
    return post_payment(account_id=account.pk, amount_minor=amount, **{**values, **changes})


def state(account: Account) -> tuple[int, int, date | None]:
    account.refresh_from_db()
    return account.outstanding_minor, account.due_minor, account.due_since


def test_a_payment_pays_the_oldest_first_and_moves_the_day_since_when(account: Account) -> None:
    posted = pay(account, 1250)
    assert posted.allocated == {"principal": 1000, "fees": 200, "contractual_interest": 50}
    assert state(account) == (5250, 250, AUGUST)
    assert verify_ledger() == []


def test_a_payment_of_everything_due_leaves_nothing_due_and_the_rest_outstanding(
    account: Account,
) -> None:
    pay(account, 1500)
    assert state(account) == (5000, 0, None)


def test_what_is_paid_too_much_is_an_overpayment_and_touches_no_future_principal(
    account: Account,
) -> None:
    assert pay(account, 1700).overpaid_minor == 200
    assert state(account) == (5000, 0, None)
    assert Posting.objects.get(leg="overpayment").amount_minor == -200


def test_the_event_tells_how_the_account_stands_after(account: Account) -> None:
    pay(account, 1250, reference="transfer 7")
    (event,) = list_events(subjects=[Subject("account", account.pk)], kinds=["payment.posted"])
    known = {"amount_minor": 1250, "due_minor": 250, "due_since": "2025-08-01",
             "outstanding_minor": 5250, "reference": "transfer 7", "currency": "PLN"}  # fmt: skip
    assert known.items() <= event.payload.items()
    assert event.effective_on == ON


def test_the_same_key_again_changes_nothing_and_answers_the_same(account: Account) -> None:
    first, again = pay(account, 400), pay(account, 400)
    assert (first.is_new, again.is_new) == (True, False)
    assert (again.transaction_id, again.allocated) == (first.transaction_id, first.allocated)
    assert state(account)[1] == 1100


@pytest.mark.parametrize("changes", [{"amount_minor": 401}, {"value_on": date(2025, 9, 30)}])
def test_the_same_key_for_another_payment_is_refused(
    account: Account, changes: dict[str, Any]
) -> None:
    pay(account, 400)
    with pytest.raises(KeyReused):
        pay(account, changes.pop("amount_minor", 400), **changes)


@pytest.mark.parametrize(
    ("amount", "changes", "error"),
    [
        (0, {}, PostingInvalid),
        (-5, {}, PostingInvalid),
        (10**16, {}, PostingInvalid),
        (5, {"currency": "EUR"}, WrongCurrency),
        (5, {"value_on": date(2025, 10, 2)}, FutureValueDay),
        (5, {"actor": Actor(ActorKind.USER, "1")}, RightMissing),
    ],
)
def test_a_payment_that_cannot_be_is_refused(
    account: Account, amount: int, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        pay(account, amount, **changes)
    assert Transaction.objects.filter(kind="payment").count() == 0


def test_an_unknown_account_is_refused() -> None:
    with pytest.raises(AccountNotFound):
        pay(Account(pk=999), 5)


def test_a_reversed_payment_owes_again_exactly_what_it_paid(account: Account) -> None:
    before = sorted(Balance.objects.values_list("component", "due_on", "amount_minor"), key=str)
    posted = pay(account, 1700)
    reverse_posting(
        transaction_id=posted.transaction_id, reason="wrong account", actor=ACTOR, at=AT
    )
    after = sorted(Balance.objects.values_list("component", "due_on", "amount_minor"), key=str)
    assert after == before
    with pytest.raises(CannotReverse):
        reverse_posting(transaction_id=posted.transaction_id, reason="twice", actor=ACTOR, at=AT)
    assert verify_ledger() == []


def test_what_was_paid_of_a_debt_that_is_taken_back_is_the_debtor_s_credit(
    account: Account,
) -> None:
    pay(account, 1400)
    start = Transaction.objects.get(kind="adjustment")
    reverse_posting(transaction_id=start.pk, reason="not this debtor", actor=ACTOR, at=AT)
    assert state(account) == (0, 0, None)
    assert account.overpaid_minor == 1400
    assert verify_ledger() == []


def test_a_write_off_takes_what_is_due_first_and_never_more_than_is_owed(
    account: Account,
) -> None:
    values: dict[str, Any] = {"reason": "settlement", "actor": ACTOR, "at": AT}
    post_write_off(account_id=account.pk, amount_minor=1600, idempotency_key="1", **values)
    assert state(account) == (4900, 0, None)
    with pytest.raises(NothingToWriteOff):
        post_write_off(account_id=account.pk, amount_minor=4901, idempotency_key="2", **values)
    post_write_off(account_id=account.pk, amount_minor=None, idempotency_key="3", **values)
    assert state(account) == (0, 0, None)
    assert verify_ledger() == []


def test_on_termination_everything_falls_due(account: Account) -> None:
    values: dict[str, Any] = {
        "due_on": ON, "reason": "termination", "idempotency_key": "t", "source": "test",
        "actor": ACTOR, "at": AT,
    }  # fmt: skip
    moved = move_to_due(account_id=account.pk, **values)
    assert state(account) == (6500, 6500, JULY)
    assert move_to_due(account_id=account.pk, **values) == moved
    assert move_to_due(account_id=account.pk, **{**values, "idempotency_key": "u"}) is None
    assert verify_ledger() == []


def test_a_charge_is_owed_from_its_day(account: Account) -> None:
    post_charge(
        account_id=account.pk, component=Component.COSTS, amount_minor=3000, due_on=ON,
        reason="court fee", idempotency_key="c", source="test", actor=ACTOR, at=AT,
    )  # fmt: skip
    assert state(account) == (9500, 4500, JULY)
    assert pay(account, 1001).allocated == {"principal": 1000, "fees": 1}


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [Bucket("principal", JULY, 0)],
        [Bucket("principal", JULY, -1001)],
        [Bucket("opening", None, 5)],
    ],
)
def test_an_adjustment_that_cannot_be_is_refused(account: Account, changes: list[Bucket]) -> None:
    with pytest.raises(PostingInvalid):
        post_adjustment(
            account_id=account.pk, changes=changes, reason="x", idempotency_key="a", actor=ACTOR,
            at=AT,
        )  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_posting SET amount_minor = amount_minor + 1",
        "DELETE FROM ledger_posting",
        "TRUNCATE ledger_posting CASCADE",
        "UPDATE ledger_transaction SET reason = 'x'",
        "DELETE FROM ledger_transaction",
        """
        INSERT INTO ledger_posting (transaction_id, account_id, leg, amount_minor)
        SELECT id, account_id, 'fees', 5 FROM ledger_transaction
        """,
    ],
)
def test_the_database_itself_refuses_to_change_or_unbalance_the_ledger(
    account: Account, statement: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(statement)


def test_a_transaction_never_reaches_into_another_account(account: Account) -> None:
    other = open_account()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_posting (transaction_id, account_id, leg, amount_minor)"
            " SELECT id, %(o)s, 'fees', 5 FROM ledger_transaction UNION ALL"
            " SELECT id, %(o)s, 'cash', -5 FROM ledger_transaction",
            {"o": other.pk},
        )


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE ledger_balance SET amount_minor = amount_minor + 1 WHERE component = 'fees'",
         "balance_differs"),
        ("UPDATE ledger_account SET outstanding_minor = 1", "account_total_differs"),
        ("UPDATE ledger_account SET due_since = '2020-01-01'", "account_total_differs"),
        ("DELETE FROM ledger_balance", "balance_differs"),
    ],
)  # fmt: skip
def test_verify_names_the_place_of_a_figure_that_was_tampered_with(
    account: Account, statement: str, code: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    found = verify_ledger()
    assert code in {finding.code for finding in found}
    assert {finding.values["account_id"] for finding in found} == {account.pk}


STEPS = st.lists(
    st.tuples(st.sampled_from(["pay", "charge", "write_off", "due", "reverse"]),
              st.integers(1, 900)),
    max_size=8,
)  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_whatever_happens_the_ledger_adds_up(steps: list[tuple[str, int]]) -> None:
    account = open_account(Bucket("principal", JULY, 1000), Bucket("principal", None, 700))
    values: dict[str, Any] = {"actor": ACTOR, "at": AT}
    for number, (step, amount) in enumerate(steps):
        key = f"{account.pk}:{number}"
        match step:
            case "pay":
                pay(account, amount, key)
            case "charge":
                post_charge(
                    account_id=account.pk, component=Component.FEES, amount_minor=amount,
                    due_on=AUGUST, reason="x", idempotency_key=key, source="t", **values,
                )  # fmt: skip
            case "write_off":
                state(account)
                if account.outstanding_minor >= amount:
                    post_write_off(
                        account_id=account.pk, amount_minor=amount, reason="x",
                        idempotency_key=key, **values,
                    )  # fmt: skip
            case "due":
                move_to_due(
                    account_id=account.pk, due_on=ON, reason="x", idempotency_key=key,
                    source="t", **values,
                )  # fmt: skip
            case "reverse":
                paid = account.transactions.filter(kind="payment", reversed_by=None).first()
                if paid is not None:
                    reverse_posting(transaction_id=paid.pk, reason="x", **values)
    assert verify_ledger() == []
    outstanding, due, since = state(account)
    assert 0 <= due <= outstanding
    assert (since is None) == (due == 0)
