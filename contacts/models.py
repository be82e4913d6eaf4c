"""What was said and sent to a debtor, what they promised, and the termination of their debts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from contacts.lifecycle import (
    AttemptResult,
    Direction,
    MessageChannel,
    MessageStatus,
    PromiseStatus,
    Template,
)
from debtors.lifecycle import Channel
from staff.models import Proposal


class Attempt(models.Model):
    """One try to reach a person, in either direction, and what came of it."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="attempts")
    debtor = models.ForeignKey("debtors.Debtor", models.PROTECT, related_name="attempts")
    channel = models.CharField(max_length=8, choices=[(c, c) for c in Channel])
    direction = models.CharField(max_length=3, choices=[(d, d) for d in Direction])
    contact_point = models.ForeignKey("debtors.ContactPoint", models.SET_NULL, null=True)
    result = models.CharField(max_length=20, choices=[(r, r) for r in AttemptResult])
    is_conversation = models.BooleanField()
    note = models.TextField(blank=True)
    happened_at = models.DateTimeField()
    happened_on = models.DateField()
    logged_by = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    override_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "-happened_on"], name="attempt_by_case")]


class Promise(models.Model):
    """An amount that the debtor said they would pay by a day."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="promises")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    made_on = models.DateField()
    due_on = models.DateField()
    status = models.CharField(
        max_length=9, choices=[(s, s) for s in PromiseStatus], default=PromiseStatus.OPEN
    )
    paid_minor = models.BigIntegerField(default=0)
    judged_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="promise_of_something"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(status="open"), name="promise_one_open"
            ),
        ]


class Message(models.Model):
    """An SMS, e-mail or letter with recipient and figures fixed when it was queued.

    ``cause`` is unique: the same step never makes two. Terms run from ``delivered_on``.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="messages")
    debtor = models.ForeignKey("debtors.Debtor", models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=6, choices=[(c, c) for c in MessageChannel])
    template = models.CharField(max_length=20, choices=[(t, t) for t in Template])
    template_version = models.PositiveSmallIntegerField(default=1, db_default=1)
    language = models.CharField(max_length=2)
    recipient = models.JSONField()
    figures = models.JSONField()
    cause = models.CharField(max_length=80, unique=True)
    status = models.CharField(
        max_length=11, choices=[(s, s) for s in MessageStatus], default=MessageStatus.QUEUED
    )
    skip_reason = models.JSONField(default=dict, db_default={})
    queued_on = models.DateField()
    handed_over_on = models.DateField(null=True)
    delivered_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(status="delivered") | Q(delivered_on__isnull=False),
                name="message_delivered_has_a_day",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "template"], name="message_by_case"),
            models.Index(
                fields=["channel", "id"], condition=Q(status="queued"), name="message_queue"
            ),
        ]


class Termination(Proposal):
    """The proposal to terminate the debts that a delivered notice under art. 75c names.

    Approved, it queues the statement of termination; ``effective_on`` is set when that is
    delivered: the end of the notice period (art. 75 of the Banking Act, 30 days).
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="terminations")
    notice = models.ForeignKey(Message, models.PROTECT, related_name="+")
    statement = models.OneToOneField(Message, models.PROTECT, null=True, related_name="+")
    cause = models.CharField(max_length=80, unique=True)
    effective_on = models.DateField(null=True)
    done_on = models.DateField(null=True)

    class Meta(Proposal.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["effective_on"], condition=Q(done_on__isnull=True), name="termination_due"
            )
        ]
        constraints: ClassVar = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=["proposed", "sent_back"]),
                name="termination_one_open",
            ),
        ]
