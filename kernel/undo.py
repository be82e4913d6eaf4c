"""What a person has just done they may take back, for a moment.

What is taken back is not deleted: a compensating operation of the app that owns it strikes it
out, and both stand in the journal.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from kernel.actor import Actor
from kernel.errors import Conflict, NotAllowed

#: How long a page offers it.
UNDO_OFFERED: Final = timedelta(seconds=10)
#: How long it is granted: the answer and the click take their time, too.
UNDO_GRANTED: Final = timedelta(seconds=15)


class UndoTooLate(Conflict):
    code = "undo_too_late"


class UndoNotYours(NotAllowed):
    """Only who did it takes it back."""

    code = "undo_not_yours"


class UndoBuiltUpon(Conflict):
    """Something has been built on it: ``what`` (a code)."""

    code = "undo_built_upon"


def check_undo(
    *, done_by: str | None, done_at: datetime | None, actor: Actor, at: datetime
) -> None:
    """``done_by`` is the id of the user. Raises UndoNotYours, UndoTooLate."""
    if actor.user_id is None or done_by != actor.id:
        raise UndoNotYours
    if done_at is None or not timedelta(0) <= at - done_at <= UNDO_GRANTED:
        raise UndoTooLate(granted_seconds=int(UNDO_GRANTED.total_seconds()))
