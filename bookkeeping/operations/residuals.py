"""Interest left when the principal is paid: what the order of allocation chose is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from bookkeeping.lifecycle import (
    OPEN_WRITE_OFF,
    WriteOffKind,
    WriteOffReason,
    WriteOffStatus,
)
from bookkeeping.models import WriteOff
from bookkeeping.operations.write_offs import insert_write_off
from bookkeeping.queries.debts import CaseDebt, get_case_debt
from bookkeeping.queries.small_balances import list_case_ids
from cases.locking import lock_cases
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from ledger.allocation import ResidualInterest
from ledger.lifecycle import Component
from ledger.queries.orders import list_account_orders

_INTEREST: Final = (Component.CONTRACTUAL_INTEREST, Component.DEFAULT_INTEREST)


@by_machine
@transaction.atomic
def propose_residual_interest(
    *, transactions: Mapping[int, int], at: datetime, actor: Actor
) -> list[int]:
    """Where a payment left nothing but interest, and the order says so, propose to write it off.

    ``transactions`` name the payment by account. The same payment proposes once, and what a person
    has refused is not proposed again. Returns the ids of the proposals.
    """
    on = legal_day(at)
    orders = list_account_orders(account_ids=list(transactions))
    asked = [
        account_id
        for account_id, its in orders.items()
        if its.on(on).residual_interest is ResidualInterest.PROPOSE_WRITE_OFF
    ]
    case_ids = list_case_ids(account_ids=asked)
    lock_cases(case_ids=case_ids.values())
    made = []
    for account_id in sorted(asked):
        submission = f"residual:{account_id}:{transactions[account_id]}"
        case_id = case_ids.get(account_id)
        if case_id is None or _known(account_id, submission):
            continue
        debt = get_case_debt(case_id=case_id, account_id=account_id)
        left = _residual(debt)
        if left > 0:
            row = insert_write_off(
                case_id=case_id,
                debt=debt,
                kind=WriteOffKind.RESIDUAL_INTEREST,
                components=_INTEREST,
                amount_minor=left,
                reason=WriteOffReason.RESIDUAL_INTEREST,
                note="",
                submission=submission,
                needs_approval=True,
                actor=actor,
                at=at,
            )
            made.append(row.pk)
    return made


def _known(account_id: int, submission: str) -> bool:
    ours = WriteOff.objects.filter(account_id=account_id)
    refused = ours.filter(
        kind=WriteOffKind.RESIDUAL_INTEREST, status=WriteOffStatus.REFUSED
    ).exists()
    waits = ours.filter(status__in=OPEN_WRITE_OFF).exists()
    return refused or waits or ours.filter(submission=submission).exists()


def _residual(debt: CaseDebt) -> int:
    return 0 if debt.owed.get(Component.PRINCIPAL, 0) > 0 else debt.owed_of(_INTEREST)
