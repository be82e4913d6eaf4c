"""Managers and lawyers who decide what the machine and the officers propose."""

from __future__ import annotations

from datetime import date, datetime

from bookkeeping.models import WriteOffBatch
from bookkeeping.operations import decide_write_off_batch
from cases.queries.approvals import ApprovalRow
from collections_app.demo.world import World, attempt
from desk.approvals import Verdict, decide_approval, each_approval
from kernel.clock import legal_day
from kernel.errors import DomainError


def decide(world: World, on: date, at: datetime) -> None:
    """Most proposals are granted after a day or three, some refused or sent back, some left open
    for long. Small balances are written off on the day after they were proposed."""
    for batch in WriteOffBatch.objects.filter(
        status="proposed", proposed_at__lt=at.replace(hour=0)
    ):
        attempt(
            decide_write_off_batch, write_off_batch_id=batch.pk, move="approve",
            reason="Koszt dochodzenia przewyższa saldo.", actor=world.managers[0], at=at,
        )  # fmt: skip
    for row in list(each_approval(actor=world.managers[0])):
        dice = world.dice("decide", row.kind, row.id)
        draw, patience = dice.random(), dice.randint(1, 3) if dice.random() < 0.9 else 40
        if row.status != "proposed" or (on - legal_day(row.proposed_at)).days < patience:
            continue
        verdict, reason = _verdict(draw)
        _decide(world, row, verdict, reason, at)


def _verdict(draw: float) -> tuple[Verdict, str]:
    if draw < 0.80:
        return Verdict.GRANT, "Zgodnie z polityką."
    if draw < 0.95:
        return Verdict.REFUSE, "Najpierw jeszcze rozmowa."
    return Verdict.SEND_BACK, "Proszę dołączyć wynik ostatniej rozmowy."


def _decide(world: World, row: ApprovalRow, verdict: Verdict, reason: str, at: datetime) -> None:
    people = world.legal if row.kind == "referral" else world.managers
    for actor in people:
        if actor.user_id == row.proposed_by_id:
            continue
        try:
            decide_approval(
                kind=row.kind,
                proposal_id=row.id,
                verdict=verdict,
                reason=reason,
                actor=actor,
                at=at,
            )
        except DomainError:
            if verdict is Verdict.GRANT:
                _decide(world, row, Verdict.REFUSE, "Podstawy odpadły.", at)
        return
