"""What was said and sent to a debtor, what they promised, and the termination of their debts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from contacts.lifecycle import (
    AttemptResult,
    Direction,
    MessageChannel,
    MessageStatus,
    PromiseStatus,
    RequestStatus,
    Template,
)
from debtors.lifecycle import Channel
from staff.lifecycle import ApprovalKind
from staff.models import Proposal


class Attempt(models.Model):
    """One try to reach a person, in either direction, and what came of it.

    ``person`` is who of the debt it was with; ``is_other_person`` somebody who does not answer
    for it; neither where nobody said. ``note`` is what the officer wrote beyond the choices.
    ``details`` are codes and values of what was said (``call_back_at``, ``refusal``, ``dispute``,
    ``script``); ``effects`` ids of what the logging changed beside it. ``submission`` is the key
    of the form that logged it: the same form sent twice logs once. ``overridden`` names the rule
    of the guard that compliance had set aside for the day. Struck out, it counts no more.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="attempts")
    debtor = models.ForeignKey("debtors.Debtor", models.PROTECT, related_name="attempts")
    channel = models.CharField(max_length=8, choices=[(c, c) for c in Channel])
    direction = models.CharField(max_length=3, choices=[(d, d) for d in Direction])
    contact_point = models.ForeignKey("debtors.ContactPoint", models.SET_NULL, null=True)
    person = models.ForeignKey(
        "debtors.Debtor", models.PROTECT, null=True, related_name="+", db_index=False
    )
    is_other_person = models.BooleanField(default=False, db_default=False)
    result = models.CharField(max_length=20, choices=[(r, r) for r in AttemptResult])
    is_conversation = models.BooleanField()
    note = models.TextField(blank=True)
    details = models.JSONField(default=dict, db_default={})
    effects = models.JSONField(default=dict, db_default={})
    happened_at = models.DateTimeField()
    happened_on = models.DateField()
    logged_by = models.ForeignKey("staff.User", models.PROTECT, null=True, related_name="+")
    logged_at = models.DateTimeField(null=True)
    struck_at = models.DateTimeField(null=True)
    overridden = models.CharField(max_length=40, blank=True)
    submission = models.CharField(max_length=64, null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case", "-happened_at"], name="attempt_by_case"),
            models.Index(
                fields=["logged_by", "happened_on"],
                condition=Q(logged_by__isnull=False),
                name="attempt_by_officer",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "submission"],
                condition=Q(submission__isnull=False),
                name="attempt_logged_once",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(is_other_person=False),
                name="attempt_with_one_of_them",
            ),
            models.CheckConstraint(
                condition=Q(is_other_person=False) | Q(is_conversation=False),
                name="attempt_with_others_is_no_conversation",
            ),
        ]


class ContactDraft(models.Model):
    """What somebody has begun to write about a contact and not logged: one per case and person."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="+")
    user = models.ForeignKey("staff.User", models.CASCADE, related_name="+")
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "user"], name="contact_draft_one")
        ]


class GuardOverride(models.Model):
    """Compliance set one rule of the guard aside for a case on one day, and said why."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="guard_overrides")
    rule = models.CharField(max_length=40)
    holds_on = models.DateField()
    reason = models.CharField(max_length=500)
    granted_by = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "rule", "holds_on"], name="guard_override_once")
        ]


class Promise(models.Model):
    """An amount that the debtor said they would pay by a day.

    ``paid_minor`` is what came between ``made_on`` and ``due_on``, when it was judged. What was
    posted up to ``last_transaction_id`` had come before the promise and keeps none.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="promises")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    made_on = models.DateField()
    due_on = models.DateField()
    last_transaction_id = models.BigIntegerField(default=0, db_default=0)
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
            models.CheckConstraint(
                condition=Q(due_on__gte=F("made_on")), name="promise_due_not_before_made"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on", "id"], condition=Q(status="open"), name="promise_to_judge"
            )
        ]


class Message(models.Model):
    """An SMS, e-mail or letter with recipient and figures fixed when it was queued.

    ``cause`` is unique: the same step never makes two, and one written anew counts on from it.
    ``skip_reason`` says why it never went out. Terms run from ``delivered_on``.
    ``post_reference`` is the carrier's number, where one is known.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="messages")
    debtor = models.ForeignKey("debtors.Debtor", models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=6, choices=[(c, c) for c in MessageChannel])
    template = models.CharField(max_length=24, choices=[(t, t) for t in Template])
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
    post_reference = models.CharField(max_length=40, null=True, unique=True)

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
            models.Index(
                fields=["queued_on", "id"],
                include=["case"],
                condition=Q(channel="letter", status="queued"),
                name="letter_to_go",
            ),
            models.Index(
                fields=["handed_over_on", "id"],
                include=["case"],
                condition=Q(channel="letter", status="handed_over"),
                name="letter_on_its_way",
            ),
            models.Index(
                fields=["template", "delivered_on", "id"],
                include=["case"],
                condition=Q(channel="letter", status="delivered"),
                name="letter_term",
            ),
        ]


class Termination(Proposal):
    """The proposal to terminate the debts that a delivered notice under art. 75c names.

    Approved, it queues the statement of termination; ``effective_on`` is set when that is
    delivered: the end of the notice period (art. 75 of the Banking Act, 30 days). The amount is
    the outstanding one of the debts, in the currency in which most is owed; ``grounds`` holds
    ``amounts`` of every currency.
    """

    approval_kind = ApprovalKind.TERMINATION

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="terminations")
    notice = models.ForeignKey(Message, models.PROTECT, related_name="+")
    statement = models.OneToOneField(Message, models.PROTECT, null=True, related_name="+")
    cause = models.CharField(max_length=80, unique=True)
    debt_ids = models.JSONField()
    effective_on = models.DateField(null=True)
    done_on = models.DateField(null=True)

    class Meta(Proposal.Meta):
        indexes: ClassVar = [
            *Proposal.Meta.indexes,
            models.Index(
                fields=["effective_on"], condition=Q(done_on__isnull=True), name="termination_due"
            ),
        ]
        constraints: ClassVar = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=["proposed", "sent_back"]),
                name="termination_one_open",
            ),
        ]


class RestructuringRequest(models.Model):
    """A request for restructuring under art. 75c of the Banking Act, and the bank's answer.

    A refusal needs detailed written reasons, without undue delay.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="restructuring_requests")
    received_on = models.DateField()
    note = models.TextField(blank=True)
    status = models.CharField(
        max_length=9, choices=[(s, s) for s in RequestStatus], default=RequestStatus.RECEIVED
    )
    answered_on = models.DateField(null=True)
    answer_reasons = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(status="received"), name="restructuring_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(answer_reasons=""),
                name="restructuring_refused_with_reasons",
            ),
        ]
