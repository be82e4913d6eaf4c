"""Field 86 by code words between slashes, ``/REMI/``: SWIFT's own way, and that of Dutch banks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ledger.statements.accounts import normal_account
from ledger.statements.mt_parts import Details, in_one_line, joined, party_of, with_others
from ledger.statements.mt_references import real_reference

_PAYER: Final = "ORDP"
_PAYEE: Final = "BENM"
#: Each of these begins what is said of one party.
_PARTIES: Final = frozenset({_PAYER, _PAYEE, "ULTD", "ULTB"})
_OF_A_PARTY: Final = frozenset({"NAME", "IBAN", "BIC", "ADDR"})
_TITLES: Final = ("REMI", "USTD", "STRD")
#: The last slash may be the first of the next word: ``/REMI/USTD//``.
_WORD: Final = re.compile(
    r"/(TRTP|EREF|REMI|ORDP|BENM|IBAN|BIC|NAME|MARF|CSID|CNTP|RTRN|PREF|PURP|ISDT|USTD|STRD|ADDR"
    r"|ULTD|ULTB|INIT|TYPE|OCMT|CHGS|TRCD)(?=/)"
)
#: One of these says enough where nothing stands before it; others may be words of a text.
_ENOUGH: Final = re.compile(r"\s*/(?:REMI|USTD|ORDP|BENM|NAME)/")
_ACCOUNT: Final = re.compile(r"([A-Z]{2}\d{2}[A-Z0-9]{8,30}|\d[\d/\-]{4,33})(?:\s|$)", re.ASCII)
#: SWIFT's line of a name has 35 characters; a full one goes on in the next.
_FULL_NAMES: Final = range(33, 36)


def parties_of(*, came_in: bool, was_taken_back: bool) -> tuple[str, ...]:
    """The code words under which the other side may stand, the likelier first."""
    likely = (_PAYER, _PAYEE) if came_in else (_PAYEE, _PAYER)
    return likely if was_taken_back else likely[:1]


def read_slashed(text: str, parties: Sequence[str]) -> Details | None:
    """``text`` has its line ends. None: the text is not in code words."""
    if len(_WORD.findall(text)) < 2 and not _ENOUGH.match(text):
        return None
    before, values = _split(text)
    names: dict[str, tuple[str, str, str]] = {word: _party(values, word) for word in _PARTIES}
    counterparty = [*values.get("CNTP", "").split("/"), "", "", ""]
    own = [names[word] for word in parties]
    name = next((one[0] for one in own if one[0]), values.get("NAME") or counterparty[2])
    account = next((one[1] for one in own if one[1]), values.get("IBAN") or counterparty[0])
    bank = next(
        (found for word in parties if (found := values.get(f"{word}/BIC"))),
        values.get("BIC") or counterparty[1],
    )
    title = in_one_line(*(values.get(word, "").strip("/ ") for word in _TITLES))
    if not any(word in values for word in _TITLES):
        others = (values.get(word, "") for word in (_PAYER, _PAYEE) if word not in parties)
        title = in_one_line(before, *(one[2] for one in own), *others)
    return Details(
        party_of(name=name, account=account, bank=bank),
        with_others(title, in_one_line(name), (names["ULTD"][0], names["ULTB"][0])),
        real_reference(values.get("EREF", "").strip("/ ")),
        in_one_line(values.get("TRTP", "")).strip("/ "),
        in_one_line(values.get("RTRN", "").partition("/")[0]).upper(),
    )


def _split(text: str) -> tuple[str, dict[str, str]]:
    """What stands before the first word, and the values: ``ORDP/NAME`` is the payer's name."""
    before, *found = _WORD.split(text)
    values: dict[str, list[str]] = {}
    party = title = ""
    for word, written in zip(found[::2], found[1::2], strict=True):
        value = written[1:]
        if word in _PARTIES:
            party = word
        elif word not in _OF_A_PARTY:
            party = ""
        key = f"{party}/{word}" if party and word != party else word
        if key not in values:
            values[key] = [value]
            title = word if word in _TITLES else ""
        elif word in _TITLES:
            values[key].append(f" {value}")
        elif title:
            values[title].append(f"/{word}/{value}")
    return before, {key: value.strip(" \n") for key, value in joined(values).items()}


def _party(values: dict[str, str], word: str) -> tuple[str, str, str]:
    """Name and account, under words of their own or line by line, and the lines behind them."""
    lines = [line.strip("/ ") for line in values.get(word, "").split("\n")]
    lines = [line for line in lines if line]
    account = ""
    if lines and normal_account(lines[0])[1] is not None:
        account, *lines = lines
    elif lines and (found := _ACCOUNT.match(lines[0])) is not None:
        account = found[1]
        lines = [line for line in (lines[0][found.end() :].strip("/ "), *lines[1:]) if line]
    names = 2 if lines and len(lines[0]) in _FULL_NAMES else 1
    return (
        values.get(f"{word}/NAME", "").strip("/ ") or "".join(lines[:names]),
        values.get(f"{word}/IBAN", "").strip("/ ") or account,
        in_one_line(*lines[names:]),
    )
