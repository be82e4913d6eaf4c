"""Keeping the list of agencies."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction

from agencies import events
from agencies.lifecycle import ExclusionGround
from agencies.models import Agency
from agencies.queries import get_agency
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import Conflict, InvalidInput
from staff.rights import Right

#: Three years: longer than any claim should lie with one agency.
MAX_TERM_DAYS: Final = 3 * 365


class AgencyNameTaken(Conflict):
    code = "agency_name_taken"


class PermitMissing(InvalidInput):
    """Either a permit number or a ground of exclusion must be known (Dz.U. 2025/146)."""

    code = "permit_missing"


class CommissionOutOfRange(InvalidInput):
    code = "commission_out_of_range"


class TermOutOfRange(InvalidInput):
    code = "term_out_of_range"


@requires(Right.RUN_AGENCIES)
@transaction.atomic
def add_agency(
    *,
    name: str,
    permit_no: str,
    permit_until: date | None,
    exclusion_ground: ExclusionGround | None,
    commission_bp: int,
    actor: Actor,
    at: datetime,
    term_days: int = 90,
) -> Agency:
    """``commission_bp`` in hundredths of a percent of what is collected; a case stays with the
    agency for ``term_days``.

    Raises AgencyNameTaken, PermitMissing, CommissionOutOfRange, TermOutOfRange.
    """
    name = name.strip()
    if not name or Agency.objects.filter(name__iexact=name).exists():
        raise AgencyNameTaken(name=name)
    _check(permit_no, exclusion_ground, commission_bp, term_days)
    agency = Agency.objects.create(
        name=name,
        permit_no=permit_no.strip(),
        permit_until=permit_until,
        exclusion_ground=exclusion_ground or "",
        commission_bp=commission_bp,
        term_days=term_days,
    )
    _tell(agency, actor, at)
    return agency


@requires(Right.RUN_AGENCIES)
@transaction.atomic
def change_agency(
    *,
    agency_id: int,
    permit_no: str,
    permit_until: date | None,
    exclusion_ground: ExclusionGround | None,
    commission_bp: int,
    term_days: int,
    is_active: bool,
    actor: Actor,
    at: datetime,
) -> Agency:
    """New terms hold for placements from now on; those made keep theirs.

    Raises AgencyNotFound, PermitMissing, CommissionOutOfRange, TermOutOfRange.
    """
    _check(permit_no, exclusion_ground, commission_bp, term_days)
    agency = get_agency(agency_id=agency_id)
    agency.permit_no = permit_no.strip()
    agency.permit_until = permit_until
    agency.exclusion_ground = exclusion_ground or ""
    agency.commission_bp = commission_bp
    agency.term_days = term_days
    agency.is_active = is_active
    agency.save()
    _tell(agency, actor, at)
    return agency


def _check(
    permit_no: str, exclusion_ground: ExclusionGround | None, commission_bp: int, term_days: int
) -> None:
    if not permit_no.strip() and exclusion_ground is None:
        raise PermitMissing
    if not 0 <= commission_bp <= 10_000:
        raise CommissionOutOfRange(commission_bp=commission_bp)
    if not 1 <= term_days <= MAX_TERM_DAYS:
        raise TermOutOfRange(term_days=term_days, most=MAX_TERM_DAYS)


def _tell(agency: Agency, actor: Actor, at: datetime) -> None:
    record_event(
        kind=events.AGENCY_CHANGED,
        subject=Subject("agency", agency.pk),
        payload={
            "name": agency.name,
            "permit_no": agency.permit_no,
            "permit_until": agency.permit_until,
            "exclusion_ground": agency.exclusion_ground,
            "commission_bp": agency.commission_bp,
            "term_days": agency.term_days,
            "is_active": agency.is_active,
        },
        actor=actor,
        at=at,
    )
