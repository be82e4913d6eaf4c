"""Field 86: who paid and what for, in the dialects in which banks write it.

Numbered subfields (``?20``, ``~20``, ``<20`` …), code words between slashes (``/REMI/``), labels
(``TYT.:``), and plain text. A dialect that is not known is kept as plain text: nothing is lost.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.statements.accounts import normal_account
from ledger.statements.mt_references import real_reference
from ledger.statements.values import Party

#: SWIFT wraps a line at 65 characters; a shorter one was ended by whoever wrote it.
_FULL_LINE: Final = 64
#: A numbered subfield holds so many characters; a full one goes on in the next.
_FULL_PARTS: Final = frozenset({27, 35})
_NUMBERED: Final = re.compile(r"\s*(?:(\d{3})\s*)?([?~<>^|+])(\d\d)")
_TITLE: Final = tuple(f"{number}" for number in (*range(20, 30), *range(60, 64)))
_NAME: Final = ("32", "33")
_SEPA: Final = re.compile(r"\b(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC)\+")
_SLASHED: Final = re.compile(
    r"/(TRTP|EREF|REMI|ORDP|BENM|IBAN|BIC|NAME|MARF|CSID|CNTP|RTRN|PREF|PURP|ISDT|USTD|STRD|ADDR"
    r"|ULTD|ULTB|INIT|TYPE|OCMT|CHGS)/"
)
_LABELLED: Final = re.compile(
    r"(?:^|[;\s])(Z RACH|NA RACH|RACH|OD|DLA|TYT|TYTUŁ|TYTUL|TNR|ID IPH)\.?:\s*", re.IGNORECASE
)
_IBAN_IN_TEXT: Final = re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]{10,30}\b|\b\d{26}\b")


@dataclass(frozen=True, slots=True)
class Details:
    party: Party
    title: str
    end_to_end_id: str = ""
    code: str = ""
    return_code: str = ""


def read_details(lines: Sequence[str], own: str) -> Details:
    whole = "".join(lines)
    numbered = _NUMBERED.match(whole)
    if numbered is not None:
        return _numbered(whole, numbered[1] or "", numbered[2])
    text = _unwrapped(lines)
    if len(_SLASHED.findall(text)) > 1:
        return _slashed(text)
    if len(_LABELLED.findall(text)) > 1:
        return _labelled(text)
    return Details(_party(account=_account_in(text)), text)


def _unwrapped(lines: Sequence[str]) -> str:
    text = "".join(line if len(line) >= _FULL_LINE else f"{line} " for line in lines)
    return " ".join(text.split())


def _numbered(whole: str, code: str, separator: str) -> Details:
    parts = re.split(rf"{re.escape(separator)}(\d\d)", whole)
    pieces: defaultdict[str, list[str]] = defaultdict(list)
    for number, value in zip(parts[1::2], parts[2::2], strict=True):
        pieces[number].append(value)
    fields = {number: "".join(values) for number, values in pieces.items()}
    title = _joined(fields, _TITLE)
    named = _sepa(title)
    account = fields.get("38") or fields.get("31") or named.get("IBAN", "")
    return Details(
        _party(
            name=" ".join(_joined(fields, _NAME).split()),
            account=account,
            bank=fields.get("30", "") or named.get("BIC", ""),
        ),
        " ".join((named.get("SVWZ") or title).split()) or " ".join(fields.get("00", "").split()),
        real_reference(named.get("EREF", "")),
        code,
        fields.get("34", "").strip().upper(),
    )


def _joined(fields: Mapping[str, str], numbers: Sequence[str]) -> str:
    """The parts in order; a full one goes on in the next without a space."""
    text = ""
    for number in numbers:
        part = fields.get(number, "").rstrip("\r\n")
        if part.strip():
            text += part if len(part) in _FULL_PARTS else f"{part} "
    return text.strip()


def _sepa(title: str) -> dict[str, str]:
    """``EREF+…SVWZ+…``: values by code word, whatever stands before the first as it is."""
    parts = _SEPA.split(title)
    return {key: value.strip() for key, value in zip(parts[1::2], parts[2::2], strict=True)}


def _slashed(text: str) -> Details:
    parts = _SLASHED.split(text)
    values: dict[str, str] = {}
    for key, value in zip(parts[1::2], parts[2::2], strict=True):
        values.setdefault(key, value.strip("/ "))
    counterparty = [*values.get("CNTP", "").split("/"), "", "", ""]
    title = values.get("REMI") or values.get("USTD") or values.get("STRD") or parts[0]
    return Details(
        _party(
            name=values.get("NAME") or counterparty[2],
            account=values.get("IBAN") or counterparty[0],
            bank=values.get("BIC") or counterparty[1],
        ),
        " ".join(title.split()),
        real_reference(values.get("EREF", "")),
        values.get("TRTP", ""),
        values.get("RTRN", "").partition("/")[0].strip().upper(),
    )


def _labelled(text: str) -> Details:
    parts = _LABELLED.split(text)
    values: dict[str, str] = {}
    for key, value in zip(parts[1::2], parts[2::2], strict=True):
        values.setdefault(key.upper(), value.strip("; "))
    title = values.get("TYT") or values.get("TYTUŁ") or values.get("TYTUL") or parts[0].strip("; ")
    return Details(
        _party(
            name=values.get("OD") or values.get("DLA", ""),
            account=values.get("Z RACH") or values.get("NA RACH") or values.get("RACH", ""),
        ),
        " ".join(title.split()),
    )


def _party(name: str = "", account: str = "", bank: str = "") -> Party:
    number, is_valid = normal_account(account)
    return Party(
        " ".join(name.split()), number, is_valid if number else None, "".join(bank.split())
    )


def _account_in(text: str) -> str:
    """The first number in plain text whose check digits fit."""
    for found in _IBAN_IN_TEXT.finditer(text.upper()):
        number, is_valid = normal_account(found[0])
        if is_valid:
            return number
    return ""
