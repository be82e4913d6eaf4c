"""Noting who took which figures away."""

from __future__ import annotations

from datetime import datetime

from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from portfolio.events import BOARD_EXPORTED
from staff.rights import Right


@requires(Right.SEE_BOARD)
def note_export(
    *, what: str, file_format: str, rows: int, query: str, actor: Actor, at: datetime
) -> None:
    """Whoever may see a list may take it away; that they did stands in the journal."""
    record_event(
        kind=BOARD_EXPORTED,
        subject=Subject("user", actor.user_id or 0),
        actor=actor,
        at=at,
        payload={"what": what, "format": file_format, "rows": rows, "query": query[:1000]},
    )
