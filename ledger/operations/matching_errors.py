"""Errors of looking at an entry: which are no fault of it, and how the others are logged."""

from __future__ import annotations

import logging
from typing import Final

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError

from kernel.errors import NotAllowed

logger: Final = logging.getLogger(__name__)

#: What is wrong with the database, the program or the actor is wrong with no entry: it stops all.
OF_NO_ENTRY: Final = (
    InterfaceError, NotAllowed, OperationalError, ProgrammingError, SoftTimeLimitExceeded,
)  # fmt: skip


def log_failure(what: str, entry_id: int, error: Exception) -> None:
    """``what`` did not succeed with the entry, for a reason of its own."""
    # A database's message quotes rows, and rows are people.
    logger.error(
        "%s failed: entry=%d error=%s",
        what,
        entry_id,
        type(error).__name__,
        exc_info=None if isinstance(error, DatabaseError) else error,
    )
