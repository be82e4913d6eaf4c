"""What write-offs, refunds and charges have in common: authority, waiting, and being told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, TypeVar

from bookkeeping.authority import AuthorityKind
from bookkeeping.lifecycle import CHARGE_LIFECYCLE, REFUND_LIFECYCLE, WRITE_OFF_LIFECYCLE
from bookkeeping.models import Charge, Refund, WriteOff
from bookkeeping.queries.authority import get_done_alone, get_role_authority
from bookkeeping.queries.debts import CaseDebt
from cases.lifecycle import HoldKind
from cases.locking import lock_case
from cases.operations import NewHold, end_holds, place_holds
from journal.operations import Subject
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.errors import NotFound
from kernel.lifecycle import Lifecycle
from staff.approvals import DecidedByPersonOnly, Decider, ReasonMissing
from staff.models import User

Row = TypeVar("Row", WriteOff, Refund, Charge)

_LIFECYCLES: Final[Mapping[type, Lifecycle[Any]]] = {
    WriteOff: WRITE_OFF_LIFECYCLE,
    Refund: REFUND_LIFECYCLE,
    Charge: CHARGE_LIFECYCLE,
}
#: What else than the amount the events of a kind say.
_TOLD: Final[Mapping[type, tuple[str, ...]]] = {Charge: ("fee",)}


@by_machine
def may_act_alone(
    *, kind: AuthorityKind, debt: CaseDebt, amount_minor: int, actor: Actor, on: date
) -> bool:
    """Whether the acting person needs nobody else for the amount, and for what was done alone on
    the debt of late with it: an amount in parts is still the whole amount.

    The case must be locked, so that of two at once the later one sees the other. Raises
    DecidedByPersonOnly.
    """
    if actor.user_id is None:
        raise DecidedByPersonOnly
    role = User.objects.get(pk=actor.user_id).role
    authority = get_role_authority(kind=kind, role=role, currency=debt.currency, on=on)
    if amount_minor > authority.alone_minor:
        return False
    done = get_done_alone(kind=kind, account_id=debt.account_id, on=on)
    return done + amount_minor <= authority.alone_minor


@by_machine
def lock_row(*, model: type[Row], row_id: int, missing: NotFound, actor: Actor) -> Row:
    """The row as it is once its case is locked. Raises ``missing``, CaseNotFound."""
    row = model.objects.filter(pk=row_id).first()
    if row is None:
        raise missing
    lock_case(case_id=row.case_id, actor=actor)
    row.refresh_from_db()
    return row


@by_machine
def move_row(
    *,
    row: Row,
    move: str,
    changes: Mapping[str, Any],
    reason: str = "",
    decider: Decider | None = None,
    actor: Actor,
    at: datetime,
) -> Row:
    """One move of its lifecycle, told with the amount, why, and in whose place it was decided.

    Raises MoveNotAllowed.
    """
    return move_status(
        row=row,
        lifecycle=_LIFECYCLES[type(row)],
        move=move,
        subject=Subject("case", row.case_id),
        changes=dict(changes),
        payload={
            **{name: getattr(row, name) for name in _TOLD.get(type(row), ())},
            "amount_minor": changes.get("amount_minor", row.amount_minor),
            "currency": row.currency,
            **(decider.payload(reason=reason) if decider is not None else {"reason": reason}),
        },
        actor=actor,
        at=at,
    )


@by_machine
def check_note(*, note: str) -> None:
    """Raises ReasonMissing."""
    if not note.strip():
        raise ReasonMissing


@by_machine
def hold_until_decided(
    *,
    case_id: int,
    cause: str,
    kind: HoldKind = HoldKind.APPROVAL,
    on: date,
    actor: Actor,
    at: datetime,
) -> None:
    place_holds(holds=[NewHold(case_id, kind, cause, "", on)], at=at, actor=actor)


@by_machine
def release(
    *, cause: str, kind: HoldKind = HoldKind.APPROVAL, on: date, actor: Actor, at: datetime
) -> None:
    end_holds(kind=kind, causes=[cause], on=on, at=at, actor=actor)
