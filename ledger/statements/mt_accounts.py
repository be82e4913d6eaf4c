"""Field 25: the account of a statement, in one form however the bank writes it.

The same day may come as camt.053 too, where the account is an IBAN: two numbers for one account
would be two accounts.
"""

from __future__ import annotations

import re
from typing import Final

from ledger.statements.accounts import normal_account, with_check_digits

_BANK_CODE: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_LIKE_AN_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}|\d{26}", re.ASCII)
_GERMAN: Final = re.compile(r"([1-8]\d{2}(\d)\d{4})/0*(\d{1,10})", re.ASCII)
#: The groups of Deutsche Bank and of the former Dresdner Bank write accounts without the digits
#: of a sub-account that their IBANs have: the usual way would make another account's number.
_OWN_WAYS: Final = frozenset("78")


def statement_account(written: str, currency: str) -> tuple[str, bool | None]:
    """The number, and whether its check digits fit; None where it has none that we know of."""
    text = "".join(written.upper().split()).removeprefix("IBAN").lstrip(":/")
    if currency:
        text = re.sub(rf"^{currency}/|/?{currency}$", "", text)
    for part in (text, *text.split("/"), re.sub(r"[A-Z]{3}$", "", text)):
        number, is_valid = normal_account(part)
        if is_valid:
            return number, True
    bank, _, own = text.partition("/")
    if _BANK_CODE.fullmatch(bank) and _LIKE_AN_IBAN.fullmatch(own):
        return normal_account(own)
    german = _GERMAN.fullmatch(text)
    if german is not None and german[2] not in _OWN_WAYS:
        return with_check_digits("DE", f"{german[1]}{german[3]:0>10}"), True
    return normal_account(text)
