"""Referrals follow what is due on their cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction

from cases.lifecycle import WorkKind
from cases.locking import lock_cases
from cases.models import WorkItem
from cases.operations import NewWorkItem, follow_amounts, open_work_items
from courts.lifecycle import AT_COURT, OPEN, ReferralStatus
from courts.models import Referral
from courts.operations.closing import leave_before_filing
from courts.operations.propose import REFERRAL
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.calendar import POLAND
from kernel.clock import legal_day

_PAID_AT_COURT: Final = "paid_at_court"
#: Not filed yet, and every debt that could be claimed has been paid.
_NOTHING_LEFT: Final = """
    SELECT r.id FROM courts_referral r
    JOIN cases_case c ON c.id = r.case_id
    JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
    JOIN debtors_debt d ON d.id = p.debt_id AND d.terminated_on <= %s
    JOIN ledger_account a ON a.id = d.account_id
    WHERE r.case_id = ANY(%s) AND r.status = ANY(%s)
    GROUP BY r.id HAVING max(a.due_minor) <= 0 ORDER BY r.id
"""


@by_machine
@transaction.atomic
def follow_money(
    *, case_ids: Iterable[int], paid_case_ids: Iterable[int], at: datetime, actor: Actor
) -> int:
    """Money changed what is due on these cases; returns how many referrals it concerned.

    Nobody is sued for what is paid: before it is filed, a referral with nothing left to claim is
    withdrawn, and another amount is told. What a court knows of a person must limit there, so a
    payment on one of ``paid_case_ids`` asks for it (art. 203 of the Code of Civil Procedure).
    """
    ids = sorted(set(case_ids))
    live = Referral.objects.filter(case_id__in=ids).exclude(
        status__in=[ReferralStatus.REFUSED, ReferralStatus.WITHDRAWN, ReferralStatus.CLOSED]
    )
    concerned = sorted(set(live.values_list("case_id", flat=True)))
    if not concerned:
        return 0
    lock_cases(case_ids=concerned)
    on = legal_day(at)
    changed = _withdraw(concerned, on, at, actor)
    changed += follow_amounts(what=REFERRAL, case_ids=concerned, statuses=OPEN, at=at, actor=actor)
    changed += follow_amounts(
        what=REFERRAL, case_ids=concerned, statuses=[ReferralStatus.APPROVED], only_less=True,
        at=at, actor=actor,
    )  # fmt: skip
    return changed + _ask_to_limit(sorted(set(paid_case_ids)), on, at, actor)


def _withdraw(case_ids: list[int], on: date, at: datetime, actor: Actor) -> int:
    before_filing = [*OPEN, ReferralStatus.APPROVED]
    with connection.cursor() as cursor:
        cursor.execute(_NOTHING_LEFT, [on, case_ids, before_filing])
        ids = [int(row[0]) for row in cursor.fetchall()]
    for referral in Referral.objects.filter(pk__in=ids).order_by("case_id"):
        leave_before_filing(referral=referral, reason="nothing_to_claim", on=on, actor=actor, at=at)
    return len(ids)


def _ask_to_limit(case_ids: list[int], on: date, at: datetime, actor: Actor) -> int:
    at_court = Referral.objects.filter(case_id__in=case_ids, status__in=AT_COURT)
    asked = set(
        WorkItem.objects.filter(
            case_id__in=case_ids, status="open", reason__code=_PAID_AT_COURT
        ).values_list("case_id", flat=True)
    )
    items = [
        NewWorkItem(
            case_id,
            WorkKind.REVIEW,
            POLAND.next_working_day(on),
            None,
            {"code": _PAID_AT_COURT, "referral_id": pk},
        )
        for pk, case_id in at_court.order_by("case_id").values_list("id", "case_id")
        if case_id not in asked
    ]
    open_work_items(items=items, at=at, actor=actor)
    return len(items)
