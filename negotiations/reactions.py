"""What agreements do when something happens elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from journal.subscribers import RecordedEvent
from kernel.actor import system_actor
from kernel.clock import legal_day
from negotiations.operations import (
    end_agreements_of_closed_cases,
    judge_agreements_of_accounts,
    note_forbearance,
    take_back_forbearance,
    tell_of_late_money,
)

ACTOR: Final = system_actor("negotiations")


def judge_after_posting(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """For ``payment.posted`` and ``posting.reversed``."""
    account_ids = sorted({event.subject_id for event in events})
    judge_agreements_of_accounts(account_ids=account_ids, at=at, actor=ACTOR)
    tell_of_late_money(account_ids=account_ids, on=legal_day(at), at=at, actor=ACTOR)


def end_with_case(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """For ``case.closed``."""
    case_ids = sorted({event.subject_id for event in events})
    end_agreements_of_closed_cases(case_ids=case_ids, on=legal_day(at), at=at, actor=ACTOR)


def note_in_force(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """For agreements that came into force: their debts are forborne."""
    agreement_ids = sorted({int(event.payload["agreement_id"]) for event in events})
    note_forbearance(agreement_ids=agreement_ids, at=at, actor=ACTOR)


def note_withdrawn(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """For ``agreement.withdrawn``, by the day on which it was."""
    for event in events:
        take_back_forbearance(
            agreement_ids=[int(event.payload["agreement_id"])], at=event.recorded_at, actor=ACTOR
        )
