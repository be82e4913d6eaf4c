"""Account numbers for repayment, one of each debt's own: the agreed beginning, then the account.

The bank gives a company a beginning (its sort code and the number of the agreement); all that is
paid to a number that begins so comes to one account, and the statement says to which number.
"""

from __future__ import annotations

import re
from typing import Final

#: A Polish account number without its two check digits (NRB: 8 of the bank, 16 of its own).
_DIGITS: Final = 24
#: 100 million debts have room.
_MOST_OF_BEGINNING: Final = 16
_SORT_CODE: Final = 8
#: ``PL00`` behind the number, letters as figures (ISO 13616).
_COUNTRY: Final = "252100"
#: What each digit of a sort code counts for; the last one makes the sum a multiple of ten.
_WEIGHTS: Final = (3, 9, 7, 1, 3, 9, 7, 1)


IMPOSSIBLE: Final = (
    f"REPAYMENT_ACCOUNTS is how the account numbers for repayment begin, without check digits:"
    f" {_SORT_CODE} to {_MOST_OF_BEGINNING} digits, the first {_SORT_CODE} a bank's sort code"
)


def is_possible_beginning(beginning: str) -> bool:
    """Whether numbers may begin so: a bank's sort code with its check digit, and room behind it."""
    if not re.fullmatch(rf"[0-9]{{{_SORT_CODE},{_MOST_OF_BEGINNING}}}", beginning):
        return False
    return sum(int(d) * w for d, w in zip(beginning, _WEIGHTS, strict=False)) % 10 == 0


def own_number_sql(account_id: str, *, beginning: str) -> str:
    """An SQL expression for the IBAN of the account; NULL where no beginning was agreed or where
    the number of the account has no room. ``account_id`` is a column.

    Raises ValueError when no number can begin so.
    """
    if not beginning:
        return "NULL::text"
    if not is_possible_beginning(beginning):
        raise ValueError(IMPOSSIBLE)
    room = _DIGITS - len(beginning)
    number = f"('{beginning}' || lpad({account_id}::text, {room}, '0'))"
    check = f"lpad((98 - mod(({number} || '{_COUNTRY}')::numeric, 97))::text, 2, '0')"
    return f"CASE WHEN length({account_id}::text) <= {room} THEN 'PL' || {check} || {number} END"
