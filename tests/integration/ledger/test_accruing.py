"""Interest of ours is posted by the calendar, once, and follows whatever it was computed from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import system_actor
from ledger.allocation import Bucket
from ledger.book_of_record import delay_tariff
from ledger.interest import round_interest
from ledger.lifecycle import Component, Keeper, TransactionKind
from ledger.models import Account, BookEntry, InterestState, Transaction
from ledger.operations import (
    Accrued,
    DayAhead,
    NewBook,
    accrue_due_interest,
    accrue_interest,
    change_keepers,
    change_rates,
    pause_interest,
    post_adjustment,
    post_payment,
    post_write_off,
    reverse_posting,
)
from ledger.operations.changes import CannotReverse
from ledger.operations.keeping import NewPause
from ledger.queries import get_balances_as_of, get_interest_explained
from ledger.queries.preview import get_payment_shares
from ledger.rate_changes import RateChange
from ledger.rates import Series
from ledger.verification import verify_ledger, verify_replay

pytestmark = pytest.mark.django_db

ACTOR = system_actor("test")
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
OPENED = date(2026, 8, 3)
#: A Thursday; 9.25 % a year since March, so that a day costs 253.42 on a million.
OURS = date(2026, 9, 10)
END = date(2026, 9, 30)
MILLION = 1_000_000


def owing(
    principal: int = MILLION, *, currency: str = "PLN", keeper: Keeper = Keeper.HOUSE
) -> Account:
    account = Account.objects.create(currency=currency, opened_on=OPENED)
    post_adjustment(
        account_id=account.pk, reason="opening", effective_on=OPENED, source="test",
        changes=[Bucket(Component.PRINCIPAL, OPENED, principal)],
        idempotency_key=f"principal:{account.pk}", actor=ACTOR, at=AT,
    )  # fmt: skip
    tariff = delay_tariff(None) if keeper is Keeper.HOUSE else None
    change_keepers(
        books=[NewBook(account.pk, keeper, OURS, "termination", tariff)], at=AT, actor=ACTOR
    )
    return account


def close(on: date = END) -> Accrued:
    return accrue_due_interest(on=on, at=AT, actor=ACTOR)


def pay(account: Account, amount: int, on: date, key: str = "p") -> int:
    return post_payment(
        account_id=account.pk, amount_minor=amount, currency=account.currency, value_on=on,
        idempotency_key=f"{key}:{account.pk}", source="test", actor=ACTOR, at=AT,
    ).transaction_id  # fmt: skip


def interest_of(account: Account, on: date = date(2026, 12, 31)) -> int:
    standing = get_balances_as_of(account_id=account.pk, on=on)
    return standing.due_of(Component.DEFAULT_INTEREST)


def expected(days: int, principal: int = MILLION) -> int:
    return round_interest(principal, Decimal("9.25"), days)


def kinds(account: Account) -> Sequence[str]:
    events = list_events(subjects=[Subject("account", account.pk)])
    return [event.kind for event in events][::-1]


def test_the_month_ends_with_the_interest_since_the_book_is_ours() -> None:
    account = owing()
    assert close(date(2026, 9, 29)).accounts == 0
    done = close()
    assert (done.accounts, done.posted, done.sums) == (1, 1, {"PLN": expected(21)})
    account.refresh_from_db()
    assert account.outstanding_minor == MILLION + expected(21)
    (event, *_) = list_events(subjects=[Subject("account", account.pk)])
    assert (event.kind, event.effective_on) == ("interest.accrued", END)
    assert event.payload["amount_minor"] == expected(21)
    assert event.payload["due_minor"] == account.due_minor


def test_a_day_closed_twice_posts_nothing_twice() -> None:
    account = owing()
    close()
    assert close().accounts == 0
    assert accrue_interest(on=END, at=AT, actor=ACTOR).accounts == 0
    assert Transaction.objects.filter(kind=TransactionKind.INTEREST).count() == 1
    assert interest_of(account) == expected(21)


def test_months_that_were_missed_are_made_up_for_at_once() -> None:
    account = owing()
    close(date(2026, 11, 22))
    assert interest_of(account) == expected(74)
    assert InterestState.objects.get().next_on == date(2026, 11, 30)


def test_how_often_it_is_posted_does_not_change_the_sum() -> None:
    seldom, often = owing(123_457), owing(123_457)
    for number in (1, 2, 9, 20, 21, 40, 58, 59):
        on = OURS + timedelta(days=number)
        accrue_interest(on=on, at=AT, actor=ACTOR, account_ids=[often.pk])
    accrue_interest(on=OURS + timedelta(days=59), at=AT, actor=ACTOR)
    assert interest_of(often) == interest_of(seldom) == expected(60, 123_457)


def test_where_the_core_keeps_the_book_nothing_is_added() -> None:
    account = owing(keeper=Keeper.CORE)
    assert close().accounts == 0
    assert accrue_interest(on=END, at=AT, actor=ACTOR).accounts == 0
    assert interest_of(account) == 0
    assert "book.changed" not in kinds(account)


def test_a_payment_pays_the_interest_of_its_day() -> None:
    account = owing()
    pay(account, MILLION, date(2026, 9, 19))
    standing = get_balances_as_of(account_id=account.pk, on=date(2026, 9, 19))
    assert standing.outstanding_minor == expected(10)
    close()
    assert interest_of(account) + get_balances_as_of(account_id=account.pk, on=END).due_of(
        Component.PRINCIPAL
    ) == expected(10) + round_interest(standing.due_of(Component.PRINCIPAL), Decimal("9.25"), 11)


def test_a_late_payment_lowers_the_interest_after_its_day_and_says_so() -> None:
    account = owing()
    close()
    pay(account, 400_000, date(2026, 9, 15))
    assert interest_of(account, END) < expected(21)
    explained = get_interest_explained(account_id=account.pk, on=END)
    assert explained.posted_minor == explained.total_minor < expected(21)
    event, *_ = list_events(subjects=[Subject("account", account.pk)], kinds=["balances.replayed"])
    (interest,) = Transaction.objects.filter(kind="interest", effective_on=END)
    assert interest.pk in [one["transaction_id"] for one in event.payload["corrected"]]
    assert verify_replay() == []


def test_a_due_day_that_is_corrected_moves_the_interest_and_does_not_double_it() -> None:
    account = owing()
    due_on = date(2026, 9, 15)
    post_adjustment(
        account_id=account.pk, reason="the due day was wrong", effective_on=END, source="test",
        changes=[Bucket(Component.PRINCIPAL, OPENED, -MILLION),
                 Bucket(Component.PRINCIPAL, due_on, MILLION)],
        idempotency_key="moved", actor=ACTOR, at=AT,
    )  # fmt: skip

    explained = get_interest_explained(account_id=account.pk, on=END)

    assert explained.total_minor == expected(15)
    assert [segment.segment.base_minor for segment in explained.segments] == [MILLION]
    close()
    assert interest_of(account) == expected(15)
    assert verify_replay() == []


def test_interest_that_is_not_posted_yet_has_its_share_of_a_payment_over_several_debts() -> None:
    older, younger = owing(), owing(500_000)
    on = date(2026, 9, 19)

    shares = get_payment_shares(
        account_ids=[older.pk, younger.pk], amount_minor=1_200_000, currency="PLN", on=on
    )

    assert shares[older.pk] == MILLION + expected(10)
    assert sum(shares.values()) == 1_200_000


def test_a_payment_taken_back_brings_its_interest_back() -> None:
    account = owing()
    paid = pay(account, 400_000, date(2026, 9, 15))
    close()
    reverse_posting(transaction_id=paid, reason="returned", actor=ACTOR, at=AT)
    assert interest_of(account) == expected(21)
    assert verify_replay() == []


def test_computed_interest_is_not_reversed_by_hand() -> None:
    owing()
    close()
    interest = Transaction.objects.get(kind=TransactionKind.INTEREST)
    with pytest.raises(CannotReverse):
        reverse_posting(transaction_id=interest.pk, reason="generous", actor=ACTOR, at=AT)


def test_writing_all_off_leaves_no_interest_of_the_last_days() -> None:
    account = owing()
    post_write_off(
        account_id=account.pk, amount_minor=None, reason="small", idempotency_key="w",
        effective_on=date(2026, 9, 20), actor=ACTOR, at=AT,
    )  # fmt: skip
    account.refresh_from_db()
    assert account.outstanding_minor == 0
    close()
    account.refresh_from_db()
    assert account.outstanding_minor == 0


def test_a_rate_recorded_late_corrects_what_was_posted_in_the_next_night() -> None:
    account = owing()
    close()
    cut = RateChange(
        Series.NBP_REFERENCE, date(2026, 9, 21), Decimal("3.00"), "NBP", date(2026, 12, 2)
    )
    change_rates(change=cut, actor=ACTOR, at=AT)
    assert verify_replay() == []
    close(date(2026, 10, 1))
    wanted = expected(11) + round_interest(MILLION, Decimal("8.50"), 11)
    assert interest_of(account) == wanted
    assert verify_replay() == []
    assert close(date(2026, 10, 2)).accounts == 0


def test_a_rate_of_days_to_come_calls_nobody_up() -> None:
    owing()
    close()
    cut = RateChange(
        Series.NBP_REFERENCE, date(2026, 10, 20), Decimal("3.00"), "NBP", date(2026, 12, 2)
    )
    change_rates(change=cut, actor=ACTOR, at=AT)
    assert close(date(2026, 10, 1)).accounts == 0


def test_the_proof_names_an_account_whose_interest_is_not_what_is_computed() -> None:
    account = owing()
    close()
    # Forged: the days of the pause are known, but what they change is not posted.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_interestpause (account_id, cause, from_on) VALUES (%s, 'x', %s)",
            [account.pk, date(2026, 9, 20)],
        )
    (finding,) = verify_replay()
    assert (finding.code, finding.values["account_id"]) == ("replay_differs", account.pk)


def test_a_pause_moved_and_ended_is_followed_each_time() -> None:
    account = owing()
    close()
    for until_on, days in ((None, 10), (date(2026, 9, 24), 16), (date(2026, 9, 20), 20)):
        new = NewPause(account.pk, "hold:1", date(2026, 9, 20), until_on)
        pause_interest(pauses=[new], at=AT, actor=ACTOR)
        assert interest_of(account) == sum(
            one.segment.amount_minor
            for one in get_interest_explained(account_id=account.pk, on=END).segments
        )
        assert abs(interest_of(account) - expected(days)) <= 1
    assert verify_replay() == []


def test_the_book_given_back_to_the_core_ends_our_interest() -> None:
    account = owing()
    close()
    back = NewBook(account.pk, Keeper.CORE, date(2026, 9, 20), "termination withdrawn")
    assert change_keepers(books=[back, back], at=AT, actor=ACTOR) == 2
    assert interest_of(account) == expected(10)
    assert change_keepers(books=[back], at=AT, actor=ACTOR) == 0


def test_nobody_changes_whose_book_it_was() -> None:
    owing()
    with pytest.raises(IntegrityError), transaction.atomic():
        BookEntry.objects.update(reason="another")


def test_interest_is_never_posted_ahead() -> None:
    owing()
    with pytest.raises(DayAhead):
        accrue_interest(on=date(2026, 11, 24), at=AT, actor=ACTOR)


def test_amounts_of_two_currencies_are_told_apart() -> None:
    owing()
    owing(currency="EUR")
    assert close().sums == {"PLN": expected(21), "EUR": expected(21)}


def test_a_night_takes_the_same_number_of_statements_for_one_account_and_for_many() -> None:
    owing()
    with CaptureQueriesContext(
        connection,
    ) as one:
        close()
    for _ in range(12):
        owing()
    with CaptureQueriesContext(connection) as many:
        assert close(date(2026, 10, 31)).posted == 13
    assert len(many) <= len(one) + 2
    with CaptureQueriesContext(connection) as quiet:
        close(date(2026, 11, 1))
    assert len(quiet) <= 3


def test_the_command_posts_through_a_day_and_says_what(settings: Any) -> None:
    owing()
    out = StringIO()
    call_command("accrue_interest", "--on", str(END), "--at", "2026-11-23", "--json", stdout=out)
    answer = json.loads(out.getvalue().splitlines()[-1])
    assert (answer["posted"], answer["amounts"]) == (1, {"PLN": "53.22"})
    with pytest.raises(CommandError, match="2026-11-24 has not come yet"):
        call_command("accrue_interest", "--on", "2026-11-24", "--at", "2026-11-23")


def test_the_ledger_is_clean_after_all_of_it() -> None:
    account = owing()
    close()
    pay(account, 2 * MILLION, date(2026, 9, 12))
    pay(account, 5, date(2026, 11, 12), "q")
    assert verify_ledger() == []
    assert verify_replay() == []
