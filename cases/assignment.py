"""Which team gets a new case: always the one with the fewest open cases for its strength. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple


class TeamLoad(NamedTuple):
    """``capacity`` is what the team does in a day: its officers times its daily norm."""

    team_id: int
    open_cases: int
    capacity: int


def share_out(count: int, teams: Sequence[TeamLoad]) -> list[int | None]:
    """The team of each of ``count`` new cases. A team without officers gets none.

    Without any team that can work, nobody gets them and a leader assigns them.
    """
    heap = [
        (Fraction(team.open_cases + 1, team.capacity), team.team_id, team.open_cases, team.capacity)
        for team in teams
        if team.capacity > 0
    ]
    heapq.heapify(heap)
    if not heap:
        return [None] * count
    shares: list[int | None] = []
    for _ in range(count):
        _, team_id, load, capacity = heap[0]
        shares.append(team_id)
        heapq.heapreplace(heap, (Fraction(load + 2, capacity), team_id, load + 1, capacity))
    return shares
