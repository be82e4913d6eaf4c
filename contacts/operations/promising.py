"""Promises to pay: made, judged when money is posted and when their day has passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from cases.lifecycle import Answer, CaseStatus, HoldKind, WorkKind
from cases.locking import lock_case, lock_cases
from cases.operations import (
    NewHold,
    NewWorkItem,
    end_holds,
    note_answers,
    open_work_items,
    place_holds,
)
from contacts.events import PROMISE_MADE
from contacts.judging import PaidPromise, PromiseOutcome, judge
from contacts.lifecycle import PROMISE_LIFECYCLE
from contacts.models import Promise
from contacts.promise_rules import (
    PromiseFault,
    PromiseLimits,
    find_amount_fault,
    find_day_fault,
    find_turn_fault,
)
from contacts.queries.promising import get_promise_limits
from journal.operations import Subject, record_event
from journal.status import move_status, move_statuses
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.calendar import POLAND
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from staff.rights import Right


class PromiseDayInvalid(InvalidInput):
    """Not before ``first``, not later than ``last``; somebody may go as far as ``latest``."""

    code = "promise_day_invalid"


class PromiseAmountInvalid(InvalidInput):
    """More than nothing, and not more than is owed in that currency."""

    code = "promise_amount_invalid"


class PromiseTurnsUsed(NotAllowed):
    """The last ``broken`` promises were broken; the next takes somebody who may extend them."""

    code = "promise_turns_used"


class PromiseOpenAlready(Conflict):
    code = "promise_open_already"


class PromiseNotFound(NotFound):
    code = "promise_not_found"


class CaseIsClosed(Conflict):
    code = "case_is_closed"


class NewPromise(NamedTuple):
    amount_minor: int
    currency: str
    due_on: date


@requires(Right.LOG_CONTACT)
@transaction.atomic
def make_promise(
    *,
    case_id: int,
    amount_minor: int,
    currency: str,
    due_on: date,
    actor: Actor,
    at: datetime,
    attempt_id: int | None = None,
) -> Promise:
    """Record a promise; until its day it holds escalation.

    Raises PromiseDayInvalid, PromiseAmountInvalid, PromiseOpenAlready, PromiseTurnsUsed,
    CaseIsClosed, CaseNotFound.
    """
    case = lock_case(case_id=case_id, actor=actor)
    on = legal_day(at)
    if case.status != CaseStatus.OPEN:
        raise CaseIsClosed(case_id=case_id)
    _check_limits(get_promise_limits(case=case, on=on, actor=actor), amount_minor, currency, due_on)
    promise = Promise.objects.create(
        case=case,
        attempt_id=attempt_id,
        amount_minor=amount_minor,
        currency=currency,
        made_on=on,
        due_on=due_on,
        last_transaction_id=_last_transaction_id(case.debtor_id, currency),
    )
    record_event(
        kind=PROMISE_MADE,
        subject=Subject("case", case_id),
        payload={
            "promise_id": promise.pk,
            "amount_minor": amount_minor,
            "currency": currency,
            "due_on": due_on,
        },
        actor=actor,
        at=at,
    )
    hold = NewHold(case_id, HoldKind.PROMISE, f"promise:{promise.pk}", "promise", on, due_on)
    place_holds(holds=[hold], at=at, actor=actor)
    return promise


def _check_limits(limits: PromiseLimits, amount_minor: int, currency: str, due_on: date) -> None:
    if find_day_fault(limits, due_on) is not None:
        raise PromiseDayInvalid(
            due_on=due_on, first=limits.today, last=limits.last_on, latest=limits.latest_on
        )
    if find_amount_fault(limits, amount_minor, currency) is not None:
        owed = limits.owed_minor.get(currency, 0)
        raise PromiseAmountInvalid(amount_minor=amount_minor, owed_minor=owed, currency=currency)
    fault = find_turn_fault(limits)
    if fault is PromiseFault.OPEN_ALREADY:
        raise PromiseOpenAlready
    if fault is PromiseFault.TURNS_USED:
        raise PromiseTurnsUsed(broken=limits.broken)


@requires(Right.LOG_CONTACT)
@transaction.atomic
def withdraw_promise(*, promise_id: int, reason: str, actor: Actor, at: datetime) -> Promise:
    """It was recorded by mistake, or the debtor took it back; the hold ends.

    Raises PromiseNotFound, CaseNotFound, MoveNotAllowed when it is judged already.
    """
    promise = Promise.objects.filter(pk=promise_id).first()
    if promise is None:
        raise PromiseNotFound(promise_id=promise_id)
    lock_case(case_id=promise.case_id, actor=actor)
    on = legal_day(at)
    promise = move_status(
        row=promise,
        lifecycle=PROMISE_LIFECYCLE,
        move="withdraw",
        subject=Subject("case", promise.case_id),
        payload={"reason": reason},
        changes={"judged_on": on},
        actor=actor,
        at=at,
    )
    _end_promise_holds([promise_id], on, at, actor)
    return promise


#: What was paid in the currency between the day of the promise and its due day; payments that
#: were reversed, or had been posted when the promise was made, do not count.
_PAID: Final = """
SELECT p.id, p.case_id, p.amount_minor, p.currency, p.due_on,
       coalesce((
           SELECT sum(l.amount_minor) FROM debtors_debtparty dp
           JOIN debtors_debt d ON d.id = dp.debt_id
           JOIN ledger_transaction t ON t.account_id = d.account_id AND t.kind = 'payment'
                AND t.effective_on BETWEEN p.made_on AND p.due_on
                AND t.id > p.last_transaction_id
           JOIN ledger_posting l ON l.transaction_id = t.id AND l.leg = 'cash'
           WHERE dp.debtor_id = c.debtor_id AND dp.role = 'main_debtor' AND d.currency = p.currency
             AND NOT EXISTS (SELECT 1 FROM ledger_transaction r WHERE r.reverses_id = t.id)
       ), 0)::bigint AS paid,
       NOT EXISTS (
           SELECT 1 FROM debtors_debtparty dp
           JOIN debtors_debt d ON d.id = dp.debt_id
           JOIN ledger_account a ON a.id = d.account_id
           WHERE dp.debtor_id = c.debtor_id AND dp.role = 'main_debtor' AND a.due_minor > 0
       ) AS nothing_due
FROM contacts_promise p JOIN cases_case c ON c.id = p.case_id
WHERE p.status = ANY(%s) AND p.id = ANY(%s)
ORDER BY p.id
"""


@by_machine
@transaction.atomic
def judge_promises(*, on: date, at: datetime, actor: Actor) -> Mapping[str, int]:
    """Judge every promise whose day is ``on`` or earlier; the day close calls it.

    Returns how many were ``kept`` and ``broken``. A broken one brings the case back the same
    day: its hold ends, and an officer is asked to call on the next working day.
    """
    due = Promise.objects.filter(status="open", due_on__lte=on)
    return _judge(list(due.values_list("id", "case_id")), on, at, actor)


@by_machine
@transaction.atomic
def judge_paid_promises(
    *, case_ids: Sequence[int], on: date, at: datetime, actor: Actor
) -> Mapping[str, int]:
    """Money came: judge the open promises of these cases. None is broken before its day."""
    waiting = Promise.objects.filter(status="open", case_id__in=case_ids)
    return _judge(list(waiting.values_list("id", "case_id")), on, at, actor, only_kept=True)


def _judge(
    waiting: Sequence[tuple[int, int]],
    on: date,
    at: datetime,
    actor: Actor,
    *,
    only_kept: bool = False,
) -> Mapping[str, int]:
    if not waiting:
        return {"kept": 0, "broken": 0}
    lock_cases(case_ids=[case_id for _, case_id in waiting])
    promises = list_paid(["open"], [pk for pk, _ in waiting])
    outcomes = {pk: judge(promise, on) for pk, promise in promises.items()}
    kept = [pk for pk, outcome in outcomes.items() if outcome is PromiseOutcome.KEPT]
    broken = [
        pk for pk, outcome in outcomes.items() if outcome is PromiseOutcome.BROKEN and not only_kept
    ]
    record_paid(promises, [*kept, *broken])
    for move, ids in (("keep", kept), ("break", broken)):
        move_promises(move, ids, promises, on, at, actor)
    _end_promise_holds([*kept, *broken], on, at, actor)
    note_answers(case_ids=[promises[pk].case_id for pk in broken], answer=Answer.BROKE_WORD, on=on)
    ask_about_broken([promises[pk] for pk in broken], on, at, actor)
    return {"kept": len(kept), "broken": len(broken)}


def ask_about_broken(broken: Sequence[PaidPromise], on: date, at: datetime, actor: Actor) -> None:
    """An officer is asked to call on the next working day."""
    open_work_items(
        items=[
            NewWorkItem(
                promise.case_id,
                WorkKind.BROKEN_PROMISE,
                POLAND.next_working_day(on),
                None,
                {
                    "code": "broken_promise",
                    "promise_id": promise.id,
                    "amount_minor": promise.amount_minor,
                    "currency": promise.currency,
                    "paid_minor": promise.paid_minor,
                    "due_on": promise.due_on.isoformat(),
                },
            )
            for promise in broken
        ],
        at=at,
        actor=actor,
    )


def list_paid(statuses: Sequence[str], ids: Sequence[int]) -> dict[int, PaidPromise]:
    """Those of the promises that have one of the statuses, with what was paid in time."""
    with connection.cursor() as cursor:
        cursor.execute(_PAID, [list(statuses), list(ids)])
        return {row[0]: PaidPromise(*row) for row in cursor.fetchall()}


def move_promises(
    move: str,
    ids: Sequence[int],
    promises: Mapping[int, PaidPromise],
    on: date,
    at: datetime,
    actor: Actor,
) -> None:
    def payload(pk: int) -> dict[str, Any]:
        promise = promises[pk]
        return {
            "amount_minor": promise.amount_minor,
            "currency": promise.currency,
            "due_on": promise.due_on,
            "paid_minor": promise.paid_minor,
        }

    move_statuses(
        model=Promise,
        ids=ids,
        lifecycle=PROMISE_LIFECYCLE,
        move=move,
        subject_of=lambda pk: Subject("case", promises[pk].case_id),
        payload_of=payload,
        changes={"judged_on": on},
        effective_on=on,
        actor=actor,
        at=at,
    )


def record_paid(promises: Mapping[int, PaidPromise], ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_promise p SET paid_minor = n.paid"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS n (id, paid) WHERE p.id = n.id",
            [list(ids), [promises[pk].paid_minor for pk in ids]],
        )


def _end_promise_holds(ids: Sequence[int], on: date, at: datetime, actor: Actor) -> None:
    causes = [f"promise:{pk}" for pk in ids]
    end_holds(kind=HoldKind.PROMISE, causes=causes, on=on, at=at, actor=actor)


def _last_transaction_id(debtor_id: int, currency: str) -> int:
    """The latest posting on what the debtor owes in the currency; 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(t.id), 0) FROM debtors_debtparty p"
            " JOIN debtors_debt d ON d.id = p.debt_id AND d.currency = %s"
            " JOIN ledger_transaction t ON t.account_id = d.account_id"
            " WHERE p.debtor_id = %s AND p.role = 'main_debtor'",
            [currency, debtor_id],
        )
        return int(cursor.fetchone()[0])
