"""Kinds of events about placements; the subject is always ``("case", case id)``.

Every payload holds ``placement_id``. The kinds that follow from a move of a placement stand in
``lifecycle.py``; they are named here for those who subscribe.
"""

from __future__ import annotations

from typing import Final

#: ``cause``, ``amount_minor``, ``currency``, ``by_machine``.
PLACEMENT_PROPOSED: Final = "placement.proposed"
#: ``reason``.
PLACEMENT_APPROVED: Final = "placement.approved"
PLACEMENT_REFUSED: Final = "placement.refused"
PLACEMENT_SENT_BACK: Final = "placement.sent_back"
PLACEMENT_WITHDRAWN: Final = "placement.withdrawn"
#: ``agency_id``, ``agency``, ``batch_id``, ``file_name``, ``commission_bp``,
#: ``until_on``.
PLACEMENT_PLACED: Final = "placement.placed"
#: ``reason`` (a code of ``EndReason``), ``note``.
PLACEMENT_RECALLED: Final = "placement.recalled"
PLACEMENT_RETURNED: Final = "placement.returned"
PLACEMENT_ENDED: Final = "placement.ended"
#: ``amount_minor``, ``currency``, ``commission_minor``, ``reference``, ``agency``.
AGENCY_PAYMENT_RECORDED: Final = "placement.payment_recorded"

#: Money changed what is due: ``before_minor``, ``amount_minor``, ``currency``. Of a placed case it
#: is what the agency is told.
PLACEMENT_AMOUNT_CHANGED: Final = "placement.amount_changed"

#: The placement is over, or will not come about: the case is in the house again.
PLACEMENT_OVER: Final = frozenset(
    {PLACEMENT_WITHDRAWN, PLACEMENT_RECALLED, PLACEMENT_RETURNED, PLACEMENT_ENDED}
)
#: A person has answered a proposal.
PLACEMENT_DECIDED: Final = frozenset({PLACEMENT_APPROVED, PLACEMENT_REFUSED, PLACEMENT_SENT_BACK})

#: Subject ``("agency", agency id)``: ``name``, ``commission_bp``, ``permit_no``, ``is_active``.
AGENCY_CHANGED: Final = "agency.changed"
#: Somebody took the file of a batch: ``batch_id``, ``file_name``.
BATCH_FILE_TAKEN: Final = "agency.batch_file_taken"
