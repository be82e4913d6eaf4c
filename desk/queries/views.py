"""How a person looks at the desk."""

from __future__ import annotations

from desk.models import LastView, SavedView


def get_last_view(*, user_id: int) -> str:
    """The query of the address; empty for somebody who has just come."""
    found = LastView.objects.filter(user_id=user_id).values_list("query", flat=True).first()
    return found or ""


def list_saved_views(*, user_id: int) -> list[SavedView]:
    """By name."""
    return list(SavedView.objects.filter(user_id=user_id).order_by("name"))
