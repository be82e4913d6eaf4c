"""What officers correct by hand. It survives the next extract, which is kept beside it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value

from debtors import events
from debtors.identifiers import IDENTIFIERS, seal
from debtors.intake import people
from debtors.intake.findings import CellRefused
from debtors.intake.layout import BY_NAME, FieldKind
from debtors.intake.record import PersonRecord
from debtors.lifecycle import CORRECTABLE, DataProblem
from debtors.models import Debtor, FieldSource
from debtors.operations.locking import lock_debtor
from debtors.operations.problems import clear_problem
from debtors.operations.staging import NAME_FIELDS, name_columns
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import InvalidInput, NotAllowed
from staff.rights import Right


class FieldNotCorrectable(InvalidInput):
    code = "field_not_correctable"


class ValueRefused(InvalidInput):
    """``reason`` is a code of ``debtors.intake_wording.ROW_REASONS``."""

    code = "value_refused"


class PersonRequired(NotAllowed):
    """Only a person who signs for it may correct what the bank says."""

    code = "person_required"


@requires(Right.CORRECT_DATA)
@transaction.atomic
def correct_debtor_field(
    *, debtor_id: int, field: str, value: str, reason: str, actor: Actor, at: datetime
) -> Debtor:
    """Set one field by hand; the same value again changes nothing.

    Raises DebtorNotFound, FieldNotCorrectable, ValueRefused, PersonRequired.
    """
    if field not in CORRECTABLE:
        raise FieldNotCorrectable(field=field, correctable=sorted(CORRECTABLE))
    checked = _checked(field, value)
    debtor = lock_debtor(debtor_id)
    if not _set(debtor, field, checked):
        return debtor
    debtor.updated_at = at
    debtor.save()
    if field in NAME_FIELDS:
        _index_name(debtor)
    mark_corrected(debtor_id=debtor_id, field=field, reason=reason, actor=actor, at=at)
    if field in NAME_FIELDS and debtor.display_name:
        clear_problem(debtor_id=debtor_id, problem=DataProblem.NO_NAME, actor=actor, at=at)
    record_event(
        kind=events.DEBTOR_CORRECTED,
        subject=Subject("debtor", debtor_id),
        actor=actor,
        at=at,
        payload={"field": field, "reason": reason},
    )
    return debtor


def _checked(field: str, value: str) -> str:
    target = BY_NAME[field]
    try:
        text = people.clean_text(value)
        if field in IDENTIFIERS:
            return people.identifier(field, text) if text else ""
    except CellRefused as error:
        raise ValueRefused(field=field, reason=error.code) from None
    if target.kind is FieldKind.CODE:
        if text not in target.codes and not (text == "" and field == "preferred_channel"):
            raise ValueRefused(field=field, reason="unknown_code")
    elif len(text) > target.max_length:
        raise ValueRefused(field=field, reason="too_long")
    return text


def _set(debtor: Debtor, field: str, value: str) -> bool:
    """Whether that changed anything."""
    if field in IDENTIFIERS:
        sealed, fingerprint = seal(field, value) if value else (None, None)
        held = getattr(debtor, f"{field}_fingerprint")
        if (None if held is None else bytes(held)) == fingerprint:
            return False
        setattr(debtor, f"{field}_sealed", sealed)
        setattr(debtor, f"{field}_fingerprint", fingerprint)
        return True
    if getattr(debtor, field) == value:
        return False
    setattr(debtor, field, value)
    return True


def _index_name(debtor: Debtor) -> None:
    """How the name is shown, sorted and found follows from its parts."""
    names = {name: getattr(debtor, name) for name in NAME_FIELDS}
    blank = dict.fromkeys(("pesel", "nip", "regon", "language", "preferred_channel", "tone"), "")
    shown, sort_key, words = name_columns(
        PersonRecord(ref=debtor.external_id, contacts=(), addresses=(), **names, **blank)
    )
    Debtor.objects.filter(pk=debtor.pk).update(
        display_name=shown, sort_key=sort_key,
        search=SearchVector(Value(words), config="simple"),
    )  # fmt: skip
    debtor.refresh_from_db()


def mark_corrected(
    *, debtor_id: int, field: str, reason: str, actor: Actor, at: datetime
) -> FieldSource:
    """Keep the field out of the reach of extracts. Raises PersonRequired."""
    if actor.user_id is None:
        raise PersonRequired(actor=actor.id)
    values = {"corrected_by_id": actor.user_id, "corrected_at": at, "reason": reason[:500]}
    source, _ = FieldSource.objects.update_or_create(
        debtor_id=debtor_id, field=field, defaults=values
    )
    return source


@requires(Right.CORRECT_DATA)
@transaction.atomic
def release_debtor_field(
    *, debtor_id: int, field: str, reason: str, actor: Actor, at: datetime
) -> None:
    """Let the next extract set the field again."""
    lock_debtor(debtor_id)
    released, _ = FieldSource.objects.filter(debtor_id=debtor_id, field=field).delete()
    if released:
        record_event(
            kind=events.DEBTOR_CORRECTED,
            subject=Subject("debtor", debtor_id),
            actor=actor,
            at=at,
            payload={"field": field, "reason": reason, "released": True},
        )
