"""A statement of account: what was owed, what moved it, and what is owed, line by line. Pure.

Amounts are minor units of one currency. A balance is what is owed less what was paid ahead, so it
is below zero where the bank owes the debtor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ledger.interest import Segment
from ledger.legs import Leg
from ledger.lifecycle import COMPONENTS, Book, Component, TransactionKind


class Booked(NamedTuple):
    """One transaction with its own legs. ``corrects_id`` names the one that it puts right."""

    id: int
    kind: TransactionKind
    on: date
    recorded_on: date
    reason: str
    source: str
    legs: tuple[Leg, ...]
    corrects_id: int | None = None
    reverses_id: int | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What is owed by component, and what was paid ahead."""

    owed: Mapping[Component, int]
    credit_minor: int = 0

    @property
    def total_minor(self) -> int:
        return sum(self.owed.values()) - self.credit_minor


@dataclass(frozen=True, slots=True)
class Movement:
    """``changes`` by component; ``credit_minor`` is what was added to what is paid ahead.

    ``amount_minor`` changes the balance, ``after`` is the balance then. ``reversed_kind`` says what
    a reversal takes back.
    """

    id: int
    kind: TransactionKind
    on: date
    recorded_on: date
    reason: str
    source: str
    changes: Mapping[Component, int]
    credit_minor: int
    amount_minor: int
    after: Balance
    reversed_kind: TransactionKind | None = None


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """One debt. ``segments`` explain interest for delay on the overdue principal of the period.

    ``is_ours``: the account bears it; without that they are only a comparison. ``is_charged`` says
    that they add up to what was charged in the period and ``accrued_minor``: the interest through
    its last day that is not posted yet, which the closing balance holds.
    """

    account_id: int
    product: str
    contract_no: str
    currency: str
    account_no: str
    opening: Balance
    movements: tuple[Movement, ...]
    closing: Balance
    segments: tuple[Segment, ...] = ()
    is_ours: bool = False
    is_charged: bool = False
    accrued_minor: int = 0

    @property
    def interest_minor(self) -> int:
        return sum(segment.amount_minor for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Statement:
    """Of every debt of one debtor. ``as_known_on`` is None where it is as known now."""

    case_number: str
    debtor_name: str
    address: tuple[str, ...]
    from_on: date
    until_on: date
    made_on: date
    as_known_on: date | None
    accounts: tuple[AccountStatement, ...]

    def totals(self) -> dict[str, tuple[int, int]]:
        """By currency: the opening and the closing balance; currencies are never added."""
        totals: dict[str, tuple[int, int]] = {}
        for account in self.accounts:
            opening, closing = totals.get(account.currency, (0, 0))
            totals[account.currency] = (
                opening + account.opening.total_minor,
                closing + account.closing.total_minor,
            )
        return totals


def state_account(
    booked: Iterable[Booked], *, from_on: date, until_on: date
) -> tuple[Balance, tuple[Movement, ...], Balance]:
    """The opening balance, the movements of the days between, both included, and the closing one.

    What corrects a transaction is part of what that one came to.
    """
    rows = list(booked)
    kinds = {row.id: row.kind for row in rows}
    legs: dict[int, list[Leg]] = {}
    for row in rows:
        own = row.id if row.corrects_id is None else row.corrects_id
        legs.setdefault(own, []).extend(row.legs)
    facts = sorted((row for row in rows if row.corrects_id is None), key=_place)
    opening = _balance([leg for row in facts if row.on < from_on for leg in legs.get(row.id, [])])
    balance = opening
    movements = []
    for row in facts:
        if from_on <= row.on <= until_on:
            changed = _balance(legs.get(row.id, []))
            balance = _added(balance, changed)
            movements.append(
                Movement(
                    row.id,
                    row.kind,
                    row.on,
                    row.recorded_on,
                    row.reason,
                    row.source,
                    changed.owed,
                    changed.credit_minor,
                    changed.total_minor,
                    balance,
                    kinds.get(row.reverses_id) if row.reverses_id is not None else None,
                )
            )
    return opening, tuple(movements), balance


def with_interest(balance: Balance, minor: int) -> Balance:
    """With interest for delay that is not posted yet."""
    return _added(balance, Balance({Component.DEFAULT_INTEREST: minor}))


def cut_segments(
    segments: Iterable[Segment], *, before: Iterable[Segment], from_on: date
) -> tuple[Segment, ...]:
    """Those of the days from ``from_on``; ``before`` are those through the day before it.

    Of one that began earlier stays what it comes to above the part that is cut off, so that the
    periods of one account add up to all its interest however they are chosen.
    """
    cut_off = {segment.first_on: segment.amount_minor for segment in before}
    kept = []
    for segment in segments:
        if segment.last_on >= from_on:
            first_on = max(segment.first_on, from_on)
            kept.append(
                segment._replace(
                    first_on=first_on,
                    days=(segment.last_on - first_on).days + 1,
                    amount_minor=segment.amount_minor - cut_off.get(segment.first_on, 0),
                )
            )
    return tuple(kept)


def _place(row: Booked) -> tuple[date, bool, int]:
    return row.on, row.kind is not TransactionKind.OPENING, row.id


def _balance(legs: Sequence[Leg]) -> Balance:
    owed: dict[Component, int] = {}
    credit = 0
    for leg in legs:
        if leg.leg in COMPONENTS:
            component = Component(leg.leg)
            owed[component] = owed.get(component, 0) + leg.amount_minor
        elif leg.leg == Book.OVERPAYMENT:
            credit -= leg.amount_minor
    return Balance({part: minor for part, minor in owed.items() if minor}, credit)


def _added(one: Balance, other: Balance) -> Balance:
    owed = dict(one.owed)
    for component, minor in other.owed.items():
        owed[component] = owed.get(component, 0) + minor
    return Balance(
        {part: minor for part, minor in owed.items() if minor},
        one.credit_minor + other.credit_minor,
    )
