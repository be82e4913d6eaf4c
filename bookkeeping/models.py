"""Write-offs, refunds and charges: each is a proposal until somebody with the authority decides."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bookkeeping.lifecycle import (
    LIVE_REFUND,
    OPEN_WRITE_OFF,
    STANDING_CHARGE,
    ChargeStatus,
    LineOutcome,
    RefundStatus,
    WriteOffKind,
    WriteOffReason,
    WriteOffStatus,
)
from staff.lifecycle import ApprovalKind
from staff.models import Proposal

#: Who decides, and in whose place, is another than who proposed. Whether a decision is complete is
#: said by each of them: some need none.
_BY_ANOTHER = (Proposal.Meta.constraints[0], Proposal.Meta.constraints[2])


def _decided_unless(undecided: list[str], name: str) -> models.CheckConstraint:
    """A decision has a person and an instant, unless none was needed."""
    return models.CheckConstraint(
        condition=Q(status__in=undecided)
        | Q(needs_approval=False)
        | Q(decided_by__isnull=False, decided_at__isnull=False),
        name=name,
    )


class WriteOffBatch(Proposal):
    """Small balances of many debtors in one currency, decided as one.

    ``amount_minor`` is their sum. ``rule_from`` is the first day of the rule that found them. It
    belongs to no single case and is decided on a page of its own.
    """

    lines_count = models.IntegerField()
    rule_from = models.DateField()
    at_most_minor = models.BigIntegerField()
    after_days = models.IntegerField()

    class Meta(Proposal.Meta):
        indexes: ClassVar = []
        constraints: ClassVar = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(
                fields=["currency"],
                condition=Q(status__in=["proposed", "sent_back"]),
                name="write_off_batch_one_open",
            ),
        ]


class WriteOff(Proposal):
    """A claim that the bank gives up, on one account.

    ``amount_minor`` is what is written off; of a full one, what was owed when it was proposed.
    ``components`` limit it, empty: any. ``submission`` is the key of the form, or the cause of the
    machine's proposal.
    """

    approval_kind = ApprovalKind.WRITE_OFF

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="write_offs")
    account = models.ForeignKey("ledger.Account", models.PROTECT, related_name="write_offs")
    kind = models.CharField(max_length=20, choices=[(k, k) for k in WriteOffKind])
    components = ArrayField(models.CharField(max_length=20), default=list)
    reason = models.CharField(max_length=20, choices=[(r, r) for r in WriteOffReason])
    note = models.CharField(max_length=500, blank=True)
    status = models.CharField(
        max_length=9, choices=[(s, s) for s in WriteOffStatus], default=WriteOffStatus.PROPOSED
    )
    needs_approval = models.BooleanField()
    batch = models.ForeignKey(WriteOffBatch, models.PROTECT, null=True, related_name="write_offs")
    submission = models.CharField(max_length=80, unique=True)
    transaction = models.OneToOneField(
        "ledger.Transaction", models.PROTECT, null=True, related_name="write_off"
    )
    posted_on = models.DateField(null=True)
    reversed_on = models.DateField(null=True)
    reversal_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            *_BY_ANOTHER,
            _decided_unless(["proposed", "withdrawn"], "write_off_decision_complete"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="write_off_of_something"),
            models.CheckConstraint(
                condition=~Q(status__in=["posted", "reversed"])
                | Q(transaction__isnull=False, posted_on__isnull=False),
                name="write_off_posted_has_a_posting",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(status__in=[status.value for status in OPEN_WRITE_OFF]),
                name="write_off_one_open",
            ),
        ]
        indexes: ClassVar = [*Proposal.Meta.indexes]


class WriteOffBatchLine(models.Model):
    """One balance of a batch; ``write_off`` is set when it was written off."""

    batch = models.ForeignKey(WriteOffBatch, models.CASCADE, related_name="lines")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    account = models.ForeignKey("ledger.Account", models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    outcome = models.CharField(
        max_length=11, choices=[(o, o) for o in LineOutcome], default=LineOutcome.WAITING
    )
    left_out_code = models.CharField(max_length=40, blank=True)
    write_off = models.OneToOneField(WriteOff, models.PROTECT, null=True, related_name="line")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "account"], name="write_off_line_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="write_off_line_positive"),
        ]


class Refund(Proposal):
    """An overpayment on its way back to the debtor; the case is held until it is done.

    The ledger posts it when it is handed over: from then on the credit is gone. ``despite_arrears``
    says that it is paid back although something else is due, and always needs a second person.
    ``entry`` is the debit of a bank statement that tells of it; None where a person said so.
    """

    approval_kind = ApprovalKind.REFUND

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="refunds")
    account = models.ForeignKey("ledger.Account", models.PROTECT, related_name="refunds")
    to_account_no = models.CharField(max_length=34)
    to_name = models.CharField(max_length=140)
    note = models.CharField(max_length=500, blank=True)
    despite_arrears = models.BooleanField(default=False)
    status = models.CharField(
        max_length=11, choices=[(s, s) for s in RefundStatus], default=RefundStatus.PROPOSED
    )
    needs_approval = models.BooleanField()
    submission = models.CharField(max_length=80, unique=True)
    transaction = models.OneToOneField(
        "ledger.Transaction", models.PROTECT, null=True, related_name="refund"
    )
    handed_over_on = models.DateField(null=True)
    paid_back_on = models.DateField(null=True)
    entry = models.OneToOneField(
        "ledger.StatementEntry", models.PROTECT, null=True, related_name="refund"
    )
    bank_reference = models.CharField(max_length=80, blank=True)
    end_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            *_BY_ANOTHER,
            _decided_unless(["proposed", "withdrawn", "recalled"], "refund_decision_complete"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_of_something"),
            models.CheckConstraint(
                condition=~Q(status__in=["handed_over", "paid_back", "returned"])
                | Q(transaction__isnull=False, handed_over_on__isnull=False),
                name="refund_handed_over_has_a_posting",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(status__in=[status.value for status in LIVE_REFUND]),
                name="refund_one_live",
            ),
        ]
        indexes: ClassVar = [
            *Proposal.Meta.indexes,
            models.Index(
                fields=["proposed_at", "id"],
                condition=Q(status__in=[status.value for status in LIVE_REFUND]),
                name="refund_live",
            ),
        ]


class Charge(Proposal):
    """A fee or cost of the tariff, charged to a debt once for its ``occasion``."""

    approval_kind = ApprovalKind.CHARGE

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="charges")
    account = models.ForeignKey("ledger.Account", models.PROTECT, related_name="charges")
    fee = models.CharField(max_length=40)
    component = models.CharField(max_length=20)
    occasion = models.CharField(max_length=80)
    charged_on = models.DateField()
    tariff_from = models.DateField()
    source = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)
    status = models.CharField(
        max_length=9, choices=[(s, s) for s in ChargeStatus], default=ChargeStatus.PROPOSED
    )
    needs_approval = models.BooleanField()
    transaction = models.OneToOneField(
        "ledger.Transaction", models.PROTECT, null=True, related_name="charge"
    )
    end_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            *_BY_ANOTHER,
            _decided_unless(["proposed", "withdrawn"], "charge_decision_complete"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="charge_of_something"),
            models.CheckConstraint(
                condition=~Q(status__in=["posted", "cancelled"]) | Q(transaction__isnull=False),
                name="charge_posted_has_a_posting",
            ),
            models.UniqueConstraint(
                fields=["account", "fee", "occasion"],
                condition=Q(status__in=[status.value for status in STANDING_CHARGE]),
                name="charge_once_for_its_occasion",
            ),
        ]
        indexes: ClassVar = [*Proposal.Meta.indexes]
