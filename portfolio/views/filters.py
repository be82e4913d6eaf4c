"""The filters that are on, as chips, and those that could be put on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from debtors.lifecycle import Product
from debtors.wording import product_name
from escalation.case_filter import CaseFilter
from escalation.queries.versions import list_versions_in_force
from escalation.wording import step_title
from portfolio.periods import Preset
from portfolio.views.asked import DEFAULT_PRESET, BoardAsked
from staff.access import StaffRequest
from staff.figures import format_day
from staff.models import Team
from staff.queries import list_teams
from staff.views.lists import Chip, Option


@dataclass(frozen=True, slots=True)
class Options:
    """``kept`` goes along with what is chosen. Teams are empty for who sees one."""

    periods: list[Option]
    teams: list[Option]
    products: list[Option]
    strategies: list[Option]
    kept: dict[str, str]


def preset_name(preset: Preset) -> str:
    return {
        Preset.MONTH: _("the month so far"),
        Preset.DAYS_30: _("30 days"),
        Preset.DAYS_7: _("7 days"),
    }[preset]


def strategy_titles() -> dict[str, str]:
    """By key; strategies that are no longer in force keep their key as name."""
    versions = list_versions_in_force()
    return {v.strategy.key: step_title(v.strategy.title) for v in versions}


def board_chips(request: StaffRequest, asked: BoardAsked) -> list[Chip]:
    chips: list[Chip] = []
    if "on" in asked.given:
        chips.append(Chip(_("Close of"), format_day(asked.on), asked.board_url(on="")))
    if "since" in asked.given and asked.stretch is not None:
        compared = format_day(asked.stretch.after)
        chips.append(Chip(_("Compare with"), compared, asked.board_url(since="")))
    elif asked.preset is not DEFAULT_PRESET:
        off = asked.board_url(period="")
        chips.append(Chip(_("Period"), preset_name(asked.preset), off))
    return [*chips, *_part_chips(request, asked)]


def _part_chips(request: StaffRequest, asked: BoardAsked) -> list[Chip]:
    return [
        Chip(*word(), asked.board_url(**{name: ""}))
        for name, word in part_names(request, asked.chosen).items()
        if name in asked.chosen.as_parameters()
    ]


def part_names(
    request: StaffRequest, chosen: CaseFilter
) -> dict[str, Callable[[], tuple[str, str]]]:
    """What each filter of a part of the book is called, and what it is set to.

    A team that the reader cannot leave is no filter.
    """
    names: dict[str, Callable[[], tuple[str, str]]] = {
        "product": lambda: (
            _("Product"), str(product_name(chosen.product)) if chosen.product else ""),
        "segment": lambda: (
            _("Strategy"), strategy_titles().get(chosen.segment or "", chosen.segment or "")),
    }  # fmt: skip
    if request.actor.team_id is None:
        names = {"team": lambda: (_("Team"), _team_name(chosen.team)), **names}
    return names


def _team_name(team_id: int | None) -> str:
    return next((team.name for team in list_teams() if team.pk == team_id), str(team_id))


def board_options(request: StaffRequest, asked: BoardAsked, teams: Sequence[Team]) -> Options:
    chosen, titles = asked.chosen, strategy_titles()
    keys = [*titles, *(key for key in asked.strategies if key not in titles)]
    kept = {name: value for name, value in asked.given.items() if name != "period"}
    return Options(
        periods=[Option(p.value, preset_name(p), p is asked.preset) for p in Preset],
        teams=[Option(str(t.pk), t.name, t.pk == chosen.team) for t in teams]
        if request.actor.team_id is None
        else [],
        products=[Option(p.value, str(product_name(p)), p is chosen.product) for p in Product],
        strategies=[Option(key, titles.get(key, key), key == chosen.segment) for key in keys],
        kept=kept,
    )
