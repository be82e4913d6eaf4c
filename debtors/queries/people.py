"""Reading debtors, debts and intake runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Min

from debtors.identifiers import IDENTIFIERS, born_on, opened
from debtors.lifecycle import CORRECTABLE, ContactPointKind, IdentityItem, PartyRole, RunStatus
from debtors.models import ContactPoint, Debt, Debtor, FieldSource, IntakeRun
from staff.figures import mask_identifier


def get_first_intake_day() -> date | None:
    """The earliest as-of day of a file that was taken in: the first business day there is."""
    runs = IntakeRun.objects.filter(status=RunStatus.DONE)
    first: date | None = runs.aggregate(first=Min("as_of_on"))["first"]
    return first


@dataclass(frozen=True, slots=True)
class DebtorField:
    """A field that officers may correct. ``value`` of an identifier is masked.

    ``corrected_by`` is empty for a value of the bank; ``feed_value`` is what the bank says where
    it differs from the officer's.
    """

    name: str
    value: str
    corrected_by: str = ""
    corrected_at: datetime | None = None
    reason: str = ""
    feed_value: str = ""


class DebtProblem(NamedTuple):
    """A code of ``DataProblem`` on a debt of which somebody is the main debtor."""

    debt_id: int
    contract_no: str
    problem: str


def list_debtor_fields(*, debtor_id: int) -> list[DebtorField]:
    """Every field that may be corrected, in the order of the form; empty for nobody."""
    debtor = Debtor.objects.filter(pk=debtor_id).first()
    if debtor is None:
        return []
    sources = {
        source.field: source
        for source in FieldSource.objects.filter(debtor=debtor).select_related("corrected_by")
    }
    return [_field(debtor, name, sources.get(name)) for name in CORRECTABLE]


def _field(debtor: Debtor, name: str, source: FieldSource | None) -> DebtorField:
    is_identifier = name in IDENTIFIERS
    value = opened(name, getattr(debtor, f"{name}_sealed")) if is_identifier else ""
    value = mask_identifier(value) if is_identifier else getattr(debtor, name)
    if source is None:
        return DebtorField(name, value)
    feed = source.feed_value
    if feed and is_identifier:
        feed = mask_identifier(opened(name, bytes.fromhex(feed)))
    return DebtorField(
        name, value, source.corrected_by.full_name, source.corrected_at, source.reason, feed
    )


def list_address_sources(*, debtor_id: int) -> dict[str, FieldSource]:
    """By kind of address: who set it by hand, and what the bank says where it differs."""
    sources = FieldSource.objects.filter(debtor_id=debtor_id, field__startswith="address:")
    return {
        source.field.partition(":")[2]: source for source in sources.select_related("corrected_by")
    }


def list_data_problems(*, debtor_id: int) -> list[DebtProblem]:
    """What keeps the machine from acting on debts of which this is the main debtor."""
    debts = (
        Debt.objects.filter(parties__debtor_id=debtor_id, parties__role=PartyRole.MAIN_DEBTOR)
        .exclude(problems=[])
        .order_by("pk")
    )
    return [
        DebtProblem(debt.pk, debt.contract_no, problem)
        for debt in debts
        for problem in debt.problems
    ]


def list_comparable_items(
    *, debtor: Debtor, contact_points: Sequence[ContactPoint], has_address: bool, has_debt: bool
) -> list[IdentityItem]:
    """What a caller may name, because the file holds it and an answer can be compared."""
    pesel = opened("pesel", debtor.pesel_sealed)
    emails = sum(point.kind == ContactPointKind.EMAIL for point in contact_points)
    held = {
        IdentityItem.BORN_ON: born_on(pesel) is not None,
        IdentityItem.PESEL: bool(pesel),
        IdentityItem.NIP: debtor.nip_sealed is not None,
        IdentityItem.REGON: debtor.regon_sealed is not None,
        IdentityItem.ADDRESS: has_address,
        IdentityItem.PHONE: len(contact_points) > emails,
        IdentityItem.EMAIL: emails > 0,
        IdentityItem.CONTRACT_NO: has_debt,
    }
    return [item for item, is_held in held.items() if is_held]


def list_intake_runs(*, limit: int) -> list[IntakeRun]:
    """The newest first."""
    return list(IntakeRun.objects.order_by("-pk")[:limit])
