"""What people wrote down about a case."""

from __future__ import annotations

from cases.models import Note


def list_pinned_notes(*, case_id: int, limit: int = 20) -> list[Note]:
    """The notes that stand on top of the case, the latest first."""
    notes = Note.objects.filter(case_id=case_id, is_pinned=True).select_related("written_by")
    return list(notes.order_by("-id")[:limit])
