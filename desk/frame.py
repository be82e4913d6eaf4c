"""What stands around every page: the rail by right, the business day, the theme."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.queries import Told, list_untold
from kernel import clock
from staff.models import User
from staff.rights import ROLE_RIGHTS, Right, Role
from staff.wording import role_name

THEME_COOKIE: Final = "theme"
THEMES: Final = frozenset({"light", "dark"})
SHEETS: Final = (
    "css/tokens.css",
    "css/base.css",
    "css/frame.css",
    "css/components.css",
    "css/charts.css",
    "css/screens.css",
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
    """A line of the rail; ``url_name`` of an app that stands beside the desk is only a name."""

    label: Promise
    url_name: str
    right: Right


class Section(NamedTuple):
    title: Promise
    entries: tuple[Entry, ...]


RAIL: Final = (
    Section(
        _("Work"),
        (
            Entry(_("Work list"), "work-list", Right.SEE_CASES),
            Entry(_("Cases"), "cases", Right.SEE_CASES),
            Entry(_("Approvals"), "approvals", Right.SEE_APPROVALS),
            Entry(_("Agreements"), "agreements", Right.SEE_CASES),
            Entry(_("Court referrals"), "referrals", Right.SEE_CASES),
        ),
    ),
    Section(
        _("Portfolio"),
        (
            Entry(_("Board"), "board", Right.SEE_BOARD),
            Entry(_("Strategies"), "strategies", Right.SEE_STRATEGIES),
            Entry(_("Agencies"), "agencies", Right.SEE_BOARD),
        ),
    ),
    Section(
        _("Operations"),
        (
            Entry(_("Messages"), "messages", Right.RECORD_DELIVERY),
            Entry(_("Intake runs"), "intake-runs", Right.SEE_RUNS),
            Entry(_("Day closes"), "day-closes", Right.SEE_RUNS),
        ),
    ),
    Section(
        _("Administration"),
        (
            Entry(_("Users"), "staff-users", Right.MANAGE_STAFF),
            Entry(_("Teams"), "staff-teams", Right.MANAGE_STAFF),
            Entry(_("Approval limits"), "staff-limits", Right.MANAGE_STAFF),
            Entry(_("API clients"), "staff-clients", Right.MANAGE_STAFF),
            Entry(_("Register"), "staff-journal", Right.SEE_JOURNAL),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class RailLink:
    label: Promise
    url: str
    current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class RailSection:
    title: Promise
    links: list[RailLink]


@dataclass(frozen=True, slots=True)
class Frame:
    today: date
    theme: str
    sheets: tuple[str, ...]
    htmx_config: str
    sections: list[RailSection]
    user_name: str
    user_role: str
    team_name: str
    #: The team that the reader's pages are limited to; empty where they see all.
    scope_team: str
    #: Cases that colleagues took over from the reader; read only where a page shows it.
    told: Callable[[], list[Told]]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``frame`` for the base template."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    user = getattr(request, "user", None)
    reader = user if isinstance(user, User) else None
    return {
        "frame": Frame(
            today=clock.today(),
            theme=theme if theme in THEMES else "",
            sheets=SHEETS,
            htmx_config=HTMX,
            sections=_sections(request.path, Role(reader.role)) if reader else [],
            user_name=reader.full_name if reader else "",
            user_role=str(role_name(Role(reader.role))) if reader else "",
            team_name=reader.team.name if reader and reader.team else "",
            scope_team=_scope(reader) if reader else "",
            told=_told(reader),
        )
    }


def _told(user: User | None) -> Callable[[], list[Told]]:
    if user is None or Right.WORK_CASE not in ROLE_RIGHTS[Role(user.role)]:
        return list
    return partial(list_untold, user_id=user.pk)


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
    return RailLink(entry.label, url, current)
