"""Strategies, their drafts and versions, the enrolment of a case, its decisions and steps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from escalation.lifecycle import (
    OPEN_RUN_STATUSES,
    EnrolmentStatus,
    RunStatus,
    VersionStatus,
)
from escalation.strategy import InFlight


class Strategy(models.Model):
    key = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.key


class StrategyVersion(models.Model):
    """The text of a strategy as it was published. Once in force it never changes.

    One that was shipped with the product has neither proposer nor decider.
    """

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    status = models.CharField(
        max_length=10, choices=[(s, s) for s in VersionStatus], default=VersionStatus.PROPOSED
    )
    is_shipped = models.BooleanField(default=False)
    in_flight = models.CharField(max_length=6, choices=[(f, f) for f in InFlight])
    proposed_by = models.ForeignKey("staff.User", models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("staff.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "number"], name="version_once"),
            models.UniqueConstraint(
                fields=["strategy"], condition=Q(status="in_force"), name="version_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["strategy"], condition=Q(status="proposed"), name="version_one_proposed"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="version_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "withdrawn"])
                | Q(is_shipped=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="version_decision_complete",
            ),
        ]


class Draft(models.Model):
    """A text that somebody writes, for a version to come. It may be broken while it is written.

    ``revision`` grows with each change: whoever saves names the one they saw. ``strategy_key``
    is the one that the text named when it could last be read; ``version`` is what was made of
    it when publication was asked for, the latest where it was asked for more than once.
    """

    strategy_key = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    author = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    source = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    from_version = models.ForeignKey(StrategyVersion, models.PROTECT, null=True, related_name="+")
    version = models.OneToOneField(StrategyVersion, models.PROTECT, null=True, related_name="draft")
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["strategy_key"], condition=Q(discarded_at=None), name="draft_of_strategy"
            )
        ]


class SimulationRun(models.Model):
    """A draft played on the live book, with the text as it was then.

    ``on`` is the day whose close comes first. ``result`` is described in
    ``simulated.py``, the cases that would change are rows of their own.
    """

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="runs")
    revision = models.PositiveIntegerField()
    source = models.TextField()
    on = models.DateField()
    working_days = models.PositiveSmallIntegerField()
    grants_all = models.BooleanField(default=False)
    status = models.CharField(
        max_length=8, choices=[(s, s) for s in RunStatus], default=RunStatus.QUEUED
    )
    asked_by = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cases_done = models.PositiveIntegerField(default=0)
    cases_total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["draft"],
                condition=Q(status__in=OPEN_RUN_STATUSES),
                name="simulation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN_RUN_STATUSES, finished_at__isnull=True)
                | Q(status__in=["done", "failed", "stopped"], finished_at__isnull=False),
                name="simulation_ended_when_finished",
            ),
        ]


class SimulatedChange(models.Model):
    """A case that would take another next step than today; written by COPY."""

    run = models.ForeignKey(SimulationRun, models.CASCADE, related_name="changes", db_index=False)
    case = models.ForeignKey(
        "cases.Case", models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    today_outcome = models.CharField(max_length=8)
    today_step = models.CharField(max_length=40, blank=True)
    draft_outcome = models.CharField(max_length=8)
    draft_step = models.CharField(max_length=40, blank=True)
    since_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "case"], name="simulated_change_once")
        ]


class Enrolment(models.Model):
    """Where a case stands in its strategy. One active per case.

    ``step_key`` and ``round`` come next; the step is empty past the last one. ``asked``: that
    step has made a proposal that is not settled. ``previous_on`` is the day of the step before.
    Letters and proposals from before ``counts_from_on`` belong to earlier arrears and do not
    count. ``closed_through_on`` is the last business day whose close decided about it.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(
        StrategyVersion, models.PROTECT, related_name="enrolments", db_index=False
    )
    status = models.CharField(
        max_length=8,
        choices=[(s, s) for s in EnrolmentStatus],
        default=EnrolmentStatus.ACTIVE,
    )
    step_key = models.CharField(max_length=40, blank=True)
    round = models.PositiveSmallIntegerField(default=1, db_default=1)
    asked = models.BooleanField(default=False, db_default=False)
    previous_on = models.DateField()
    counts_from_on = models.DateField()
    entered_on = models.DateField()
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=40, default="", db_default="", blank=True)
    next_due_on = models.DateField(null=True)
    closed_through_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(status="active"), name="enrolment_one_active"
            ),
            models.CheckConstraint(
                condition=Q(status="active", ended_on__isnull=True, next_due_on__isnull=False)
                | Q(status__in=["exited", "finished", "replaced"], ended_on__isnull=False),
                name="enrolment_active_has_a_next_look",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_due_on"], condition=Q(status="active"), name="enrolment_due"
            ),
            models.Index(
                fields=["version", "status", "step_key"], include=["case"], name="enrolment_at_step"
            ),
        ]


class Decision(models.Model):
    """What was decided about an enrolment, for one cause, and everything that was looked at.

    ``cause`` is ``close:2026-05-12`` or ``event:123``. ``record`` is described in
    ``record.py``; the step is the one taken, or the one that comes next.
    """

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="decisions", db_index=False
    )
    version = models.ForeignKey(
        StrategyVersion, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    cause = models.CharField(max_length=40)
    decided_on = models.DateField()
    decided_at = models.DateTimeField()
    outcome = models.CharField(max_length=8)
    step_key = models.CharField(max_length=40, default="", db_default="", blank=True)
    round = models.PositiveSmallIntegerField(default=1, db_default=1)
    look_again_on = models.DateField(null=True)
    record = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "cause"], name="decision_one_per_cause")
        ]


class PerformedStep(models.Model):
    """``(enrolment, step, round)`` is taken once, whatever happens."""

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="performed", db_index=False
    )
    step_key = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField()
    performed_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enrolment", "step_key", "round"], name="step_performed_once"
            )
        ]
