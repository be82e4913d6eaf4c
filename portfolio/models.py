"""The book as it stood at the close of a day: a narrow row per case, and sums for the boards."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Snapshot(models.Model):
    """One row per day of which the book was kept: when it was read, and how many rows it has."""

    taken_on = models.DateField(primary_key=True)
    taken_at = models.DateTimeField()
    cases = models.IntegerField()


class CaseSnapshot(models.Model):
    """An open case in one currency at the close of ``taken_on``; kept for a while.

    ``bucket`` is a place in ``portfolio.buckets.BUCKETS``. The days past due are those of the
    whole case, so that one case stands in one bucket whatever its currencies.
    """

    taken_on = models.DateField()
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3)
    stage = models.CharField(max_length=14)
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, related_name="+", db_index=False
    )
    bucket = models.PositiveSmallIntegerField()
    days_past_due = models.IntegerField()
    due_minor = models.BigIntegerField()
    outstanding_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["taken_on", "case", "currency"], name="case_snapshot_once"
            ),
            models.CheckConstraint(
                condition=Q(days_past_due__gte=0), name="case_snapshot_days_not_negative"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["taken_on", "currency", "stage", "bucket", "case"],
                name="case_snapshot_cell",
            )
        ]


class DailySummary(models.Model):
    """Count and money of the open cases of one stage, bucket, currency and team; kept for good."""

    taken_on = models.DateField()
    currency = models.CharField(max_length=3)
    stage = models.CharField(max_length=14)
    bucket = models.PositiveSmallIntegerField()
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, related_name="+", db_index=False
    )
    cases = models.IntegerField()
    due_minor = models.BigIntegerField()
    outstanding_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["taken_on", "currency", "stage", "bucket", "team"],
                nulls_distinct=False,
                name="daily_summary_once",
            )
        ]
