"""Small balances: found by a rule, proposed as one batch, written off by one decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bookkeeping import events
from bookkeeping.authority import AuthorityKind, granted_to
from bookkeeping.lifecycle import (
    BATCH_LIFECYCLE,
    LineOutcome,
    WriteOffKind,
    WriteOffReason,
)
from bookkeeping.models import WriteOffBatch, WriteOffBatchLine
from bookkeeping.operations.deciding import check_note
from bookkeeping.operations.write_offs import insert_write_off, post_row
from bookkeeping.queries.debts import get_case_debt
from bookkeeping.queries.small_balances import list_left_out, list_small_balances
from bookkeeping.small_balances import rule_on
from cases.locking import lock_cases
from journal.operations import Subject, record_event
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from ledger.models import Account
from ledger.operations import accrue_account
from staff.approvals import Decider, check_may_decide
from staff.lifecycle import ProposalStatus
from staff.rights import Right


class BatchNotFound(NotFound):
    code = "write_off_batch_not_found"


class BatchOpenAlready(Conflict):
    """A batch in the currency waits for a decision."""

    code = "write_off_batch_open_already"


class NoSmallBalances(Conflict):
    """The rule finds nothing."""

    code = "no_small_balances"


class NoSmallBalanceRule(InvalidInput):
    """No rule says what is small in the currency on that day."""

    code = "no_small_balance_rule"


class BatchNotYours(NotAllowed):
    """It is for who proposed the batch, and for who may decide about all of its cases."""

    code = "write_off_batch_not_yours"


@requires(Right.WRITE_OFF)
@transaction.atomic
def propose_small_balances(*, currency: str, actor: Actor, at: datetime) -> WriteOffBatch:
    """Put what the rule of the day finds into one batch; a second person decides about all of it.

    Raises NoSmallBalanceRule, NoSmallBalances, BatchOpenAlready.
    """
    on = legal_day(at)
    rule = rule_on(currency=currency, on=on)
    if rule is None:
        raise NoSmallBalanceRule(currency=currency, on=on)
    waiting = WriteOffBatch.objects.filter(currency=currency, status__in=["proposed", "sent_back"])
    if other := waiting.first():
        raise BatchOpenAlready(write_off_batch_id=other.pk, currency=currency)
    found = list_small_balances(rule=rule, on=on, team_id=actor.team_id)
    if not found:
        raise NoSmallBalances(currency=currency, limit_minor=rule.at_most_minor)
    batch = WriteOffBatch.objects.create(
        amount_minor=sum(balance.amount_minor for balance in found),
        currency=currency,
        lines_count=len(found),
        rule_from=rule.from_on,
        at_most_minor=rule.at_most_minor,
        after_days=rule.after_days,
        grounds={"source": rule.source},
        proposed_by_id=actor.user_id,
        proposed_at=at,
    )
    WriteOffBatchLine.objects.bulk_create(
        WriteOffBatchLine(
            batch=batch,
            case_id=balance.case_id,
            account_id=balance.account_id,
            amount_minor=balance.amount_minor,
        )
        for balance in found
    )
    record_event(
        kind=events.BATCH_PROPOSED,
        subject=Subject("write_off_batch", batch.pk),
        payload={
            "write_off_batch_id": batch.pk,
            "count": len(found),
            "amount_minor": batch.amount_minor,
            "currency": currency,
        },
        actor=actor,
        at=at,
    )
    return batch


@requires(Right.WRITE_OFF)
@transaction.atomic
def decide_write_off_batch(
    *, write_off_batch_id: int, move: str, reason: str, actor: Actor, at: datetime
) -> WriteOffBatch:
    """``move`` is approve, refuse or send_back. Approved, every balance that the rule of the
    proposal would still find is written off; the others are left out, and each says why.

    Raises BatchNotFound, the errors of ``staff.approvals``, BatchNotYours, MoveNotAllowed.
    """
    batch = _locked(write_off_batch_id)
    BATCH_LIFECYCLE.check(move, ProposalStatus(batch.status))
    decider = _check_decider(batch, reason, actor, at)
    changes = decider.changes(reason=reason, at=at)
    batch = _move(batch, move, changes, decider.payload(reason=reason), actor, at)
    if move == "approve":
        _write_off_lines(batch, decider, actor, at)
    return batch


@requires(Right.WRITE_OFF)
@transaction.atomic
def withdraw_write_off_batch(
    *, write_off_batch_id: int, reason: str, actor: Actor, at: datetime
) -> WriteOffBatch:
    """By who proposed it, or by who could decide it.

    Raises BatchNotFound, ReasonMissing, BatchNotYours, MoveNotAllowed.
    """
    check_note(note=reason)
    batch = _locked(write_off_batch_id)
    if batch.proposed_by_id is None or batch.proposed_by_id != actor.user_id:
        try:
            _check_decider(batch, reason, actor, at)
        except NotAllowed as error:
            raise BatchNotYours(write_off_batch_id=batch.pk) from error
    return _move(batch, "withdraw", {}, {"reason": reason}, actor, at)


def _check_decider(batch: WriteOffBatch, reason: str, actor: Actor, at: datetime) -> Decider:
    """Whoever decides must reach the team of every case in it."""
    on = legal_day(at)
    decider = check_may_decide(
        proposal=batch,
        kind="write_off",
        actor=actor,
        reason=reason,
        at=at,
        granted=granted_to(kind=AuthorityKind.SMALL_BALANCES, currency=batch.currency, on=on),
    )
    reach = decider.on_behalf_of.team_id if decider.on_behalf_of else actor.team_id
    if reach is not None and batch.lines.exclude(case__team_id=reach).exists():
        raise BatchNotYours(write_off_batch_id=batch.pk)
    return decider


def _write_off_lines(batch: WriteOffBatch, decider: Decider, actor: Actor, at: datetime) -> None:
    on = legal_day(at)
    lines = list(batch.lines.order_by("case_id", "account_id"))
    lock_cases(case_ids=[line.case_id for line in lines])
    _keep_balances_still([line.account_id for line in lines])
    left_out = list_left_out(batch=batch, on=on)
    for code in sorted(set(left_out.values())):
        accounts = [account_id for account_id, why in left_out.items() if why == code]
        WriteOffBatchLine.objects.filter(batch=batch, account_id__in=accounts).update(
            outcome=LineOutcome.LEFT_OUT, left_out_code=code
        )
    for line in lines:
        if line.account_id not in left_out:
            _write_off(line, batch, decider, on, actor, at)


def _keep_balances_still(account_ids: Sequence[int]) -> None:
    """What is owed when the rule looks is what is written off."""
    accounts = Account.objects.select_for_update(no_key=True).filter(pk__in=account_ids)
    list(accounts.order_by("pk").values_list("pk"))


def _write_off(
    line: WriteOffBatchLine,
    batch: WriteOffBatch,
    decider: Decider,
    on: date,
    actor: Actor,
    at: datetime,
) -> None:
    # What is posted first, the interest of today, goes with it: nothing is left of what is small.
    accrue_account(account_id=line.account_id, on=on, at=at, actor=actor)
    debt = get_case_debt(case_id=line.case_id, account_id=line.account_id)
    row = insert_write_off(
        case_id=line.case_id,
        debt=debt,
        kind=WriteOffKind.SMALL_BALANCE,
        components=(),
        amount_minor=debt.outstanding_minor,
        reason=WriteOffReason.SMALL_BALANCE,
        note="",
        submission=f"batch:{batch.pk}:{line.account_id}",
        needs_approval=False,
        actor=actor,
        at=at,
    )
    changes = {
        "batch": batch,
        "proposed_by_id": batch.proposed_by_id,
        **decider.changes(reason=batch.decision_reason, at=at),
        "needs_approval": True,
    }
    row = post_row(
        row=row,
        move="approve",
        amount_minor=debt.outstanding_minor,
        changes=changes,
        decider=decider,
        actor=actor,
        at=at,
    )
    WriteOffBatchLine.objects.filter(pk=line.pk).update(
        outcome=LineOutcome.WRITTEN_OFF, write_off=row
    )


def _locked(write_off_batch_id: int) -> WriteOffBatch:
    batch = (
        WriteOffBatch.objects.select_for_update(no_key=True).filter(pk=write_off_batch_id).first()
    )
    if batch is None:
        raise BatchNotFound(write_off_batch_id=write_off_batch_id)
    return batch


def _move(
    batch: WriteOffBatch,
    move: str,
    changes: dict[str, Any],
    told: dict[str, Any],
    actor: Actor,
    at: datetime,
) -> WriteOffBatch:
    return move_status(
        row=batch,
        lifecycle=BATCH_LIFECYCLE,
        move=move,
        subject=Subject("write_off_batch", batch.pk),
        changes=changes,
        payload={**told, "amount_minor": batch.amount_minor, "currency": batch.currency},
        actor=actor,
        at=at,
    )
