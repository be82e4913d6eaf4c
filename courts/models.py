"""Court referrals: the claim, its way through the court, and what it cost."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from courts.lifecycle import LIVE, CostKind, Outcome, Procedure, ReferralStatus
from staff.lifecycle import ApprovalKind
from staff.models import Proposal


class Referral(Proposal):
    """A case that goes to court. ``claim_minor`` is the claim as it was filed.

    ``cause`` is unique: the same step never proposes two. ``served_on`` is the day on which
    the order was served on the defendant: the term to pay or object runs from it (KPC 480²).
    """

    approval_kind = ApprovalKind.REFERRAL

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="referrals")
    cause = models.CharField(max_length=80, unique=True)
    status = models.CharField(
        max_length=11, choices=[(s, s) for s in ReferralStatus], default=ReferralStatus.PROPOSED
    )
    procedure = models.CharField(max_length=11, choices=[(p, p) for p in Procedure], blank=True)
    court = models.CharField(max_length=200, blank=True)
    docket_no = models.CharField(max_length=60, blank=True)
    claim_minor = models.BigIntegerField(null=True, blank=True)
    filed_on = models.DateField(null=True, blank=True)
    order_on = models.DateField(null=True, blank=True)
    served_on = models.DateField(null=True, blank=True)
    objected_on = models.DateField(null=True, blank=True)
    final_on = models.DateField(null=True, blank=True)
    enforcement_on = models.DateField(null=True, blank=True)
    bailiff = models.CharField(max_length=200, blank=True)
    bailiff_docket_no = models.CharField(max_length=60, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=15, choices=[(o, o) for o in Outcome], blank=True)

    class Meta(Proposal.Meta):
        constraints: ClassVar = [
            *Proposal.Meta.constraints,
            models.CheckConstraint(
                condition=Q(filed_on__isnull=True)
                | (Q(claim_minor__gt=0) & ~Q(procedure="") & ~Q(court="")),
                name="referral_filed_with_a_claim",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | (Q(closed_on__isnull=False) & ~Q(outcome="")),
                name="referral_closed_with_an_outcome",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=[status.value for status in LIVE]),
                name="referral_one_live",
            ),
        ]
        indexes: ClassVar = [
            *Proposal.Meta.indexes,
            models.Index(fields=["case", "-id"], name="referral_by_case"),
            models.Index(fields=["status", "id"], name="referral_by_status"),
        ]


class ReferralCost(models.Model):
    """A cost of the proceedings, charged to an account of the debtor as component ``costs``.

    ``account`` is empty where no account of the claim is kept in the currency of the cost.
    ``submission`` is the key of the form that recorded it: the same form sent twice charges once.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="costs")
    kind = models.CharField(max_length=15, choices=[(k, k) for k in CostKind])
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    incurred_on = models.DateField()
    account = models.ForeignKey("ledger.Account", models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    submission = models.CharField(max_length=64, null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="referral_cost_positive"),
            models.UniqueConstraint(
                fields=["referral", "submission"],
                condition=Q(submission__isnull=False),
                name="referral_cost_submitted_once",
            ),
        ]
