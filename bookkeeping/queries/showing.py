"""Write-offs, refunds and charges as pages show them."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet

from bookkeeping.lifecycle import LineOutcome
from bookkeeping.models import Charge, Refund, WriteOff, WriteOffBatch, WriteOffBatchLine
from kernel.actor import Actor
from kernel.errors import NotFound

#: No list shows more than this at once.
MAX_ROWS: Final = 200
_PEOPLE: Final = ("proposed_by", "decided_by")


class ThingNotFound(NotFound):
    """It is not there, or its case belongs to another team than the actor's."""

    code = "thing_not_found"


def list_case_write_offs(*, case_id: int) -> list[WriteOff]:
    """The newest first."""
    rows = WriteOff.objects.filter(case_id=case_id).select_related(*_PEOPLE)
    return list(rows.order_by("-id")[:MAX_ROWS])


def list_case_refunds(*, case_id: int) -> list[Refund]:
    rows = Refund.objects.filter(case_id=case_id).select_related(*_PEOPLE)
    return list(rows.order_by("-id")[:MAX_ROWS])


def list_case_charges(*, case_id: int) -> list[Charge]:
    rows = Charge.objects.filter(case_id=case_id).select_related(*_PEOPLE)
    return list(rows.order_by("-id")[:MAX_ROWS])


def list_write_offs(
    *, actor: Actor, status: str = "", before_id: int | None = None, limit: int = MAX_ROWS
) -> list[WriteOff]:
    """Of the cases that the actor may see, the newest first; page on with the last id."""
    return list(_page(WriteOff.objects.all(), actor, status, before_id)[:limit])


def list_refunds(
    *, actor: Actor, status: str = "", before_id: int | None = None, limit: int = MAX_ROWS
) -> list[Refund]:
    return list(_page(Refund.objects.all(), actor, status, before_id)[:limit])


def get_write_off(*, write_off_id: int, actor: Actor) -> WriteOff:
    """Raises ThingNotFound."""
    found: WriteOff = _one(WriteOff.objects.all(), write_off_id, actor)
    return found


def get_refund(*, refund_id: int, actor: Actor) -> Refund:
    """Raises ThingNotFound."""
    found: Refund = _one(Refund.objects.all(), refund_id, actor)
    return found


def get_charge(*, charge_id: int, actor: Actor) -> Charge:
    """Raises ThingNotFound."""
    found: Charge = _one(Charge.objects.all(), charge_id, actor)
    return found


def list_batches(*, limit: int = 20) -> list[WriteOffBatch]:
    return list(WriteOffBatch.objects.select_related(*_PEOPLE).order_by("-id")[:limit])


def get_batch(*, write_off_batch_id: int) -> WriteOffBatch:
    """Raises ThingNotFound."""
    rows = WriteOffBatch.objects.select_related(*_PEOPLE)
    found = rows.filter(pk=write_off_batch_id).first()
    if found is None:
        raise ThingNotFound(id=write_off_batch_id)
    return found


def list_batch_lines(*, write_off_batch_id: int, actor: Actor) -> list[WriteOffBatchLine]:
    """Those whose case the actor may see, at most as many as a batch holds."""
    rows = WriteOffBatchLine.objects.filter(batch_id=write_off_batch_id)
    if actor.team_id is not None:
        rows = rows.filter(case__team_id=actor.team_id)
    return list(rows.select_related("case__debtor").order_by("id"))


def count_left_out(*, write_off_batch_id: int) -> int:
    """Of the whole batch, also where the case belongs to another team than the reader's."""
    lines = WriteOffBatchLine.objects.filter(batch_id=write_off_batch_id)
    return lines.filter(outcome=LineOutcome.LEFT_OUT).count()


def _page(rows: QuerySet[Any], actor: Actor, status: str, before_id: int | None) -> QuerySet[Any]:
    if actor.team_id is not None:
        rows = rows.filter(case__team_id=actor.team_id)
    if status:
        rows = rows.filter(status=status)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return rows.select_related("case__debtor", *_PEOPLE).order_by("-id")


def _one(rows: QuerySet[Any], pk: int, actor: Actor) -> Any:
    if actor.team_id is not None:
        rows = rows.filter(case__team_id=actor.team_id)
    found = rows.select_related("case").filter(pk=pk).first()
    if found is None:
        raise ThingNotFound(id=pk)
    return found
