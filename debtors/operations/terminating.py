"""Termination of a credit agreement: everything becomes due."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from debtors import events
from debtors.lifecycle import PartyRole
from debtors.models import Debt
from debtors.operations.books import keep_book_after_termination
from debtors.operations.locking import lock_debt
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import Conflict
from ledger.operations import move_to_due
from staff.rights import Right


class AlreadyTerminated(Conflict):
    code = "already_terminated"


@requires(Right.APPROVE_TERMINATION)
@transaction.atomic
def terminate_debt(
    *, debt_id: int, terminated_on: date, reason: str, actor: Actor, at: datetime
) -> Debt:
    """The agreement ends on ``terminated_on``; what was not yet due is due from that day, and the
    book of record is ours.

    Whether it may be terminated (notice under art. 75c of the Banking Act and its term) is for
    the caller to know. Raises DebtNotFound, AlreadyTerminated.
    """
    debt = lock_debt(debt_id)
    if debt.terminated_on is not None:
        raise AlreadyTerminated(debt_id=debt_id, terminated_on=debt.terminated_on)
    debt.terminated_on = terminated_on
    debt.save(update_fields=["terminated_on"])
    move_to_due(
        account_id=debt.account_id,
        due_on=terminated_on,
        reason=reason,
        idempotency_key=f"termination:{debt_id}",
        source="debtors",
        actor=actor,
        at=at,
    )
    keep_book_after_termination(debt=debt, at=at, actor=actor)
    main = debt.parties.get(role=PartyRole.MAIN_DEBTOR)
    record_event(
        kind=events.DEBT_TERMINATED,
        subject=Subject("account", debt.account_id),
        actor=actor,
        at=at,
        effective_on=terminated_on,
        payload={
            "debt_id": debt_id, "debtor_id": main.debtor_id, "terminated_on": terminated_on,
            "reason": reason,
        },
    )  # fmt: skip
    return debt
