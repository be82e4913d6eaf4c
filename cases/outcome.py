"""What became of an act on many things at once. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kernel.errors import DomainError


class Outcome(NamedTuple):
    """Ids of what was done, and for every other id why not."""

    done: Sequence[int]
    refused: Mapping[int, DomainError]
