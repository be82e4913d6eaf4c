"""The case file: one per debtor, with its holds and the work it makes for people."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from cases.lifecycle import CaseStatus, Handler, HoldKind, Stage, WorkKind, WorkStatus


class Case(models.Model):
    """All debts in arrears of one debtor, carried together.

    ``updated_at`` moves with every event that a reader of the case would want to know of.
    """

    number = models.CharField(max_length=20, unique=True, db_collation="C")
    debtor = models.OneToOneField("debtors.Debtor", models.PROTECT, related_name="case")
    status = models.CharField(
        max_length=6, choices=[(s, s) for s in CaseStatus], default=CaseStatus.OPEN
    )
    stage = models.CharField(
        max_length=14, choices=[(s, s) for s in Stage], default=Stage.DIRECT_CONTACT
    )
    handled_by = models.CharField(
        max_length=9, choices=[(h, h) for h in Handler], default=Handler.HOUSE
    )
    team = models.ForeignKey("staff.Team", models.PROTECT, null=True, related_name="cases")
    owner = models.ForeignKey("staff.User", models.PROTECT, null=True, related_name="cases")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="open", closed_on__isnull=True)
                | Q(status="closed", closed_on__isnull=False),
                name="case_closed_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="case_not_closed_before_it_was_opened",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "stage", "id"], name="case_by_stage"),
            models.Index(fields=["team", "status", "id"], name="case_by_team"),
            models.Index(fields=["updated_at", "id"], name="case_by_change"),
        ]

    def __str__(self) -> str:
        return self.number


class Hold(models.Model):
    """A reason why something must wait. Open from ``from_on`` until it is ended.

    ``until_on`` is its last day, where it is known; the day close ends it after that day.
    ``cause`` names the thing that carries it (``promise:17``), empty for one placed by hand.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=24, choices=[(k, k) for k in HoldKind])
    cause = models.CharField(max_length=60, default="", blank=True, db_default="")
    reason = models.CharField(max_length=500, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    placed_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind", "cause"],
                condition=Q(ended_on__isnull=True),
                name="hold_one_open_per_kind_and_cause",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="hold_until_not_before_from",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["until_on"], condition=Q(ended_on__isnull=True), name="hold_to_end"
            ),
            models.Index(
                fields=["cause"],
                condition=Q(ended_on__isnull=True) & ~Q(cause=""),
                name="hold_by_cause",
            ),
        ]


class WorkItem(models.Model):
    """Something for a person to do about a case; one open per case and kind.

    ``priority`` ranks within a day: lower is sooner. ``reason`` holds codes and values.
    ``team`` and ``owner`` are the case's, kept with it, so that a queue is one index range.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="work_items")
    kind = models.CharField(max_length=20, choices=[(k, k) for k in WorkKind])
    status = models.CharField(
        max_length=9, choices=[(s, s) for s in WorkStatus], default=WorkStatus.OPEN
    )
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, related_name="+", db_index=False
    )
    owner = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    due_on = models.DateField()
    priority = models.SmallIntegerField(default=50)
    reason = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    leased_by = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")
    leased_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(status="open"),
                name="work_item_one_open_per_kind",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on", "priority", "id"],
                condition=Q(status="open"),
                name="work_item_queue",
            ),
            models.Index(
                fields=["team", "due_on", "priority", "id"],
                condition=Q(status="open"),
                name="work_item_team_queue",
            ),
            models.Index(
                fields=["owner", "due_on", "priority", "id"],
                condition=Q(status="open", owner__isnull=False),
                name="work_item_own_queue",
            ),
        ]
