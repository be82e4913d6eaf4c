"""The addresses of the product, as the table of URLs has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.urls import URLPattern, URLResolver, get_resolver


def list_patterns(
    patterns: list[URLPattern | URLResolver] | None = None,
) -> Iterator[URLPattern]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from list_patterns(pattern.url_patterns)


PATTERNS: Final = {str(pattern.name): pattern for pattern in list_patterns()}


def parameters_of(name: str) -> list[str]:
    """What stands for a thing in the address: ``["number", "hold_id"]``."""
    return list(PATTERNS[name].pattern.regex.groupindex)
