"""Teams, and up to which amount a role decides."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import Conflict, NotFound
from kernel.money import InvalidAmount, currency_exponent
from staff import events
from staff.models import ApprovalLimit, Team
from staff.rights import Right, Role


class TeamNameTaken(Conflict):
    code = "team_name_taken"


class TeamNotFound(NotFound):
    code = "team_not_found"


class LimitNotFound(NotFound):
    """Somebody has removed it already."""

    code = "limit_not_found"


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def create_team(*, name: str, actor: Actor, at: datetime, daily_norm: int = 25) -> Team:
    """Raises TeamNameTaken."""
    if Team.objects.filter(name=name).exists():
        raise TeamNameTaken(name=name)
    team = Team.objects.create(name=name, daily_norm=daily_norm)
    record_event(
        kind=events.TEAM_CREATED,
        subject=Subject("team", team.pk),
        actor=actor,
        at=at,
        payload={"name": name, "daily_norm": daily_norm},
    )
    return team


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def change_team(*, team_id: int, name: str, daily_norm: int, actor: Actor, at: datetime) -> Team:
    """Raises TeamNotFound, TeamNameTaken."""
    team = Team.objects.select_for_update(no_key=True).filter(pk=team_id).first()
    if team is None:
        raise TeamNotFound(team_id=team_id)
    if Team.objects.filter(name=name).exclude(pk=team_id).exists():
        raise TeamNameTaken(name=name)
    before = {"name": team.name, "daily_norm": team.daily_norm}
    team.name, team.daily_norm = name, daily_norm
    team.save(update_fields=["name", "daily_norm"])
    record_event(
        kind=events.TEAM_CHANGED,
        subject=Subject("team", team.pk),
        actor=actor,
        at=at,
        payload={"before": before, "after": {"name": name, "daily_norm": daily_norm}},
    )
    return team


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def set_approval_limit(
    *, role: Role, kind: str, currency: str, amount_minor: int, actor: Actor, at: datetime
) -> ApprovalLimit:
    """Up to ``amount_minor`` the role may decide proposals of ``kind`` in ``currency``."""
    if amount_minor < 0:
        raise InvalidAmount(amount_minor=amount_minor)
    currency_exponent(currency)
    limit, _ = ApprovalLimit.objects.update_or_create(
        role=role, kind=kind, currency=currency, defaults={"amount_minor": amount_minor}
    )
    record_event(
        kind=events.LIMIT_SET,
        subject=Subject("approval_limit", limit.pk),
        actor=actor,
        at=at,
        payload={"role": role, "kind": kind, "currency": currency, "amount_minor": amount_minor},
    )
    return limit


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def remove_approval_limit(*, limit_id: int, actor: Actor, at: datetime) -> None:
    """From now on the role decides without this limit, or nothing, as if none had been laid down.

    Raises LimitNotFound.
    """
    limit = ApprovalLimit.objects.select_for_update().filter(pk=limit_id).first()
    if limit is None:
        raise LimitNotFound(limit_id=limit_id)
    record_event(
        kind=events.LIMIT_REMOVED,
        subject=Subject("approval_limit", limit.pk),
        actor=actor,
        at=at,
        payload={
            "role": limit.role,
            "kind": limit.kind,
            "currency": limit.currency,
            "amount_minor": limit.amount_minor,
        },
    )
    limit.delete()
