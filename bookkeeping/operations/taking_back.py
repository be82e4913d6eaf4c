"""Taking an entry of a statement back, unless a refund stands on it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bookkeeping.models import Refund
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import Conflict
from ledger.models import StatementEntry
from ledger.operations import take_entry_back
from staff.rights import Right


class PaidARefund(Conflict):
    """The bank told by this entry that a refund has left."""

    code = "entry_paid_a_refund"


@requires(Right.CORRECT_POSTING)
@transaction.atomic
def take_statement_entry_back(
    *, entry_id: int, reason: str, actor: Actor, at: datetime
) -> StatementEntry:
    """As ``ledger.operations.take_entry_back``. Raises PaidARefund besides."""
    if Refund.objects.filter(entry_id=entry_id).exists():
        raise PaidARefund(entry_id=entry_id)
    return take_entry_back(entry_id=entry_id, reason=reason, actor=actor, at=at)
