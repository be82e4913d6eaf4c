"""References that mean none: banks write a word where the payment has no reference, or where it
stands in field 86. Two payments with the same word are not one."""

from __future__ import annotations

import re
from typing import Final

_NONE: Final = re.compile(
    r"(?:NON?[-.]?REF|NOT?[-.]?PROVIDED|NONE|[EKMP]REF|CREF|MARF|CRED|SVWZ|[\W0_]*)\+?",
    re.IGNORECASE,
)


def real_reference(text: str | None) -> str:
    """The reference in one line; empty where it stands for none."""
    written = " ".join((text or "").split())
    return "" if _NONE.fullmatch(written.replace(" ", "")) else written
