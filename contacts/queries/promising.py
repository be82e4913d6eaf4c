"""What may be promised on a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import takewhile

from cases.models import Case
from cases.queries import CurrencyFigures, get_case_figures
from contacts.lifecycle import PromiseStatus
from contacts.models import Promise
from contacts.policy import policy_on
from contacts.promise_rules import PromiseLimits, limits_on
from kernel.actor import Actor
from kernel.calendar import POLAND
from staff.rights import Right

#: Of the latest promises, as many as a policy could count.
_LATEST = 20


def get_promise_limits(
    *,
    case: Case,
    on: date,
    actor: Actor,
    figures: Sequence[CurrencyFigures] | None = None,
    promises: Sequence[Promise] | None = None,
) -> PromiseLimits:
    """What this person may agree to with the debtor on the day.

    Promises of earlier arrears do not count: those made before the case was opened. Who has read
    ``figures``, and all ``promises`` of the case, gives them.
    """
    found = _latest_promises(case) if promises is None else promises
    told = [p for p in found if p.status != PromiseStatus.WITHDRAWN]
    judged = [
        promise.status
        for promise in sorted(told, key=lambda promise: -promise.pk)
        if promise.status != PromiseStatus.OPEN and promise.made_on >= case.opened_on
    ]
    owed = get_case_figures(case_id=case.pk) if figures is None else figures
    return limits_on(
        today=on,
        policy=policy_on(on),
        calendar=POLAND,
        due_minor={currency.currency: currency.due_minor for currency in owed},
        owed_minor={currency.currency: currency.outstanding_minor for currency in owed},
        broken=len(list(takewhile(lambda status: status == PromiseStatus.BROKEN, judged))),
        has_open=any(promise.status == PromiseStatus.OPEN for promise in told),
        may_extend=actor.has(Right.EXTEND_PROMISE),
    )


def _latest_promises(case: Case) -> list[Promise]:
    promises = Promise.objects.filter(case=case).exclude(status=PromiseStatus.WITHDRAWN)
    return list(promises.order_by("-id")[:_LATEST])
