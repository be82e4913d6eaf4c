"""Field 86 in numbered parts, ``?20`` or ``~20`` or ``<20``: the German standard, and what Polish
banks made of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from ledger.statements.accounts import normal_account
from ledger.statements.mt_parts import Details, by_word, in_one_line, joined, party_of, with_others
from ledger.statements.mt_references import real_reference

#: The bank's code, and the sign before each number. Without a code a sign and two digits may be
#: any text, so that only the first numbers there are begin one; with ``+``, a telephone number.
_BEGINS: Final = re.compile(
    r"\s*(?:(\d{3,4})\s*(?:[?~<>^|](?=[0-36]\d)|\+(?=[02]0))|[?~<>^|](?=[012]0)|\+(?=00))",
    re.ASCII,
)
#: A bank may say in words what the code means, before the first part.
_BEGINS_LATER: Final = re.compile(
    r"\s*(\d{3,4}) ([^?~<>^|+]{1,65})([~<^])(?=[012]0.*\3(?:3[0-2]|38))", re.ASCII | re.DOTALL
)
#: A part holds so many characters; a full one goes on in the next.
_FULL_PARTS: Final = frozenset({27, 35})
_TITLE: Final = tuple(str(number) for number in range(20, 30))
_FURTHER: Final = ("60", "61", "62", "63")
_NAME: Final = ("32", "33")
#: Where ``<`` is the sign, a name that is not in its own parts stands at the end of the title's.
_NAME_IN_TITLE: Final = ("27", "28", "29")
#: In these a bank writes the other side's account for itself, among those of the title.
_ACCOUNT_IN_TITLE: Final = ("26", "29")
#: Words for which there is no rule: they are kept with the title.
_OTHER_WORDS: Final = tuple(str(number) for number in (35, 36, 37, 39, *range(64, 80)))
#: In these stands a bank, an account or a code, never words.
_NUMBERS: Final = ("30", "31", "34", "38")
_KNOWN: Final = frozenset({"00", "10", "11", *_TITLE, *_FURTHER, *_NAME, *_OTHER_WORDS, *_NUMBERS})
_NO_WORDS: Final = re.compile(r"\s*[A-Za-z0-9./\-]*\s*|[A-Z0-9./\-\s]*", re.ASCII)
_OF_A_TELEPHONE: Final = re.compile(r"\s+\d", re.ASCII)
#: Signs that nobody writes in a text.
_NEVER_TEXT: Final = frozenset("~^|")
#: Banks fill parts without a text by the byte 255, which each encoding shows otherwise.
_FILL: Final = "\u02d9\u00ff\u00a0 \r\n\t"
_SEPA: Final = re.compile(
    r"\b(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|COAM|OAMT|PURP)\+", re.ASCII
)
#: Codes and references that a bank writes for its own use.
_OF_THE_BANK: Final = re.compile(r"[A-Z]{1,4}|REF.*", re.ASCII | re.DOTALL)


def begins_numbered(whole: str) -> bool:
    return (_BEGINS.match(whole) or _BEGINS_LATER.match(whole)) is not None


def read_numbered(whole: str) -> Details | None:
    """None: the text is not in numbered parts."""
    if (begins := _BEGINS.match(whole)) is not None:
        return _details(begins[0][-1], begins[1] or "", whole[begins.end() - 1 :])
    if (later := _BEGINS_LATER.match(whole)) is not None:
        return _details(later[3], later[1], f"{later[3]}00{whole[later.start(2) :]}")
    return None


def _details(sign: str, code: str, written: str) -> Details:
    parts, unknown = _split(sign, written)
    account = _take_account(sign, parts)
    name = _take_name(sign, parts)
    _leave_out(sign, parts)
    title = _joined(parts, (*_TITLE, *_FURTHER))
    before, named = _sepa(title)
    others = []
    if named.get("SVWZ"):
        title = f"{before} {named['SVWZ']}"
        others = [named.get("ABWA", ""), named.get("ABWE", "")]
    name = name or in_one_line(named.get("ABWA", ""))
    title = in_one_line(title, _joined(parts, _OTHER_WORDS), unknown) or in_one_line(
        parts.get("00", "")
    )
    return Details(
        party_of(
            name=name,
            account=account or named.get("IBAN", ""),
            bank=parts.get("30", "") or named.get("BIC", ""),
        ),
        with_others(title, name, others),
        real_reference(named.get("EREF")),
        code,
        parts.get("34", "").strip().upper(),
    )


def _split(sign: str, written: str) -> tuple[dict[str, str], str]:
    """The parts by number, and what stands in none that there are."""
    _, *found = re.split(rf"{re.escape(sign)}(\d\d)", written)
    pieces: defaultdict[str, list[str]] = defaultdict(list)
    unknown: list[str] = []
    last = ""
    for number, value in zip(found[::2], found[1::2], strict=True):
        if _is_part(sign, number, value):
            pieces[number].append(value if value.strip(_FILL) else "")
            last = number
        elif sign in _NEVER_TEXT:
            unknown.append(value)
        elif last in _TITLE:
            pieces[last].append(f"{sign}{number}{value}")
        else:
            unknown.append(f"{sign}{number}{value}")
    return joined(pieces), " ".join(unknown)


def _is_part(sign: str, number: str, value: str) -> bool:
    """Whether a sign with two digits begins a part; else somebody wrote it in a text."""
    if number not in _KNOWN or (sign == "+" and _OF_A_TELEPHONE.match(value)):
        return False
    if number not in _NUMBERS or sign in _NEVER_TEXT:
        return True
    return _NO_WORDS.fullmatch(value.strip(_FILL)) is not None or bool(normal_account(value)[1])


def _take_account(sign: str, parts: dict[str, str]) -> str:
    """Out of the title, too, where it stands there once more. What stands there alone stays:
    it may be the number of ours to which was paid."""
    account = parts.get("38", "").strip() or parts.get("31", "").strip()
    known = normal_account(account)[0]
    for number in _ACCOUNT_IN_TITLE if sign != "?" else ():
        written, is_valid = normal_account(parts.get(number, ""))
        if known and is_valid is not None and written.endswith(known):
            parts[number] = ""
            account = written
        elif not known and is_valid:
            account = written
    return account


def _take_name(sign: str, parts: dict[str, str]) -> str:
    name = in_one_line(_joined(parts, _NAME))
    if sign != "<" or parts.get("26", "").strip():
        return name
    in_title = in_one_line(_joined(parts, _NAME_IN_TITLE))
    if not name or in_title[:10] == name[:10]:
        parts.update(dict.fromkeys(_NAME_IN_TITLE, ""))
        return name or in_title
    return name


def _leave_out(sign: str, parts: dict[str, str]) -> None:
    """What is no title: an address, and what Polish banks write there for themselves."""
    if sign in "~^" and parts.get("62", "").strip():
        parts.update({"62": "", "63": ""})
    for number in (*_FURTHER, *_OTHER_WORDS) if sign == "<" else ():
        if _OF_THE_BANK.fullmatch(parts.get(number, "").strip()):
            parts[number] = ""


def _joined(parts: Mapping[str, str], numbers: Iterable[str]) -> str:
    """The parts in order; a full one goes on in the next without a space."""
    text = ""
    for number in numbers:
        part = parts.get(number, "").rstrip("\r\n")
        if part.strip():
            text += part if len(part) in _FULL_PARTS else f"{part} "
    return text.strip()


def _sepa(title: str) -> tuple[str, dict[str, str]]:
    """``EREF+…SVWZ+…``: what stands before the first code word, and the values by code word.

    A code word that comes again belongs to the text in which it stands.
    """
    before, *found = _SEPA.split(title)
    words = ((word, f"{word}+", value) for word, value in zip(found[::2], found[1::2], strict=True))
    return before, {word: value.strip() for word, value in by_word(words).items()}
