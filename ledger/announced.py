"""Money that a bank has told of and not booked yet. Pure.

Reports of the day (MT942, camt.052, camt.054) are provisional: nothing of them is posted. What
they say keeps a demand from going out for money that is on its way.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple

#: A booked entry may come so many days after it was foretold; then it is given up.
BOOKED_WITHIN: Final = timedelta(days=7)


class Announced(NamedTuple):
    """``value_on`` is the day of which the bank tells; after ``until_on`` nobody waits for it."""

    account_id: int
    amount_minor: int
    currency: str
    value_on: date
    until_on: date
