"""The red switches that bear on each case of a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection

from cases.queries import get_switches_off
from cases.switches import Off, channel_switch, team_switch, teams_off
from contacts.lifecycle import MessageChannel
from escalation.stopping import Stops
from kernel.sql_text import array_text

_OF_CASES = """
    SELECT c.id, c.team_id, d.preferred_channel = 'email'
    FROM cases_case c JOIN debtors_debtor d ON d.id = c.debtor_id
    WHERE c.id = ANY(%s::bigint[])
"""


def get_stops(*, case_ids: Sequence[int]) -> Mapping[int, Stops]:
    """By case; empty while every switch is on, which is all that is asked then.

    Teams and preferred channels are read only where a switch depends on them.
    """
    off = get_switches_off()
    if not off:
        return {}
    if not _depends_on_the_case(off):
        return dict.fromkeys(case_ids, Stops(off))
    teams = frozenset(teams_off(off))
    known: dict[tuple[int | None, bool], Stops] = {}
    found: dict[int, Stops] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OF_CASES, [array_text(case_ids)])
        for case_id, team_id, prefers_email in cursor.fetchall():
            of_team = team_id if team_id in teams else None
            found[case_id] = known.setdefault(
                (of_team, prefers_email),
                Stops(off, None if of_team is None else team_switch(of_team), prefers_email),
            )
    return found


def _depends_on_the_case(off: Off) -> bool:
    by_message = (MessageChannel.SMS, MessageChannel.EMAIL)
    return bool(teams_off(off)) or any(channel_switch(channel) in off for channel in by_message)
