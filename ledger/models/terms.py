"""What holds for accounts from a day on: orders, books, pauses, interest and its rates."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ledger.lifecycle import Keeper
from ledger.models.postings import Account
from ledger.rates import RateKind, Series


class OrderTerm(models.Model):
    """An order of allocation that something above has agreed on with the debtor, by its days.

    ``cause`` names that thing (``agreement:17``); ``until_on`` is the last day, None: it goes on.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="order_terms")
    cause = models.CharField(max_length=60)
    order_key = models.CharField(max_length=40)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "cause"], name="order_term_once"),
        ]


class BookEntry(models.Model):
    """Whose figures hold for an account from a day on; never changed.

    Of those that begin by a day the latest recorded one holds on it; without any it is the core
    system. Where we keep the book, ``rate_kind`` is what overdue principal bears, empty for
    nothing; ``contract_percent`` is the contract's own rate (see ``ledger.rates.Tariff``).
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="book_entries")
    keeper = models.CharField(max_length=5, choices=[(k, k) for k in Keeper])
    from_on = models.DateField()
    rate_kind = models.CharField(
        max_length=30, choices=[(k.value, k.value) for k in RateKind], blank=True
    )
    contract_percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    reason = models.CharField(max_length=500)
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(keeper="house") | Q(rate_kind="", contract_percent__isnull=True),
                name="book_entry_interest_only_in_our_book",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="book_entry_has_a_reason"),
        ]


class InterestPause(models.Model):
    """Days on which an account bears no interest of ours; ``until_on`` is included.

    Higher apps register it; ``cause`` names the thing because of which (``hold:17``).
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="interest_pauses")
    cause = models.CharField(max_length=60)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "cause"], name="interest_pause_once"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="interest_pause_until_not_before_from",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["cause"], name="interest_pause_by_cause")]


class InterestState(models.Model):
    """How far the interest of an account is posted, and when it is posted next.

    ``rates_entry`` is the last entry of the rates with which the postings were computed.
    """

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True)
    next_on = models.DateField()
    accrued_through = models.DateField(null=True)
    rates_entry = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_on"], name="interest_to_post"),
            models.Index(fields=["rates_entry"], name="interest_by_rates"),
        ]


class RateEntry(models.Model):
    """What an administrator added to the shipped rates of interest; never changed.

    Without a ``series`` only ``confirmed_until`` moves. The latest entry of a series and first
    day is the one that holds.
    """

    series = models.CharField(
        max_length=30, choices=[(s.value, s.value) for s in Series], blank=True
    )
    since_on = models.DateField(null=True)
    value = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    source = models.CharField(max_length=300)
    confirmed_until = models.DateField()
    reason = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(series="", since_on__isnull=True, value__isnull=True)
                | (
                    Q(series__in=[s.value for s in Series])
                    & Q(since_on__isnull=False, confirmed_until__gte=F("since_on"))
                    & Q(value__isnull=False, value__gte=0)
                ),
                name="rate_entry_complete",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="rate_entry_has_a_source"),
        ]
