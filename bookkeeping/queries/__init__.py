"""Everything that reads about write-offs, refunds, charges and statements."""

from bookkeeping.queries.proposals import (
    list_batch_proposals,
    list_charge_proposals,
    list_refund_proposals,
    list_write_off_proposals,
)

__all__ = [
    "list_batch_proposals",
    "list_charge_proposals",
    "list_refund_proposals",
    "list_write_off_proposals",
]
