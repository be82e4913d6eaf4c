"""Checking who somebody is and how to reach them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, Final

import phonenumbers
from stdnum import exceptions
from stdnum.pl import nip, pesel, regon

from debtors.intake.findings import CellRefused
from debtors.intake.record import Contact, PostalAddress
from debtors.lifecycle import ContactPointKind

_EMAIL: Final = re.compile(r"[a-z0-9._%+'-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}")
_POSTCODE: Final = re.compile(r"(\d{2})[ -]?(\d{3})")
_MOBILE: Final = frozenset(
    {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
)
_PESEL_DIGITS: Final = 11
_NIP_DIGITS: Final = 10
_REGON_DIGITS: Final = (9, 14)

Check = Callable[[str], str]


def clean_text(text: str) -> str:
    """One line, composed letters, single spaces. Raises CellRefused(``nul_byte``)."""
    if text.isprintable():
        plain = text if text.isascii() else unicodedata.normalize("NFC", text)
        return " ".join(plain.split()) if "  " in plain else plain
    if "\0" in text:
        raise CellRefused("nul_byte", text.replace("\0", "\u2400"))
    plain = unicodedata.normalize("NFC", text)
    kept = (" " if c.isspace() else c for c in plain if c.isprintable() or c.isspace())
    return " ".join("".join(kept).split())


def identifier(name: str, value: str, *, was_number: bool = False) -> str:
    """A valid PESEL, NIP or REGON in its compact form.

    A number cell of a spreadsheet has lost leading zeros, which are put back; the check digit
    tells whether that was right. Raises CellRefused(``invalid_pesel`` and so on).
    """
    module: Any = {"pesel": pesel, "nip": nip, "regon": regon}[name]
    digits = value
    if was_number:
        sizes = {"pesel": (_PESEL_DIGITS,), "nip": (_NIP_DIGITS,), "regon": _REGON_DIGITS}[name]
        digits = value.zfill(next((size for size in sizes if size >= len(value)), len(value)))
    try:
        return str(module.validate(digits))
    except exceptions.ValidationError:
        raise CellRefused(f"invalid_{name}", value) from None


def phone(value: str, region: str) -> Contact:
    """Raises CellRefused(``invalid_phone``)."""
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        raise CellRefused("invalid_phone", value) from None
    kind = phonenumbers.number_type(number)
    if kind == phonenumbers.PhoneNumberType.UNKNOWN:
        raise CellRefused("invalid_phone", value)
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    mobile = kind in _MOBILE
    return Contact(ContactPointKind.MOBILE if mobile else ContactPointKind.LANDLINE, text)


def email(value: str) -> Contact:
    """Raises CellRefused(``invalid_email``)."""
    text = value.lower()
    if not _EMAIL.fullmatch(text):
        raise CellRefused("invalid_email", value)
    return Contact(ContactPointKind.EMAIL, text)


def address(kind: str, parts: Sequence[str]) -> PostalAddress | None:
    """From street, house, flat, postcode, city, country; None when no part is given.

    A village without streets is addressed by its own name. Raises
    CellRefused(``address_incomplete``) without a city or without both street and house.
    """
    street, house, flat, postcode, city, country = parts
    if not (street or house or city or postcode):
        return None
    if not city or not (street or house):
        raise CellRefused("address_incomplete", " ".join(part for part in parts if part))
    line = " ".join(part for part in (street or city, house) if part)
    country = country.upper() or "PL"
    if country == "PL":
        found = _POSTCODE.fullmatch(postcode)
        postcode = f"{found[1]}-{found[2]}" if found else ""
    return PostalAddress(kind, f"{line}/{flat}" if flat else line, postcode, city, country)
