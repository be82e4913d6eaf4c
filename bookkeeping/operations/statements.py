"""That a statement of account left the house stands in the journal."""

from __future__ import annotations

from datetime import date, datetime

from bookkeeping import events
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from staff.rights import Right


@requires(Right.SEE_CASES)
def note_statement(
    *,
    case_id: int,
    file_format: str,
    language: str,
    from_on: date,
    until_on: date,
    as_known_on: date | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Who made which statement of account, before it is given out."""
    record_event(
        kind=events.STATEMENT_MADE,
        subject=Subject("case", case_id),
        payload={
            "format": file_format,
            "language": language,
            "from_on": from_on,
            "until_on": until_on,
            "as_known_on": as_known_on,
        },
        actor=actor,
        at=at,
    )
