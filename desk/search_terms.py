"""What a text in the search box may stand for. Pure.

A name may stand in an address that is kept and shared; a number or an e-mail address names one
person to whoever reads a log, and never does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kernel.text import search_words

LONGEST_TEXT: Final = 200
MOST_WORDS: Final = 6
#: A single letter fits half of the book.
SHORTEST_WORD: Final = 2
_SHORTEST_NUMBER_PREFIX: Final = 4
_SEPARATORS: Final = re.compile(r"[\s\-().]+")
_IDENTIFIERS: Final = {11: ("pesel",), 10: ("nip",), 9: ("regon",), 14: ("regon",)}
_SHORTEST_ACCOUNT: Final = 20
_SHORTEST_PHONE: Final = 7
_LONGEST_PHONE: Final = 15


@dataclass(frozen=True, slots=True)
class Terms:
    """Each field holds the values that are looked up exactly; empty where the text fits none."""

    numbers: tuple[str, ...] = ()
    number_prefix: str = ""
    contracts: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    #: Kind of identifier and its digits: ``("pesel", "84010112346")``.
    identifiers: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()


def is_name(text: str) -> bool:
    """Whether the text may stand in an address: no digit and no e-mail address in it."""
    return not any(letter.isdigit() or letter == "@" for letter in text)


def read_terms(text: str) -> Terms:
    """All that the text may mean; what it does mean is what is found."""
    plain = text.replace("\0", "").strip()[:LONGEST_TEXT]
    words = tuple(w for w in search_words(plain) if len(w) >= SHORTEST_WORD)[:MOST_WORDS]
    if not plain or is_name(plain):
        return Terms(words=words)
    bare = _SEPARATORS.sub("", plain).upper()
    digits = _digits(bare.removeprefix("PL"))
    upper = plain.upper()
    is_number = bool(digits or bare.startswith("+"))
    return Terms(
        numbers=(upper,),
        number_prefix="" if is_number or len(upper) < _SHORTEST_NUMBER_PREFIX else upper,
        contracts=tuple(dict.fromkeys((plain, upper, bare))),
        accounts=(f"PL{digits}", digits) if len(digits) >= _SHORTEST_ACCOUNT else (),
        phones=_phones(bare),
        emails=(plain.lower(),) if "@" in plain else (),
        identifiers=tuple((kind, digits) for kind in _IDENTIFIERS.get(len(digits), ())),
        words=words,
    )


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdecimal() else ""


def _phones(bare: str) -> tuple[str, ...]:
    """E.164; a number without its country is Polish."""
    is_abroad = bare.startswith(("+", "00"))
    digits = _digits(bare.removeprefix("+").removeprefix("00") if is_abroad else bare)
    if not _SHORTEST_PHONE <= len(digits) <= _LONGEST_PHONE:
        return ()
    return (f"+{digits}",) if is_abroad or len(digits) > 9 else (f"+48{digits}",)
