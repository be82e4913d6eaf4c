"""Holds that stop interest, told to the ledger for every debt of the case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from cases.lifecycle import holds_that_stop
from cases.models import Hold
from kernel.actor import Actor
from kernel.authority import by_machine
from ledger.operations import NewPause, forget_pauses, pause_interest, resume_interest


class StoppingHold(NamedTuple):
    hold_id: int
    case_id: int
    from_on: date


def stops_interest(kind: str) -> bool:
    return kind in holds_that_stop("interest")


def cause_of(hold_id: int) -> str:
    """By which the ledger knows the hold."""
    return f"hold:{hold_id}"


@by_machine
def pause_under_holds(*, holds: Sequence[StoppingHold], at: datetime, actor: Actor) -> None:
    """The debts of these cases bear no interest while the holds are open."""
    if not holds:
        return
    accounts = _accounts_of({hold.case_id for hold in holds})
    pause_interest(
        pauses=[
            NewPause(account_id, cause_of(hold.hold_id), hold.from_on)
            for hold in holds
            for account_id in accounts.get(hold.case_id, [])
        ],
        at=at,
        actor=actor,
    )


@by_machine
def pause_for_debtors(*, debtor_ids: Sequence[int], at: datetime, actor: Actor) -> None:
    """New debts come under the holds that their case has already."""
    among = set(debtor_ids)
    holds = Hold.objects.filter(kind__in=sorted(holds_that_stop("interest")), ended_on__isnull=True)
    rows = holds.values_list("case__debtor_id", "id", "case_id", "from_on")
    pause_under_holds(
        holds=[
            StoppingHold(hold_id, case_id, from_on)
            for debtor_id, hold_id, case_id, from_on in rows
            if debtor_id in among
        ],
        at=at,
        actor=actor,
    )


@by_machine
def resume_after_holds(
    *, hold_ids: Iterable[int], on: date, was_mistake: bool, at: datetime, actor: Actor
) -> None:
    """``on`` is the last day without interest; a hold that was taken back never stopped any."""
    causes = [cause_of(hold_id) for hold_id in hold_ids]
    if causes and was_mistake:
        forget_pauses(causes=causes, at=at, actor=actor)
    elif causes:
        resume_interest(causes=causes, last_on=on, at=at, actor=actor)


def _accounts_of(case_ids: Iterable[int]) -> dict[int, list[int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, array_agg(d.account_id ORDER BY d.account_id) FROM cases_case c"
            " JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'"
            " JOIN debtors_debt d ON d.id = p.debt_id WHERE c.id = ANY(%s) GROUP BY c.id",
            [list(case_ids)],
        )
        return dict(cursor.fetchall())
