"""How many cases stand where: by step, held, and gone. A reader of one team counts its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import Count

from cases.lifecycle import Handler, holds_that_stop
from escalation.lifecycle import EnrolmentStatus
from escalation.models import Enrolment
from kernel.actor import Actor

#: Cases by version and step.
Standing = Mapping[int, Mapping[str, int]]


def count_standing(*, actor: Actor, strategy_key: str | None = None) -> Standing:
    """Active enrolments that the actor may see, by version and step."""
    rows = Enrolment.objects.filter(status=EnrolmentStatus.ACTIVE)
    if strategy_key is not None:
        rows = rows.filter(version__strategy__key=strategy_key)
    if actor.team_id is not None:
        rows = rows.filter(case__team_id=actor.team_id)
    standing: dict[int, dict[str, int]] = defaultdict(dict)
    for version_id, step, cases in (
        rows.order_by().values_list("version_id", "step_key").annotate(cases=Count("id"))
    ):
        standing[version_id][step] = cases
    return standing


def list_step_counts(*, standing: Standing) -> dict[str, int]:
    """By step, over all versions."""
    counts: dict[str, int] = defaultdict(int)
    for steps in standing.values():
        for step, count in steps.items():
            counts[step] += count
    return counts


class Held(NamedTuple):
    """Cases that a hold stops, and cases in other hands, by the handler; one case may be both."""

    on_hold: int
    handled: Mapping[Handler, int]


#: From the few that are held or handed over; asked of each case, every case would be looked at.
_HELD: Final = """
    WITH on_strategy AS (
        SELECT e.case_id FROM escalation_enrolment e
        JOIN escalation_strategyversion v ON v.id = e.version_id
        JOIN escalation_strategy s ON s.id = v.strategy_id
        WHERE e.status = 'active' AND s.key = %(key)s
    ), held AS (
        SELECT DISTINCT h.case_id FROM cases_hold h
        WHERE h.ended_on IS NULL AND h.kind = ANY(%(stopping)s)
          AND h.from_on <= %(on)s AND (h.until_on IS NULL OR h.until_on >= %(on)s)
    )
    SELECT (
               SELECT count(*) FROM held
               JOIN on_strategy o ON o.case_id = held.case_id {of_team}
           ),
           count(*) FILTER (WHERE c.handled_by = 'agreement'),
           count(*) FILTER (WHERE c.handled_by = 'agency'),
           count(*) FILTER (WHERE c.handled_by = 'court')
    FROM cases_case c JOIN on_strategy o ON o.case_id = c.id
    WHERE c.handled_by <> 'house' AND (%(team)s IS NULL OR c.team_id = %(team)s)
"""
_OF_TEAM: Final = "JOIN cases_case c ON c.id = held.case_id AND c.team_id = %(team)s"


def count_held(*, strategy_key: str, on: date, actor: Actor) -> Held:
    """Of the cases on the strategy, those on which nothing is done on the legal day ``on``."""
    with connection.cursor() as cursor:
        cursor.execute(
            _HELD.format(of_team=_OF_TEAM if actor.team_id is not None else ""),
            {
                "stopping": sorted(holds_that_stop("escalation")),
                "on": on,
                "key": strategy_key,
                "team": actor.team_id,
            },
        )
        on_hold, *handled = cursor.fetchone()
    names = (Handler.AGREEMENT, Handler.AGENCY, Handler.COURT)
    return Held(on_hold, dict(zip(names, handled, strict=True)))


def count_left(*, strategy_key: str, since: date, actor: Actor) -> int:
    """Cases that have left the strategy by a way out since a day, that day included."""
    rows = Enrolment.objects.filter(
        version__strategy__key=strategy_key, status=EnrolmentStatus.EXITED, ended_on__gte=since
    )
    if actor.team_id is not None:
        rows = rows.filter(case__team_id=actor.team_id)
    return rows.count()
