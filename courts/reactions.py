"""What referrals do when something happens elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cases.queries import list_case_ids_of_accounts
from courts.operations import follow_money, withdraw_referrals_of_closed_cases
from journal.subscribers import RecordedEvent
from kernel.actor import system_actor
from kernel.clock import legal_day
from ledger.events import PAYMENT_POSTED

ACTOR: Final = system_actor("courts")


def withdraw_with_case(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """For ``case.closed``."""
    case_ids = sorted({event.subject_id for event in events})
    withdraw_referrals_of_closed_cases(case_ids=case_ids, on=legal_day(at), at=at, actor=ACTOR)


def follow_after_money(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """For money posted or taken back: what is due on the case has changed."""
    account_ids = {event.subject_id for event in events}
    paid = {event.subject_id for event in events if event.kind == PAYMENT_POSTED}
    follow_money(
        case_ids=list_case_ids_of_accounts(account_ids=sorted(account_ids)),
        paid_case_ids=list_case_ids_of_accounts(account_ids=sorted(paid)),
        at=at,
        actor=ACTOR,
    )
