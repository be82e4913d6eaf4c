"""What people have in hand, and what they did: by officer and currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db import connection
from django.db.models import Q

from portfolio.entries import OF_PEOPLE, STOCKS, EntryKind, Grain
from portfolio.periods import Stretch
from portfolio.queries.flows import FlowSum
from portfolio.queries.scope import Scope
from staff.models import User
from staff.rights import Role

#: What an officer did on the day itself stands beside what they have in hand.
_DONE: Final = EntryKind.WORK_DONE

_SUMS: Final = """
    SELECT officer_id, team_id, kind, currency, taken_on = %(on)s, sum(entries)::int,
           sum(money_minor)::bigint, sum(due_minor)::bigint
    FROM portfolio_figuresum
    WHERE grain = %(grain)s AND (
        kind = ANY(%(stocks)s) AND taken_on = %(on)s
        OR kind = ANY(%(acts)s) AND taken_on > %(after)s AND taken_on <= %(on)s) {scope}
    GROUP BY 1, 2, 3, 4, 5
"""


@dataclass(frozen=True, slots=True)
class PersonSums:
    """``in_hand`` at the close, ``done`` on its day, ``acts`` over the stretch; by currency."""

    in_hand: dict[EntryKind, dict[str, FlowSum]] = field(default_factory=dict)
    acts: dict[EntryKind, dict[str, FlowSum]] = field(default_factory=dict)
    done: int = 0

    def count(self, kind: EntryKind) -> int:
        """Lines of all currencies together."""
        of = self.in_hand if kind in STOCKS else self.acts
        return sum(sums.entries for sums in of.get(kind, {}).values())

    def money(self, kind: EntryKind, currency: str) -> int:
        return self.acts.get(kind, {}).get(currency, FlowSum()).money_minor


#: The officer, or None for work of the team that nobody has been given; and the case's team.
PersonKey = tuple[int | None, int | None]


def list_people_sums(*, stretch: Stretch, scope: Scope) -> dict[PersonKey, PersonSums]:
    """What each officer has in hand and did, on the cases of each team."""
    values = {
        **scope.values(),
        "grain": Grain.OFFICER if scope.is_of_teams_only else Grain.PART,
        "on": stretch.through,
        "after": stretch.after,
        "stocks": sorted(OF_PEOPLE & STOCKS),
        "acts": sorted(OF_PEOPLE - STOCKS),
    }
    found: dict[PersonKey, PersonSums] = defaultdict(PersonSums)
    done: dict[PersonKey, int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(scope=scope.where()), values)
        for officer_id, team_id, name, currency, on_the_day, *sums in cursor.fetchall():
            key, kind = (officer_id, team_id), EntryKind(name)
            person = found[key]
            of = (person.in_hand if kind in STOCKS else person.acts).setdefault(kind, {})
            of[currency] = of.get(currency, FlowSum()).plus(FlowSum(*sums))
            if kind is _DONE and on_the_day:
                done[key] += sums[0]
    return {
        key: PersonSums(person.in_hand, person.acts, done[key]) for key, person in found.items()
    }


@dataclass(frozen=True, slots=True)
class Officer:
    id: int
    name: str
    team_id: int | None


def list_officers(*, ids: Mapping[int, object] | set[int]) -> list[Officer]:
    """Everybody who works on cases now, and those of ``ids``, whatever they are now."""
    rows = User.objects.filter(Q(pk__in=list(ids)) | Q(role=Role.OFFICER, is_active=True))
    return [Officer(*row) for row in rows.values_list("id", "full_name", "team_id")]


def get_officer_name(*, user_id: int) -> str:
    """Empty for nobody that there is."""
    return User.objects.filter(pk=user_id).values_list("full_name", flat=True).first() or ""
