"""What people have in hand, and what came of their work; by team, in the order of names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from kernel.text import polish_sort_key
from portfolio.entries import EntryKind
from portfolio.queries import Officer, PersonSums
from portfolio.queries.people import PersonKey
from portfolio.views.asked import BoardAsked
from staff.figures import format_decimal
from staff.models import Team

#: From this share of the daily norm on, a load is marked.
ALARM_PERCENT: Final = 130
#: The drawing: the norm stands at 300 of 450, so that one and a half norms fill it.
BAR_WIDTH: Final = 450
NORM_AT: Final = 300

_Kind = EntryKind


@dataclass(frozen=True, slots=True)
class Number:
    """A count that opens what it counts."""

    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Person:
    """``percent`` is None where there is no norm to hold the work against."""

    name: str
    is_nobody: bool
    cases: Number
    due: Number
    late: Number
    done: Number
    percent: int | None
    bar: int
    attempts: Number
    talks: Number
    talk_rate: str
    promises: Number
    kept: Number
    kept_rate: str
    paid_minor: int
    paid: Number

    @property
    def is_overloaded(self) -> bool:
        return self.percent is not None and self.percent >= ALARM_PERCENT

    @property
    def has_acted(self) -> bool:
        return bool(self.attempts.count or self.talks.count or self.promises.count
                    or self.paid.count or self.kept.count)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TeamPeople:
    name: str
    norm: int
    people: list[Person]

    @property
    def acting(self) -> list[Person]:
        return [person for person in self.people if person.has_acted]


@dataclass(frozen=True, slots=True)
class _Row:
    """One line to be: whose, and the sums of it."""

    officer: Officer | None
    team_id: int | None
    sums: Sequence[PersonSums]

    def count(self, kind: EntryKind) -> int:
        return sum(sums.count(kind) for sums in self.sums)


def people_by_team(
    found: Mapping[PersonKey, PersonSums],
    officers: Sequence[Officer],
    teams: Sequence[Team],
    currency: str,
    asked: BoardAsked,
) -> list[TeamPeople]:
    """Each officer under their own team, and under each team the work that nobody has."""
    by_officer: dict[int | None, list[tuple[int | None, PersonSums]]] = defaultdict(list)
    for (officer_id, team_id), sums in found.items():
        by_officer[officer_id].append((team_id, sums))
    members: dict[int | None, list[_Row]] = defaultdict(list)
    for officer in officers:
        own = [one for _team, one in by_officer.get(officer.id, [])]
        if own or officer.team_id is not None:
            members[officer.team_id].append(_Row(officer, officer.team_id, own))
    nobody: dict[int | None, list[PersonSums]] = defaultdict(list)
    for team_id, one in by_officer.get(None, []):
        nobody[team_id].append(one)
    seen = [team for team in teams if asked.scope.team_id in (None, team.pk)]
    result = []
    for team in seen:
        rows = sorted(members[team.pk], key=_by_name)
        people = [_person(row, team.daily_norm, currency, asked) for row in rows]
        if nobody[team.pk]:
            row = _Row(None, team.pk, nobody[team.pk])
            people.append(_person(row, team.daily_norm * len(rows), currency, asked))
        result.append(TeamPeople(team.name, team.daily_norm, people))
    others = sorted(members[None], key=_by_name)
    if others and asked.scope.team_id is None:
        people = [_person(row, 0, currency, asked) for row in others]
        result.append(TeamPeople(_("Without a team"), 0, people))
    return [team for team in result if team.people]


def _by_name(row: _Row) -> str:
    """By the last word of the name, then by the rest, in the order of the Polish alphabet."""
    words = row.officer.name.split() if row.officer else []
    return polish_sort_key(" ".join([*words[-1:], *words[:-1]]))


def _person(row: _Row, norm: int, currency: str, asked: BoardAsked) -> Person:
    officer_id = row.officer.id if row.officer else 0
    team = row.team_id if row.officer is None else None
    after = asked.stretch.after if asked.stretch else None

    def at_close(kind: EntryKind) -> Number:
        return Number(row.count(kind), asked.lines_url(kind, officer=officer_id, team=team))

    def over(*kinds: EntryKind) -> Number:
        url = asked.lines_url(*kinds, since=after, officer=officer_id, team=team)
        return Number(sum(row.count(kind) for kind in kinds), url)

    attempts, talks, due = over(_Kind.ATTEMPT), over(_Kind.TALK), at_close(_Kind.WORK_DUE)
    kept, broken = over(_Kind.PROMISE_KEPT), over(_Kind.PROMISE_BROKEN)
    percent = round(100 * due.count / norm) if norm else None
    paid_url = asked.lines_url(
        _Kind.PAID_AFTER_TALK, currency=currency, since=after, officer=officer_id, team=team
    )
    return Person(
        name=row.officer.name if row.officer else _("Given to nobody"),
        is_nobody=row.officer is None,
        cases=Number(row.count(_Kind.OWNED),
                     asked.cases_url("", owner=officer_id, team=team)),
        due=due,
        late=at_close(_Kind.WORK_LATE),
        done=Number(sum(sums.done for sums in row.sums),
                    asked.lines_url(_Kind.WORK_DONE, officer=officer_id, team=team)),
        percent=percent,
        bar=min(round((percent or 0) * NORM_AT / 100), BAR_WIDTH),
        attempts=attempts,
        talks=talks,
        talk_rate=_rate(talks.count, attempts.count),
        promises=over(_Kind.PROMISE_MADE),
        kept=kept,
        kept_rate=_rate(kept.count, kept.count + broken.count),
        paid_minor=sum(sums.money(_Kind.PAID_AFTER_TALK, currency) for sums in row.sums),
        paid=Number(_entries(row, _Kind.PAID_AFTER_TALK, currency), paid_url),
    )  # fmt: skip


def _entries(row: _Row, kind: EntryKind, currency: str) -> int:
    return sum(
        sums.acts[kind][currency].entries
        for sums in row.sums
        if currency in sums.acts.get(kind, {})
    )


def _rate(part: int, whole: int) -> str:
    """In percent, without decimals; empty where there is nothing to divide by."""
    return format_decimal(Decimal(part) * 100 / whole, places=0) if whole else ""
