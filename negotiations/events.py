"""Kinds of events about agreements; the subject is always ``("case", case id)``.

Every payload holds ``agreement_id``. The kinds that follow from a move of an agreement stand in
``lifecycle.py``; they are named here for those who subscribe.
"""

from __future__ import annotations

from typing import Final

#: ``kind``, ``amount_minor``, ``write_off_minor``, ``currency``, ``instalments``,
#: ``first_due_on``, ``last_due_on``, ``needs_approval``, ``excesses``.
AGREEMENT_PROPOSED: Final = "agreement.proposed"
#: Agreed at once within the officer's limit.
AGREEMENT_CONCLUDED: Final = "agreement.concluded"
#: ``reason``.
AGREEMENT_APPROVED: Final = "agreement.approved"
AGREEMENT_REFUSED: Final = "agreement.refused"
AGREEMENT_SENT_BACK: Final = "agreement.sent_back"
#: ``reason``.
AGREEMENT_WITHDRAWN: Final = "agreement.withdrawn"
#: ``paid_minor``, ``written_off_minor``, ``currency``, ``reason``.
AGREEMENT_KEPT: Final = "agreement.kept"
#: ``missed`` (number of the instalment), ``due_on``, ``paid_minor``, ``currency``.
AGREEMENT_BROKEN: Final = "agreement.broken"
#: Money that counts from before the breach became known after it: ``missed``, ``due_on``,
#: ``paid_minor``, ``currency``.
AGREEMENT_NOT_BROKEN: Final = "agreement.not_broken"
#: ``number``, ``amount_minor``, ``currency``.
INSTALMENT_PAID: Final = "agreement.instalment_paid"

#: The agreement holds the case.
AGREEMENT_IN_FORCE: Final = frozenset({AGREEMENT_CONCLUDED, AGREEMENT_APPROVED})
#: The agreement holds the case no longer.
AGREEMENT_OVER: Final = frozenset({AGREEMENT_WITHDRAWN, AGREEMENT_KEPT, AGREEMENT_BROKEN})
