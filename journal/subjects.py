"""What an event is about."""

from __future__ import annotations

from typing import NamedTuple


class Subject(NamedTuple):
    """``("case", 17)``. Events of one subject are delivered in order."""

    kind: str
    id: int
