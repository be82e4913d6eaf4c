"""Lending one's own authority to decide to a colleague for a while, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction

from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from staff import events
from staff.authority import holder_of, lend
from staff.lifecycle import ApprovalKind
from staff.models import Delegation, User
from staff.queries import is_within_reach
from staff.rights import Right, Role

#: A longer absence is a change of roles.
MOST_DAYS: Final = 92


class NothingToDelegate(NotAllowed):
    """The giver's own role decides none of the kinds; what was lent is never lent further."""

    code = "nothing_to_delegate"


class DeputyNotSuitable(InvalidInput):
    """``deputy`` does not work here any more, has a role that is not enough for ``kinds``, or
    sees none of the giver's cases."""

    code = "deputy_not_suitable"


class DelegationPeriodInvalid(InvalidInput):
    """It begins today or later, ends on the first day or later, and lasts ``most_days`` at most."""

    code = "delegation_period_invalid"


class DelegationReasonMissing(InvalidInput):
    code = "delegation_reason_missing"


class DelegationOverlaps(Conflict):
    """The same colleague has it already for some of these days: ``from_on`` to ``until_on``."""

    code = "delegation_overlaps"


class DelegationNotFound(NotFound):
    code = "delegation_not_found"


class DelegationNotYours(NotAllowed):
    """Only who lent it, or who holds it, gives it back."""

    code = "delegation_not_yours"


class DelegationEnded(Conflict):
    code = "delegation_ended"


@requires(Right.SEE_APPROVALS)
@transaction.atomic
def delegate_authority(
    *,
    deputy_id: int,
    kinds: Sequence[ApprovalKind],
    from_on: date,
    until_on: date,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Delegation:
    """Let a colleague decide in the actor's place, both days included, up to the actor's limits.

    Raises NothingToDelegate, DeputyNotSuitable, DelegationPeriodInvalid, DelegationReasonMissing,
    DelegationOverlaps.
    """
    giver = _lock_giver(actor)
    if not reason.strip():
        raise DelegationReasonMissing
    too_long = (until_on - from_on).days >= MOST_DAYS
    if from_on < legal_day(at) or until_on < from_on or too_long:
        raise DelegationPeriodInvalid(most_days=MOST_DAYS)
    deputy = User.objects.filter(pk=deputy_id).first()
    _check_suitable(giver, deputy, kinds)
    assert deputy is not None
    overlap = Delegation.objects.filter(
        giver=giver, deputy=deputy, ended_at__isnull=True, from_on__lte=until_on,
        until_on__gte=from_on,
    ).first()  # fmt: skip
    if overlap is not None:
        raise DelegationOverlaps(
            deputy=deputy.full_name, from_on=overlap.from_on, until_on=overlap.until_on
        )
    made = Delegation.objects.create(
        giver=giver,
        deputy=deputy,
        kinds=sorted({str(kind) for kind in kinds}),
        from_on=from_on,
        until_on=until_on,
        reason=reason.strip()[:200],
        made_at=at,
    )
    record_event(
        kind=events.AUTHORITY_LENT,
        subject=Subject("delegation", made.pk),
        actor=actor,
        at=at,
        payload={
            "giver": giver.full_name,
            "giver_id": giver.pk,
            "deputy": deputy.full_name,
            "deputy_id": deputy.pk,
            "kinds": made.kinds,
            "from_on": from_on,
            "until_on": until_on,
            "reason": made.reason,
        },
    )
    return made


@requires(Right.SEE_APPROVALS)
@transaction.atomic
def end_delegation(*, delegation_id: int, actor: Actor, at: datetime) -> Delegation:
    """Take back what one lent, or give back what one was lent; it holds from this moment.

    Raises DelegationNotFound, DelegationNotYours, DelegationEnded.
    """
    rows = Delegation.objects.select_for_update(no_key=True, of=["self"])
    delegation = rows.filter(pk=delegation_id).first()
    if delegation is None:
        raise DelegationNotFound(delegation_id=delegation_id)
    if actor.user_id not in (delegation.giver_id, delegation.deputy_id):
        raise DelegationNotYours
    if delegation.ended_at is not None or delegation.until_on < legal_day(at):
        raise DelegationEnded
    delegation.ended_at, delegation.ended_by_id = at, actor.user_id
    delegation.save(update_fields=["ended_at", "ended_by"])
    record_event(
        kind=events.AUTHORITY_TAKEN_BACK,
        subject=Subject("delegation", delegation.pk),
        actor=actor,
        at=at,
        payload={"giver_id": delegation.giver_id, "deputy_id": delegation.deputy_id},
    )
    return delegation


def _lock_giver(actor: Actor) -> User:
    """One at a time, so that two of the same giver cannot overlap."""
    if actor.user_id is None:
        raise NothingToDelegate
    return User.objects.select_for_update(no_key=True).get(pk=actor.user_id)


def _check_suitable(giver: User, deputy: User | None, kinds: Sequence[ApprovalKind]) -> None:
    own = holder_of(
        user_id=giver.pk,
        name=giver.full_name,
        role=Role(giver.role),
        team_id=giver.team_id,
        limits={},
    )
    if not kinds or not set(kinds) <= own.kinds:
        raise NothingToDelegate(kinds=sorted(set(kinds) - own.kinds))
    if deputy is None or not deputy.is_active or deputy.pk == giver.pk:
        raise DeputyNotSuitable(deputy=deputy.full_name if deputy else "", kinds=())
    lent = lend(own, kinds=kinds, to=Role(deputy.role))
    missing = sorted(set(kinds) - lent.kinds)
    if missing or not is_within_reach(giver=giver, deputy=deputy):
        raise DeputyNotSuitable(deputy=deputy.full_name, kinds=missing)
