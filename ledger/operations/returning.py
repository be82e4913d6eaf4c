"""Money that the bank took back: the payment that it was is reversed, wherever it was posted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import Conflict
from ledger.lifecycle import ENTRY_LIFECYCLE, EntryState
from ledger.models import EntryPosting, StatementEntry
from ledger.operations.changes import reverse_posting
from ledger.operations.matching import lock_entry, move_entry
from staff.rights import Right


class NotItsReturn(Conflict):
    """A return takes back the same amount on the same account; this one does not."""

    code = "not_its_return"


@requires(Right.CORRECT_POSTING)
@transaction.atomic
def return_payment(
    *, entry_id: int, returned_id: int, actor: Actor, at: datetime
) -> StatementEntry:
    """The entry takes back what ``returned_id`` brought; all that was posted of it is reversed.

    What came after the payment is replayed as if it had never been. Raises EntryNotFound,
    NotItsReturn, MoveNotAllowed, CannotReverse.
    """
    locked = {pk: lock_entry(pk) for pk in sorted({entry_id, returned_id})}
    entry, payment = locked[entry_id], locked[returned_id]
    about = (payment.statement.account_no, payment.currency, -payment.amount_minor)
    if payment.amount_minor <= 0 or about != (
        entry.statement.account_no,
        entry.currency,
        entry.amount_minor,
    ):
        raise NotItsReturn(entry_id=entry_id, returned_id=returned_id)
    for row, move in ((entry, "post"), (payment, "give_back")):
        ENTRY_LIFECYCLE.check(move, EntryState(row.state or EntryState.WAITING))
    reversals: list[int] = []
    live = EntryPosting.objects.filter(entry=payment, transaction__reversed_by__isnull=True)
    for posting in live.order_by("transaction__account_id"):
        reversal_id = reverse_posting(
            transaction_id=posting.transaction_id, reason="returned_by_bank", actor=actor, at=at
        )
        reversals.append(reversal_id)
        EntryPosting.objects.create(
            entry=entry,
            transaction_id=reversal_id,
            amount_minor=-posting.amount_minor,
            reasons=entry.proposal.get("reasons", []),
        )
    move_entry(payment, "give_back", {**payment.proposal, "returned_by": entry_id}, actor, at)
    proposal = {**entry.proposal, "returns": returned_id, "reversals": reversals}
    return move_entry(entry, "post", proposal, actor, at)
