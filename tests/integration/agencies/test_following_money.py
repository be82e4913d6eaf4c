"""A payment tells whoever waits for a case, or has it, what is due now."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from agencies.models import Agency, Placement
from agencies.operations import (
    decide_placement,
    follow_money,
    make_placement_batch,
    propose_placements,
)
from cases.models import Case
from cases.operations import NewProposal
from debtors.models import Debt
from journal.delivery import deliver_pending
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from staff.models import ApprovalLimit
from tests.integration.cases.builders import pay

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "amount", "due"),
    [("proposed", 100_000, None), ("approved", 100_000, None), ("placed", 125_000, 100_000)],
)
def test_a_payment_tells_whoever_waits_for_the_case_what_is_due_now(
    ready_case: Case, agency: Agency, status: str, amount: int, due: int | None, at: datetime,
    on: date, machine: Actor, as_manager: Actor, limit: ApprovalLimit,
) -> None:  # fmt: skip
    propose_placements(
        proposals=[NewProposal(ready_case.pk, "step:1", {})], on=on, at=at, actor=machine
    )
    placement = Placement.objects.get()
    if status != "proposed":
        decide_placement(
            placement_id=placement.pk, move="approve", reason="seen", actor=as_manager, at=at
        )
    if status == "placed":
        make_placement_batch(agency_id=agency.pk, actor=as_manager, at=at)
    pay(Debt.objects.get(parties__debtor=ready_case.debtor), 25_000, on=on, at=at)
    deliver_pending(at=at)
    follow_money(case_ids=[ready_case.pk], actor=machine, at=at)
    placement.refresh_from_db()
    assert (placement.status, placement.amount_minor, placement.due_minor) == (status, amount, due)
    (event,) = list_events(
        subjects=[Subject("case", ready_case.pk)], kinds=["placement.amount_changed"]
    )
    assert (event.payload["before_minor"], event.payload["amount_minor"]) == (125_000, 100_000)
