"""Setting what should be paid in a month."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import InvalidInput
from kernel.money import currency_exponent
from portfolio.events import TARGET_SET
from portfolio.models import PaymentTarget
from portfolio.targets import month_of
from staff.rights import Right

#: More than a bank lends.
_MOST_MINOR = 10**15


class TargetInvalid(InvalidInput):
    """An amount that is none, or set by nobody."""

    code = "target_invalid"


@requires(Right.SET_TARGETS)
@transaction.atomic
def set_payment_target(
    *,
    month_on: date,
    currency: str,
    team_id: int | None,
    amount_minor: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Set the target of the month in which the day lies; None takes it away.

    Raises TargetInvalid, InvalidAmount for a currency that there is not.
    """
    currency_exponent(currency)
    if actor.user_id is None or (amount_minor is not None and not 0 < amount_minor <= _MOST_MINOR):
        raise TargetInvalid(amount_minor=amount_minor)
    place: dict[str, Any] = {
        "month_on": month_of(month_on),
        "currency": currency,
        "team_id": team_id,
    }
    before = PaymentTarget.objects.select_for_update().filter(**place).first()
    if amount_minor is not None:
        PaymentTarget.objects.update_or_create(
            **place,
            defaults={"amount_minor": amount_minor, "set_by_id": actor.user_id, "set_at": at},
        )
    elif before is not None:
        PaymentTarget.objects.filter(pk=before.pk).delete()
    else:
        return
    record_event(
        kind=TARGET_SET,
        subject=Subject("user", actor.user_id),
        actor=actor,
        at=at,
        payload={
            **place,
            "amount_minor": amount_minor,
            "before_minor": before.amount_minor if before else None,
        },
    )
