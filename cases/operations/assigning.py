"""Which team and which officer a case belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from cases.events import CASE_ASSIGNED
from cases.lifecycle import CaseStatus
from cases.locking import CaseNotFound, lock_cases
from cases.models import Case, WorkItem
from cases.operations.claiming import check_hands
from cases.outcome import Outcome
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import Conflict, DomainError, InvalidInput, NotAllowed
from staff.models import User
from staff.rights import Right


class OwnerNotInTeam(InvalidInput):
    """The officer is not an active member of the team."""

    code = "owner_not_in_team"


class TeamNotYours(NotAllowed):
    """Whoever sees one team gives its cases to that team only."""

    code = "team_not_yours"


class ClosedCaseNotAssigned(Conflict):
    """Nobody works on a closed case; opened again, it can be assigned."""

    code = "case_is_closed"


@requires(Right.ASSIGN_CASE)
@transaction.atomic
def assign_cases(
    *,
    case_ids: Sequence[int],
    team_id: int | None,
    owner_id: int | None,
    actor: Actor,
    at: datetime,
) -> list[int]:
    """Give the cases to a team and, within it, to an officer; returns those that changed.

    Raises CaseNotFound when one is outside the actor's team, OwnerNotInTeam, TeamNotYours.
    """
    if actor.team_id is not None and team_id != actor.team_id:
        raise TeamNotYours(team_id=team_id)
    if owner_id is not None and not _is_member(owner_id, team_id):
        raise OwnerNotInTeam(owner_id=owner_id, team_id=team_id)
    locked = lock_cases(case_ids=case_ids)
    _check_scope(case_ids, locked, actor)
    before = {
        pk: (old_team, old_owner)
        for pk, old_team, old_owner in Case.objects.filter(pk__in=locked).values_list(
            "id", "team_id", "owner_id"
        )
        if (old_team, old_owner) != (team_id, owner_id)
    }
    changed = sorted(before)
    Case.objects.filter(pk__in=changed).update(team_id=team_id, owner_id=owner_id, updated_at=at)
    WorkItem.objects.filter(case_id__in=changed, status="open").update(
        team_id=team_id, owner_id=owner_id
    )
    record_events(
        events=[
            NewEvent(
                CASE_ASSIGNED,
                Subject("case", case_id),
                {
                    "team_id": team_id,
                    "owner_id": owner_id,
                    "from_team_id": before[case_id][0],
                    "from_owner_id": before[case_id][1],
                },
                legal_day(at),
            )
            for case_id in changed
        ],
        actor=actor,
        at=at,
    )
    return changed


@requires(Right.ASSIGN_CASE)
@transaction.atomic
def assign_case(
    *, case_id: int, team_id: int | None, owner_id: int | None, actor: Actor, at: datetime
) -> None:
    """The same for one case; also raises ClosedCaseNotAssigned, and CaseInHand while a colleague
    works on it."""
    changed = assign_cases(
        case_ids=[case_id], team_id=team_id, owner_id=owner_id, actor=actor, at=at
    )
    if not changed:
        return
    if not Case.objects.filter(pk=case_id, status=CaseStatus.OPEN).exists():
        raise ClosedCaseNotAssigned(case_id=case_id)
    check_hands(case_id=case_id, actor=actor, at=at)


@requires(Right.ASSIGN_CASE)
def assign_all_cases(
    *,
    case_ids: Sequence[int],
    team_id: int | None,
    owner_id: int | None,
    actor: Actor,
    at: datetime,
) -> Outcome:
    """Each for itself: what one case refuses stops no other."""
    done: list[int] = []
    refused: dict[int, DomainError] = {}
    for pk in sorted(set(case_ids)):
        try:
            assign_case(case_id=pk, team_id=team_id, owner_id=owner_id, actor=actor, at=at)
        except DomainError as error:
            refused[pk] = error
        else:
            done.append(pk)
    return Outcome(done, refused)


def _is_member(user_id: int, team_id: int | None) -> bool:
    found = User.objects.filter(pk=user_id, is_active=True).values_list("team_id", flat=True)
    return list(found) == [team_id]


def _check_scope(case_ids: Sequence[int], locked: Sequence[int], actor: Actor) -> None:
    found = set(locked)
    if actor.team_id is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM cases_case WHERE id = ANY(%s) AND team_id = %s",
                [list(locked), actor.team_id],
            )
            found = {int(row[0]) for row in cursor.fetchall()}
    missing = sorted(set(case_ids) - found)
    if missing:
        raise CaseNotFound(case_id=missing[0])
