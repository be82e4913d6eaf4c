"""What debts do when the ledger tells of money. Set-based and idempotent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from debtors.operations import reckon_standings
from debtors.queries import list_accounts_unmoved_by_interest
from journal.subscribers import RecordedEvent
from kernel.actor import system_actor
from kernel.clock import legal_day
from ledger.events import INTEREST_ACCRUED

ACTOR: Final = system_actor("debtors")


def reckon_after_news(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """Money or an extract changed what is owed: default, forbearance and stage are judged anew.

    A night adds interest to most debts of the book and changes the standing of almost none, so
    those are passed over that more interest cannot move.
    """
    news: set[int] = set()
    accrued: dict[int, list[date]] = defaultdict(list)
    for event in events:
        if event.kind == INTEREST_ACCRUED and int(event.payload["amount_minor"]) > 0:
            accrued[event.subject_id].append(event.effective_on)
        else:
            news.add(event.subject_id)
    only_interest = {pk: min(days) for pk, days in accrued.items() if pk not in news}
    unmoved = list_accounts_unmoved_by_interest(since=only_interest)
    moved = news | (only_interest.keys() - unmoved)
    reckon_standings(account_ids=moved, through=legal_day(at), actor=ACTOR, at=at)
