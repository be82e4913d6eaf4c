"""Append-only events, their delivery to subscribers, and the seals that prove them untouched."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

#: An event's id is its batch number shifted by this many bits, plus its place in the batch,
#: so that a batch is one range of the primary key.
BATCH_BITS = 20
MAX_BATCH_EVENTS = 1 << BATCH_BITS


class Event(models.Model):
    """One fact, as it was recorded. Partitioned by month of ``recorded_on``; never changed.

    ``effective_on`` is the legal day from which the fact holds; ``recorded_at`` the instant
    at which we learned it.
    """

    pk = models.CompositePrimaryKey("recorded_on", "id")
    recorded_on = models.DateField()
    id = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    payload = models.JSONField()

    class Meta:
        managed = False
        db_table = "journal_event"


class Delivery(models.Model):
    """An event that a subscriber has not handled yet. Deleted when it has."""

    pk = models.CompositePrimaryKey("subscriber", "event_id")
    subscriber = models.CharField(max_length=60)
    event_id = models.BigIntegerField()
    event_on = models.DateField()
    subject = models.CharField(max_length=42)
    recorded_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_attempt_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="", db_default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subscriber", "subject", "event_id"], name="delivery_by_subject"),
            models.Index(
                fields=["subscriber", "subject"],
                condition=Q(attempts__gt=0),
                name="delivery_failed",
            ),
        ]


class UnsealedBatch(models.Model):
    """A batch of events that the sealing job has not sealed yet."""

    batch = models.BigIntegerField(primary_key=True)
    recorded_on = models.DateField()
    events = models.IntegerField()


class Seal(models.Model):
    """The keyed hash over a batch, chained to the seal before it.

    ``fingerprints`` holds 8 bytes of each event's SHA-256, in order, so that a check can name
    the very event that was changed.
    """

    position = models.BigIntegerField(primary_key=True)
    batch = models.BigIntegerField(unique=True)
    recorded_on = models.DateField()
    events = models.IntegerField()
    fingerprints = models.BinaryField()
    digest = models.BinaryField()
    chained = models.BinaryField()
    sealed_at = models.DateTimeField()


class SealHead(models.Model):
    """Where the chain of seals ends, keyed like the seals: seals cut off its end are missed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField()
    chained = models.BinaryField()
    keyed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="seal_head_one")]


class IdempotencyKey(models.Model):
    """What a caller's key was used for: the same key with another input is refused."""

    pk = models.CompositePrimaryKey("scope", "key")
    scope = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    input_hash = models.BinaryField()
    result = models.JSONField()
    created_at = models.DateTimeField()


class BusinessDay(models.Model):
    """The manifest of one closed business day: which steps are done, and what they counted.

    A row exists from the moment when the day's close begins; ``closed_at`` ends it.
    """

    on = models.DateField(primary_key=True)
    started_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    steps = models.JSONField(default=dict)
    progress = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["on"], condition=models.Q(closed_at__isnull=True), name="business_day_open"
            )
        ]
