"""What may be promised on a case."""

from __future__ import annotations

from datetime import date
from itertools import takewhile

from cases.models import Case
from cases.queries import get_case_figures
from contacts.lifecycle import PromiseStatus
from contacts.models import Promise
from contacts.policy import policy_on
from contacts.promise_rules import PromiseLimits, limits_on
from kernel.actor import Actor
from kernel.calendar import POLAND
from staff.rights import Right

#: Of the latest promises, as many as a policy could count.
_LATEST = 20


def get_promise_limits(*, case: Case, on: date, actor: Actor) -> PromiseLimits:
    """What this person may agree to with the debtor on the day.

    Promises of earlier arrears do not count: those made before the case was opened.
    """
    promises = list(
        Promise.objects.filter(case=case)
        .exclude(status=PromiseStatus.WITHDRAWN)
        .order_by("-id")
        .values_list("status", "made_on")[:_LATEST]
    )
    judged = [
        status
        for status, made_on in promises
        if status != PromiseStatus.OPEN and made_on >= case.opened_on
    ]
    figures = get_case_figures(case_id=case.pk)
    return limits_on(
        today=on,
        policy=policy_on(on),
        calendar=POLAND,
        due_minor={currency.currency: currency.due_minor for currency in figures},
        owed_minor={currency.currency: currency.outstanding_minor for currency in figures},
        broken=len(list(takewhile(lambda status: status == PromiseStatus.BROKEN, judged))),
        has_open=any(status == PromiseStatus.OPEN for status, _ in promises),
        may_extend=actor.has(Right.EXTEND_PROMISE),
    )
