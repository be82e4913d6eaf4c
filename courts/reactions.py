"""What referrals do when something happens elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from courts.operations import withdraw_referrals_of_closed_cases
from journal.subscribers import RecordedEvent
from kernel.actor import system_actor
from kernel.clock import legal_day

ACTOR: Final = system_actor("courts")


def withdraw_with_case(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """For ``case.closed``."""
    case_ids = sorted({event.subject_id for event in events})
    withdraw_referrals_of_closed_cases(case_ids=case_ids, on=legal_day(at), at=at, actor=ACTOR)
