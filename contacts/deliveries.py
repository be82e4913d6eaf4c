"""What may be said about the delivery of a message, and how a file says it. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from contacts.lifecycle import MessageStatus
from kernel.typed import whole_number

#: The columns of the file. ``message`` is the message's id, or the post's number for it; where
#: a number could be either, ``id:17`` or ``post:17`` says which. ``reference``, where present,
#: is the post's number to remember.
COLUMNS: Final = ("message", "status", "day")
OPTIONAL_COLUMNS: Final = ("reference",)
_MAX_REFERENCE: Final = 40
RECORDABLE: Final = frozenset(
    {MessageStatus.HANDED_OVER, MessageStatus.DELIVERED, MessageStatus.RETURNED}
)


@dataclass(frozen=True, slots=True)
class DeliveryEntry:
    """``line`` is the line of the file, from 1."""

    line: int
    key: str
    status: MessageStatus
    happened_on: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that says nothing usable: which column, why, and what stood there."""

    line: int
    column: str
    reason: str
    value: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands."""

    message_id: int
    status: MessageStatus
    queued_on: date
    handed_over_on: date | None
    delivered_on: date | None
    returned_on: date | None

    def day_of(self, status: MessageStatus) -> date | None:
        return {
            MessageStatus.HANDED_OVER: self.handed_over_on,
            MessageStatus.DELIVERED: self.delivered_on,
            MessageStatus.RETURNED: self.returned_on,
        }.get(status)

    def after(self, entry: DeliveryEntry) -> Place:
        column = f"{entry.status.value}_on"
        return replace(self, status=entry.status, **{column: entry.happened_on})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class EntryVerdict:
    """``reason`` is empty when the entry may be recorded, or when it was recorded before."""

    reason: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """What a key of the file may mean: a message's id, the post's number, or either."""

    message_id: int | None
    reference: str | None


def names_of(key: str) -> Names:
    """``id:17`` is the message 17, ``post:17`` the post's number 17, and ``17`` either."""
    kind, colon, rest = key.partition(":")
    if not colon or kind not in ("id", "post"):
        kind, rest = "", key
    return Names(whole_number(rest) if kind != "post" else None, None if kind == "id" else rest)


_BEFORE: Final = {
    MessageStatus.HANDED_OVER: (MessageStatus.QUEUED,),
    MessageStatus.DELIVERED: (MessageStatus.QUEUED, MessageStatus.HANDED_OVER),
    MessageStatus.RETURNED: (MessageStatus.QUEUED, MessageStatus.HANDED_OVER),
}


def judge_entry(entry: DeliveryEntry, place: Place | None, today: date) -> EntryVerdict:
    """May this be recorded of a message that stands there? ``place`` None: no such message."""
    if place is None:
        return EntryVerdict("unknown_message", {"message": entry.key})
    recorded = place.day_of(entry.status)
    if recorded == entry.happened_on:
        return EntryVerdict(unchanged=True)
    if recorded is not None:
        return EntryVerdict("recorded_with_another_day", {"recorded_on": recorded})
    if entry.happened_on > today:
        return EntryVerdict("day_in_future", {"today": today})
    earliest = place.handed_over_on or place.queued_on
    if entry.happened_on < earliest:
        return EntryVerdict("day_too_early", {"earliest": earliest})
    if place.status not in _BEFORE[entry.status]:
        return EntryVerdict("status_not_possible", {"status": place.status})
    return EntryVerdict()


class ColumnsMissing(ValueError):
    """The first line does not name the columns of the file."""


def read_entries(lines: Iterable[str]) -> Iterator[DeliveryEntry | BadLine]:
    """The entries of a CSV file with a heading line, comma or semicolon between its columns.

    Raises ColumnsMissing.
    """
    rows = iter(lines)
    heading = next(rows, "").removeprefix("\ufeff").strip()
    separator = ";" if ";" in heading else ","
    names = [name.strip().lower() for name in heading.split(separator)]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise ColumnsMissing(", ".join(missing))
    reader = csv.reader(rows, delimiter=separator)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield _entry(reader.line_num + 1, dict(zip(names, cells, strict=False)))


def _entry(line: int, cells: Mapping[str, str]) -> DeliveryEntry | BadLine:
    values = {name: cells.get(name, "").strip() for name in (*COLUMNS, *OPTIONAL_COLUMNS)}
    for name in COLUMNS:
        if not values[name]:
            return BadLine(line, name, "empty", "")
    if values["status"] not in RECORDABLE:
        return BadLine(line, "status", "unknown_status", values["status"])
    try:
        happened_on = date.fromisoformat(values["day"])
    except ValueError:
        return BadLine(line, "day", "not_a_day", values["day"])
    if len(values["reference"]) > _MAX_REFERENCE:
        return BadLine(line, "reference", "too_long", values["reference"])
    status = MessageStatus(values["status"])
    return DeliveryEntry(line, values["message"], status, happened_on, values["reference"])
