"""What waits at the close: deadlines, proposals and data problems; and what rules stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portfolio.entries import Deadline, EntryKind
from portfolio.queries import Waiting
from portfolio.views.asked import BoardAsked
from portfolio.wording import code_name, deadline_name, deadline_source, entry_name


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """``late`` of the ``count`` have a day that has passed; ``first_on`` is the soonest."""

    name: str
    note: str
    count: int
    url: str
    first_on: date | None = None
    late: int = 0


def deadlines(waiting: Sequence[Waiting], asked: BoardAsked) -> list[WaitingLine]:
    """In the order in which they bind, those that nothing waits for left out."""
    by_code = {one.code: one for one in waiting if one.kind is EntryKind.DEADLINE}
    return [
        WaitingLine(
            name=str(deadline_name(deadline)),
            note=str(deadline_source(deadline)),
            count=one.entries,
            url=asked.lines_url(EntryKind.DEADLINE, code=deadline),
            first_on=one.first_on,
            late=one.late if deadline is Deadline.COMPLAINT else 0,
        )
        for deadline in Deadline
        if (one := by_code.get(deadline)) is not None
    ]


def data_problems(waiting: Sequence[Waiting], asked: BoardAsked) -> list[WaitingLine]:
    return _of_kind(EntryKind.DATA_PROBLEM, waiting, asked)


def proposals(waiting: Sequence[Waiting], asked: BoardAsked) -> list[WaitingLine]:
    """By what is to be approved, whoever may decide it."""
    return _of_kind(EntryKind.APPROVAL, waiting, asked)


def _of_kind(kind: EntryKind, waiting: Sequence[Waiting], asked: BoardAsked) -> list[WaitingLine]:
    lines = [
        WaitingLine(
            name=code_name(one.kind, one.code),
            note="",
            count=one.entries,
            url=asked.lines_url(one.kind, code=one.code),
        )
        for one in waiting
        if one.kind is kind
    ]
    return sorted(lines, key=lambda line: (-line.count, line.name))


def stopped(waiting: Sequence[Waiting], asked: BoardAsked) -> list[WaitingLine]:
    """Always all three: that nothing was stopped is an answer, too."""
    kinds = (EntryKind.STOPPED_MESSAGE, EntryKind.STOPPED_CONTACT, EntryKind.OVERRIDDEN)
    counts = {kind: sum(one.entries for one in waiting if one.kind is kind) for kind in kinds}
    return [
        WaitingLine(str(entry_name(kind)), "", counts[kind], asked.lines_url(kind))
        for kind in kinds
    ]
