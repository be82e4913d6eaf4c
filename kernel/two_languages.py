"""Words that come with data and are read by people, in both languages of the product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

LANGUAGES: Final = ("pl", "en")


def in_both(written: Any) -> Mapping[str, str]:
    """A table ``{pl, en}`` as it is, a plain text in both languages; KeyError where one lacks,
    ValueError where one is empty."""
    words = (
        {language: str(written[language]).strip() for language in LANGUAGES}
        if isinstance(written, Mapping)
        else dict.fromkeys(LANGUAGES, str(written).strip())
    )
    if not all(words.values()):
        raise ValueError("empty")
    return words
