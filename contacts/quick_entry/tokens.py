"""A line of text as words and numbers. Pure."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from kernel.text import plain_text

_TOKEN: Final = re.compile(r"\d+(?:[.,/\-]\d+)*(?:,-+|\.-+)?\.?|[a-z]+\.?|[%€$£]|[^\s\w]|\w+")
#: Between words they mean nothing.
_PUNCTUATION: Final = frozenset(",.;:!?()\u2013\u2014-'\"")


class Token(NamedTuple):
    """``glued``: it follows the one before without a space. ``dotted``: a full stop follows it."""

    text: str
    glued: bool
    dotted: bool

    @property
    def is_number(self) -> bool:
        return self.text[0].isdigit()


def split(text: str) -> list[Token]:
    tokens: list[Token] = []
    end = -1
    for match in _TOKEN.finditer(plain_text(text)):
        word = match[0]
        if word in _PUNCTUATION:
            # ``10-go``: the hyphen binds.
            end = match.end() if word == "-" and match.start() == end else -1
            continue
        dotted = word.endswith(".")
        bare = word.rstrip(".").rstrip("-").rstrip(",.") if word[0].isdigit() else word.rstrip(".")
        tokens.append(Token(bare, match.start() == end, dotted))
        end = match.end()
    return tokens


def starts_with(tokens: list[Token], at: int, words: tuple[str, ...]) -> bool:
    return all(
        at + offset < len(tokens) and tokens[at + offset].text == word
        for offset, word in enumerate(words)
    )
