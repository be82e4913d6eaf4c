"""A simulation as a picture: each kind of work per working day, draft beside the present."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from desk.views.strategies.shown import loaded
from desk.wording.strategies import made_name, over_capacity_text
from escalation.lifecycle import RunStatus
from escalation.models import Draft, SimulationRun
from escalation.products import Made
from escalation.queries.drafts import get_in_flight, get_last_run, get_open_run
from escalation.simulated import Kept, days_over_capacity, from_plain
from escalation.wording import describe_assumption
from kernel import clock
from kernel.chart import BarChart, Limit, Mark, Series, Tone, draw_bars
from staff.access import StaffRequest
from staff.figures import format_count, format_short_day, format_short_weekday

#: So long a run may wait before the page says that nobody comes for it.
_PATIENCE: Final = timedelta(seconds=10)
#: A book that a page may play by itself: a few seconds.
MOST_CASES_HERE: Final = 5_000
#: A word below the axis for each week of working days.
_MARKED_DAYS: Final = 5
#: A limit further off than this many times the highest bar would flatten the bars.
_FAR_OFF: Final = 2.5


def simulation_context(request: StaffRequest, draft: Draft) -> dict[str, Any]:
    """For ``parts/strategy_simulation.html``."""
    run, last = get_open_run(draft_id=draft.pk), get_last_run(draft_id=draft.pk)
    kept = from_plain(last.result) if last and last.status == RunStatus.DONE else None
    fresh = kept is not None and last is not None and _is_same(last.source, draft.source)
    return {
        "draft": draft,
        "run": run,
        "last": last,
        "kept": kept,
        "fresh": fresh,
        "would_stand": kept.standing if kept and fresh else None,
        "charts": [_chart(kept, made) for made in _shown(kept)] if kept else [],
        "warnings": _warnings(kept) if kept else [],
        "assumptions": [describe_assumption(code) for code in kept.assumptions] if kept else [],
        "may_simulate": draft.discarded_at is None,
        **(_waiting(draft, run) if run else {}),
    }


def _is_same(played: str, written: str) -> bool:
    """A comment more or less is no other strategy."""
    if played == written:
        return True
    before, now = loaded(played), loaded(written)
    return now is not None and before == now


def is_small(draft: Draft) -> bool:
    """Whether a page may play the draft by itself."""
    strategy = loaded(draft.source)
    if strategy is None:
        return False
    return 0 < get_in_flight(new=strategy).total <= MOST_CASES_HERE


def _waiting(draft: Draft, run: SimulationRun) -> dict[str, Any]:
    """How far it is; and where nobody comes for it, what can be done."""
    waits = clock.now() - run.asked_at
    lonely = run.status == RunStatus.QUEUED and (
        not settings.CELERY_BROKER_URL or waits > _PATIENCE
    )
    total = run.cases_total
    return {
        "lonely": lonely,
        "small": lonely and is_small(draft),
        "no_broker": not settings.CELERY_BROKER_URL,
        "percent": run.cases_done * 100 // total if total else 0,
        "bar": run.cases_done * 132 // total if total else 0,
    }


def _shown(kept: Kept) -> list[Made]:
    """Kinds of which there is any, in the draft or in the present."""
    return [made for made in Made if any(kept.draft.get(made, ())) or any(kept.today.get(made, ()))]


def _chart(kept: Kept, made: Made) -> dict[str, Any]:
    none = [0] * len(kept.days)
    draft, today = kept.draft.get(made, none), kept.today.get(made, none)
    name, before, after = made_name(made), sum(today), sum(draft)
    return {
        "name": name,
        "before": before,
        "after": after,
        "change": after - before,
        "drawing": _draw(kept, made, name, draft, today),
        "capacity": _distant_capacity(kept, made, draft, today),
    }


def _draw(
    kept: Kept, made: Made, name: str, draft: Sequence[int], today: Sequence[int]
) -> BarChart:
    near = kept.capacity if made is Made.CALLS and _is_near(kept, draft, today) else 0
    limit = Limit(near, _("capacity %(count)s") % {"count": format_count(near)}) if near else None
    language = get_language() or "en"
    return draw_bars(
        key=f"sim-{made.value.replace('_', '-')}",
        title=_("%(what)s per working day") % {"what": name},
        description=_("Today %(before)s, with the draft %(after)s") % {
            "before": format_count(sum(today)), "after": format_count(sum(draft)),
        },
        head=_("Day"),
        labels=[format_short_weekday(day, language) for day in kept.days],
        stack=[Series(_("Draft"), tuple(draft))],
        steps=Series(_("Today"), tuple(today), Tone.COMPARED),
        text=lambda value: format_count(round(value)),
        marks=_marks(kept.days),
        limit=limit,
        whole=True,
    )  # fmt: skip


def _marks(days: Sequence[date]) -> list[Mark]:
    return [
        Mark(place, format_short_day(day))
        for place, day in enumerate(days)
        if place % _MARKED_DAYS == 0
    ]


def _is_near(kept: Kept, draft: Sequence[int], today: Sequence[int]) -> bool:
    highest = max([*draft, *today], default=0)
    return 0 < kept.capacity <= highest * _FAR_OFF


def _distant_capacity(
    kept: Kept, made: Made, draft: Sequence[int], today: Sequence[int]
) -> int | None:
    """Said in words where the line would lie far above the bars."""
    if made is not Made.CALLS or not kept.capacity or _is_near(kept, draft, today):
        return None
    return kept.capacity


def _warnings(kept: Kept) -> list[tuple[str, str]]:
    passed = days_over_capacity(kept, Made.CALLS)
    return [over_capacity_text(passed)] if passed else []
