"""What the project as a whole keeps: when each queue was last seen working."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """One row per queue, rewritten each minute by a worker that takes from it."""

    queue = models.CharField(max_length=20, primary_key=True)
    beaten_at = models.DateTimeField()
