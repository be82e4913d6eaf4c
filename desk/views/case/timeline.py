"""The timeline of the case page: filtered, searched, paged, with the balance as it ran."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from desk.queries.case_page import CaseFile
from desk.queries.timeline import (
    TimelineFilter,
    Waited,
    get_actor_names,
    get_running_balance,
    list_timeline_events,
    list_waits,
)
from desk.running_balance import LinePiece, line_pieces
from desk.timeline_kinds import TimelineKind, channels_of, event_kinds_of, shows_decisions
from desk.views.pages import chosen
from desk.wording.actors import actor_name
from desk.wording.events import LINES, StepTitles, TimelineEntry, event_entry
from desk.wording.timeline import timeline_kind_name, wait_lines, waits_text
from journal.subscribers import RecordedEvent
from kernel.clock import legal_day
from kernel.text import search_words
from kernel.typed import day_in, whole_number
from staff.access import StaffRequest
from staff.figures import format_day
from staff.views.lists import Chip, Option, address

PAGE_ROWS: Final = 40
#: How far one answer looks back for words, and how much a printed file holds.
MOST_ROWS: Final = 1000
#: Any kind: said in the address, since an address without a kind leaves out the machine's steps.
_EVERYTHING: Final = "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    kind: TimelineKind | None
    from_on: date | None
    to_on: date | None
    words: str
    before_id: int | None

    @property
    def is_filtered(self) -> bool:
        return bool(self.kind or self.from_on or self.to_on or self.words)


@dataclass(slots=True)
class Row:
    """A line of the timeline. ``balance_minor`` is what was overdue after it, in ``currency``;
    ``waits`` are the decisions that the line stands for, where it is no event."""

    entry: TimelineEntry
    event_id: int
    new_day: bool = False
    url: str = ""
    waits: list[str] = field(default_factory=list)
    currency: str = ""
    change_minor: int | None = None
    balance_minor: int = 0
    line: LinePiece | None = None


def timeline_context(
    request: StaffRequest, file: CaseFile, titles: StepTitles, *, everything: bool = False
) -> dict[str, Any]:
    """What the template of the timeline needs; ``everything`` leaves out pages, for print."""
    asked = _asked(request, everything=everything)
    wide = everything or bool(asked.words)
    events, following = _events(file, asked, MOST_ROWS if wide else PAGE_ROWS)
    older_id = events[-1].id if following else None
    rows = _event_rows(file, events, titles)
    if asked.words:
        rows = [row for row in rows if _has_words(row.entry, asked.words)]
        if not everything and len(rows) > PAGE_ROWS:
            rows, older_id = rows[:PAGE_ROWS], rows[PAGE_ROWS - 1].event_id
    rows = _with_waits(rows, _waits(file, asked, events, following), titles)
    most = _put_balances(file, rows)
    return {
        "timeline": rows,
        "currency": file.main_currency,
        "has_more_currencies": len(file.totals) > 1,
        "most_minor": most,
        "filter": asked,
        "kinds": [Option(k, timeline_kind_name(k), k is asked.kind) for k in TimelineKind],
        "chips": _chips(request, asked),
        "older_url": address(request, before=str(older_id)) + "#timeline" if older_id else "",
        "newest_url": address(request, before="") + "#timeline" if asked.before_id else "",
        "looked_back_to": events[-1].recorded_at if asked.words and older_id and events else None,
    }


def _asked(request: StaffRequest, *, everything: bool) -> Asked:
    """Whoever has not chosen sees what people did; of ``everything`` nothing is left out."""
    has_chosen = everything or "kind" in request.GET
    return Asked(
        kind=chosen(request, "kind", TimelineKind) if has_chosen else TimelineKind.PEOPLE,
        from_on=day_in(request.GET.get("from")),
        to_on=day_in(request.GET.get("to")),
        words=request.GET.get("words", "").strip()[:100],
        before_id=whole_number(request.GET.get("before")),
    )


def _events(
    file: CaseFile, asked: Asked, limit: int
) -> tuple[Sequence[RecordedEvent], RecordedEvent | None]:
    """The events of the page, and the first one of the next page where there is one."""
    found = list_timeline_events(
        case=file.case,
        account_ids=file.account_ids,
        chosen=TimelineFilter(
            event_kinds=event_kinds_of(asked.kind, LINES) if asked.kind else None,
            channels=channels_of(asked.kind) if asked.kind else (),
            from_on=asked.from_on,
            to_on=asked.to_on,
        ),
        before_id=asked.before_id,
        limit=limit + 1,
    )
    return found[:limit], found[limit] if len(found) > limit else None


def _event_rows(file: CaseFile, events: Sequence[RecordedEvent], titles: StepTitles) -> list[Row]:
    names = get_actor_names(actors=[(event.actor_kind, event.actor_id) for event in events])
    rows = []
    for event in events:
        entry = event_entry(
            event,
            by=actor_name(event, names.users, names.clients),
            titles=titles,
        )
        url = reverse(entry.about, args=[entry.about_id]) if entry.about else ""
        rows.append(Row(entry, event.id, url=url))
    return rows


def _has_words(entry: TimelineEntry, words: str) -> bool:
    """Every word begins a word of the entry, with or without Polish letters."""
    said = search_words(f"{entry.kind} {entry.sentence} {entry.by}")
    return all(any(word.startswith(asked) for word in said) for asked in search_words(words))


def _waits(
    file: CaseFile,
    asked: Asked,
    events: Sequence[RecordedEvent],
    following: RecordedEvent | None,
) -> list[Waited]:
    """Those that belong to the page: newer than the next page, older than the one before."""
    waits = list_waits(
        case_id=file.case.pk,
        since=following.recorded_at if following else None,
        until=events[0].recorded_at if asked.before_id and events else None,
        from_on=asked.from_on,
        to_on=asked.to_on,
    )
    return waits if shows_decisions(asked.kind) and not asked.words else []


def _with_waits(rows: list[Row], waits: Sequence[Waited], titles: StepTitles) -> list[Row]:
    """Decisions that only waited fold into one line between two events."""
    merged: list[Row] = []
    left = list(reversed(waits))
    for row in rows:
        newer = list(_taken_while_newer(left, row.entry.at))
        if newer:
            merged.append(_wait_row(newer, row.event_id, titles))
        merged.append(row)
    if left:
        oldest = merged[-1].event_id - 1 if merged else 0
        merged.append(_wait_row(list(reversed(left)), oldest, titles))
    for above, row in zip([None, *merged], merged, strict=False):
        row.new_day = above is None or above.entry.on != row.entry.on
    return merged


def _taken_while_newer(left: list[Waited], at: datetime) -> Iterator[Waited]:
    """From the end of ``left``, where the newest are."""
    while left and left[-1].decided_at >= at:
        yield left.pop()


def _wait_row(waits: Sequence[Waited], event_id: int, titles: StepTitles) -> Row:
    at = waits[0].decided_at
    entry = TimelineEntry(
        at=at,
        on=legal_day(at),
        kind=_("Decision"),
        sentence=waits_text(waits),
        shape="",
        by=_("strategy"),
    )
    return Row(entry, event_id, waits=wait_lines(waits, titles))


def _put_balances(file: CaseFile, rows: Sequence[Row]) -> int:
    """Set amount, balance and line of each row; the scale of the line is what it returns."""
    ids = [row.event_id for row in rows] or [0]
    running = get_running_balance(
        accounts=[money.debt.account for money in file.debts], first_id=min(ids), last_id=max(ids)
    )
    main = file.main_currency
    for row in rows:
        moved = running.moved(row.event_id) if not row.waits else None
        row.currency = moved.currency if moved else main
        row.change_minor = moved.change_minor if moved else None
        row.balance_minor = running.after(row.event_id, row.currency)
    balances = [running.after(row.event_id, main) for row in rows]
    before = running.before(rows[-1].event_id, main) if rows else 0
    most = max([*balances, before])
    for row, piece in zip(rows, line_pieces(balances, before, most), strict=True):
        row.line = piece
    return most


def _chips(request: StaffRequest, asked: Asked) -> list[Chip]:
    chips = []
    if asked.kind:
        chips.append(("kind", _("Kind"), timeline_kind_name(asked.kind)))
    if asked.from_on:
        chips.append(("from", _("From"), format_day(asked.from_on)))
    if asked.to_on:
        chips.append(("to", _("To"), format_day(asked.to_on)))
    if asked.words:
        chips.append(("words", _("Words"), asked.words))
    return [
        Chip(
            name,
            value,
            address(request, **{key: _EVERYTHING if key == "kind" else "", "before": ""})
            + "#timeline",
        )
        for key, name, value in chips
    ]
