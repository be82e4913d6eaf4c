"""Data problems that a person, or better data, has solved."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from debtors import events
from debtors.lifecycle import DataProblem, PartyRole
from debtors.models import Debt
from debtors.operations.locking import lock_debt
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.clock import legal_day
from staff.rights import Right


@by_machine
def clear_problem(*, debtor_id: int, problem: DataProblem, actor: Actor, at: datetime) -> list[int]:
    """Take the problem off every debt of the main debtor; return the ids of those debts."""
    debts = list(
        Debt.objects.select_for_update(no_key=True, of=("self",))
        .filter(
            parties__debtor_id=debtor_id, parties__role=PartyRole.MAIN_DEBTOR,
            problems__contains=[problem],
        )
        .order_by("pk")
    )  # fmt: skip
    for debt in debts:
        _without(debt, problem, debtor_id, actor, at)
    return [debt.pk for debt in debts]


def _without(debt: Debt, problem: DataProblem, debtor_id: int, actor: Actor, at: datetime) -> None:
    debt.problems = [code for code in debt.problems if code != problem]
    debt.save(update_fields=["problems", "waived_problems"])
    event = NewEvent(
        events.DATA_PROBLEMS_CHANGED,
        Subject("account", debt.account_id),
        {"debt_id": debt.pk, "debtor_id": debtor_id, "problems": debt.problems},
        legal_day(at),
    )
    record_events(events=[event], actor=actor, at=at)


@requires(Right.CORRECT_DATA)
@transaction.atomic
def waive_data_problem(*, debt_id: int, problem: DataProblem, actor: Actor, at: datetime) -> Debt:
    """A person has looked at it: the machine may act, and later extracts do not raise it again.

    Raises DebtNotFound.
    """
    debt = lock_debt(debt_id)
    if problem in debt.problems:
        debt.waived_problems = sorted({*debt.waived_problems, str(problem)})
        main = debt.parties.get(role=PartyRole.MAIN_DEBTOR)
        _without(debt, problem, main.debtor_id, actor, at)
    return debt
