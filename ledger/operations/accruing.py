"""Interest for delay, posted by the calendar and whenever an amount has to be exact.

What is posted is the interest computed from the account's first day, less what was posted so far.
One that comes to nothing is kept, too: it is a fact that a later one may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction

from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from kernel.errors import InvalidInput
from ledger import events
from ledger.accrual import interest_key
from ledger.book_of_record import month_end_after
from ledger.legs import Leg, net
from ledger.lifecycle import Book, TransactionKind
from ledger.models import Account, InterestState
from ledger.operations.booking import (
    find_corrections,
    note_rates,
    post_corrections,
    replay_account,
    tell_corrections,
)
from ledger.operations.posting import Draft, lock_account, lock_accounts, refresh_totals
from ledger.operations.posting_many import insert_many
from ledger.queries.facts import AccountFacts, list_account_facts
from ledger.replay import Fact, replay_facts

BATCH_ACCOUNTS: Final = 1_000


class DayAhead(InvalidInput):
    """Interest is posted through a day that has come, never ahead."""

    code = "interest_day_ahead"


@dataclass(slots=True)
class Accrued:
    """``accounts`` were computed, ``posted`` of them came to something other than 0, and
    ``corrected`` earlier postings came to something else; sums are minor units by currency."""

    accounts: int = 0
    posted: int = 0
    corrected: int = 0
    sums: dict[str, int] | None = None

    def add(self, other: Accrued) -> None:
        self.accounts += other.accounts
        self.posted += other.posted
        self.corrected += other.corrected
        self.sums = self.sums or {}
        for currency, minor in (other.sums or {}).items():
            self.sums[currency] = self.sums.get(currency, 0) + minor


@by_machine
def accrue_due_interest(*, on: date, at: datetime, actor: Actor) -> Accrued:
    """Post the interest through ``on`` of the accounts whose month ends by then.

    Those whose posted interest used a rate that has since been changed join them. Safe to repeat
    and to run twice at once: each batch is a transaction of its own.
    """
    _call_up_stale(on)
    total, after = Accrued(sums={}), 0
    while account_ids := _list_due(on, after):
        total.add(_accrue_batch(account_ids, on, at, actor, only_due=True))
        after = account_ids[-1]
    return total


@by_machine
def accrue_interest(
    *, on: date, at: datetime, actor: Actor, account_ids: Iterable[int] | None = None
) -> Accrued:
    """Post the interest through ``on`` of these accounts, or of all, where it is not posted yet.

    Before an amount is claimed: in a letter, a claim, a statement. Accounts that bear no interest
    of ours are left alone. Raises DayAhead.
    """
    if on > legal_day(at):
        raise DayAhead(on=on, today=legal_day(at))
    total, after = Accrued(sums={}), 0
    wanted = None if account_ids is None else sorted(set(account_ids))
    while chunk := _list_not_posted(on, after, wanted):
        total.add(_accrue_batch(chunk, on, at, actor, only_due=False))
        after = chunk[-1]
    return total


@by_machine
@transaction.atomic
def accrue_account(*, account_id: int, on: date, at: datetime, actor: Actor) -> bool:
    """Post the interest of one account through ``on``, also where later days are posted already.

    A payment or a write-off of that day finds what was owed then. Locks the account; returns
    whether it bears interest of ours.
    """
    return accrue_accounts(account_ids=[account_id], on=on, at=at, actor=actor)


@by_machine
@transaction.atomic
def accrue_accounts(*, account_ids: Iterable[int], on: date, at: datetime, actor: Actor) -> bool:
    """As ``accrue_account``, of many; locks in order of ids. Whether any bears interest of ours."""
    states = InterestState.objects.filter(pk__in=sorted(set(account_ids)))
    bearing = list(states.order_by("pk").values_list("pk", flat=True))
    lock_accounts(bearing)
    if bearing:
        _accrue(list_account_facts(account_ids=bearing), on, at, actor)
    return bool(bearing)


@by_machine
@transaction.atomic
def replay_interest(*, account_ids: Sequence[int], at: datetime, actor: Actor) -> int:
    """The days that bear interest have changed: post the difference; returns how many differ."""
    with_interest = Account.objects.filter(
        pk__in=account_ids, transactions__kind=TransactionKind.INTEREST
    )
    ids = sorted(set(with_interest.values_list("pk", flat=True)))
    return sum(replay_account(account=lock_account(pk), actor=actor, at=at) for pk in ids)


def _call_up_stale(on: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE ledger_intereststate s SET next_on = %(on)s
            WHERE s.next_on > %(on)s
              AND s.rates_entry < (SELECT max(id) FROM ledger_rateentry)
              AND s.accrued_through >= (SELECT min(e.since_on) FROM ledger_rateentry e
                                        WHERE e.id > s.rates_entry)
            """,
            {"on": on},
        )


def _list_due(on: date, after: int) -> list[int]:
    """Accounts on which nothing is owed any more only move on to the next month."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE ledger_intereststate s SET next_on = %s
            FROM ledger_account a
            WHERE a.id = s.account_id AND a.outstanding_minor = 0 AND s.next_on <= %s
              AND s.rates_entry >= (SELECT COALESCE(max(id), 0) FROM ledger_rateentry)
            """,
            [month_end_after(on), on],
        )
        cursor.execute(
            "SELECT account_id FROM ledger_intereststate WHERE next_on <= %s AND account_id > %s"
            " ORDER BY account_id LIMIT %s",
            [on, after, BATCH_ACCOUNTS],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def _list_not_posted(on: date, after: int, wanted: Sequence[int] | None) -> list[int]:
    states = InterestState.objects.filter(pk__gt=after).exclude(accrued_through__gte=on)
    if wanted is not None:
        states = states.filter(pk__in=wanted)
    return list(states.order_by("pk").values_list("pk", flat=True)[:BATCH_ACCOUNTS])


@transaction.atomic
def _accrue_batch(
    account_ids: Sequence[int], on: date, at: datetime, actor: Actor, *, only_due: bool
) -> Accrued:
    locked = lock_accounts(account_ids)
    states = InterestState.objects.filter(pk__in=locked)
    states = states.filter(next_on__lte=on) if only_due else states.exclude(accrued_through__gte=on)
    return _accrue(
        list_account_facts(account_ids=list(states.values_list("pk", flat=True))), on, at, actor
    )


@dataclass(frozen=True, slots=True)
class _New:
    account_id: int
    legs: Sequence[Leg]

    @property
    def amount_minor(self) -> int:
        return -sum(leg.amount_minor for leg in self.legs if leg.leg == Book.CHARGE)


def _accrue(known: dict[int, AccountFacts], on: date, at: datetime, actor: Actor) -> Accrued:
    """Of locked accounts."""
    new: list[_New] = []
    corrected = 0
    corrections = {}
    for account_id, facts in known.items():
        if facts.accrual is None or on < facts.accrual.terms[0].from_on:
            continue
        fact = Fact(0, TransactionKind.INTEREST, on, interest_key(account_id, on))
        if any(one.key == fact.key for one in facts.facts):
            wanted = replay_facts(facts.facts, orders=facts.orders, accrual=facts.accrual)
        else:
            wanted = replay_facts([*facts.facts, fact], orders=facts.orders, accrual=facts.accrual)
            new.append(_New(account_id, net(wanted.pop(0))))
        if found := find_corrections(facts, wanted):
            corrections[account_id] = found
            corrected += len(found)
    ids = insert_many(
        drafts=[
            (
                one.account_id,
                Draft(TransactionKind.INTEREST, on, *interest_key(one.account_id, on), one.legs),
            )
            for one in new
        ],
        actor=actor,
        at=at,
    )
    accounts = Account.objects.in_bulk(list(known))
    for account_id, found in corrections.items():
        cause = f"after{known[account_id].last_id}"
        post_corrections(accounts[account_id], found, cause, actor, at)
    refresh_totals(list(corrections))
    accounts = Account.objects.in_bulk(list(known))
    _tell(new, ids, accounts, on, at, actor)
    for account_id, found in corrections.items():
        tell_corrections(accounts[account_id], found, actor, at)
    _note(known, on)
    return _counted(new, accounts, corrected)


def _tell(
    new: Sequence[_New],
    ids: Sequence[int],
    accounts: dict[int, Account],
    on: date,
    at: datetime,
    actor: Actor,
) -> None:
    told = []
    for one, transaction_id in zip(new, ids, strict=True):
        account = accounts[one.account_id]
        if one.legs:
            payload = {
                "amount_minor": one.amount_minor,
                "through": on,
                "transaction_id": transaction_id,
                "currency": account.currency,
                "outstanding_minor": account.outstanding_minor,
                "due_minor": account.due_minor,
                "due_since": account.due_since,
            }
            subject = Subject("account", one.account_id)
            told.append(NewEvent(events.INTEREST_ACCRUED, subject, payload, on))
    record_events(events=told, actor=actor, at=at)


def _note(known: dict[int, AccountFacts], on: date) -> None:
    entries: dict[int, list[int]] = {}
    for account_id, facts in known.items():
        entries.setdefault(facts.rates_entry, []).append(account_id)
    for entry, account_ids in entries.items():
        note_rates(account_ids, entry)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_intereststate SET next_on = GREATEST(next_on, %s),"
            " accrued_through = GREATEST(accrued_through, %s) WHERE account_id = ANY(%s)",
            [month_end_after(on), on, list(known)],
        )


def _counted(new: Sequence[_New], accounts: dict[int, Account], corrected: int) -> Accrued:
    sums: dict[str, int] = {}
    for one in new:
        currency = accounts[one.account_id].currency
        sums[currency] = sums.get(currency, 0) + one.amount_minor
    posted = sum(bool(one.legs) for one in new)
    return Accrued(len(accounts), posted, corrected, sums)
