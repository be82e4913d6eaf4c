"""Cases of somebody who left: locked out, or in another team now."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction

from cases.models import Case
from cases.operations.assigning import assign_cases
from kernel.actor import Actor
from kernel.authority import by_machine
from staff.models import User


@by_machine
@transaction.atomic
def hand_back_cases(*, user_id: int, actor: Actor, at: datetime) -> int:
    """Cases whose owner may not sign in any more, or is not of the case's team, lie in the shared
    list of that team from now on. Returns how many there were."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    owned = Case.objects.filter(owner_id=user_id).order_by("id").only("id", "team_id")
    by_team: dict[int | None, list[int]] = defaultdict(list)
    for case in owned:
        if user is None or case.team_id != user.team_id:
            by_team[case.team_id].append(case.pk)
    for team_id, case_ids in by_team.items():
        assign_cases(case_ids=case_ids, team_id=team_id, owner_id=None, actor=actor, at=at)
    return sum(map(len, by_team.values()))
