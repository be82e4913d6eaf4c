"""What somebody has typed about a contact and not logged yet is kept, per case and person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from cases.queries import get_case
from contacts.models import ContactDraft
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import InvalidInput
from staff.rights import Right

#: What nobody came back to is forgotten.
KEPT_FOR: Final = timedelta(days=7)
_MAX_FIELDS: Final = 40
_MAX_CHARACTERS: Final = 5_000


class DraftTooLarge(InvalidInput):
    code = "draft_too_large"


class OnlyPeopleDraft(InvalidInput):
    code = "only_people_draft"


@requires(Right.LOG_CONTACT)
@transaction.atomic
def save_contact_draft(
    *, case_id: int, fields: Mapping[str, str], actor: Actor, at: datetime
) -> ContactDraft | None:
    """Keep what is on the form; nothing typed forgets it. Raises DraftTooLarge, CaseNotFound."""
    case = get_case(case_id=case_id, actor=actor)
    given = {name: value for name, value in fields.items() if value}
    if len(given) > _MAX_FIELDS or sum(map(len, given.values())) > _MAX_CHARACTERS:
        raise DraftTooLarge(characters=_MAX_CHARACTERS)
    mine = ContactDraft.objects.filter(user_id=_person(actor))
    mine.filter(saved_at__lt=at - KEPT_FOR).delete()
    if not given:
        mine.filter(case=case).delete()
        return None
    draft, _ = ContactDraft.objects.update_or_create(
        case=case, user_id=_person(actor), defaults={"fields": given, "saved_at": at}
    )
    return draft


@requires(Right.LOG_CONTACT)
def discard_contact_draft(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Forget what was typed. Raises CaseNotFound."""
    case = get_case(case_id=case_id, actor=actor)
    ContactDraft.objects.filter(user_id=_person(actor), case=case).delete()


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise OnlyPeopleDraft(actor_kind=actor.kind)
    return actor.user_id
