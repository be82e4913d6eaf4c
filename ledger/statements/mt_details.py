"""Field 86: who paid and what for, in the dialects in which banks write it.

Numbered parts (``?20``, ``~20``, ``<20`` …), code words between slashes (``/REMI/``), labels
(``TYT.:``), and plain text. A dialect that is not known is kept as plain text: nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ledger.statements.accounts import normal_account
from ledger.statements.mt_numbered import begins_numbered, read_numbered
from ledger.statements.mt_parts import Details, by_word, in_one_line, party_of
from ledger.statements.mt_slashed import read_slashed

#: SWIFT wraps a line at 65 characters; a shorter one was ended by whoever wrote it.
_FULL_LINE: Final = 64
_LABELS: Final = r"(Z RACH|NA RACH|RACH|OD|DLA|TYT|TYTUŁ|TYTUL|TNR|ID IPH)\.?:\s*"
#: Where semicolons part the labels, a word with a colon elsewhere is text.
_PARTED: Final = re.compile(rf"(?:^|;)\s*{_LABELS}", re.IGNORECASE)
_LABELLED: Final = re.compile(rf"(?:^|[;\s]){_LABELS}", re.IGNORECASE)
_TITLES: Final = ("TYT", "TYTUŁ", "TYTUL")
_ACCOUNTS: Final = ("Z RACH", "NA RACH", "RACH")
_IBAN_IN_TEXT: Final = re.compile(
    r"\b(?:(?:PL)?\d{2}(?: \d{4}){6}|[A-Z]{2}\d{2}[A-Z0-9]{10,30}|\d{26})\b", re.ASCII
)


def read_details(fields: Sequence[Sequence[str]], own: str, parties: Sequence[str]) -> Details:
    """The lines of fields 86, which go on where the one before ended. ``own`` is the account of
    the statement, ``parties`` are the code words under which the other side may stand."""
    lines = [line for field in _without_repeated_code(fields) for line in field]
    numbered = read_numbered("".join(lines))
    if numbered is not None:
        return numbered
    text = "".join(line if len(line) >= _FULL_LINE else f"{line}\n" for line in lines)
    return read_slashed(text, parties) or _labelled(in_one_line(text), own)


def _without_repeated_code(fields: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """A bank's code may have a field of its own before the one that begins with it again."""
    if len(fields) < 2 or not re.fullmatch(r"\s*\d{3,4}\s*", "".join(fields[0]), re.ASCII):
        return fields
    return fields[1:] if begins_numbered("".join(fields[1])) else fields


def _labelled(text: str, own: str) -> Details:
    for labels in (_PARTED, _LABELLED):
        before, *found = labels.split(text)
        if len(found) >= 4:
            return _by_label(before, found, own)
    return Details(party_of(account=_account_in(text, own)), text)


def _by_label(before: str, found: Sequence[str], own: str) -> Details:
    pairs = zip(found[::2], found[1::2], strict=True)
    by_label = by_word((label.upper(), f" {label}: ", value) for label, value in pairs)
    values = {label: value.strip("; ") for label, value in by_label.items()}
    accounts = (values.get(label, "") for label in _ACCOUNTS)
    titles = (values.get(label, "") for label in _TITLES)
    return Details(
        party_of(
            name=values.get("OD") or values.get("DLA", ""),
            account=next((one for one in accounts if one and normal_account(one)[0] != own), ""),
        ),
        in_one_line(next((one for one in titles if one), before.strip("; "))),
    )


def _account_in(text: str, own: str) -> str:
    """The first number in plain text whose check digits fit, if it is the other side's."""
    for found in _IBAN_IN_TEXT.finditer(text.upper()):
        number, is_valid = normal_account(found[0])
        if is_valid and number != own:
            return number
    return ""
