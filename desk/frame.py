"""What stands around every page: the rail by right, the counts in it, the day, the look."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.queries import Told, list_untold
from desk.queries.frame import FrameCounts, get_frame_counts, list_switched_off
from escalation.wording import switch_name
from kernel import clock
from kernel.actor import Actor
from staff.look import THEME_COOKIE
from staff.models import User
from staff.preferences import Density, Theme
from staff.queries import get_actor
from staff.rights import ROLE_RIGHTS, Right, Role
from staff.wording import role_name

SHEETS: Final = (
    "css/tokens.css",
    "css/base.css",
    "css/frame.css",
    "css/components.css",
    "css/charts.css",
    "css/screens.css",
    "css/strategies.css",
    "css/board.css",
)
#: Nothing is evaluated, nothing of a debtor is left in the browser's storage, and a form that is
#: refused (422) or a colleague who was faster (409) is shown where the form stands.
HTMX: Final = json.dumps(
    {
        "allowEval": False,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
        "defaultSettleDelay": 0,
        "scrollBehavior": "instant",
        "timeout": 20_000,
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "409|422", "swap": True},
            {"code": "[45]..", "swap": False, "error": True},
        ],
    }
)


class Entry(NamedTuple):
    """A line of the rail; ``url_name`` of an app that stands beside the desk is only a name.

    ``key`` is pressed after G; ``counted`` names a field of ``FrameCounts``.
    """

    label: Promise
    url_name: str
    right: Right
    key: str = ""
    counted: str = ""


class Section(NamedTuple):
    title: Promise
    entries: tuple[Entry, ...]


RAIL: Final = (
    Section(
        _("Work"),
        (
            Entry(_("Work list"), "work-list", Right.SEE_CASES, "q", "work"),
            Entry(_("Cases"), "cases", Right.SEE_CASES, "c"),
            Entry(_("Approvals"), "approvals", Right.SEE_APPROVALS, "a", "approvals"),
            Entry(_("Agreements"), "agreements", Right.SEE_CASES, "n"),
            Entry(_("Write-offs"), "write-offs", Right.SEE_CASES, "v"),
            Entry(_("Refunds"), "refunds", Right.SEE_CASES, "f"),
            Entry(pgettext_lazy("menu", "Court"), "referrals", Right.SEE_CASES, "r"),
            Entry(_("Calculator"), "calculator", Right.SEE_CASES, "e"),
        ),
    ),
    Section(
        _("Portfolio"),
        (
            Entry(_("Board"), "board", Right.SEE_BOARD, "d"),
            Entry(_("Strategies"), "strategies", Right.SEE_STRATEGIES, "s"),
            Entry(_("Agencies"), "agencies", Right.SEE_BOARD, "w"),
        ),
    ),
    Section(
        _("Operations"),
        (
            Entry(_("Oversight"), "operations", Right.SEE_OPERATIONS, "h"),
            Entry(_("Messages"), "messages", Right.RECORD_DELIVERY, "m"),
            Entry(
                pgettext_lazy("menu", "Unmatched money"),
                "payment-inbox",
                Right.IMPORT_STATEMENTS,
                "p",
            ),
            Entry(_("Bank statements"), "statements", Right.SEE_STATEMENTS, "b"),
            Entry(_("Intake runs"), "intake-runs", Right.SEE_RUNS, "i"),
            Entry(_("Day closes"), "day-closes", Right.SEE_RUNS, "z"),
        ),
    ),
    Section(
        _("Administration"),
        (
            Entry(_("Users"), "staff-users", Right.MANAGE_STAFF, "u"),
            Entry(_("Teams"), "staff-teams", Right.MANAGE_STAFF, "t"),
            Entry(_("Roles"), "staff-roles", Right.MANAGE_STAFF, "x"),
            Entry(_("Approval limits"), "staff-limits", Right.MANAGE_STAFF, "l"),
            Entry(_("Interest rates"), "rates", Right.MANAGE_RATES, "o"),
            Entry(_("API clients"), "staff-clients", Right.MANAGE_STAFF, "k"),
            Entry(_("Register"), "staff-journal", Right.SEE_JOURNAL, "j"),
        ),
    ),
)


#: After G, one's own account at the foot of the rail.
ACCOUNT_KEY: Final = "y"


@dataclass(frozen=True, slots=True)
class RailLink:
    label: Promise
    url: str
    current: bool
    key: str
    counted: str


@dataclass(frozen=True, slots=True)
class RailSection:
    title: Promise
    links: list[RailLink]


@dataclass(frozen=True)
class Frame:
    """For the base template. What needs the database is read only where a page shows it."""

    today: date
    theme: Theme
    density: Density
    single_keys: bool
    environment: str = ""
    #: After so many minutes in which nothing is done the session ends.
    idle_minutes: int = 0
    user_id: int | None = None
    sheets: tuple[str, ...] = SHEETS
    htmx_config: str = HTMX
    account_key: str = ACCOUNT_KEY
    sections: list[RailSection] = field(default_factory=list)
    user_name: str = ""
    user_role: str = ""
    team_name: str = ""
    #: The team that the reader's pages are limited to; empty where they see all.
    scope_team: str = ""
    may_search: bool = False
    may_log: bool = False
    may_see_operations: bool = False
    actor: Actor | None = None

    @cached_property
    def counts(self) -> FrameCounts | None:
        return get_frame_counts(actor=self.actor, on=self.today) if self.actor else None

    @cached_property
    def switched_off(self) -> list[str]:
        """The names of the red switches that are off."""
        if self.actor is None:
            return []
        return [switch_name(off.switch, {off.switch.key: off.team}) for off in list_switched_off()]

    @cached_property
    def told(self) -> list[Told]:
        """Cases that colleagues took over from the reader."""
        if self.actor is None or not self.actor.has(Right.WORK_CASE):
            return []
        return list_untold(user_id=self.actor.user_id or 0)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``frame`` for the base template."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        theme = request.COOKIES.get(THEME_COOKIE, "")
        look = Theme(theme) if theme in set(Theme) else Theme.AUTO
        plain = Frame(
            today=clock.today(),
            theme=look,
            density=Density.COMFORTABLE,
            single_keys=True,
            environment=str(settings.ENVIRONMENT_NAME),
        )
        return {"frame": plain}
    role = Role(user.role)
    return {
        "frame": Frame(
            today=clock.today(),
            theme=Theme(user.theme),
            density=Density(user.density),
            single_keys=user.single_keys,
            environment=str(settings.ENVIRONMENT_NAME),
            idle_minutes=settings.IDLE_MINUTES,
            user_id=user.pk,
            sections=_sections(request.path, role),
            user_name=user.full_name,
            user_role=str(role_name(role)),
            team_name=user.team.name if user.team else "",
            scope_team=_scope(user),
            may_search=Right.SEE_CASES in ROLE_RIGHTS[role],
            may_log=Right.LOG_CONTACT in ROLE_RIGHTS[role],
            may_see_operations=Right.SEE_OPERATIONS in ROLE_RIGHTS[role],
            actor=get_actor(user=user),
        )
    }


def _scope(user: User) -> str:
    if user.team is None or Right.SEE_ALL_TEAMS in ROLE_RIGHTS[Role(user.role)]:
        return ""
    return user.team.name


def home_of(role: Role) -> str:
    """Where somebody starts: the first page of the rail that their role may open."""
    return next((link.url for section in _sections("", role) for link in section.links), "/")


def _sections(path: str, role: Role) -> list[RailSection]:
    rights = ROLE_RIGHTS[role]
    sections = []
    for section in RAIL:
        links = [
            link
            for entry in section.entries
            if entry.right in rights and (link := _link(entry, path)) is not None
        ]
        if links:
            sections.append(RailSection(section.title, links))
    return sections


def _link(entry: Entry, path: str) -> RailLink | None:
    try:
        url = reverse(entry.url_name)
    except NoReverseMatch:
        return None
    current = path == url if url == "/" else path.startswith(url)
    key = f"g {entry.key}" if entry.key else ""
    return RailLink(entry.label, url, current, key, entry.counted)
