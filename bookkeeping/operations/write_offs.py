"""Giving up a claim: at once within one's authority, above it by a second person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from bookkeeping import events
from bookkeeping.authority import AuthorityKind, granted_to
from bookkeeping.lifecycle import (
    CHOSEN_REASONS,
    OPEN_WRITE_OFF,
    WRITE_OFF_LIFECYCLE,
    WriteOffKind,
    WriteOffReason,
    WriteOffStatus,
)
from bookkeeping.models import WriteOff
from bookkeeping.operations.deciding import (
    check_note,
    hold_until_decided,
    lock_row,
    may_act_alone,
    move_row,
    release,
)
from bookkeeping.queries.debts import CaseDebt, get_case_debt
from cases.locking import lock_case
from cases.operations import tell_of_decision
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput, NotFound
from ledger.lifecycle import Component
from ledger.operations import NothingToWriteOff, accrue_account, post_write_off, reverse_posting
from staff.approvals import Decider, check_may_decide
from staff.rights import Right


class WriteOffNotFound(NotFound):
    """There is no such write-off, or its case belongs to another team than the actor's."""

    code = "write_off_not_found"


class WriteOffOpenAlready(Conflict):
    """Another one on the same debt waits for a decision."""

    code = "write_off_open_already"


class WriteOffOutdated(Conflict):
    """More is owed by now than was to be written off in full; it has to be proposed anew."""

    code = "write_off_outdated"


class WriteOffReasonReserved(InvalidInput):
    """The reason belongs to a rule of the machine."""

    code = "write_off_reason_reserved"


@requires(Right.PROPOSE_WRITE_OFF)
@transaction.atomic
def propose_write_off(
    *,
    case_id: int,
    account_id: int,
    amount_minor: int | None,
    components: Sequence[Component] = (),
    reason: WriteOffReason,
    note: str,
    submission: str,
    actor: Actor,
    at: datetime,
) -> WriteOff:
    """Write off a part, or with None all that is owed, of one debt or of some of its components.

    Within the actor's authority it is posted at once; above it the case is held until a second
    person decides. The same ``submission`` again changes nothing. Raises CaseNotFound,
    DebtNotOfCase, NothingToWriteOff, WriteOffOpenAlready, WriteOffReasonReserved, ReasonMissing.
    """
    on = legal_day(at)
    check_note(note=note)
    if reason not in CHOSEN_REASONS:
        raise WriteOffReasonReserved(reason=reason)
    case = lock_case(case_id=case_id, actor=actor)
    before = WriteOff.objects.filter(submission=submission, case=case).first()
    if before is not None:
        return before
    accrue_account(account_id=account_id, on=on, at=at, actor=actor)
    debt = get_case_debt(case_id=case_id, account_id=account_id)
    amount = _checked_amount(debt, components, amount_minor)
    kind = _authority_kind(debt, components)
    within = may_act_alone(kind=kind, debt=debt, amount_minor=amount, actor=actor, on=on)
    alone = within and actor.has(Right.WRITE_OFF)
    row = insert_write_off(
        case_id=case_id,
        debt=debt,
        kind=WriteOffKind.FULL if amount_minor is None else WriteOffKind.PARTIAL,
        components=components,
        amount_minor=amount,
        reason=reason,
        note=note,
        submission=submission,
        needs_approval=not alone,
        actor=actor,
        at=at,
    )
    if alone:
        return _post(row, "conclude", amount, {}, actor, at)
    return row


@by_machine
@transaction.atomic
def insert_write_off(
    *,
    case_id: int,
    debt: CaseDebt,
    kind: WriteOffKind,
    components: Sequence[Component],
    amount_minor: int,
    reason: WriteOffReason,
    note: str,
    submission: str,
    needs_approval: bool,
    actor: Actor,
    at: datetime,
) -> WriteOff:
    """The proposal with its event, and with the hold where somebody has to decide.

    The case must be locked. Raises WriteOffOpenAlready.
    """
    other = WriteOff.objects.filter(account_id=debt.account_id, status__in=OPEN_WRITE_OFF).first()
    if other is not None:
        raise WriteOffOpenAlready(write_off_id=other.pk)
    row = WriteOff.objects.create(
        case_id=case_id,
        account_id=debt.account_id,
        kind=kind,
        components=sorted(components),
        amount_minor=amount_minor,
        currency=debt.currency,
        reason=reason,
        note=note,
        submission=submission,
        needs_approval=needs_approval,
        grounds={
            "note": note,
            "reason_code": reason,
            "contract_no": debt.contract_no,
            "owed": dict(debt.owed),
        },
        proposed_by_id=actor.user_id,
        proposed_at=at,
    )
    _tell_proposed(row, actor, at)
    if needs_approval:
        cause = f"write_off:{row.pk}"
        hold_until_decided(case_id=case_id, cause=cause, on=legal_day(at), actor=actor, at=at)
    return row


@requires(Right.WRITE_OFF)
@transaction.atomic
def decide_write_off(
    *, write_off_id: int, move: str, reason: str, actor: Actor, at: datetime
) -> WriteOff:
    """``move`` is approve, refuse or send_back. Approved, it is posted.

    Never more than is still owed is written off; with a full one goes the interest that has been
    added since. Raises WriteOffNotFound, CaseNotFound, the errors
    of ``staff.approvals``, WriteOffOutdated, NothingToWriteOff, MoveNotAllowed.
    """
    row = _locked(write_off_id, actor)
    on = legal_day(at)
    WRITE_OFF_LIFECYCLE.check(move, WriteOffStatus(row.status))
    if move == "approve":
        accrue_account(account_id=row.account_id, on=on, at=at, actor=actor)
    debt = get_case_debt(case_id=row.case_id, account_id=row.account_id)
    kind = _authority_kind(debt, [Component(name) for name in row.components])
    granted = granted_to(kind=kind, currency=row.currency, on=on)
    decider = check_may_decide(
        proposal=row,
        kind="write_off",
        actor=actor,
        reason=reason,
        at=at,
        team_id=row.case.team_id,
        amounts={row.currency: _most(row, debt) if move == "approve" else row.amount_minor},
        granted=granted,
    )
    changes = decider.changes(reason=reason, at=at)
    if move == "approve":
        amount = _amount_now(row, debt)
        release(cause=f"write_off:{row.pk}", on=on, actor=actor, at=at)
        return _post(row, "approve", amount, changes, actor, at, decider)
    row = move_row(
        row=row, move=move, changes=changes, reason=reason, decider=decider, actor=actor, at=at
    )
    if move == "refuse":
        release(cause=f"write_off:{row.pk}", on=on, actor=actor, at=at)
    tell_of_decision(
        case_id=row.case_id, subject="write_off", proposal_id=row.pk, move=move,
        reason=reason, actor=actor, at=at,
    )  # fmt: skip
    return row


@requires(Right.PROPOSE_WRITE_OFF)
@transaction.atomic
def withdraw_write_off(*, write_off_id: int, reason: str, actor: Actor, at: datetime) -> WriteOff:
    """Take a proposal back. Raises WriteOffNotFound, CaseNotFound, ReasonMissing,
    MoveNotAllowed."""
    check_note(note=reason)
    row = _locked(write_off_id, actor)
    row = move_row(row=row, move="withdraw", changes={}, reason=reason, actor=actor, at=at)
    release(cause=f"write_off:{row.pk}", on=legal_day(at), actor=actor, at=at)
    return row


@requires(Right.CORRECT_POSTING)
@transaction.atomic
def reverse_write_off(*, write_off_id: int, reason: str, actor: Actor, at: datetime) -> WriteOff:
    """Claim it again: the posting is reversed, and what came after it is replayed.

    Raises WriteOffNotFound, CaseNotFound, ReasonMissing, MoveNotAllowed, CannotReverse.
    """
    check_note(note=reason)
    row = _locked(write_off_id, actor)
    WRITE_OFF_LIFECYCLE.check("reverse", WriteOffStatus(row.status))
    assert row.transaction_id is not None
    reverse_posting(transaction_id=row.transaction_id, reason=reason, actor=actor, at=at)
    changes = {"reversed_on": legal_day(at), "reversal_reason": reason}
    return move_row(row=row, move="reverse", changes=changes, reason=reason, actor=actor, at=at)


@by_machine
def post_row(
    *, row: WriteOff, move: str, amount_minor: int, changes: dict[str, Any],
    decider: Decider, actor: Actor, at: datetime,
) -> WriteOff:  # fmt: skip
    """Post a write-off of a locked case by the one path, and move it."""
    return _post(row, move, amount_minor, changes, actor, at, decider)


def _post(
    row: WriteOff,
    move: str,
    amount: int,
    changes: dict[str, Any],
    actor: Actor,
    at: datetime,
    decider: Decider | None = None,
) -> WriteOff:
    on = legal_day(at)
    posted_id = post_write_off(
        account_id=row.account_id,
        amount_minor=amount,
        components=[Component(name) for name in row.components],
        reason=f"write_off:{row.pk}",
        source="write_off",
        idempotency_key=str(row.pk),
        effective_on=on,
        actor=actor,
        at=at,
    )
    posted = {"transaction_id": posted_id, "posted_on": on, "amount_minor": amount}
    return move_row(
        row=row,
        move=move,
        changes={**changes, **posted},
        reason=changes.get("decision_reason") or row.note,
        decider=decider,
        actor=actor,
        at=at,
    )


def _tell_proposed(row: WriteOff, actor: Actor, at: datetime) -> None:
    record_event(
        kind=events.WRITE_OFF_PROPOSED,
        subject=Subject("case", row.case_id),
        payload={
            "write_off_id": row.pk,
            "kind": row.kind,
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "components": row.components,
            "reason_code": row.reason,
            "note": row.note,
            "needs_approval": row.needs_approval,
        },
        actor=actor,
        at=at,
    )


def _locked(write_off_id: int, actor: Actor) -> WriteOff:
    missing = WriteOffNotFound(write_off_id=write_off_id)
    return lock_row(model=WriteOff, row_id=write_off_id, missing=missing, actor=actor)


def _checked_amount(
    debt: CaseDebt, components: Sequence[Component], amount_minor: int | None
) -> int:
    owed = debt.owed_of(components)
    amount = owed if amount_minor is None else amount_minor
    if not 0 < amount <= owed:
        raise NothingToWriteOff(amount_minor=amount, outstanding_minor=owed, currency=debt.currency)
    return amount


def _amount_now(row: WriteOff, debt: CaseDebt) -> int:
    owed = debt.owed_of([Component(name) for name in row.components])
    most = _most(row, debt)
    if row.kind == WriteOffKind.FULL and owed > most:
        raise WriteOffOutdated(
            owed_minor=owed, amount_minor=row.amount_minor, currency=row.currency
        )
    amount = min(owed, most)
    if amount <= 0:
        raise NothingToWriteOff(
            amount_minor=row.amount_minor, outstanding_minor=owed, currency=row.currency
        )
    return amount


def _most(row: WriteOff, debt: CaseDebt) -> int:
    """What was proposed; of a full one, with the interest for delay that has been added since."""
    interest = Component.DEFAULT_INTEREST
    if row.kind != WriteOffKind.FULL or (row.components and interest not in row.components):
        return row.amount_minor
    before = int(row.grounds.get("owed", {}).get(interest, 0))
    return row.amount_minor + max(debt.owed.get(interest, 0) - before, 0)


def _authority_kind(debt: CaseDebt, components: Sequence[Component]) -> AuthorityKind:
    """Where no component is named, it may reach the principal as long as any is owed."""
    named = components or [part for part, minor in debt.owed.items() if minor > 0]
    if Component.PRINCIPAL in named:
        return AuthorityKind.WRITE_OFF_PRINCIPAL
    return AuthorityKind.WRITE_OFF_SIDE_CLAIMS
