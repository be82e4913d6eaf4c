"""Kinds of events recorded about an account; the subject is ``("account", account id)``.

Every payload holds ``transaction_id``, ``currency``, and the account after the posting:
``outstanding_minor``, ``due_minor``, ``due_since`` (ISO day or null).
"""

from __future__ import annotations

from typing import Final

#: ``amount_minor``, ``value_on``, ``reference``, ``allocated`` {component: minor},
#: ``overpaid_minor``, ``order`` and ``order_source`` (by which it was allocated). The effective
#: day is the value day.
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

#: Something from an earlier day became known, so that later facts came to something else:
#: ``corrected`` [{``transaction_id``, ``effective_on``, ``changes`` {component: minor}}].
BALANCES_REPLAYED: Final = "balances.replayed"
#: Interest for delay was added, or taken back, through the effective day: ``amount_minor``.
INTEREST_ACCRUED: Final = "interest.accrued"
#: ``amount_minor`` of an overpayment was paid back, ``reason``.
OVERPAYMENT_REFUNDED: Final = "overpayment.refunded"

#: From the effective day on the figures of ``keeper`` hold: ``from_on``, ``reason``, ``rate_kind``.
BOOK_CHANGED: Final = "book.changed"
#: The account got a number of its own for repayment: ``ends_with``. No amounts.
ACCOUNT_NUMBERED: Final = "account.numbered"
#: A bank told of money that it has not booked yet: ``amount_minor``, ``currency``, ``value_on``
#: and ``entry_id`` only.
PAYMENT_ANNOUNCED: Final = "payment.announced"
#: A person said that a sender's money is not for this debt: ``entry_id``. No amounts.
SENDER_FORGOTTEN: Final = "payment_name.forgotten"

#: About a ``statement_file``: ``name``, ``form``, ``statements``, ``entries``.
STATEMENT_TAKEN_IN: Final = "statement.taken_in"

#: Whatever changes what is due on an account.
DUE_CHANGED: Final = frozenset(
    {
        PAYMENT_POSTED,
        BALANCE_ADJUSTED,
        WRITE_OFF_POSTED,
        FELL_DUE,
        POSTING_REVERSED,
        CHARGE_POSTED,
        BALANCES_REPLAYED,
        INTEREST_ACCRUED,
    }
)

#: Subject ("rates", entry id). A rate of interest was added or corrected: ``series``,
#: ``since_on``, ``value``, ``replaced`` (the value before, or null), ``confirmed_until``,
#: ``source``, ``reason``.
RATES_CHANGED: Final = "rates.changed"
#: Subject ("rates", entry id). Nothing has changed until ``confirmed_until``: ``source``.
RATES_CONFIRMED: Final = "rates.confirmed"
