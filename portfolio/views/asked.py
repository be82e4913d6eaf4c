"""What a board is asked for, and the addresses of what stands behind its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode

from cases.lifecycle import Stage
from escalation.case_filter import CaseFilter, FilterInvalid, parse_case_filter
from kernel.typed import day_in
from portfolio.buckets import BUCKETS
from portfolio.entries import EntryKind
from portfolio.models import Snapshot
from portfolio.periods import Preset, Stretch, stretch_before, stretch_to
from portfolio.queries import (
    Scope,
    get_compared_day,
    get_first_day,
    get_last_snapshot,
    get_strategy_ids,
    list_kept_days,
)
from staff.access import StaffRequest

#: The filters that a whole board takes; they go along to what is behind its figures.
KEPT: Final[tuple[str, ...]] = ("team", "product", "segment")
DEFAULT_PRESET: Final = Preset.MONTH


def filter_in(parameters: Mapping[str, str]) -> CaseFilter:
    """What of the common vocabulary can be understood; one wrong word takes off only itself."""
    try:
        return parse_case_filter(parameters)
    except FilterInvalid as error:
        wrong = str(error.values.get("parameter"))
        return filter_in({name: value for name, value in parameters.items() if name != wrong})


def scope_of(request: StaffRequest, chosen: CaseFilter, strategies: Mapping[str, int]) -> Scope:
    """Whoever may see one team sees that one, whatever they ask for."""
    own = request.actor.team_id
    return Scope(
        team_id=own if own is not None else chosen.team,
        product=chosen.product,
        # An unknown strategy has no cases; no id is below zero.
        strategy_id=strategies.get(chosen.segment, -1) if chosen.segment else None,
    )


@dataclass(frozen=True, slots=True)
class BoardAsked:
    """The close that is shown, since when, and which part of the book.

    ``first_on`` is the first close there is. ``stretch`` is None on it; ``before`` where the
    book was not kept that long.
    """

    snapshot: Snapshot
    first_on: date
    preset: Preset
    stretch: Stretch | None
    before: Stretch | None
    chosen: CaseFilter
    scope: Scope
    strategies: Mapping[str, int]
    #: What of the days the reader chose; what follows from the calendar is not written down.
    given: Mapping[str, str]

    @property
    def on(self) -> date:
        return self.snapshot.taken_on

    def _query(self, currency: str, **more: str) -> dict[str, str]:
        kept = self.chosen.as_parameters()
        query = {"on": self.on.isoformat(), "currency": currency}
        return query | {name: kept[name] for name in KEPT if name in kept} | more

    def cases_url(
        self,
        currency: str,
        *,
        stage: Stage | None = None,
        bucket: int | None = None,
        owner: int | None = None,
        team: int | None = None,
        in_default: bool = False,
    ) -> str:
        """The open cases of the close that a figure counts."""
        more = {"stage": stage.value} if stage is not None else {}
        more |= days_of(bucket) if bucket is not None else {}
        more |= {"owner": str(owner)} if owner is not None else {}
        more |= {"team": str(team)} if team is not None else {}
        more |= {"in_default": "yes"} if in_default else {}
        return _address("board-cases", self._query(currency, **more))

    def lines_url(
        self,
        *kinds: EntryKind,
        currency: str = "",
        since: date | None = None,
        code: str = "",
        officer: int | None = None,
        team: int | None = None,
    ) -> str:
        """The lines of the day, or of all days after ``since``."""
        more = {"kind": ",".join(kinds)}
        more |= {"since": since.isoformat()} if since is not None else {}
        more |= {"code": code} if code else {}
        more |= {"officer": str(officer)} if officer is not None else {}
        more |= {"team": str(team)} if team is not None else {}
        return _address("board-lines", self._query(currency, **more))

    def rolled_url(self, currency: str, *, days: Mapping[str, str], outcome: str = "") -> str:
        """Cases of the close before, by the days they were past due and by where they went."""
        assert self.stretch is not None
        more = {"since": self.stretch.after.isoformat(), **days}
        more |= {"to": outcome} if outcome else {}
        return _address("board-rolled", self._query(currency, **more))

    def board_url(self, **changes: str) -> str:
        """This board with a change."""
        kept = self.chosen.as_parameters()
        query = {name: kept[name] for name in KEPT if name in kept}
        return _address("board", {**query, **self.given, **changes})

    def at_week(self, through: date) -> BoardAsked:
        """The same part of the book at an earlier close."""
        return replace(self, snapshot=replace_day(self.snapshot, through))


def replace_day(snapshot: Snapshot, on: date) -> Snapshot:
    return Snapshot(taken_on=on, taken_at=snapshot.taken_at, cases=snapshot.cases)


def days_of(bucket: int) -> dict[str, str]:
    """The days past due of a bucket, in the words of the common filter."""
    first, last = BUCKETS[bucket].first, BUCKETS[bucket].last
    days = {"days_past_due_min": str(first)}
    return days if last is None else days | {"days_past_due_max": str(last)}


def _address(name: str, query: Mapping[str, str]) -> str:
    return f"{reverse(name)}?{urlencode({k: v for k, v in query.items() if v != ''})}"


def read_board(request: StaffRequest) -> BoardAsked | None:
    """``?on=`` shows an earlier close, ``?since=`` holds it against one of the reader's choice.

    None before the first close.
    """
    query = request.GET
    snapshot = get_last_snapshot(until=day_in(query.get("on")))
    if snapshot is None:
        return None
    on = snapshot.taken_on
    preset = Preset(query["period"]) if query.get("period") in set(Preset) else DEFAULT_PRESET
    wanted, earlier = stretch_to(on, preset), stretch_before(on, preset)
    since = day_in(query.get("since"))
    if since is not None and since < on:
        wanted = Stretch(since, on)
        earlier = Stretch(since - (on - since), since)
    after = get_compared_day(wanted=wanted.after, before=on)
    kept = list_kept_days(days=[earlier.after, earlier.through])
    chosen, strategies = filter_in(query.dict()), get_strategy_ids()
    return BoardAsked(
        snapshot=snapshot,
        first_on=get_first_day() or on,
        preset=preset,
        stretch=Stretch(after, on) if after is not None else None,
        before=earlier if after == wanted.after and len(kept) == 2 else None,
        chosen=chosen,
        scope=scope_of(request, chosen, strategies),
        strategies=strategies,
        given={name: query[name] for name in ("on", "since", "period") if query.get(name)},
    )
