"""What happens next to a case and why, from the decider's own record."""

from __future__ import annotations

from datetime import date
from typing import Any


def get_next_step(*, case_id: int, on: date) -> dict[str, Any] | None:
    """None for a case that is in no strategy."""
    return None
