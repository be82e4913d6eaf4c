"""Text as search and sorting see it."""

from __future__ import annotations

import re
import unicodedata

#: NFKD does not decompose these letters.
_STROKES = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ß": "ss"})
_POLISH = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
_SORT_KEYS = {letter: f"{i:02d}" for i, letter in enumerate(_POLISH, start=10)}
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def plain_text(text: str) -> str:
    """Lower case without diacritics: ``"Środa, 5 zł"`` is ``"sroda, 5 zl"``."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.translate(_STROKES))
    return "".join(ch for ch in plain if not unicodedata.combining(ch)).lower()


def search_words(text: str) -> list[str]:
    """Lower-case words without diacritics: ``"Łucja Wąs-Nowak"`` is lucja, was, nowak."""
    return [word for word in _NOT_WORD.split(plain_text(text)) if word]


def polish_sort_key(text: str) -> str:
    """A key that sorts by the Polish alphabet when compared byte by byte (COLLATE "C")."""
    return "".join(_SORT_KEYS.get(ch, f"0{ch}" if ch.isdigit() else "00") for ch in text.lower())
