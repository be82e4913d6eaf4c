"""Agencies, what is placed with them, the files it goes in, and what they collect."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from agencies.lifecycle import LIVE, EndReason, ExclusionGround, PlacementStatus
from staff.lifecycle import ApprovalKind
from staff.models import Proposal


class Agency(models.Model):
    """A collector outside the house. ``commission_bp`` is in hundredths of a percent; a case
    stays with it for ``term_days`` and then comes back.

    Whoever services non-performing bank credit for others needs a permit of the KNF, or is
    excluded from the duty (act of 2024-12-20, Dz.U. 2025/146, in force since 2025-02-19).
    """

    name = models.CharField(max_length=200, unique=True)
    permit_no = models.CharField(max_length=60, blank=True)
    permit_until = models.DateField(null=True, blank=True)
    exclusion_ground = models.CharField(
        max_length=22, choices=[(g, g) for g in ExclusionGround], blank=True
    )
    commission_bp = models.PositiveIntegerField()
    term_days = models.PositiveSmallIntegerField(default=90)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(permit_no="") | ~Q(exclusion_ground=""),
                name="agency_permit_or_exclusion",
            ),
            models.CheckConstraint(
                condition=Q(commission_bp__lte=10_000), name="agency_commission_at_most_all"
            ),
            models.CheckConstraint(
                condition=Q(term_days__gte=1), name="agency_term_at_least_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def commission_percent(self) -> Decimal:
        return Decimal(self.commission_bp) / 100


class PlacementBatch(models.Model):
    """One file for one agency, with its content as it was fixed. ``totals`` is minor units
    per currency, ``sha256`` is over ``content``."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="batches")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    placements_count = models.PositiveIntegerField()
    rows_count = models.PositiveIntegerField()
    totals = models.JSONField()
    file_name = models.CharField(max_length=100, unique=True)
    content = models.BinaryField()
    sha256 = models.BinaryField(max_length=32)

    @property
    def checksum(self) -> str:
        """As ``sha256sum`` prints it."""
        return bytes(self.sha256).hex()


class Placement(Proposal):
    """A case given to an agency to collect for a commission; nothing is sold.

    ``cause`` is unique: the same step never proposes two. ``until_on`` is the last day with
    the agency, fixed when it was placed. ``due_minor`` is what is due since money changed it,
    as the agency was last told; ``amount_minor`` stays what was placed.
    """

    approval_kind = ApprovalKind.PLACEMENT

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="placements")
    cause = models.CharField(max_length=80, unique=True)
    status = models.CharField(
        max_length=9, choices=[(s, s) for s in PlacementStatus], default=PlacementStatus.PROPOSED
    )
    batch = models.ForeignKey(
        PlacementBatch, models.PROTECT, null=True, blank=True, related_name="placements"
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="placements"
    )
    commission_bp = models.PositiveIntegerField(null=True, blank=True)
    due_minor = models.BigIntegerField(null=True, blank=True)
    placed_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=17, choices=[(r, r) for r in EndReason], blank=True)

    class Meta(Proposal.Meta):
        constraints: ClassVar = [
            *Proposal.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status__in=["placed", "recalled", "returned", "ended"])
                | Q(
                    batch__isnull=False,
                    agency__isnull=False,
                    commission_bp__isnull=False,
                    placed_on__isnull=False,
                    until_on__isnull=False,
                ),
                name="placement_placed_with_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["recalled", "returned", "ended"])
                | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
                name="placement_end_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=[status.value for status in LIVE]),
                name="placement_one_live",
            ),
        ]
        indexes: ClassVar = [
            *Proposal.Meta.indexes,
            models.Index(fields=["case", "-id"], name="placement_by_case"),
            models.Index(
                fields=["status", "id"],
                condition=Q(status__in=["proposed", "sent_back", "approved"]),
                name="placement_waiting",
            ),
            models.Index(
                fields=["until_on", "id"],
                condition=Q(status="placed"),
                name="placement_to_end",
            ),
            models.Index(
                fields=["agency", "-id"],
                condition=Q(agency__isnull=False),
                name="placement_by_agency",
            ),
        ]


class AgencyPayment(models.Model):
    """What an agency collected and passed on, and the commission on it.

    The commission is the bank's cost and never the debtor's: it is not posted to the account.
    """

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="payments")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="payments")
    reference = models.CharField(max_length=100)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    commission_bp = models.PositiveIntegerField()
    commission_minor = models.BigIntegerField()
    value_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "reference"], name="agency_payment_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0) & Q(commission_minor__gte=0),
                name="agency_payment_amounts_possible",
            ),
        ]
