"""Leaders of teams, who give the cases that nobody owns to their officers."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from cases.lifecycle import CaseStatus
from cases.models import Case
from cases.operations import assign_cases
from collections_app.demo.world import World

#: Some cases stay with the team, for whoever is free.
_GIVEN = 0.8


def give_out_cases(world: World, at: datetime) -> None:
    """Every new case, by turns; once asked, a case stays where it is."""
    for leader in world.leaders:
        assert leader.team_id is not None, "who leads sees one team"
        officers = [officer for officer in world.officers if officer.team_id == leader.team_id]
        free = Case.objects.filter(
            status=CaseStatus.OPEN, owner__isnull=True, team_id=leader.team_id
        )
        given: dict[int, list[int]] = defaultdict(list)
        for case_id in free.order_by("id").values_list("id", flat=True):
            dice = world.dice("owner", case_id)
            if dice.random() < _GIVEN:
                given[dice.randrange(len(officers))].append(case_id)
        for place, case_ids in sorted(given.items()):
            assign_cases(
                case_ids=case_ids,
                team_id=leader.team_id,
                owner_id=officers[place].user_id,
                actor=leader,
                at=at,
            )
