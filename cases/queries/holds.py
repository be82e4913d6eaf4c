"""What makes a case wait."""

from __future__ import annotations

from cases.models import Hold


def list_open_holds(*, case_id: int) -> list[Hold]:
    """The holds that have not been ended, the oldest first; some may begin only later."""
    return list(Hold.objects.filter(case_id=case_id, ended_on__isnull=True).order_by("id"))
