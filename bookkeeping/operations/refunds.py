"""Paying an overpayment back: proposed, approved, handed to the bank's payments, paid back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bookkeeping import events
from bookkeeping.account_numbers import AccountNumberInvalid, normal_account_no
from bookkeeping.authority import AuthorityKind, granted_to
from bookkeeping.lifecycle import (
    LIVE_REFUND,
    RECALLABLE_REFUND,
    REFUND_LIFECYCLE,
    RefundStatus,
)
from bookkeeping.models import Refund
from bookkeeping.operations.deciding import (
    check_note,
    hold_until_decided,
    lock_row,
    may_act_alone,
    move_row,
    release,
)
from bookkeeping.queries.debts import CaseDebt, get_case_debt, list_case_debts
from cases.lifecycle import HoldKind
from cases.locking import lock_case, lock_cases
from cases.operations import tell_of_decision
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput, NotFound
from ledger.operations import NothingToRefund, post_refund, reverse_posting
from staff.approvals import check_may_decide
from staff.rights import Right


class RefundNotFound(NotFound):
    """There is no such refund, or its case belongs to another team than the actor's."""

    code = "refund_not_found"


class RefundOpenAlready(Conflict):
    """Another one from the same debt is under way."""

    code = "refund_open_already"


class ArrearsInTheWay(Conflict):
    """Something else is due; paying back nevertheless has to be said, and needs a second person."""

    code = "arrears_in_the_way"


class RefundDayInvalid(InvalidInput):
    """The day lies ahead, or before the one on which it was handed over."""

    code = "refund_day_invalid"


@requires(Right.PROPOSE_REFUND)
@transaction.atomic
def propose_refund(
    *,
    case_id: int,
    account_id: int,
    amount_minor: int | None,
    to_account_no: str,
    to_name: str,
    note: str,
    despite_arrears: bool = False,
    submission: str,
    actor: Actor,
    at: datetime,
) -> Refund:
    """Pay a part, or with None all, of what was paid ahead on one debt back to an account.

    Within the actor's authority it is approved at once; the case is held until it is done. The
    same ``submission`` again changes nothing. Raises CaseNotFound, DebtNotOfCase, NothingToRefund,
    AccountNumberInvalid, ArrearsInTheWay, RefundOpenAlready, ReasonMissing.
    """
    on = legal_day(at)
    check_note(note=note)
    case = lock_case(case_id=case_id, actor=actor)
    before = Refund.objects.filter(submission=submission, case=case).first()
    if before is not None:
        return before
    number = normal_account_no(to_account_no)
    debt = get_case_debt(case_id=case_id, account_id=account_id)
    amount = debt.overpaid_minor if amount_minor is None else amount_minor
    _check(debt, amount, to_name)
    due = _due_elsewhere(case_id, debt.currency)
    if due and not despite_arrears:
        raise ArrearsInTheWay(due_minor=due, currency=debt.currency)
    within = may_act_alone(
        kind=AuthorityKind.REFUND, debt=debt, amount_minor=amount, actor=actor, on=on
    )
    alone = within and not due
    row = Refund.objects.create(
        case=case,
        account_id=account_id,
        to_account_no=number,
        to_name=to_name.strip(),
        note=note,
        despite_arrears=bool(due),
        amount_minor=amount,
        currency=debt.currency,
        needs_approval=not alone,
        submission=submission,
        grounds={"note": note, "contract_no": debt.contract_no, "due_minor": due},
        proposed_by_id=actor.user_id,
        proposed_at=at,
    )
    _tell_proposed(row, actor, at)
    hold_until_decided(
        case_id=case_id, cause=_cause(row), kind=HoldKind.REFUND, on=on, actor=actor, at=at
    )
    if alone:
        row = move_row(row=row, move="conclude", changes={}, reason=note, actor=actor, at=at)
    return row


@requires(Right.APPROVE_REFUND)
@transaction.atomic
def decide_refund(*, refund_id: int, move: str, reason: str, actor: Actor, at: datetime) -> Refund:
    """``move`` is approve, refuse or send_back. Approved, it waits to be handed over.

    Raises RefundNotFound, CaseNotFound, the errors of ``staff.approvals``, NothingToRefund,
    MoveNotAllowed.
    """
    row = _locked(refund_id, actor)
    on = legal_day(at)
    REFUND_LIFECYCLE.check(move, RefundStatus(row.status))
    granted = granted_to(kind=AuthorityKind.REFUND, currency=row.currency, on=on)
    decider = check_may_decide(
        proposal=row,
        kind="refund",
        actor=actor,
        reason=reason,
        at=at,
        team_id=row.case.team_id,
        granted=granted,
    )
    if move == "approve":
        _check_covered(row)
    changes = decider.changes(reason=reason, at=at)
    row = move_row(
        row=row, move=move, changes=changes, reason=reason, decider=decider, actor=actor, at=at
    )
    if move == "refuse":
        _release(row, on, actor, at)
    if move != "approve":
        tell_of_decision(
            case_id=row.case_id, subject="refund", proposal_id=row.pk, move=move,
            reason=reason, actor=actor, at=at,
        )  # fmt: skip
    return row


@requires(Right.PROPOSE_REFUND)
@transaction.atomic
def withdraw_refund(*, refund_id: int, reason: str, actor: Actor, at: datetime) -> Refund:
    """Before it is handed over. Raises RefundNotFound, CaseNotFound, ReasonMissing,
    MoveNotAllowed."""
    check_note(note=reason)
    row = move_row(
        row=_locked(refund_id, actor), move="withdraw", changes={"end_reason": reason},
        reason=reason, actor=actor, at=at,
    )  # fmt: skip
    _release(row, legal_day(at), actor, at)
    return row


@requires(Right.POST_PAYMENT)
@transaction.atomic
def hand_over_refund(*, refund_id: int, actor: Actor, at: datetime) -> Refund:
    """The order to pay goes to the bank's payments: from now on the credit is gone.

    Raises RefundNotFound, CaseNotFound, NothingToRefund, MoveNotAllowed.
    """
    row = _locked(refund_id, actor)
    REFUND_LIFECYCLE.check("hand_over", RefundStatus(row.status))
    _check_covered(row)
    on = legal_day(at)
    posted_id = post_refund(
        account_id=row.account_id,
        amount_minor=row.amount_minor,
        reason=f"refund:{row.pk}",
        source="refund",
        idempotency_key=str(row.pk),
        effective_on=on,
        actor=actor,
        at=at,
    )
    changes = {"transaction_id": posted_id, "handed_over_on": on}
    return move_row(row=row, move="hand_over", changes=changes, actor=actor, at=at)


@requires(Right.POST_PAYMENT)
@transaction.atomic
def confirm_refund(
    *, refund_id: int, paid_back_on: date, bank_reference: str, actor: Actor, at: datetime
) -> Refund:
    """The money has left. Raises RefundNotFound, CaseNotFound, RefundDayInvalid, MoveNotAllowed."""
    row = _locked(refund_id, actor)
    REFUND_LIFECYCLE.check("confirm", RefundStatus(row.status))
    on = legal_day(at)
    if row.handed_over_on is None or not row.handed_over_on <= paid_back_on <= on:
        raise RefundDayInvalid(on=paid_back_on, first_on=row.handed_over_on, last_on=on)
    changes = {"paid_back_on": paid_back_on, "bank_reference": bank_reference[:80]}
    return mark_paid_back(row=row, changes=changes, actor=actor, at=at)


@by_machine
def mark_paid_back(
    *, row: Refund, changes: Mapping[str, Any], actor: Actor, at: datetime
) -> Refund:
    """The money has left, and the case waits no more; its case is locked. Raises MoveNotAllowed."""
    row = move_row(row=row, move="confirm", changes=changes, actor=actor, at=at)
    _release(row, legal_day(at), actor, at)
    return row


@requires(Right.POST_PAYMENT)
@transaction.atomic
def return_refund(*, refund_id: int, reason: str, actor: Actor, at: datetime) -> Refund:
    """The bank sent the money back: the posting is reversed, and it is the debtor's credit again.

    Raises RefundNotFound, CaseNotFound, ReasonMissing, MoveNotAllowed, RightMissing.
    """
    check_note(note=reason)
    row = _locked(refund_id, actor)
    REFUND_LIFECYCLE.check("return", RefundStatus(row.status))
    assert row.transaction_id is not None
    reverse_posting(transaction_id=row.transaction_id, reason=reason, actor=actor, at=at)
    row = move_row(
        row=row, move="return", changes={"end_reason": reason}, reason=reason, actor=actor, at=at
    )
    _release(row, legal_day(at), actor, at)
    return row


@by_machine
@transaction.atomic
def recall_refunds(*, account_ids: Sequence[int], at: datetime, actor: Actor) -> list[int]:
    """Refunds that are not handed over, of debts whose debtor has new arrears, are taken back.

    One that a person wanted despite arrears goes on as long as the credit covers it. Returns the
    ids of those recalled.
    """
    recallable = [status.value for status in RECALLABLE_REFUND]
    touched = Refund.objects.filter(
        status__in=recallable,
        case__debtor__parties__role="main_debtor",
        case__debtor__parties__debt__account_id__in=list(account_ids),
    ).distinct()
    case_ids = lock_cases(case_ids=touched.values_list("case_id", flat=True))
    recalled = []
    for row in Refund.objects.filter(case_id__in=case_ids, status__in=recallable).order_by("id"):
        debt = get_case_debt(case_id=row.case_id, account_id=row.account_id)
        uncovered = debt.overpaid_minor < row.amount_minor
        due = 0 if row.despite_arrears else _due_elsewhere(row.case_id, row.currency)
        if uncovered or due:
            reason = "credit_used" if uncovered else "new_arrears"
            row = move_row(
                row=row, move="recall", changes={"end_reason": reason}, reason=reason,
                actor=actor, at=at,
            )  # fmt: skip
            _release(row, legal_day(at), actor, at)
            recalled.append(row.pk)
    return recalled


def _check(debt: CaseDebt, amount: int, to_name: str) -> None:
    if not 0 < amount <= debt.overpaid_minor:
        raise NothingToRefund(
            amount_minor=amount, overpaid_minor=debt.overpaid_minor, currency=debt.currency
        )
    if not to_name.strip():
        raise AccountNumberInvalid(account_no="")
    live = [status.value for status in LIVE_REFUND]
    other = Refund.objects.filter(account_id=debt.account_id, status__in=live).first()
    if other is not None:
        raise RefundOpenAlready(refund_id=other.pk)


def _check_covered(row: Refund) -> None:
    debt = get_case_debt(case_id=row.case_id, account_id=row.account_id)
    if debt.overpaid_minor < row.amount_minor:
        raise NothingToRefund(
            amount_minor=row.amount_minor,
            overpaid_minor=debt.overpaid_minor,
            currency=row.currency,
        )


def _due_elsewhere(case_id: int, currency: str) -> int:
    debts = list_case_debts(case_id=case_id)
    return sum(max(debt.due_minor, 0) for debt in debts if debt.currency == currency)


def _tell_proposed(row: Refund, actor: Actor, at: datetime) -> None:
    record_event(
        kind=events.REFUND_PROPOSED,
        subject=Subject("case", row.case_id),
        payload={
            "refund_id": row.pk,
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "to_account": f"…{row.to_account_no[-4:]}",
            "note": row.note,
            "needs_approval": row.needs_approval,
        },
        actor=actor,
        at=at,
    )


def _cause(row: Refund) -> str:
    return f"refund:{row.pk}"


def _release(row: Refund, on: date, actor: Actor, at: datetime) -> None:
    release(cause=_cause(row), kind=HoldKind.REFUND, on=on, actor=actor, at=at)


def _locked(refund_id: int, actor: Actor) -> Refund:
    missing = RefundNotFound(refund_id=refund_id)
    return lock_row(model=Refund, row_id=refund_id, missing=missing, actor=actor)
