"""Proposing that a case goes to an agency. A person decides later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction

from agencies import events
from agencies.lifecycle import LIVE, PLACEMENT_LIFECYCLE
from agencies.models import Placement
from agencies.placeable import check_placeable
from agencies.queries import PlacementNotFound, list_placement_facts
from cases.lifecycle import Handler
from cases.locking import lock_case
from cases.models import Case
from cases.operations import (
    CaseHandledByAnother,
    NewProposal,
    Proposable,
    propose_again,
    propose_by_person,
    propose_for_cases,
)
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.clock import legal_day
from kernel.errors import Conflict
from staff.approvals import ReasonMissing
from staff.rights import Right


class LivePlacement(Conflict):
    """The case has a placement that is proposed, approved or with an agency."""

    code = "live_placement"


PLACEMENT: Final = Proposable(
    "placement",
    Placement._meta.db_table,
    events.PLACEMENT_PROPOSED,
    empty=("decision_reason", "end_reason"),
    changed=events.PLACEMENT_AMOUNT_CHANGED,
)


@by_machine
@transaction.atomic
def propose_placements(
    *, proposals: Sequence[NewProposal], on: date, at: datetime, actor: Actor
) -> list[int]:
    """Propose agency placements and hold the cases until a person has decided.

    Returns the ids of the cases that were proposed; see ``propose_for_cases``.
    """
    return propose_for_cases(what=PLACEMENT, proposals=proposals, on=on, at=at, actor=actor)


@requires(Right.PROPOSE_PLACEMENT)
def check_placement_proposal(*, case: Case, actor: Actor, at: datetime) -> None:
    """What would refuse a proposal now, before anybody writes one."""
    _check(case, legal_day(at))


def _check(case: Case, on: date) -> None:
    live = Placement.objects.filter(case=case, status__in=LIVE).first()
    if live is not None:
        raise LivePlacement(placement_id=live.pk, status=live.status)
    if case.handled_by != Handler.HOUSE:
        raise CaseHandledByAnother(case_id=case.pk, handled_by=case.handled_by)
    facts = list_placement_facts(case_ids=[case.pk], on=on)[case.pk]
    check_placeable(facts, by_strategy=False)


@requires(Right.PROPOSE_PLACEMENT)
@transaction.atomic
def propose_placement(*, case_id: int, reason: str, actor: Actor, at: datetime) -> Placement:
    """A person proposes to place a case whose debts are terminated.

    Raises CaseNotFound, LivePlacement, CaseHandledByAnother, ReasonMissing, and the errors of
    ``placeable``.
    """
    on = legal_day(at)
    if not reason.strip():
        raise ReasonMissing
    case = lock_case(case_id=case_id, actor=actor)
    _check(case, on)
    cause = propose_by_person(
        what=PLACEMENT, case_id=case_id, reason=reason, on=on, at=at, actor=actor
    )
    return Placement.objects.get(cause=cause)


@requires(Right.PROPOSE_PLACEMENT)
@transaction.atomic
def propose_placement_again(
    *, placement_id: int, reason: str, actor: Actor, at: datetime
) -> Placement:
    """Put a proposal that was sent back to the deciders again, now as the actor's own.

    Raises PlacementNotFound, CaseNotFound, ReasonMissing, MoveNotAllowed.
    """
    placement = Placement.objects.filter(pk=placement_id).first()
    if placement is None:
        raise PlacementNotFound(placement_id=placement_id)
    return propose_again(
        row=placement,
        case_id=placement.case_id,
        lifecycle=PLACEMENT_LIFECYCLE,
        reason=reason,
        actor=actor,
        at=at,
    )
