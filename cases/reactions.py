"""What cases do when debtors and the ledger tell of something. Set-based and idempotent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db import connection

from cases.lifecycle import HoldKind, WorkKind
from cases.models import Case
from cases.operations import (
    NewHold,
    NewWorkItem,
    cancel_work_items,
    end_holds,
    hand_back_cases,
    keep_figures,
    open_work_items,
    pause_for_debtors,
    place_holds,
    settle_cases,
    touch_cases,
)
from cases.queries import list_case_ids_of_accounts
from cases.queries.names import list_named_debts
from debtors.events import DATA_PROBLEMS_CHANGED, DEBT_TAKEN_IN
from journal.subscribers import RecordedEvent
from kernel.actor import system_actor
from kernel.calendar import POLAND
from kernel.clock import legal_day
from ledger.lifecycle import NameKind
from ledger.operations import register_names

ACTOR: Final = system_actor("cases")


def settle_after_intake(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """New and changed debts: cases open, close or reopen, and data problems stop the machine."""
    by_day: dict[date, set[int]] = defaultdict(set)
    for event in events:
        by_day[event.effective_on].add(int(event.payload["debtor_id"]))
    for on, debtor_ids in sorted(by_day.items()):
        settle_cases(debtor_ids=sorted(debtor_ids), on=on, at=at, actor=ACTOR)
        keep_figures(case_ids=_cases_of(sorted(debtor_ids)).values(), on=legal_day(at))
        pause_for_debtors(debtor_ids=sorted(debtor_ids), at=at, actor=ACTOR)
    _register_names({debtor_id for ids in by_day.values() for debtor_id in ids})
    told = [e for e in events if e.kind in (DEBT_TAKEN_IN, DATA_PROBLEMS_CHANGED)]
    _settle_data_problems(told, at)


def _register_names(debtor_ids: Iterable[int]) -> None:
    """A payment may name a debt by its contract, by its debtor, or by the debtor's case."""
    debts = list_named_debts(debtor_ids=sorted(debtor_ids))
    register_names(
        kind=NameKind.CONTRACT, names=[(debt.account_id, debt.contract_no) for debt in debts]
    )
    register_names(
        kind=NameKind.CASE, names=[(debt.account_id, debt.case_number) for debt in debts]
    )
    register_names(
        kind=NameKind.HOLDER, names=[(debt.account_id, debt.debtor_name) for debt in debts]
    )


def settle_after_posting(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """What is due has changed on an account: its case closes or reopens, has changed, and what
    may be expected of it orders its work."""
    by_day: dict[date, set[int]] = defaultdict(set)
    for event in events:
        by_day[event.effective_on].add(event.subject_id)
    for on, account_ids in sorted(by_day.items()):
        debtors = _main_debtors(account_ids)
        settle_cases(debtor_ids=debtors, on=on, at=at, actor=ACTOR)
    case_ids = list_case_ids_of_accounts(account_ids=[event.subject_id for event in events])
    keep_figures(case_ids=case_ids, on=legal_day(at), at=at)


def touch_after_news(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """Something happened that a reader of the case would want to know of.

    For operations that must not wait for the lock on the case, such as logging a call.
    """
    by_kind: dict[str, set[int]] = defaultdict(set)
    for event in events:
        by_kind[event.subject_kind].add(event.subject_id)
    touch_cases(case_ids=by_kind["case"], at=at)
    touch_cases(
        case_ids=Case.objects.filter(debtor_id__in=by_kind["debtor"]).values_list("id", flat=True),
        at=at,
    )
    _touch_accounts(by_kind["account"], at)


def _touch_accounts(account_ids: Iterable[int], at: datetime) -> None:
    touch_cases(case_ids=list_case_ids_of_accounts(account_ids=list(account_ids)), at=at)


def _main_debtors(account_ids: Iterable[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.debtor_id FROM debtors_debt d"
            " JOIN debtors_debtparty p ON p.debt_id = d.id AND p.role = 'main_debtor'"
            " WHERE d.account_id = ANY(%s)",
            [list(account_ids)],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def _settle_data_problems(events: Sequence[RecordedEvent], at: datetime) -> None:
    """The last word on each debt counts: problems place a hold and work, none ends them."""
    latest: dict[int, RecordedEvent] = {int(e.payload["debt_id"]): e for e in events}
    bad = {debt_id: event for debt_id, event in latest.items() if event.payload["problems"]}
    solved = [
        debt_id
        for debt_id, event in latest.items()
        if debt_id not in bad and event.kind == DATA_PROBLEMS_CHANGED
    ]
    _place_data_problems(bad, at)
    _end_data_problems(solved, latest, at)


def _place_data_problems(bad: Mapping[int, RecordedEvent], at: datetime) -> None:
    case_of = _cases_of([int(event.payload["debtor_id"]) for event in bad.values()])
    found = [
        (case_of[int(event.payload["debtor_id"])], debt_id, event)
        for debt_id, event in sorted(bad.items())
        if int(event.payload["debtor_id"]) in case_of
    ]
    place_holds(
        holds=[
            NewHold(
                case_id,
                HoldKind.DATA_PROBLEM,
                f"debt:{debt_id}",
                ",".join(event.payload["problems"]),
                event.effective_on,
            )
            for case_id, debt_id, event in found
        ],
        at=at,
        actor=ACTOR,
    )
    open_work_items(
        items=[
            NewWorkItem(
                case_id,
                WorkKind.SOLVE_DATA_PROBLEM,
                POLAND.next_working_day(event.effective_on),
                None,
                {"code": "data_problem", "debt_id": debt_id, "problems": event.payload["problems"]},
            )
            for case_id, debt_id, event in found
        ],
        at=at,
        actor=ACTOR,
    )


def _end_data_problems(
    solved: Sequence[int], latest: Mapping[int, RecordedEvent], at: datetime
) -> None:
    if not solved:
        return
    on = max(latest[debt_id].effective_on for debt_id in solved)
    causes = [f"debt:{debt_id}" for debt_id in solved]
    ended = end_holds(kind=HoldKind.DATA_PROBLEM, causes=causes, on=on, at=at, actor=ACTOR)
    if ended:
        cases = Case.objects.filter(holds__in=ended).exclude(
            holds__kind=HoldKind.DATA_PROBLEM, holds__ended_on__isnull=True
        )
        cancel_work_items(
            case_ids=list(cases.values_list("id", flat=True)),
            kinds=[WorkKind.SOLVE_DATA_PROBLEM],
            code="data_problem_solved",
            actor=ACTOR,
            at=at,
        )


def _cases_of(debtor_ids: Sequence[int]) -> dict[int, int]:
    return dict(Case.objects.filter(debtor_id__in=debtor_ids).values_list("debtor_id", "id"))


def hand_back_after_leaving(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """``user.changed``: nobody's cases lie with somebody who cannot work on them."""
    for user_id in sorted({event.subject_id for event in events}):
        hand_back_cases(user_id=user_id, actor=ACTOR, at=at)
