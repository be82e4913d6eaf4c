"""What a role may do without a second person, and what was done so on a debt of late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from django.db.models import Sum

from bookkeeping.authority import (
    APPROVAL_KINDS,
    Authority,
    AuthorityKind,
    alone_period_on,
    authority_of,
)
from bookkeeping.lifecycle import ChargeStatus, RefundStatus, WriteOffStatus
from bookkeeping.models import Charge, Refund, WriteOff
from kernel.clock import instant
from staff.lifecycle import ApprovalKind
from staff.queries import get_approval_limit
from staff.rights import Role

_Thing = type[WriteOff] | type[Refund] | type[Charge]
#: What stands; what was taken back or never left the house is no use of anybody's authority.
_STANDING: Final[Mapping[ApprovalKind, tuple[_Thing, tuple[str, ...]]]] = {
    ApprovalKind.WRITE_OFF: (WriteOff, (WriteOffStatus.POSTED,)),
    ApprovalKind.REFUND: (
        Refund,
        (RefundStatus.APPROVED, RefundStatus.HANDED_OVER, RefundStatus.PAID_BACK),
    ),
    ApprovalKind.CHARGE: (Charge, (ChargeStatus.POSTED,)),
}


def get_role_authority(*, kind: AuthorityKind, role: str, currency: str, on: date) -> Authority:
    """By the table, within the limit that was laid down for the role."""
    table = authority_of(kind=kind, role=role, currency=currency, on=on)
    limit = get_approval_limit(role=Role(role), kind=APPROVAL_KINDS[kind], currency=currency)
    return table.within(limit)


def get_done_alone(*, kind: AuthorityKind, account_id: int, on: date) -> int:
    """Minor units that people, whoever they are, have written off, paid back or charged alone on
    the debt within the days that count together."""
    thing, statuses = _STANDING[APPROVAL_KINDS[kind]]
    since = instant(on - timedelta(days=alone_period_on(on).days))
    alone = thing._default_manager.filter(
        account_id=account_id,
        needs_approval=False,
        status__in=statuses,
        proposed_at__gte=since,
    )
    return int(alone.aggregate(total=Sum("amount_minor"))["total"] or 0)
