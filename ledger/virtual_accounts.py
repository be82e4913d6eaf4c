"""Account numbers for repayment, one of each debt's own: the agreed beginning, then the account.

The bank gives a company a beginning (its sort code and the number of the agreement) for an account
of one currency; all that is paid to a number that begins so comes to that account, and the
statement says to which number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    "REPAYMENT_ACCOUNTS says for each currency how the account numbers for repayment begin, such as"
    f" PLN=109010149012: {_SORT_CODE} to {_MOST_OF_BEGINNING} digits without the check digits of"
    f" the number, the first {_SORT_CODE} a bank's sort code whose last digit checks the others"
)


def are_possible_beginnings(beginnings: Mapping[str, str]) -> bool:
    """Whether numbers may begin so: with a bank's sort code, and with room behind it."""
    return all(
        re.fullmatch(r"[A-Z]{3}", currency) and _is_possible(beginning)
        for currency, beginning in beginnings.items()
    )


def _is_possible(beginning: str) -> bool:
    if not re.fullmatch(rf"[0-9]{{{_SORT_CODE},{_MOST_OF_BEGINNING}}}", beginning):
        return False
    return sum(int(d) * w for d, w in zip(beginning, _WEIGHTS, strict=False)) % 10 == 0


def own_number_sql(*, account_id: str, currency: str, beginnings: Mapping[str, str]) -> str:
    """An SQL expression for the IBAN of the account; NULL where nothing was agreed for the currency
    or where the number of the account has no room. ``account_id`` and ``currency`` are columns.

    Money that comes to such a number goes to one account of the bank, which has one currency.
    Raises ValueError when no number can begin so.
    """
    if not are_possible_beginnings(beginnings):
        raise ValueError(IMPOSSIBLE)
    cases = [
        f"WHEN {currency} = '{code}' AND length({account_id}::text) <= {_DIGITS - len(beginning)}"
        f" THEN {_iban_sql(account_id, beginning)}"
        for code, beginning in beginnings.items()
    ]
    return f"CASE {' '.join(cases)} END" if cases else "NULL::text"


def _iban_sql(account_id: str, beginning: str) -> str:
    number = f"('{beginning}' || lpad({account_id}::text, {_DIGITS - len(beginning)}, '0'))"
    check = f"lpad((98 - mod(({number} || '{_COUNTRY}')::numeric, 97))::text, 2, '0')"
    return f"'PL' || {check} || {number}"
