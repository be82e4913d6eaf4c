"""What placements do when something happens elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from agencies.operations import end_placements_of_closed_cases, follow_money
from cases.queries import list_case_ids_of_accounts
from journal.subscribers import RecordedEvent
from kernel.actor import system_actor
from kernel.clock import legal_day

ACTOR: Final = system_actor("agencies")


def end_with_case(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """For ``case.closed``."""
    case_ids = sorted({event.subject_id for event in events})
    end_placements_of_closed_cases(case_ids=case_ids, on=legal_day(at), at=at, actor=ACTOR)


def follow_after_money(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """For money posted or taken back: what is due on the case has changed."""
    account_ids = sorted({event.subject_id for event in events})
    case_ids = list_case_ids_of_accounts(account_ids=account_ids)
    follow_money(case_ids=case_ids, at=at, actor=ACTOR)
