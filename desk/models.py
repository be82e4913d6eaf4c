"""How people look at the desk: the list as they left it, and the views that they named."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class LastView(models.Model):
    """The address query under which a person last saw the work list."""

    user = models.OneToOneField("staff.User", models.CASCADE, primary_key=True, related_name="+")
    query = models.CharField(max_length=500)


class SavedView(models.Model):
    """A view of the work list under a name of the person's own."""

    user = models.ForeignKey("staff.User", models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_once"),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(query=""), name="saved_view_says_something"
            ),
        ]
