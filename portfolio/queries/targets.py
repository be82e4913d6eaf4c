"""What should be paid in a month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from portfolio.models import PaymentTarget
from portfolio.queries.scope import Scope


def list_targets(*, limit: int = 60) -> list[PaymentTarget]:
    """The newest months first."""
    targets = PaymentTarget.objects.select_related("team", "set_by")
    return list(targets.order_by("-month_on", "currency", "team__name")[:limit])


def get_month_targets(*, months: Sequence[date], scope: Scope) -> dict[str, dict[date, int]]:
    """By currency and month: of the team that is looked at, or of all teams.

    Of all is what was set for all, else the sum of what was set for each team. A product or a
    strategy has no target.
    """
    if not scope.is_of_teams_only:
        return {}
    found: dict[str, dict[date, int]] = defaultdict(dict)
    of_teams: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    rows = PaymentTarget.objects.filter(month_on__in=list(months))
    for month, currency, team_id, minor in rows.values_list(
        "month_on", "currency", "team_id", "amount_minor"
    ):
        if team_id == scope.team_id:
            found[currency][month] = minor
        elif scope.team_id is None:
            of_teams[currency][month] += minor
    for currency, months_of_teams in of_teams.items():
        found[currency] = {**months_of_teams, **found[currency]}
    return dict(found)
