"""Promises that were judged by what was known then, judged anew by what is known now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from cases.lifecycle import HoldKind, WorkKind
from cases.locking import lock_cases
from cases.operations import NewHold, cancel_work_items, place_holds
from contacts.judging import PaidPromise
from contacts.lifecycle import PromiseStatus
from contacts.models import Promise
from contacts.operations.promising import (
    ask_about_broken,
    list_paid,
    move_promises,
    record_paid,
)
from kernel.actor import Actor
from kernel.authority import by_machine


@by_machine
@transaction.atomic
def rejudge_promises(
    *, case_ids: Sequence[int], on: date, at: datetime, actor: Actor
) -> Mapping[str, int]:
    """Money of an earlier day came, or was taken back: returns how many are ``kept`` and
    ``broken`` after all, and how many ``open`` again because their day has not passed.

    Running it again changes nothing.
    """
    judged = Promise.objects.filter(
        case_id__in=case_ids, status__in=[PromiseStatus.BROKEN, PromiseStatus.KEPT]
    )
    rows = list(judged.values_list("id", "case_id", "status", "paid_minor"))
    if not rows:
        return {"kept": 0, "broken": 0, "open": 0}
    locked = lock_cases(case_ids=[case_id for _, case_id, *_ in rows])
    found = list_paid([PromiseStatus.BROKEN, PromiseStatus.KEPT], [pk for pk, *_ in rows])
    kept = [found[pk] for pk, _, was, _ in rows if was == PromiseStatus.BROKEN and _paid(found[pk])]
    taken_back = [
        found[pk]
        for pk, _, was, minor in rows
        if was == PromiseStatus.KEPT and _is_taken_back(found[pk], minor)
    ]
    broken = [promise for promise in taken_back if promise.due_on < on]
    open_again = _without_another([p for p in taken_back if p.due_on >= on], locked)
    record_paid(found, [promise.id for promise in (*kept, *broken, *open_again)])
    for move, promises in (
        ("keep_after_all", kept),
        ("break_after_all", broken),
        ("open_again", open_again),
    ):
        move_promises(move, [promise.id for promise in promises], found, on, at, actor)
    _follow(kept, broken, open_again, on, at, actor)
    return {"kept": len(kept), "broken": len(broken), "open": len(open_again)}


def _paid(promise: PaidPromise) -> bool:
    return promise.paid_minor >= promise.amount_minor


def _is_taken_back(promise: PaidPromise, paid_then_minor: int) -> bool:
    """One that was kept because nothing was due stays so while its own money is there."""
    return not _paid(promise) and not promise.nothing_due and promise.paid_minor < paid_then_minor


def _without_another(promises: Sequence[PaidPromise], case_ids: Sequence[int]) -> list[PaidPromise]:
    """The latest of each case that has no open promise: one is open at a time."""
    taken = set(
        Promise.objects.filter(case_id__in=case_ids, status=PromiseStatus.OPEN).values_list(
            "case_id", flat=True
        )
    )
    latest = {promise.case_id: promise for promise in sorted(promises)}
    return [promise for case_id, promise in latest.items() if case_id not in taken]


def _follow(
    kept: Sequence[PaidPromise],
    broken: Sequence[PaidPromise],
    open_again: Sequence[PaidPromise],
    on: date,
    at: datetime,
    actor: Actor,
) -> None:
    cancel_work_items(
        case_ids=[promise.case_id for promise in kept],
        kinds=[WorkKind.BROKEN_PROMISE],
        code="promise_kept_after_all",
        actor=actor,
        at=at,
    )
    ask_about_broken(broken, on, at, actor)
    place_holds(
        holds=[
            NewHold(p.case_id, HoldKind.PROMISE, f"promise:{p.id}", "promise", on, p.due_on)
            for p in open_again
        ],
        at=at,
        actor=actor,
    )
