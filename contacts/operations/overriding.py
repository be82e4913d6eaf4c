"""Setting a rule of the guard aside: compliance alone, for one case, one rule and one day."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from cases.locking import lock_case
from contacts.events import GUARD_OVERRIDDEN
from contacts.guard import MAY_BE_OVERRIDDEN, Rule
from contacts.models import GuardOverride
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import InvalidInput, NotAllowed
from staff.rights import Right


class RuleIsLaw(NotAllowed):
    """A statutory gate cannot be set aside by anybody."""

    code = "rule_is_law"


class OverrideReasonMissing(InvalidInput):
    code = "override_reason_missing"


@requires(Right.OVERRIDE_GUARD)
@transaction.atomic
def override_guard(
    *, case_id: int, rule: Rule, on: date, reason: str, actor: Actor, at: datetime
) -> GuardOverride:
    """Let the rule not stand against contact on ``on``. Granting it twice changes nothing.

    Raises RuleIsLaw, OverrideReasonMissing, CaseNotFound.
    """
    if rule not in MAY_BE_OVERRIDDEN:
        raise RuleIsLaw(rule=rule)
    if not reason.strip():
        raise OverrideReasonMissing
    lock_case(case_id=case_id, actor=actor)
    override, is_new = GuardOverride.objects.get_or_create(
        case_id=case_id,
        rule=rule,
        holds_on=on,
        defaults={"reason": reason, "granted_by_id": int(actor.id), "granted_at": at},
    )
    if is_new:
        record_event(
            kind=GUARD_OVERRIDDEN,
            subject=Subject("case", case_id),
            payload={"rule": rule, "reason": reason},
            effective_on=on,
            actor=actor,
            at=at,
        )
    return override
