"""The number of the account to which money is paid back. Pure."""

from __future__ import annotations

from stdnum import iban
from stdnum.exceptions import ValidationError

from kernel.errors import InvalidInput


class AccountNumberInvalid(InvalidInput):
    """The check digits of the account number are wrong, or there is none."""

    code = "account_number_invalid"


def normal_account_no(text: str) -> str:
    """An IBAN without spaces; 26 digits alone are a Polish one. Raises AccountNumberInvalid."""
    plain = "".join(text.split()).replace("-", "").upper()
    number = f"PL{plain}" if plain.isdecimal() and len(plain) == 26 else plain
    try:
        return str(iban.validate(number))
    except ValidationError as error:
        raise AccountNumberInvalid(account_no=text[:40]) from error
