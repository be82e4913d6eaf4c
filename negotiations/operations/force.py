"""Putting an agreement into force: it takes the case and holds its escalation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from cases.lifecycle import Handler, HoldKind
from cases.operations import NewHold, place_holds, take_case
from journal.operations import Subject
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.errors import Conflict
from ledger.operations import start_order
from negotiations.lifecycle import AGREEMENT_LIFECYCLE
from negotiations.models import Agreement
from negotiations.operations.expecting import expect_instalments
from negotiations.policy import policy_on
from negotiations.queries import get_case_figures, list_silencing_holds


class CaseSilenced(Conflict):
    """A hold forbids contact: nobody settles with the dead or the bankrupt. ``holds`` names it."""

    code = "case_silenced"


@by_machine
def check_may_settle(*, case_id: int) -> None:
    """Raises CaseSilenced."""
    holds = list_silencing_holds(case_id=case_id)
    if holds:
        raise CaseSilenced(case_id=case_id, holds=holds)


@by_machine
@transaction.atomic
def put_into_force(
    *,
    agreement: Agreement,
    move: str,
    on: date,
    actor: Actor,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
    payload: Mapping[str, Any] | None = None,
) -> Agreement:
    """The case must be locked. Raises CaseSilenced, CaseHandledByAnother, MoveNotAllowed."""
    check_may_settle(case_id=agreement.case_id)
    cause = f"agreement:{agreement.pk}"
    first = agreement.instalments.order_by("number")[0]
    agreement = move_status(
        row=agreement,
        lifecycle=AGREEMENT_LIFECYCLE,
        move=move,
        subject=Subject("case", agreement.case_id),
        changes={
            "in_force_on": on,
            "judge_on": first.due_on + timedelta(days=agreement.tolerance_days),
            **(changes or {}),
        },
        payload=payload,
        actor=actor,
        at=at,
    )
    take_case(
        case_id=agreement.case_id,
        handler=Handler.AGREEMENT,
        cause=cause,
        on=on,
        at=at,
        actor=actor,
    )
    hold = NewHold(agreement.case_id, HoldKind.AGREEMENT, cause, "", on, None)
    place_holds(holds=[hold], at=at, actor=actor)
    _start_order(agreement, cause, on, actor, at)
    expect_instalments(agreement_ids=[agreement.pk])
    return agreement


def _start_order(agreement: Agreement, cause: str, on: date, actor: Actor, at: datetime) -> None:
    """The order in which payments are credited may be part of what is agreed."""
    order_key = policy_on(agreement.policy_from).allocation_order
    if order_key:
        figures = get_case_figures(case_id=agreement.case_id, currency=agreement.currency)
        start_order(
            account_ids=[account_id for account_id, _ in figures.account_dues],
            order_key=order_key,
            cause=cause,
            from_on=on,
            actor=actor,
            at=at,
        )
