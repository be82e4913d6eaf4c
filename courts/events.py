"""Kinds of events about court referrals; the subject is always ``("case", case id)``.

Every payload holds ``referral_id``. The kinds that follow from a move of a referral stand in
``lifecycle.py``; they are named here for those who subscribe.
"""

from __future__ import annotations

from typing import Final

#: ``cause``, ``amount_minor``, ``currency``, ``by_machine``.
REFERRAL_PROPOSED: Final = "referral.proposed"
#: ``reason``.
REFERRAL_APPROVED: Final = "referral.approved"
REFERRAL_REFUSED: Final = "referral.refused"
REFERRAL_SENT_BACK: Final = "referral.sent_back"
REFERRAL_WITHDRAWN: Final = "referral.withdrawn"
#: ``procedure``, ``court``, ``docket_no``, ``claim_minor``, ``currency``.
REFERRAL_FILED: Final = "referral.filed"
REFERRAL_ORDER_ISSUED: Final = "referral.order_issued"
REFERRAL_OBJECTED: Final = "referral.objected"
REFERRAL_ORDER_FINAL: Final = "referral.order_final"
#: ``bailiff``, ``bailiff_docket_no``.
REFERRAL_ENFORCEMENT_STARTED: Final = "referral.enforcement_started"
#: ``outcome``, ``note``.
REFERRAL_CLOSED: Final = "referral.closed"
#: ``served_on``.
REFERRAL_ORDER_SERVED: Final = "referral.order_served"
#: ``cost_kind``, ``amount_minor``, ``currency``.
REFERRAL_COST_RECORDED: Final = "referral.cost_recorded"

#: Money changed what is due before the claim was filed: ``before_minor``, ``amount_minor``,
#: ``currency``.
REFERRAL_AMOUNT_CHANGED: Final = "referral.amount_changed"

#: The referral is over, or will not come about: the case is in the house again.
REFERRAL_OVER: Final = frozenset({REFERRAL_WITHDRAWN, REFERRAL_CLOSED})
#: A person has answered a proposal.
REFERRAL_DECIDED: Final = frozenset({REFERRAL_APPROVED, REFERRAL_REFUSED, REFERRAL_SENT_BACK})
