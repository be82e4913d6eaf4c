"""The facts of accounts, and what has been posted of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Max

from ledger.accrual import Accrual, BaseHistory
from ledger.allocation import AccountOrders
from ledger.legs import Leg
from ledger.lifecycle import Book, TransactionKind
from ledger.models import Posting, Transaction
from ledger.queries.accruals import list_accruals
from ledger.queries.orders import list_account_orders
from ledger.replay import FIXED, Fact, Fold, Holding, sort_facts

#: The book whose leg says how much a fact of the kind is about.
_AMOUNT_BOOKS: Final = {
    TransactionKind.PAYMENT: Book.CASH,
    TransactionKind.WRITE_OFF: Book.WRITTEN_OFF,
    TransactionKind.REFUND: Book.CASH,
}
#: Transactions that are no facts of their own.
ABOUT_OTHERS: Final = frozenset({TransactionKind.REVERSAL, TransactionKind.REALLOCATION})

_Legs = dict[int, list[Leg]]


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What has happened and has not been reversed; ``posted`` holds the legs of each fact by its
    id, its corrections included.

    ``accrual`` is None where the account bears no interest of ours; ``rates_entry`` names the
    rates in it. ``last_id`` is the latest transaction of any kind.
    """

    orders: AccountOrders = field(default_factory=AccountOrders)
    facts: list[Fact] = field(default_factory=list)
    posted: _Legs = field(default_factory=dict)
    accrual: Accrual | None = None
    rates_entry: int = 0
    last_id: int = 0

    def fold_bases(self, accrual: Accrual, *, on: date) -> BaseHistory:
        """How the overdue principal developed through a day, with the interest of ``accrual``: what
        a payment pays depends on all the interest before it."""
        history = BaseHistory(accrual)
        fold = Fold(Holding(), history)
        for fact in sort_facts(fact for fact in self.facts if fact.on <= on):
            fold.add(fact, self.orders.on(fact.on))
        return history

    def interest_posted(self, *, on: date) -> int:
        """Interest of ours through a day, in minor units, its corrections included."""
        return -sum(
            leg.amount_minor
            for fact in self.facts
            if fact.kind is TransactionKind.INTEREST and fact.on <= on
            for leg in self.posted[fact.id]
            if leg.leg == Book.CHARGE
        )


def get_account_facts(*, account_id: int) -> AccountFacts:
    """Of one account."""
    return list_account_facts(account_ids=[account_id])[account_id]


def list_account_facts(
    *, account_ids: Sequence[int], as_posted: bool = False
) -> dict[int, AccountFacts]:
    """Of each of the accounts, in a constant number of statements.

    ``as_posted``: with the rates with which their interest was posted.
    """
    own, corrections = _legs(account_ids)
    ours = Transaction.objects.filter(account_id__in=account_ids)
    gone = set(ours.filter(reverses__isnull=False).values_list("reverses_id", flat=True))
    last = dict(ours.order_by().values_list("account_id").annotate(Max("id")))
    accruals = list_accruals(account_ids=account_ids, as_posted=as_posted)
    orders = list_account_orders(account_ids=account_ids)
    result = {
        account_id: AccountFacts(
            orders[account_id],
            accrual=accruals[account_id].accrual if account_id in accruals else None,
            rates_entry=accruals[account_id].rates_entry if account_id in accruals else 0,
            last_id=last.get(account_id, 0),
        )
        for account_id in account_ids
    }
    for pk, account_id, kind_text, on, source, key, components in ours.values_list(
        "id", "account_id", "kind", "effective_on", "source", "idempotency_key", "components"
    ):
        kind = TransactionKind(kind_text)
        if kind in ABOUT_OTHERS or pk in gone:
            continue
        legs = own.get(pk, [])
        fixed = tuple(legs) if kind in FIXED else ()
        known = result[account_id]
        amount = _amount(kind, legs)
        known.facts.append(Fact(pk, kind, on, (source, key), fixed, amount, tuple(components)))
        known.posted[pk] = [*legs, *corrections.get(pk, [])]
    return result


def _legs(account_ids: Sequence[int]) -> tuple[_Legs, _Legs]:
    """By transaction: its own legs, and those of what corrects it."""
    own: _Legs = defaultdict(list)
    corrections: _Legs = defaultdict(list)
    rows = Posting.objects.filter(account_id__in=account_ids).order_by("id")
    for pk, corrects, leg, due_on, amount in rows.values_list(
        "transaction_id", "transaction__corrects_id", "leg", "due_on", "amount_minor"
    ):
        if corrects is None:
            own[pk].append(Leg(leg, due_on, amount))
        else:
            corrections[corrects].append(Leg(leg, due_on, amount))
    return own, corrections


def _amount(kind: TransactionKind, legs: list[Leg]) -> int:
    book = _AMOUNT_BOOKS.get(kind)
    return abs(sum(leg.amount_minor for leg in legs if leg.leg == book)) if book else 0
