"""Accounts and balanced, append-only postings. Balances are kept in the same transaction."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ledger.lifecycle import Book, Component, EntryState, Keeper, NameKind, TransactionKind
from ledger.rates import RateKind, Series
from ledger.statements.values import EntryStatus, Form

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


class PaymentName(models.Model):
    """What a payment may name an account by; higher apps register it, and people teach it.

    ``key`` is normal: letters and digits only, upper case. ``confirmed`` counts how often a person
    said so, for senders.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="names")
    kind = models.CharField(max_length=16, choices=[(k, k) for k in NameKind])
    key = models.CharField(max_length=80, db_collation="C")
    confirmed = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "kind", "account"], name="payment_name_once")
        ]


class ExpectedPayment(models.Model):
    """An amount that somebody agreed to pay; a plan over several accounts has a row for each."""

    plan = models.CharField(max_length=40, db_collation="C")
    account = models.ForeignKey(Account, models.CASCADE, related_name="expected")
    due_on = models.DateField()
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "account", "due_on", "amount_minor"], name="expected_payment_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="expected_payment_positive"
            ),
        ]


class StatementFile(models.Model):
    """A file of bank statements that was understood. The same bytes are taken in once."""

    sha256 = models.BinaryField(max_length=32, unique=True)
    name = models.CharField(max_length=255)
    form = models.CharField(max_length=8, choices=[(f, f) for f in Form])
    version = models.CharField(max_length=4, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    received_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)
    findings = models.JSONField(default=list)


class BankStatement(models.Model):
    """One account in one currency, as one form tells of it.

    ``same_as`` is a statement that told of the same entries before, in another form or file: then
    nothing of this one is posted.
    """

    file = models.ForeignKey(StatementFile, models.PROTECT, related_name="statements")
    form = models.CharField(max_length=8, choices=[(f, f) for f in Form])
    account_no = models.CharField(max_length=40, db_collation="C")
    account_is_valid = models.BooleanField(null=True)
    currency = models.CharField(max_length=3)
    number = models.CharField(max_length=60, blank=True)
    page = models.CharField(max_length=20, blank=True)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    opening_minor = models.BigIntegerField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    entries_count = models.IntegerField()
    findings = models.JSONField(default=list)
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account_no", "currency", "to_on"], name="bank_statement_account")
        ]


class StatementEntry(models.Model):
    """One movement; its identity is the statement, the position and the content.

    ``part`` is 0 for a single transfer and counts from 1 within a batch. ``state`` is None for what
    is never posted: entries of provisional forms, and those that were told of before.
    ``tied_to`` is, for an entry of a provisional form, the booked entry that it foretold; for a
    booked one, the entry that told of the same money before. ``proposal`` may hold a ``doubt``,
    with which an entry is proposed to a person at most.
    """

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="entries")
    position = models.IntegerField()
    part = models.IntegerField(default=0, db_default=0)
    booked_on = models.DateField(null=True)
    value_on = models.DateField(null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=12, choices=[(s, s) for s in EntryStatus])
    party_name = models.CharField(max_length=300, blank=True)
    party_account = models.CharField(max_length=40, blank=True)
    party_account_is_valid = models.BooleanField(null=True)
    title = models.TextField(blank=True)
    bank_reference = models.CharField(max_length=80, blank=True)
    end_to_end_id = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=40, blank=True)
    is_reversal = models.BooleanField(default=False)
    is_return = models.BooleanField(default=False)
    return_code = models.CharField(max_length=35, blank=True, default="", db_default="")
    state = models.CharField(max_length=12, choices=[(s, s) for s in EntryState], null=True)
    tied_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="foretold_by")
    proposal = models.JSONField(default=dict)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["statement", "position", "part"], name="statement_entry_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=["waiting", "proposed", "suspense"]),
                name="statement_entry_inbox",
            ),
            models.Index(
                fields=["amount_minor", "id"],
                condition=Q(state__in=["proposed", "suspense", "posted"]),
                name="statement_entry_returnable",
            ),
        ]


class EntryPosting(models.Model):
    """What was posted of an entry: one transaction, or several where it was split."""

    entry = models.ForeignKey(StatementEntry, models.PROTECT, related_name="postings")
    transaction = models.OneToOneField(Transaction, models.PROTECT, related_name="entry_posting")
    amount_minor = models.BigIntegerField()
    reasons = models.JSONField(default=list)
