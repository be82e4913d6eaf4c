"""Contact points and addresses, as officers learn them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from debtors import events
from debtors.intake import people
from debtors.intake.findings import CellRefused
from debtors.intake.record import Contact
from debtors.lifecycle import AddressKind, DataProblem
from debtors.models import Address, ContactPoint
from debtors.operations.correcting import ValueRefused, mark_corrected
from debtors.operations.locking import lock_debtor
from debtors.operations.problems import clear_problem
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import NotFound
from staff.rights import Right


class ContactPointNotFound(NotFound):
    code = "contact_point_not_found"


@requires(Right.CORRECT_DATA)
@transaction.atomic
def add_contact_point(
    *, debtor_id: int, value: str, reason: str, actor: Actor, at: datetime
) -> ContactPoint:
    """A phone number or an e-mail address; one known but disabled is usable again.

    Raises DebtorNotFound, ValueRefused.
    """
    debtor = lock_debtor(debtor_id)
    found = _contact(value)
    point, is_new = ContactPoint.objects.get_or_create(
        debtor=debtor, value=found.value, defaults={"kind": found.kind, "source": "officer"}
    )
    if not is_new and point.is_usable:
        return point
    if not point.is_usable:
        point.is_usable = True
        point.save(update_fields=["is_usable"])
    record_event(
        kind=events.CONTACT_POINT_ADDED,
        subject=Subject("debtor", debtor_id),
        actor=actor,
        at=at,
        payload={"contact_point_id": point.pk, "kind": point.kind, "reason": reason},
    )
    clear_problem(debtor_id=debtor_id, problem=DataProblem.NO_WAY_TO_REACH, actor=actor, at=at)
    return point


def _contact(value: str) -> Contact:
    try:
        text = people.clean_text(value)
        return people.email(text) if "@" in text else people.phone(text, "PL")
    except CellRefused as error:
        raise ValueRefused(field="contact_point", reason=error.code) from None


@requires(Right.CORRECT_DATA)
@transaction.atomic
def disable_contact_point(
    *, contact_point_id: int, reason: str, actor: Actor, at: datetime
) -> ContactPoint:
    """It does not lead to the debtor; an extract that still has it does not bring it back.

    Raises ContactPointNotFound.
    """
    return _set_usable(
        contact_point_id,
        events.CONTACT_POINT_DISABLED,
        usable=False,
        reason=reason,
        actor=actor,
        at=at,
    )


@requires(Right.CORRECT_DATA)
@transaction.atomic
def restore_contact_point(
    *, contact_point_id: int, reason: str, actor: Actor, at: datetime
) -> ContactPoint:
    """It leads to the debtor after all. Raises ContactPointNotFound."""
    return _set_usable(
        contact_point_id, events.CONTACT_POINT_ADDED, usable=True, reason=reason, actor=actor, at=at
    )


def _set_usable(
    contact_point_id: int, kind: str, *, usable: bool, reason: str, actor: Actor, at: datetime
) -> ContactPoint:
    """Nothing is told where it stands so already."""
    point = ContactPoint.objects.select_for_update(no_key=True).filter(pk=contact_point_id).first()
    if point is None:
        raise ContactPointNotFound(contact_point_id=contact_point_id)
    if point.is_usable is not usable:
        point.is_usable = usable
        point.save(update_fields=["is_usable"])
        record_event(
            kind=kind,
            subject=Subject("debtor", point.debtor_id),
            actor=actor,
            at=at,
            payload={"contact_point_id": point.pk, "kind": point.kind, "reason": reason},
        )
    return point


@requires(Right.CORRECT_DATA)
@transaction.atomic
def set_address(
    *,
    debtor_id: int,
    kind: AddressKind,
    street: str,
    postal_code: str,
    city: str,
    country: str = "PL",
    reason: str,
    actor: Actor,
    at: datetime,
) -> Address:
    """The registered or correspondence address by hand; it survives the next extract.

    ``street`` holds house and flat, too. Raises DebtorNotFound, ValueRefused, PersonRequired.
    """
    debtor = lock_debtor(debtor_id)
    try:
        parts = [people.clean_text(part) for part in (street, "", "", postal_code, city, country)]
        given = people.address(kind, parts)
    except CellRefused as error:
        raise ValueRefused(field="address", reason=error.code) from None
    if given is None or (parts[3] and not given.postal_code):
        raise ValueRefused(field="address", reason="address_incomplete")
    values = {**given._asdict(), "is_usable": True}
    del values["kind"]
    address, _ = Address.objects.update_or_create(debtor=debtor, kind=kind, defaults=values)
    mark_corrected(debtor_id=debtor_id, field=f"address:{kind}", reason=reason, actor=actor, at=at)
    record_event(
        kind=events.ADDRESS_CHANGED,
        subject=Subject("debtor", debtor_id),
        actor=actor,
        at=at,
        payload={"address_id": address.pk, "kind": kind, "reason": reason},
    )
    clear_problem(debtor_id=debtor_id, problem=DataProblem.NO_WAY_TO_REACH, actor=actor, at=at)
    return address
