"""What strategies do when something happens to a case. Registered in the subscriptions table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection

from escalation.operations.enrolling import end_enrolments, enrol_cases, start_cases_anew
from escalation.operations.redeciding import Cause, redecide_cases
from journal.business_days import get_last_closed_day
from journal.subscribers import RecordedEvent
from kernel.actor import system_actor
from kernel.clock import legal_day

ACTOR: Final = system_actor("escalation")


def enrol_opened(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """``case.opened`` and ``case.reopened``: the case comes onto a strategy."""
    last_closed = get_last_closed_day()
    groups: dict[tuple[date, bool], list[int]] = defaultdict(list)
    for event in events:
        returning = event.kind == "case.reopened"
        groups[_business_day(event, at, last_closed), returning].append(event.subject_id)
    for (on, returning), case_ids in sorted(groups.items()):
        enrol_cases(case_ids=case_ids, returning=returning, on=on, at=at, actor=ACTOR)


def start_anew(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """``agreement.broken``: the case returns where its strategy says."""
    last_closed = get_last_closed_day()
    groups: dict[date, list[int]] = defaultdict(list)
    for event, case_id in _with_cases(events):
        groups[_business_day(event, at, last_closed)].append(case_id)
    for on, case_ids in sorted(groups.items()):
        start_cases_anew(case_ids=case_ids, on=on, at=at, actor=ACTOR)


def decide_anew(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """A fact has changed: the case may exit, be held or wait for another day."""
    last_closed = get_last_closed_day()
    causes: dict[int, Cause] = {}
    for event, case_id in _with_cases(events):
        causes[case_id] = Cause(event.id, _business_day(event, at, last_closed))
    redecide_cases(causes=causes, at=at, actor=ACTOR)
    end_enrolments(case_ids=list(causes), on=legal_day(at))


def _business_day(event: RecordedEvent, at: datetime, last_closed: date | None) -> date:
    """The day on which the event holds, but never one that is closed, nor one to come."""
    first_open = last_closed + timedelta(days=1) if last_closed else event.effective_on
    return min(max(event.effective_on, first_open), max(legal_day(at), first_open))


_CASES_OF: Final = {
    "account": """
        SELECT d.account_id, c.id FROM debtors_debt d
        JOIN debtors_debtparty p ON p.debt_id = d.id AND p.role = 'main_debtor'
        JOIN cases_case c ON c.debtor_id = p.debtor_id WHERE d.account_id = ANY(%s)
    """,
    "debtor": "SELECT debtor_id, id FROM cases_case WHERE debtor_id = ANY(%s)",
}


def _with_cases(events: Iterable[RecordedEvent]) -> list[tuple[RecordedEvent, int]]:
    """Each event with the case that it is about; events about no case are left out."""
    events = list(events)
    case_of: dict[tuple[str, int], int] = {}
    for kind, statement in _CASES_OF.items():
        ids = sorted({event.subject_id for event in events if event.subject_kind == kind})
        if ids:
            with connection.cursor() as cursor:
                cursor.execute(statement, [ids])
                case_of.update({(kind, pk): case_id for pk, case_id in cursor.fetchall()})
    found = [
        (event, event.subject_id)
        if event.subject_kind == "case"
        else (event, case_of.get((event.subject_kind, event.subject_id), 0))
        for event in events
    ]
    return [(event, case_id) for event, case_id in found if case_id]
