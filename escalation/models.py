"""Strategies and their versions, the enrolment of a case, its decisions and performed steps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Strategy(models.Model):
    key = models.CharField(max_length=40, unique=True)


class StrategyVersion(models.Model):
    """The text of a strategy as it was published. A published version never changes."""

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    status = models.CharField(max_length=12)
    is_shipped = models.BooleanField(default=False)
    moves_cases = models.BooleanField(default=False)
    proposed_by = models.ForeignKey("staff.User", models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("staff.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "number"], name="version_once"),
            models.UniqueConstraint(
                fields=["strategy"], condition=Q(status="in_force"), name="version_one_in_force"
            ),
        ]


class Enrolment(models.Model):
    """Where a case stands in its strategy. One active per case."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="enrolments")
    status = models.CharField(max_length=8, default="active", db_default="active")
    step_key = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1, db_default=1)
    previous_step_on = models.DateField(null=True)
    entered_on = models.DateField()
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=40, default="", db_default="")
    next_due_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(status="active"), name="enrolment_one_active"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_due_on"], condition=Q(status="active"), name="enrolment_due"
            )
        ]


class Decision(models.Model):
    """What was decided about an enrolment, for one cause, and everything that was looked at.

    ``cause`` is ``close:2026-05-12`` or ``event:123``.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="decisions")
    cause = models.CharField(max_length=40)
    decided_on = models.DateField()
    outcome = models.CharField(max_length=8)
    step_key = models.CharField(max_length=40, default="", db_default="")
    record = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "cause"], name="decision_one_per_cause")
        ]


class PerformedStep(models.Model):
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="performed")
    step_key = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField()
    performed_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enrolment", "step_key", "round"], name="step_performed_once"
            )
        ]
