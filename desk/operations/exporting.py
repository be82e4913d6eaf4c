"""Noting who took a list with the names of debtors away."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from staff.rights import Right

#: Subject user, who did it: ``strategy``, ``draft_id``, ``format``, ``rows``.
CHANGES_EXPORTED: Final = "strategy.changes_exported"


@requires(Right.DRAFT_STRATEGY)
def note_changes_export(
    *, strategy_key: str, draft_id: int, file_format: str, rows: int, actor: Actor, at: datetime
) -> None:
    record_event(
        kind=CHANGES_EXPORTED,
        subject=Subject("user", actor.user_id or 0),
        actor=actor,
        at=at,
        payload={
            "strategy": strategy_key, "draft_id": draft_id, "format": file_format, "rows": rows,
        },
    )  # fmt: skip
