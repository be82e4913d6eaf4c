"""Looking at what is protected leaves a trace: who looked, at what, and why they might."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from debtors import events
from debtors.identifiers import IDENTIFIERS, opened
from debtors.identity import CALL_MINUTES, check_named
from debtors.lifecycle import IdentityItem, PartyRole
from debtors.models import Address, ContactPoint, Debt, Debtor
from debtors.operations.locking import DebtorNotFound
from debtors.queries import list_comparable_items
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
    debtor = _find(debtor_id)
    record_event(
        kind=events.IDENTIFIER_REVEALED,
        subject=Subject("debtor", debtor_id),
        actor=actor,
        at=at,
        payload={"field": field, "reason": reason},
    )
    return opened(field, getattr(debtor, f"{field}_sealed"))


@dataclass(frozen=True, slots=True)
class IdentityConfirmed:
    """Until the instant ``until`` the officer may see the details of the caller's file."""

    named: tuple[IdentityItem, ...]
    until: datetime


@requires(Right.LOG_CONTACT)
@transaction.atomic
def confirm_identity(
    *, debtor_id: int, named: Collection[IdentityItem], actor: Actor, at: datetime
) -> IdentityConfirmed:
    """The caller named things that stand in the file; what is shown for it is in the journal.

    Identifiers are shown only to those who hold the right to see them. Raises DebtorNotFound,
    CannotBeCompared, TooLittleNamed.
    """
    debtor = _find(debtor_id)
    points = list(ContactPoint.objects.filter(debtor=debtor).order_by("pk"))
    addresses = list(Address.objects.filter(debtor=debtor).order_by("pk"))
    debts = Debt.objects.filter(parties__debtor=debtor, parties__role=PartyRole.MAIN_DEBTOR)
    debt_ids = list(debts.order_by("pk").values_list("pk", flat=True))
    known = list_comparable_items(
        debtor=debtor, contact_points=points, has_address=bool(addresses), has_debt=bool(debt_ids)
    )
    check_named(named, known)
    confirmed = IdentityConfirmed(tuple(sorted(set(named))), at + timedelta(minutes=CALL_MINUTES))
    held = [name for name in IDENTIFIERS if getattr(debtor, f"{name}_sealed")]
    record_event(
        kind=events.IDENTITY_CONFIRMED,
        subject=Subject("debtor", debtor_id),
        actor=actor,
        at=at,
        payload={
            "named": confirmed.named,
            "identifiers": held if actor.has(Right.SEE_IDENTIFIERS) else [],
            "contact_point_ids": [point.pk for point in points],
            "address_ids": [address.pk for address in addresses],
            "debt_ids": debt_ids,
            "until": confirmed.until,
        },
    )
    return confirmed


def _find(debtor_id: int) -> Debtor:
    debtor = Debtor.objects.filter(pk=debtor_id).first()
    if debtor is None:
        raise DebtorNotFound(debtor_id=debtor_id)
    return debtor
