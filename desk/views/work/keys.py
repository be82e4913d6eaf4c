"""Places in the lists as text of an address; what cannot be is as none."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar

from desk.queries.held import HeldKey
from desk.queries.pending import PendingKey
from desk.queries.waiting import WaitingKey
from desk.queries.work_list import Urgency, WorkKey
from staff.lifecycle import ApprovalKind

Key = TypeVar("Key", WorkKey, HeldKey, WaitingKey, PendingKey)

_LARGEST: Final = 2**63 - 1
_NOTHING: Final = "none"
_SPLIT: Final = "~"


def key_text(key: WorkKey | HeldKey | WaitingKey | PendingKey) -> str:
    return _SPLIT.join(_text(part) for part in key)


def _text(part: Any) -> str:
    if part is None:
        return _NOTHING
    if isinstance(part, datetime):
        return part.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%f")
    return part.isoformat() if isinstance(part, date) else f"{part}"


def _whole(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,19}", text) or abs(int(text)) > _LARGEST:
        raise ValueError(text)
    return int(text)


def _small(text: str) -> int:
    if not re.fullmatch(r"\d{1,4}", text):
        raise ValueError(text)
    return int(text)


def _day(text: str) -> date:
    """Within the years that a calendar knows."""
    day = date.fromisoformat(text)
    if not 2000 <= day.year <= 2100:
        raise ValueError(text)
    return day


def _day_or_none(text: str) -> date | None:
    return None if text == _NOTHING else _day(text)


def _instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)


def _proposal(text: str) -> str:
    if text not in set(ApprovalKind):
        raise ValueError(text)
    return text


def _urgency(text: str) -> int:
    return int(Urgency(_small(text)))


def _status(text: str) -> int:
    if text not in ("0", "1"):
        raise ValueError(text)
    return int(text)


_PARTS: Final[dict[type, tuple[Callable[[str], Any], ...]]] = {
    WorkKey: (_urgency, _day, _small, _whole, _whole),
    HeldKey: (_day_or_none, _whole),
    WaitingKey: (_day, _small, _day, _whole),
    PendingKey: (_status, _instant, _proposal, _whole),
}


def key_in(text: str, kind: type[Key]) -> Key | None:
    """The key that ``key_text`` wrote; None for anything else."""
    parts, readers = text.split(_SPLIT), _PARTS[kind]
    if len(parts) != len(readers):
        return None
    try:
        return kind(*(read(part) for read, part in zip(readers, parts, strict=True)))
    except ValueError:
        return None
