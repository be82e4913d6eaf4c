"""What contacts do when the ledger tells of money. Set-based and idempotent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from cases.queries import list_case_ids_of_accounts
from contacts.operations import (
    judge_paid_promises,
    recall_messages_of_closed_cases,
    recall_messages_of_steps,
    recall_unfit_messages,
    rejudge_promises,
    withdraw_terminations,
)
from journal.subscribers import RecordedEvent
from kernel.actor import system_actor
from kernel.clock import legal_day
from ledger.events import POSTING_REVERSED

ACTOR: Final = system_actor("contacts")


def judge_after_payment(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """Money was posted or taken back: a promise that is now paid is kept at once, and one that
    was judged by what was known then is judged anew."""
    by_day: dict[date, set[int]] = defaultdict(set)
    for event in events:
        by_day[legal_day(event.recorded_at)].add(event.subject_id)
    for on, account_ids in sorted(by_day.items()):
        case_ids = list_case_ids_of_accounts(account_ids=sorted(account_ids))
        judge_paid_promises(case_ids=case_ids, on=on, at=at, actor=ACTOR)
    case_ids = list_case_ids_of_accounts(account_ids=sorted({event.subject_id for event in events}))
    rejudge_promises(case_ids=case_ids, on=legal_day(at), at=at, actor=ACTOR)


def recall_after_money(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """What is owed has changed: what is queued and says otherwise is recalled at once."""
    reversed_ids = {event.subject_id for event in events if event.kind == POSTING_REVERSED}
    recall_unfit_messages(
        case_ids=list_case_ids_of_accounts(
            account_ids=sorted({event.subject_id for event in events})
        ),
        grown_case_ids=set(list_case_ids_of_accounts(account_ids=sorted(reversed_ids))),
        at=at,
        actor=ACTOR,
    )


def recall_with_strategy(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """``escalation.exited``: what the strategy has queued is not called for any more."""
    ended = {int(event.payload["enrolment_id"]): event.subject_id for event in events}
    recall_messages_of_steps(enrolments=ended, at=at, actor=ACTOR)


def end_with_case(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """A case closed: what was proposed about it is withdrawn, and its promises are kept."""
    case_ids = sorted({event.subject_id for event in events})
    withdraw_terminations(case_ids=case_ids, reason="case_closed", at=at, actor=ACTOR)
    judge_paid_promises(case_ids=case_ids, on=legal_day(at), at=at, actor=ACTOR)
    recall_messages_of_closed_cases(case_ids=case_ids, at=at, actor=ACTOR)
