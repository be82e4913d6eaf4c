"""Agreements with debtors and the instalments they consist of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from negotiations.lifecycle import LIVE, AgreementKind, AgreementStatus, InstalmentStatus
from staff.lifecycle import ApprovalKind
from staff.models import Proposal


class Agreement(Proposal):
    """What a debtor pays by when, and what is written off when they have paid it.

    ``amount_minor`` is what was due in ``currency`` after the transaction
    ``last_transaction_id``: every payment posted later counts towards the instalments.
    ``judge_on`` is the first day on which the next unpaid instalment is beyond tolerance.
    ``tolerance_*`` are copied from the policy: what was agreed does not change with it.
    """

    approval_kind = ApprovalKind.AGREEMENT

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="agreements")
    kind = models.CharField(max_length=11, choices=[(k, k) for k in AgreementKind])
    status = models.CharField(
        max_length=9, choices=[(s, s) for s in AgreementStatus], default=AgreementStatus.PROPOSED
    )
    needs_approval = models.BooleanField()
    write_off_minor = models.BigIntegerField(default=0)
    tolerance_days = models.PositiveSmallIntegerField()
    tolerance_minor = models.BigIntegerField()
    last_transaction_id = models.BigIntegerField()
    policy_from = models.DateField()
    in_force_on = models.DateField(null=True)
    judge_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            Proposal.Meta.constraints[0],
            Proposal.Meta.constraints[2],
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "withdrawn"])
                | Q(needs_approval=False)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="agreement_decision_complete",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0)
                & Q(write_off_minor__gte=0)
                & Q(write_off_minor__lt=F("amount_minor")),
                name="agreement_amounts_possible",
            ),
            models.CheckConstraint(
                condition=~Q(status="in_force")
                | Q(in_force_on__isnull=False, judge_on__isnull=False),
                name="agreement_in_force_is_judged",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=[status.value for status in LIVE]),
                name="agreement_one_live",
            ),
        ]
        indexes: ClassVar = [
            *Proposal.Meta.indexes,
            models.Index(
                fields=["judge_on", "id"],
                condition=Q(status="in_force"),
                name="agreement_to_judge",
            ),
            models.Index(
                fields=["id"],
                condition=Q(status__in=["proposed", "sent_back"]),
                name="agreement_undecided",
            ),
        ]

    @property
    def to_pay_minor(self) -> int:
        return self.amount_minor - self.write_off_minor


class Instalment(models.Model):
    """One payment of an agreement; ``number`` counts from 1."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0)
    status = models.CharField(
        max_length=6, choices=[(s, s) for s in InstalmentStatus], default=InstalmentStatus.OPEN
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "number"], name="instalment_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0)
                & Q(paid_minor__gte=0)
                & Q(paid_minor__lte=F("amount_minor")),
                name="instalment_amounts_possible",
            ),
        ]
