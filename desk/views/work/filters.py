"""The address of the desk: tab, whose, filters, page, pane. All of it can be shared and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.lifecycle import DATA_WORK, Stage, Tray, WorkKind
from cases.wording import hold_name, stage_name, work_name
from debtors.lifecycle import Product
from debtors.wording import product_name
from desk.queries.held import LISTED
from desk.queries.scope import DeskFilter, Whose
from desk.queries.waiting import Waiting
from desk.wording.approvals import proposal_name
from desk.wording.events import StepTitles
from escalation.case_filter import CaseFilter, FilterInvalid, parse_case_filter
from kernel.actor import Actor
from kernel.typed import word_in
from staff.figures import EN_DASH, format_count
from staff.lifecycle import ApprovalKind
from staff.models import Team, User
from staff.rights import Right
from staff.views.lists import Chip, Option


class Tab(StrEnum):
    """By what must be done."""

    NOW = "now"
    WAITING = "waiting"
    HELD = "held"
    PENDING = "pending"
    DATA = "data"


TRAYS: Final = {Tab.NOW: Tray.NOW, Tab.DATA: Tray.DATA}
TAB_NAMES: Final[dict[Tab, Promise]] = {
    Tab.NOW: gettext_lazy("Now"),
    Tab.WAITING: gettext_lazy("Waiting for the debtor"),
    Tab.HELD: pgettext_lazy("tab", "On hold"),
    Tab.PENDING: pgettext_lazy("tab", "Waiting for approval"),
    Tab.DATA: gettext_lazy("Data problems"),
}
WAITING_NAMES: Final[dict[Waiting, Promise]] = {
    Waiting.PROMISE: gettext_lazy("Promise"),
    Waiting.AGREEMENT: gettext_lazy("Agreement"),
    Waiting.LETTER: gettext_lazy("Letter under way"),
    Waiting.TERM: gettext_lazy("Term of a letter"),
}
#: The filters of the desk, of the one vocabulary for lists, boards and the API.
CASE_FILTERS: Final = (
    "days_past_due_min",
    "days_past_due_max",
    "overdue_min",
    "stage",
    "product",
    "segment",
    "step",
    "team",
)


@dataclass(frozen=True, slots=True)
class Address:
    """``after`` is the key of the last row of the page before; ``pane`` shows the preview, of
    the case ``open`` or else of the first row."""

    tab: Tab
    chosen: DeskFilter
    after: str = ""
    pane: bool = False
    open: str = ""

    def query(self, **changes: Any) -> str:
        """The query of this address with some parts changed; a filter begins at the start."""
        whose = changes.pop("whose", self.chosen.whose)
        tab = changes.pop("tab", self.tab)
        kind = self.chosen.kind if tab is self.tab else ""
        aside = self.chosen.aside and tab in TRAYS
        values: dict[str, Any] = {
            "tab": tab,
            "whose": whose,
            **self.chosen.case.as_parameters(),
            "kind": kind,
            "aside": "1" if aside else "",
            "pane": "1" if self.pane else "",
            **changes,
        }
        return urlencode({name: str(value) for name, value in values.items() if value})

    def url(self, **changes: Any) -> str:
        return f"{reverse('work-list')}?{self.query(**changes)}"

    @property
    def has_filters(self) -> bool:
        return self.chosen.case != CaseFilter() or bool(self.chosen.kind) or self.chosen.aside


def read_address(
    query: QueryDict, *, user: User, actor: Actor, usual: Whose
) -> tuple[Address, FilterInvalid | None]:
    """What the address asks for, as far as the reader may see it; words that cannot be are
    left out, and the first filter that cannot be is told."""
    tab = word_in(query.get("tab"), Tab) or Tab.NOW
    wanted = {name: str(query[name]) for name in CASE_FILTERS if query.get(name)}
    if not actor.has(Right.SEE_ALL_TEAMS):
        wanted.pop("team", None)
    refused: FilterInvalid | None = None
    try:
        case = parse_case_filter(wanted)
    except FilterInvalid as error:
        case, refused = CaseFilter(), error
    if case.segment is None:
        case = replace(case, step=None)
    kind = str(query.get("kind", ""))
    chosen = DeskFilter(
        whose=_whose(word_in(query.get("whose"), Whose) or usual, user, actor),
        team_id=user.team_id,
        case=case,
        kind=kind if kind in kinds_of(tab) else "",
        aside=query.get("aside") == "1" and tab in TRAYS,
    )
    after, pane, opened = (str(query.get(name, "")) for name in ("after", "pane", "open"))
    return Address(tab, chosen, after, pane == "1", opened), refused


def _whose(whose: Whose, user: User, actor: Actor) -> Whose:
    if whose is Whose.ALL and not actor.has(Right.SEE_ALL_TEAMS):
        return Whose.TEAM
    if whose is Whose.TEAM and user.team_id is None:
        return Whose.ALL if actor.has(Right.SEE_ALL_TEAMS) else Whose.TEAM
    return whose


def kinds_of(tab: Tab) -> Mapping[str, Any]:
    """The words of ``kind`` in a tab, with their names."""
    match tab:
        case Tab.NOW:
            return {kind: work_name(kind) for kind in WorkKind if kind not in DATA_WORK}
        case Tab.DATA:
            return {kind: work_name(kind) for kind in WorkKind if kind in DATA_WORK}
        case Tab.WAITING:
            return {str(kind): name for kind, name in WAITING_NAMES.items()}
        case Tab.HELD:
            return {kind: hold_name(kind) for kind in LISTED}
        case Tab.PENDING:
            return {kind: proposal_name(kind) for kind in ApprovalKind}


def whose_options(address: Address, user: User, actor: Actor) -> list[Option]:
    """The switch between one's own cases, the team's and all, by right."""
    names = {Whose.MINE: _("mine")}
    if user.team_id is not None:
        names[Whose.TEAM] = _("my team")
    if actor.has(Right.SEE_ALL_TEAMS):
        names[Whose.ALL] = _("all teams")
    return [
        Option(address.url(whose=whose), name, whose is address.chosen.whose)
        for whose, name in names.items()
    ]


def chips(address: Address, titles: StepTitles, teams: Mapping[int, str]) -> list[Chip]:
    """One for each filter that is on; taking off a strategy takes its step off too."""
    chosen, case = address.chosen, address.chosen.case
    found: list[tuple[str, str, dict[str, str]]] = []
    if case.days_past_due_min is not None or case.days_past_due_max is not None:
        off = {"days_past_due_min": "", "days_past_due_max": ""}
        found.append((_("Days"), _days(case), off))
    if case.overdue_min is not None:
        found.append((_("Overdue from"), format_count(case.overdue_min), {"overdue_min": ""}))
    if case.stage is not None:
        found.append((_("Stage"), str(stage_name(case.stage)), {"stage": ""}))
    if case.product is not None:
        found.append((_("Product"), str(product_name(case.product)), {"product": ""}))
    if case.segment is not None:
        name = titles.get((case.segment, ""), case.segment)
        found.append((_("Strategy"), name, {"segment": "", "step": ""}))
        if case.step is not None:
            name = titles.get((case.segment, case.step), case.step)
            found.append((_("Before the step"), name, {"step": ""}))
    if chosen.kind:
        found.append((_("Kind"), str(kinds_of(address.tab)[chosen.kind]), {"kind": ""}))
    if chosen.aside:
        found.append((_("Only"), _("put aside"), {"aside": ""}))
    if case.team is not None:
        found.append((_("Team"), teams.get(case.team, str(case.team)), {"team": ""}))
    return [Chip(name, value, address.url(**off)) for name, value, off in found]


def _days(case: CaseFilter) -> str:
    first, last = case.days_past_due_min, case.days_past_due_max
    if last is None:
        return _("from %(days)s") % {"days": format_count(first or 0)}
    return f"{format_count(first or 0)}{EN_DASH}{format_count(last)}"


def filter_options(
    address: Address, titles: StepTitles, teams: Mapping[int, str]
) -> dict[str, list[Option]]:
    """What the form of the filters offers; steps only of a strategy that is chosen."""
    case = address.chosen.case
    kinds = kinds_of(address.tab)
    return {
        "kind": [Option(k, str(name), k == address.chosen.kind) for k, name in kinds.items()],
        "stage": [Option(s, str(stage_name(s)), s is case.stage) for s in Stage],
        "product": [Option(p, str(product_name(p)), p is case.product) for p in Product],
        "segment": [
            Option(key, title, key == case.segment)
            for (key, step), title in titles.items()
            if not step
        ],
        "step": [
            Option(step, title, step == case.step)
            for (key, step), title in titles.items()
            if step and key == case.segment
        ],
        "team": [
            Option(str(pk), name, pk == case.team) for pk, name in teams.items() if len(teams) > 1
        ],
    }


def team_names(actor: Actor) -> dict[int, str]:
    """For whoever sees all teams."""
    if not actor.has(Right.SEE_ALL_TEAMS):
        return {}
    return dict(Team.objects.order_by("name").values_list("id", "name"))


assert {field.name for field in fields(CaseFilter)} >= set(CASE_FILTERS)
