"""Looking at a protected identifier leaves a trace."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from debtors import events
from debtors.identifiers import IDENTIFIERS, sealer
from debtors.models import Debtor
from debtors.operations.locking import DebtorNotFound
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import InvalidInput
from staff.rights import Right


class NoSuchIdentifier(InvalidInput):
    code = "no_such_identifier"


@requires(Right.SEE_IDENTIFIERS)
@transaction.atomic
def reveal_identifier(
    *, debtor_id: int, field: str, reason: str, actor: Actor, at: datetime
) -> str:
    """The identifier in clear (empty when none is known), and a record of who looked and why.

    Raises DebtorNotFound, NoSuchIdentifier.
    """
    if field not in IDENTIFIERS:
        raise NoSuchIdentifier(field=field)
    debtor = Debtor.objects.filter(pk=debtor_id).first()
    if debtor is None:
        raise DebtorNotFound(debtor_id=debtor_id)
    record_event(
        kind=events.IDENTIFIER_REVEALED,
        subject=Subject("debtor", debtor_id),
        actor=actor,
        at=at,
        payload={"field": field, "reason": reason},
    )
    sealed = getattr(debtor, f"{field}_sealed")
    return sealer(field).open(bytes(sealed)) if sealed else ""
