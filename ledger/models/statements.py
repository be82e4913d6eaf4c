"""What banks have told of, what may name an account, and what became of each entry."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ledger.lifecycle import EntryState, NameKind
from ledger.models.postings import Account, Transaction
from ledger.statements.values import EntryStatus, Form


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
    with which an entry is proposed to a person at most. ``looked_at`` is when it was noted what an
    entry of a provisional form announces.
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
    looked_at = models.DateTimeField(null=True)

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
            models.Index(
                fields=["id"],
                condition=Q(state__isnull=True, tied_to__isnull=True, looked_at__isnull=True),
                name="statement_entry_announces",
            ),
        ]


class AnnouncedPayment(models.Model):
    """A share of an entry that a bank tells of before it books it, for the account that it names.

    Nobody waits for it after ``until_on``.
    """

    entry = models.ForeignKey(StatementEntry, models.PROTECT, related_name="announced")
    account = models.ForeignKey(Account, models.CASCADE, related_name="announced")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    value_on = models.DateField()
    announced_on = models.DateField()
    until_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "account"], name="announced_payment_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="announced_payment_positive"
            ),
        ]


class EntryPosting(models.Model):
    """What was posted of an entry: one transaction, or several where it was split."""

    entry = models.ForeignKey(StatementEntry, models.PROTECT, related_name="postings")
    transaction = models.OneToOneField(Transaction, models.PROTECT, related_name="entry_posting")
    amount_minor = models.BigIntegerField()
    reasons = models.JSONField(default=list)
