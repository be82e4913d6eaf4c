"""Kinds of events recorded about an account; the subject is ``("account", account id)``.

Every payload holds ``transaction_id``, ``currency``, and the account after the posting:
``outstanding_minor``, ``due_minor``, ``due_since`` (ISO day or null).
"""

from __future__ import annotations

from typing import Final

#: ``amount_minor``, ``value_on``, ``reference``, ``allocated`` {component: minor},
#: ``overpaid_minor``. The effective day is the value day.
PAYMENT_POSTED: Final = "payment.posted"
#: An extract or a person changed what is owed: ``changes`` {component: minor}, ``reason``.
BALANCE_ADJUSTED: Final = "balance.adjusted"
#: ``amount_minor``, ``reason``: that part is no longer claimed.
WRITE_OFF_POSTED: Final = "write_off.posted"
#: ``amount_minor`` became due before its day, as on termination.
FELL_DUE: Final = "balance.fell_due"
#: ``reversed_id``, ``reversed_kind``, ``reason``.
POSTING_REVERSED: Final = "posting.reversed"
#: A fee, cost or interest was added: ``component``, ``amount_minor``, ``reason``.
CHARGE_POSTED: Final = "charge.posted"

#: Whatever changes what is due on an account.
DUE_CHANGED: Final = frozenset(
    {PAYMENT_POSTED, BALANCE_ADJUSTED, WRITE_OFF_POSTED, FELL_DUE, POSTING_REVERSED, CHARGE_POSTED}
)
