"""The address of the inbox: filters, order and page. All of it can be shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.queries.approvals import ApprovalKey, ApprovalsFilter, Order, Proposer
from desk.wording.approvals import proposal_name
from desk.wording.events import StepTitles
from escalation.queries.grounds import list_proposing_steps
from escalation.queries.versions import list_versions_in_force
from kernel.typed import whole_number, word_in
from staff.access import StaffRequest
from staff.authority import Authority
from staff.figures import format_count
from staff.lifecycle import ApprovalKind
from staff.models import Team, User
from staff.rights import ROLE_RIGHTS, Right, Role
from staff.views.lists import Chip, Option, address

_SPLIT: Final = "~"
_NOTHING: Final = "none"
_LARGEST_AMOUNT: Final = 12

ORDER_NAMES: Final[dict[Order, Promise]] = {
    Order.OLDEST: gettext_lazy("oldest first"),
    Order.DEADLINE: gettext_lazy("nearest deadline first"),
    Order.AMOUNT: gettext_lazy("largest amount first"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """``mine``: only what the reader may decide."""

    chosen: ApprovalsFilter
    order: Order
    after: ApprovalKey | None
    mine: bool


def read_asked(query: QueryDict, *, authority: Authority, all_teams: bool) -> Asked:
    """What cannot be is as if it had not been asked for."""
    order = word_in(query.get("order"), Order) or Order.OLDEST
    kind = word_in(query.get("kind"), ApprovalKind)
    proposer = query.get("by", "")
    known = proposer in set(Proposer) or whole_number(proposer) is not None
    mine = query.get("mine") == "1"
    return Asked(
        chosen=ApprovalsFilter(
            kind=kind or "",
            team=whole_number(query.get("team", "")) if all_teams else None,
            step=query.get("step", "")[:140].replace("\x00", ""),
            amount_min=whole_number(query.get("amount", ""), digits=_LARGEST_AMOUNT),
            proposer=proposer if known else "",
            sent_back=query.get("state") == "sent_back",
            within=authority if mine else None,
        ),
        order=order,
        after=key_in(query.get("after", ""), order),
        mine=mine,
    )


def key_text(key: ApprovalKey) -> str:
    main = _NOTHING
    if isinstance(key.main, date):
        main = key.main.isoformat()
    elif key.main is not None:
        main = f"{key.main[0]}{key.main[1]}"
    at = key.proposed_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%f")
    return _SPLIT.join([main, at, key.kind, str(key.id)])


def key_in(text: str, order: Order) -> ApprovalKey | None:
    """The key that ``key_text`` wrote for a row in this order; None for anything else."""
    parts = text.split(_SPLIT)
    if len(parts) != 4 or parts[2] not in set(ApprovalKind):
        return None
    number = whole_number(parts[3])
    try:
        at = datetime.strptime(parts[1], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
        main = _main(parts[0], order)
    except ValueError:
        return None
    return ApprovalKey(main, at, parts[2], number) if number is not None else None


def _main(text: str, order: Order) -> date | tuple[str, int] | None:
    """Raises ValueError for what the order does not know."""
    if order is Order.AMOUNT:
        currency, amount = text[:3], whole_number(text[3:])
        if amount is None or not currency.isalpha() or not currency.isascii():
            raise ValueError(text)
        return currency, amount
    if text == _NOTHING:
        return None
    if order is Order.DEADLINE:
        return date.fromisoformat(text)
    raise ValueError(text)


def moment_text(at: datetime) -> str:
    """A proposal as its reader saw it: microseconds of the instant at which it was proposed."""
    return str(round(at.timestamp() * 1_000_000))


def chips(
    request: StaffRequest,
    asked: Asked,
    titles: StepTitles,
    teams: Mapping[int, str],
    people: Mapping[int, str],
) -> list[Chip]:
    """One for each filter that is on, beside the tabs."""
    chosen = asked.chosen
    found: list[tuple[str, str, str]] = []
    if asked.mine:
        found.append((_("Only"), _("what I may decide"), "mine"))
    if chosen.step:
        found.append((_("Step"), _step_name(chosen.step, titles), "step"))
    if chosen.team is not None:
        found.append((_("Team"), teams.get(chosen.team, str(chosen.team)), "team"))
    if chosen.amount_min is not None:
        found.append((_("Amount from"), format_count(chosen.amount_min), "amount"))
    if chosen.proposer:
        found.append((_("Proposed by"), proposer_name(chosen.proposer, people), "by"))
    return [Chip(name, value, address(request, **{key: ""})) for name, value, key in found]


def _step_name(step: str, titles: StepTitles) -> str:
    strategy, _dot, key = step.partition(".")
    names = (titles.get((strategy, ""), strategy), titles.get((strategy, key), key))
    return ": ".join(name for name in names if name)


def proposer_name(proposer: str, people: Mapping[int, str]) -> str:
    if proposer == Proposer.STRATEGY:
        return _("the strategy")
    if proposer == Proposer.PEOPLE:
        return _("people")
    return people.get(int(proposer), proposer)


def filter_options(
    asked: Asked, titles: StepTitles, teams: Mapping[int, str], people: Mapping[int, str]
) -> dict[str, list[Option]]:
    """What the form of the filters offers."""
    chosen = asked.chosen
    strategies = [version.strategy for version in list_versions_in_force()]
    steps = [f"{key}.{step}" for key, step in list_proposing_steps(strategies=strategies)]
    proposers = [Proposer.STRATEGY, Proposer.PEOPLE, *map(str, people)]
    return {
        "step": [Option(step, _step_name(step, titles), step == chosen.step) for step in steps],
        "team": [Option(str(pk), name, pk == chosen.team) for pk, name in teams.items()],
        "by": [
            Option(str(one), proposer_name(str(one), people), str(one) == chosen.proposer)
            for one in proposers
        ],
    }


def order_options(request: StaffRequest, asked: Asked) -> list[Option]:
    return [
        Option(
            address(request, order="" if order is Order.OLDEST else order.value),
            str(name),
            order is asked.order,
        )
        for order, name in ORDER_NAMES.items()
    ]


def kind_tabs(
    request: StaffRequest, asked: Asked, counts: Mapping[str, int], most: int
) -> list[dict[str, object]]:
    """All kinds, then each that there is."""
    chosen = asked.chosen.kind
    shown: Sequence[str] = [kind for kind, count in counts.items() if count or kind == chosen]
    every = min(sum(counts.values()), most)
    return [
        {
            "url": address(request, kind=kind),
            "name": proposal_name(kind) if kind else _("All"),
            "count": counts[kind] if kind else every,
            "current": kind == chosen,
        }
        for kind in ("", *shown)
    ]


def team_names() -> dict[int, str]:
    return dict(Team.objects.order_by("name").values_list("id", "name"))


def people_names() -> dict[int, str]:
    """Who may propose anything at all."""
    may = {Right.NEGOTIATE, Right.PROPOSE_TERMINATION, Right.PROPOSE_PLACEMENT,
           Right.PROPOSE_REFERRAL, Right.PROPOSE_WRITE_OFF, Right.PROPOSE_REFUND,
           Right.CHARGE_FEE}  # fmt: skip
    roles = [role for role in Role if ROLE_RIGHTS[role] & may]
    users = User.objects.filter(role__in=roles, is_active=True).order_by("full_name", "id")
    return dict(users.values_list("id", "full_name"))
