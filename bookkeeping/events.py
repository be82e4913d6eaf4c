"""Kinds of events about money that people move by hand; the subject is ``("case", case id)``.

Every payload holds the id of the thing (``write_off_id``, ``refund_id``, ``charge_id``). The
postings have events of their own in the ledger. The kinds that follow from a move stand in
``lifecycle.py``; they are named here for those who subscribe.
"""

from __future__ import annotations

from typing import Final

#: ``kind``, ``amount_minor``, ``currency``, ``components``, ``reason_code``, ``needs_approval``.
WRITE_OFF_PROPOSED: Final = "write_off.proposed"
#: ``amount_minor``, ``currency``, ``to_account`` (masked), ``needs_approval``.
REFUND_PROPOSED: Final = "refund.proposed"
#: A statement told of what a person had said was paid back: ``amount_minor``, ``currency``,
#: ``entry_id``.
REFUND_TOLD_OF: Final = "refund.told_of"
#: ``fee``, ``amount_minor``, ``currency``, ``occasion``, ``needs_approval``.
CHARGE_PROPOSED: Final = "charge.proposed"
#: Subject ("write_off_batch", id): ``count``, ``amount_minor``, ``currency``.
BATCH_PROPOSED: Final = "write_off_batch.proposed"
#: A statement of account was made for the debtor: ``format``, ``language``, ``from_on``,
#: ``until_on``, ``as_known_on``.
STATEMENT_MADE: Final = "statement_of_account.made"
