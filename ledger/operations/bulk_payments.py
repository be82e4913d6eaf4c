"""Posting thousands of payments with a handful of statements; each comes to what one would alone.

The accounts are locked first, in order of their ids; then everything is computed in memory and
written by COPY and unnest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import DomainError
from ledger import events
from ledger.legs import Leg, net
from ledger.lifecycle import TransactionKind
from ledger.operations.account_books import AccountBook, Booked, Place, late_accounts
from ledger.operations.accruing import accrue_accounts
from ledger.operations.booking import note_rates, told_of_corrections
from ledger.operations.payments import (
    FutureValueDay,
    PaymentPosted,
    WrongCurrency,
    payment_posted,
    posted_before,
    told_of_payment,
)
from ledger.operations.posting import (
    AccountNotFound,
    KeyReused,
    check_amount,
    next_transaction_ids,
)
from ledger.operations.posting_rows import PostingRows, write_balances, write_rows
from ledger.queries.facts import ABOUT_OTHERS, list_account_facts
from ledger.queries.orders import list_account_orders
from ledger.replay import Fact
from staff.rights import Right

#: So many keep a transaction short and its memory small.
PAYMENTS_AT_ONCE: Final = 5_000


class NewPayment(NamedTuple):
    """``amount_minor`` of ``currency`` that counts from ``value_on``.

    Payments that share a ``group`` are posted together or not at all.
    """

    account_id: int
    amount_minor: int
    currency: str
    value_on: date
    idempotency_key: str
    reference: str = ""
    group: int | None = None


Outcome = PaymentPosted | DomainError


@dataclass(slots=True)
class _Batch:
    source: str
    actor: Actor
    at: datetime
    books: dict[int, AccountBook] = field(default_factory=dict)
    row_ids: dict[int, dict[Place, int]] = field(default_factory=dict)
    told: list[NewEvent] = field(default_factory=list)


@requires(Right.POST_PAYMENT)
@transaction.atomic
def post_payments(
    *, payments: Sequence[NewPayment], source: str, actor: Actor, at: datetime
) -> list[Outcome]:
    """What ``post_payment`` would make of each in turn, in the same order.

    What it would raise is returned in the place of that payment, and the others are posted.
    """
    batch = _Batch(source, actor, at)
    _lock(batch, payments)
    before = _posted_before(batch, payments)
    refused = _refusals(batch, payments, before)
    fresh: dict[str, int] = {}
    for place, payment in enumerate(payments):
        key = payment.idempotency_key
        if place not in refused and key not in before:
            fresh.setdefault(key, place)
    _accrue_first(batch, payments, fresh.values())
    ids = dict(zip(fresh.values(), next_transaction_ids(len(fresh)), strict=True))
    made = _book(batch, payments, ids)
    result: list[Outcome] = []
    for place, payment in enumerate(payments):
        first = fresh.get(payment.idempotency_key)
        if place in refused:
            result.append(refused[place])
        elif place in ids:
            result.append(payment_posted(ids[place], made[place], is_new=True))
        elif first is not None:
            result.append(_again(batch, payment, payments[first], ids[first], made[first]))
        else:
            result.append(_known(batch, payment, before[payment.idempotency_key]))
    return result


def _accrue_first(batch: _Batch, payments: Sequence[NewPayment], places: Iterable[int]) -> None:
    """A payment finds what was owed on its day, interest included."""
    by_day: dict[date, set[int]] = {}
    for place in places:
        payment = payments[place]
        by_day.setdefault(payment.value_on, set()).add(payment.account_id)
    changed = [
        accrue_accounts(account_ids=by_day[on], on=on, at=batch.at, actor=batch.actor)
        for on in sorted(by_day)
    ]
    if any(changed):
        _lock(batch, payments)


class _Before(NamedTuple):
    transaction_id: int
    account_id: int
    effective_on: date
    kind: str
    legs: Sequence[Leg]


def _lock(batch: _Batch, payments: Sequence[NewPayment]) -> None:
    ids = sorted({payment.account_id for payment in payments})
    with connection.cursor() as cursor:
        # A row that somebody holds is waited for; to give up would throw the batch away.
        cursor.execute("SELECT set_config('lock_timeout', '10min', true)")
        cursor.execute(
            "SELECT id, currency, overpaid_minor FROM ledger_account WHERE id = ANY(%s)"
            " ORDER BY id FOR NO KEY UPDATE",
            [ids],
        )
        batch.books = {row[0]: AccountBook(*row) for row in cursor.fetchall()}
        cursor.execute(
            "SELECT id, account_id, component, due_on, amount_minor FROM ledger_balance"
            " WHERE account_id = ANY(%s)",
            [ids],
        )
        for pk, account_id, component, due_on, amount in cursor.fetchall():
            batch.books[account_id].balances[component, due_on] = amount
            batch.row_ids.setdefault(account_id, {})[component, due_on] = pk
    for account_id, orders in list_account_orders(account_ids=list(batch.books)).items():
        batch.books[account_id].orders = orders


def _posted_before(batch: _Batch, payments: Sequence[NewPayment]) -> dict[str, _Before]:
    keys = [payment.idempotency_key for payment in payments]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, account_id, effective_on, kind, idempotency_key FROM ledger_transaction"
            " WHERE source = %s AND idempotency_key = ANY(%s)",
            [batch.source, keys],
        )
        rows = cursor.fetchall()
        legs: dict[int, list[Leg]] = {row[0]: [] for row in rows}
        if rows:
            cursor.execute(
                """
                SELECT coalesce(t.corrects_id, t.id), p.leg, p.due_on, p.amount_minor
                FROM ledger_transaction t JOIN ledger_posting p ON p.transaction_id = t.id
                WHERE t.id = ANY(%(ids)s) OR t.corrects_id = ANY(%(ids)s)
                """,
                {"ids": list(legs)},
            )
            for pk, *leg in cursor.fetchall():
                legs[pk].append(Leg(*leg))
    return {
        key: _Before(pk, account_id, on, kind, net(legs[pk]))
        for pk, account_id, on, kind, key in rows
    }


def _refusals(
    batch: _Batch, payments: Sequence[NewPayment], before: Mapping[str, _Before]
) -> dict[int, DomainError]:
    """By place. One of a group refuses the others, with the same reason."""
    today = legal_day(batch.at)
    refused: dict[int, DomainError] = {}
    groups: dict[int, DomainError] = {}
    for place, payment in enumerate(payments):
        try:
            _check(batch, payment, before, today)
        except DomainError as error:
            refused[place] = error
            if payment.group is not None:
                groups.setdefault(payment.group, error)
    for place, payment in enumerate(payments):
        if payment.group in groups:
            refused.setdefault(place, groups[payment.group])
    return refused


def _check(batch: _Batch, payment: NewPayment, before: Mapping[str, _Before], today: date) -> None:
    check_amount(payment.amount_minor)
    if payment.value_on > today:
        raise FutureValueDay(value_on=payment.value_on)
    book = batch.books.get(payment.account_id)
    if book is None:
        raise AccountNotFound(account_id=payment.account_id)
    if book.currency != payment.currency:
        raise WrongCurrency(account=book.currency, payment=payment.currency)
    known = before.get(payment.idempotency_key)
    if known is not None:
        _known(batch, payment, known)


def _known(batch: _Batch, payment: NewPayment, known: _Before) -> PaymentPosted:
    """Raises KeyReused where the key came with something else."""
    same = {
        "account_id": known.account_id == payment.account_id,
        "effective_on": known.effective_on == payment.value_on,
        "kind": known.kind == TransactionKind.PAYMENT,
    }
    differing = [name for name, agrees in same.items() if not agrees]
    key = payment.idempotency_key
    if differing:
        raise KeyReused(source=batch.source, key=key, fields=differing)
    return posted_before(known.transaction_id, known.legs, payment.amount_minor, batch.source, key)


def _again(
    batch: _Batch, payment: NewPayment, first: NewPayment, made: int, legs: Sequence[Leg]
) -> Outcome:
    """The same key a second time in one batch."""
    known = _Before(made, first.account_id, first.value_on, TransactionKind.PAYMENT, legs)
    try:
        return _known(batch, payment, known)
    except KeyReused as error:
        return error


def _book(
    batch: _Batch, payments: Sequence[NewPayment], ids: Mapping[int, int]
) -> dict[int, Sequence[Leg]]:
    """The legs of each new payment, by its place."""
    facts = {
        place: Fact(
            pk,
            TransactionKind.PAYMENT,
            payments[place].value_on,
            (batch.source, payments[place].idempotency_key),
            (),
            payments[place].amount_minor,
        )
        for place, pk in ids.items()
    }
    in_turn = [(payments[place].account_id, fact) for place, fact in facts.items()]
    _find_last(batch.books, in_turn)
    late = sorted(late_accounts(batch.books, in_turn))
    for account_id, known in list_account_facts(account_ids=late).items():
        batch.books[account_id].known = known
    by_rates: dict[int, list[int]] = {}
    for account_id in late:
        its = batch.books[account_id].known
        if its is not None and its.accrual is not None:
            by_rates.setdefault(its.rates_entry, []).append(account_id)
    for rates_entry, account_ids in by_rates.items():
        note_rates(account_ids, rates_entry)
    rows = PostingRows(batch.actor, batch.at)
    made: dict[int, Sequence[Leg]] = {}
    for place, fact in facts.items():
        payment = payments[place]
        book = batch.books[payment.account_id]
        booked = book.pay(fact)
        rows.add(
            fact.id, book.account_id, fact.kind, fact.on, fact.key, booked.legs, payment.reference
        )
        for correction in booked.corrections:
            rows.add_correction(book.account_id, fact.id, correction)
        _tell(batch, payment, book, fact, booked)
        made[place] = booked.legs
    write_rows(rows, next_transaction_ids(rows.corrections_count))
    write_balances([book for book in batch.books.values() if book.is_paid], batch.row_ids)
    record_events(events=batch.told, actor=batch.actor, at=batch.at)
    return made


def _find_last(books: Mapping[int, AccountBook], facts: Iterable[tuple[int, Fact]]) -> None:
    """The last fact of each account that a payment may have to go before."""
    since: dict[int, date] = {}
    for account_id, fact in facts:
        since[account_id] = min(since.get(account_id, fact.on), fact.on)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.account_id, t.id, t.kind, t.effective_on, t.source, t.idempotency_key
            FROM unnest(%s::bigint[], %s::date[]) AS s (account_id, since)
            CROSS JOIN LATERAL (
                -- Account by account: once the book is large, the planner would read all of it.
                SELECT * FROM ledger_transaction t
                WHERE t.account_id = s.account_id AND t.effective_on >= s.since OFFSET 0
            ) t
            WHERE t.kind <> ALL(%s) AND NOT EXISTS (
                SELECT 1 FROM ledger_transaction r WHERE r.reverses_id = t.id OFFSET 0
            )
            """,
            [
                list(since),
                list(since.values()),
                [str(kind) for kind in (*ABOUT_OTHERS, TransactionKind.OPENING)],
            ],
        )
        for account_id, pk, kind, on, source, key in cursor.fetchall():
            books[account_id].move_last(Fact(pk, TransactionKind(kind), on, (source, key)))


def _tell(
    batch: _Batch, payment: NewPayment, book: AccountBook, fact: Fact, booked: Booked
) -> None:
    stands: dict[str, Any] = {"currency": book.currency, **booked.totals._asdict()}
    subject = Subject("account", book.account_id)
    told = told_of_payment(
        payment.amount_minor, payment.value_on, payment.reference, booked.legs, book.orders
    )
    batch.told.append(
        NewEvent(
            events.PAYMENT_POSTED, subject, {**told, "transaction_id": fact.id, **stands}, fact.on
        )
    )
    if booked.corrections:
        on, corrected = told_of_corrections(booked.corrections)
        batch.told.append(
            NewEvent(events.BALANCES_REPLAYED, subject, {"corrected": corrected, **stands}, on)
        )
