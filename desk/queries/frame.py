"""What stands around every page of one reader: how much waits, and what they did today."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from django.db import connection

from cases.lifecycle import SwitchKind
from cases.switches import Switch
from kernel.actor import Actor
from staff.approvals import approval_tables
from staff.lifecycle import ApprovalKind
from staff.rights import RIGHT_TO_DECIDE, Right

#: Counting stops here.
CAP: Final = 1_000


class FrameCounts(NamedTuple):
    """Each counted to ``CAP``."""

    #: Work due by tonight: one's own, or the team's where one has none at all.
    work: int
    #: Proposals of the kinds that the reader decides, by role or lent, but never their own. How
    #: far their limit goes is said on the list: this is asked with every page.
    approvals: int
    contacts_today: int
    promises_today: int


_COUNT = """
    SELECT
        CASE WHEN EXISTS (SELECT 1 FROM cases_workitem w
                          WHERE w.status = 'open' AND w.owner_id = %(user)s {team_of_work})
        THEN (SELECT count(*) FROM (
            SELECT 1 FROM cases_workitem w
            WHERE w.status = 'open' AND w.owner_id = %(user)s AND w.due_on <= %(on)s {team_of_work}
            LIMIT %(cap)s) own)
        ELSE (SELECT count(*) FROM (
            SELECT 1 FROM cases_workitem w
            WHERE w.status = 'open' AND w.due_on <= %(on)s {team_of_work}
            LIMIT %(cap)s) shared)
        END,
        {approvals},
        (SELECT count(*) FROM (
            SELECT 1 FROM contacts_attempt a
            WHERE a.logged_by_id = %(user)s AND a.happened_on = %(on)s AND a.struck_at IS NULL
            LIMIT %(cap)s) contact),
        (SELECT count(*) FROM (
            SELECT 1 FROM contacts_attempt a JOIN contacts_promise p ON p.attempt_id = a.id
            WHERE a.logged_by_id = %(user)s AND a.happened_on = %(on)s AND a.struck_at IS NULL
            LIMIT %(cap)s) promise)
"""
_APPROVALS = """(SELECT count(*) FROM (
            SELECT 1 FROM ({proposals}) proposal
            {team_of_case} LIMIT %(cap)s) waiting)"""
_PROPOSALS = """
    SELECT case_id FROM {table}
    WHERE status = 'proposed' AND proposed_by_id IS DISTINCT FROM %(user)s AND {decides}"""
_LENT = """EXISTS (
        SELECT 1 FROM staff_delegation d JOIN staff_user g ON g.id = d.giver_id AND g.is_active
        WHERE d.deputy_id = %(user)s AND '{kind}' = ANY(d.kinds) AND d.ended_at IS NULL
          AND d.from_on <= %(on)s AND d.until_on >= %(on)s)"""


def _decides(actor: Actor, kind: str) -> str:
    own = actor.has(RIGHT_TO_DECIDE[ApprovalKind(kind)])
    return "true" if own else _LENT.format(kind=kind)


def get_frame_counts(*, actor: Actor, on: date) -> FrameCounts:
    """One statement; what the reader has no right to see is counted as nothing."""
    if not actor.has(Right.SEE_CASES):
        return FrameCounts(0, 0, 0, 0)
    of_team = actor.team_id is not None
    approvals = _APPROVALS.format(
        proposals=" UNION ALL ".join(
            _PROPOSALS.format(table=table, kind=kind, decides=_decides(actor, kind))
            for kind, table in approval_tables().items()
        ),
        team_of_case="JOIN cases_case c ON c.id = proposal.case_id AND c.team_id = %(team)s"
        if of_team
        else "",
    )
    sql = _COUNT.format(
        team_of_work="AND w.team_id = %(team)s" if of_team else "",
        approvals=approvals if actor.has(Right.SEE_APPROVALS) else "0",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {"user": actor.user_id, "team": actor.team_id, "on": on, "cap": CAP})
        return FrameCounts._make(cursor.fetchone())


class SwitchedOff(NamedTuple):
    """A red switch that is off; ``team`` is the name of the team, where it is one's."""

    switch: Switch
    team: str


def list_switched_off() -> list[SwitchedOff]:
    """For the banner of every page: what everybody has to know of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.kind, s.key, coalesce(t.name, '') FROM cases_redswitch s"
            " LEFT JOIN staff_team t ON s.kind = 'team' AND t.id::text = s.key"
            " WHERE s.status = 'off' ORDER BY s.kind, s.key"
        )
        return [
            SwitchedOff(Switch(SwitchKind(kind), key), team)
            for kind, key, team in cursor.fetchall()
        ]
