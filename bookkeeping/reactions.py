"""What write-offs and refunds do when something is posted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bookkeeping.operations import (
    confirm_told_refunds,
    propose_residual_interest,
    recall_refunds,
)
from journal.subscribers import RecordedEvent
from kernel.actor import system_actor

ACTOR: Final = system_actor("bookkeeping")


def recall_after_posting(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """For everything that changes what is due."""
    recall_refunds(account_ids=sorted({e.subject_id for e in events}), at=at, actor=ACTOR)


def confirm_refunds_told_of(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """For ``statement.taken_in``."""
    confirm_told_refunds(file_ids=sorted({e.subject_id for e in events}), at=at, actor=ACTOR)


def propose_residuals(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """For ``payment.posted``."""
    last = {e.subject_id: int(e.payload["transaction_id"]) for e in events}
    propose_residual_interest(transactions=last, at=at, actor=ACTOR)
