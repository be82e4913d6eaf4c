"""What the project as a whole keeps: when each queue was last seen working, and its proofs."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """One row per queue, rewritten each minute by a worker that takes from it."""

    queue = models.CharField(max_length=20, primary_key=True)
    beaten_at = models.DateTimeField()


class Proof(models.Model):
    """That the books were looked at, and what was wrong: the first faults with their places."""

    proved_at = models.DateTimeField(db_index=True)
    faults_count = models.IntegerField()
    faults = models.JSONField(default=list)
