"""Account numbers as statements write them: with spaces, without country, with a bank code."""

from __future__ import annotations

import re
import string
from typing import Final

_NOISE: Final = re.compile(r"[\s\-/.]+")
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}")
_POLISH: Final = re.compile(r"[0-9]{26}")
#: A is 10 and Z is 35.
_NUMBERS: Final = {ord(sign): str(int(sign, 36)) for sign in string.ascii_uppercase}


def normal_account(text: str) -> tuple[str, bool | None]:
    """The number without noise, and whether its check digits fit (ISO 7064, mod 97-10).

    Twenty-six digits are a Polish number and get their country. None: the number has no check
    digits that we know of. A number that fails is kept as it was written.
    """
    number = _NOISE.sub("", text).upper()
    if _POLISH.fullmatch(number):
        number = f"PL{number}"
    if not _IBAN.fullmatch(number):
        return number, None
    return number, _remainder(number) == 1


def with_check_digits(country: str, number: str) -> str:
    """The IBAN of a number within its country."""
    return f"{country}{98 - _remainder(f'{country}00{number}'):02}{number}"


def _remainder(iban: str) -> int:
    return int((iban[4:] + iban[:4]).translate(_NUMBERS)) % 97
