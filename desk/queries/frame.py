"""What stands around every page of one reader: how much waits, and what they did today."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from django.db import connection

from kernel.actor import Actor
from staff.rights import Right

#: Counting stops here.
CAP: Final = 1_000


class FrameCounts(NamedTuple):
    """Each counted to ``CAP``."""

    #: Work due by tonight: one's own, or the team's where one has none at all.
    work: int
    #: Proposals that wait for a decision in the reader's reach.
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
_PROPOSALS = " UNION ALL ".join(
    f"SELECT case_id FROM {table} WHERE status = 'proposed'"
    for table in (
        "contacts_termination",
        "negotiations_agreement",
        "agencies_placement",
        "courts_referral",
        "bookkeeping_writeoff",
        "bookkeeping_refund",
        "bookkeeping_charge",
    )
)


def get_frame_counts(*, actor: Actor, on: date) -> FrameCounts:
    """One statement; what the reader has no right to see is counted as nothing."""
    if not actor.has(Right.SEE_CASES):
        return FrameCounts(0, 0, 0, 0)
    of_team = actor.team_id is not None
    approvals = _APPROVALS.format(
        proposals=_PROPOSALS,
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
