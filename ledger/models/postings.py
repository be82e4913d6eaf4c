"""Accounts and balanced, append-only postings. Balances are kept in the same transaction."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ledger.lifecycle import Book, Component, TransactionKind

_LEGS = [(leg.value, leg.value) for leg in (*Component, *Book)]


class Account(models.Model):
    """What is owed on one claim, in one currency.

    ``outstanding_minor``, ``due_minor``, ``due_since`` and ``overpaid_minor`` are sums of
    postings, kept by the operations that post. ``due_since`` is the oldest day from which something
    unpaid is due; days past due are derived from it. ``overpaid_minor`` is what the debtor has paid
    ahead, and negative where more was refunded. ``product`` is registered from above; the order
    in which payments are credited follows it.
    """

    currency = models.CharField(max_length=3)
    virtual_account_no = models.CharField(max_length=34, unique=True, null=True)
    opened_on = models.DateField()
    outstanding_minor = models.BigIntegerField(default=0, db_default=0)
    due_minor = models.BigIntegerField(default=0, db_default=0)
    due_since = models.DateField(null=True)
    overpaid_minor = models.BigIntegerField(default=0, db_default=0)
    product = models.CharField(max_length=16, default="", db_default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due_minor__lte=0, due_since__isnull=True)
                | Q(due_minor__gt=0, due_since__isnull=False),
                name="account_due_has_a_day",
            )
        ]


class Transaction(models.Model):
    """A balanced set of postings to one account, known by its source and key.

    One that ``corrects`` another says what that one came to, put right after something from
    before it became known; it counts from the same day. ``components`` are those that a write-off
    is limited to; empty: all of them.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="transactions")
    kind = models.CharField(max_length=20, choices=[(k, k) for k in TransactionKind])
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    source = models.CharField(max_length=40)
    idempotency_key = models.CharField(max_length=200)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    reason = models.CharField(max_length=500, blank=True)
    components = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "idempotency_key"], name="transaction_posted_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="reallocation", corrects__isnull=False)
                | (~Q(kind="reallocation") & Q(corrects__isnull=True)),
                name="transaction_correction_names_what_it_corrects",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "effective_on"], name="transaction_of_account"),
            models.Index(
                fields=["-recorded_at"],
                condition=Q(kind="payment"),
                name="transaction_last_payment",
            ),
        ]


class Posting(models.Model):
    """One leg. ``leg`` is a component of the debt or a book; the legs of a transaction sum to 0.

    ``due_on`` is the day from which the amount is due; None means not yet due. A payment's
    leg carries the ``due_on`` of what it pays. Books carry none.
    """

    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="postings")
    leg = models.CharField(max_length=20, choices=_LEGS)
    due_on = models.DateField(null=True)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="posting_not_zero")
        ]


class Balance(models.Model):
    """The sum of an account's postings per component and due day."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="balances")
    component = models.CharField(max_length=20, choices=[(c, c) for c in Component])
    due_on = models.DateField(null=True)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "component", "due_on"],
                nulls_distinct=False,
                name="balance_once",
            )
        ]
