"""Looking at whom a message went to leaves a trace: who looked, and what for."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contacts.events import MESSAGE_RECIPIENT_REVEALED
from contacts.models import Message
from contacts.queries import get_message
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import InvalidInput
from staff.rights import Right


class RevealReasonMissing(InvalidInput):
    code = "reveal_reason_missing"


@requires(Right.SEE_IDENTIFIERS)
@transaction.atomic
def reveal_recipient(*, message_id: int, reason: str, actor: Actor, at: datetime) -> Message:
    """The message, whose recipient may now be shown in full, and a record of who looked and why.

    Raises MessageNotFound, RevealReasonMissing.
    """
    if not reason.strip():
        raise RevealReasonMissing
    message = get_message(message_id=message_id, actor=actor)
    record_event(
        kind=MESSAGE_RECIPIENT_REVEALED,
        subject=Subject("case", message.case_id),
        payload={"message_id": message.pk, "reason": reason.strip()},
        actor=actor,
        at=at,
    )
    return message
