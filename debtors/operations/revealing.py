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
from debtors.models import Address, ContactPoint, Debtor, DebtParty
from debtors.operations.locking import DebtorNotFound
from debtors.queries import list_comparable_items
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import InvalidInput
from staff.rights import Right


class NoSuchIdentifier(InvalidInput):
    code = "no_such_identifier"


class NotOnTheDebts(InvalidInput):
    """The person does not answer for these debts, or they are not the debtor's."""

    code = "not_on_the_debts"


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
    *,
    caller_id: int,
    debtor_id: int,
    debt_ids: Collection[int],
    named: Collection[IdentityItem],
    actor: Actor,
    at: datetime,
) -> IdentityConfirmed:
    """The caller named things that stand in their file; what is shown for it is in the journal,
    at the main debtor whose debts it is about.

    ``debt_ids`` are debts of ``debtor_id`` about which ``caller_id``, the same person or another
    who answers for them, may be told. Identifiers are shown only to those who hold the right to
    see them. Raises DebtorNotFound, NotOnTheDebts, CannotBeCompared, TooLittleNamed.
    """
    debtor = _find(caller_id)
    points = list(ContactPoint.objects.filter(debtor=debtor).order_by("pk"))
    addresses = list(Address.objects.filter(debtor=debtor).order_by("pk"))
    role = _role_on(debt_ids, caller_id, debtor_id)
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
            "debt_ids": sorted(debt_ids),
            "until": confirmed.until,
            **({} if caller_id == debtor_id else {"caller_id": caller_id, "role": role}),
        },
    )
    return confirmed


def _role_on(debt_ids: Collection[int], caller_id: int, debtor_id: int) -> str:
    """As what the caller answers for the debts; every one of them is the main debtor's."""
    main = DebtParty.objects.filter(debtor_id=debtor_id, role=PartyRole.MAIN_DEBTOR)
    owed = set(main.filter(debt_id__in=debt_ids).values_list("debt_id", flat=True))
    answers = DebtParty.objects.filter(debtor_id=caller_id, debt_id__in=owed)
    roles = list(answers.values_list("debt_id", "role"))
    if set(debt_ids) != {pk for pk, _ in roles} or (caller_id != debtor_id and not roles):
        raise NotOnTheDebts(caller_id=caller_id, debt_ids=sorted(debt_ids))
    return str(min((role for _, role in roles), default=PartyRole.MAIN_DEBTOR))


def _find(debtor_id: int) -> Debtor:
    debtor = Debtor.objects.filter(pk=debtor_id).first()
    if debtor is None:
        raise DebtorNotFound(debtor_id=debtor_id)
    return debtor
