"""Handing approved placements over to an agency, in one file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.db import connection, transaction

from agencies import events
from agencies.exchange import DebtLine, totals_of, write_placements
from agencies.lifecycle import PLACEMENT_LIFECYCLE, PlacementStatus
from agencies.models import Agency, Placement, PlacementBatch
from agencies.queries import get_agency, get_batch, list_debt_lines, list_placement_facts
from cases.lifecycle import CaseStatus, Handler
from cases.locking import lock_cases
from journal.operations import Subject, record_event
from journal.status import move_statuses
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.clock import legal_day
from kernel.errors import Conflict, NotAllowed
from kernel.text import search_words
from staff.approvals import DecidedByPersonOnly
from staff.rights import Right

#: So many placements go into one file; the rest waits for the next one.
MAX_PLACEMENTS: Final = 10_000
_UNSAFE: Final = re.compile(r"[^a-z0-9-]+")


class AgencyNotAllowed(NotAllowed):
    """The agency is not active, or its permit has run out (act of 2024-12-20 on servicers)."""

    code = "agency_not_allowed"


class NothingToPlace(Conflict):
    """No approved placement can go out now; ``left_out`` counts those that are stopped."""

    code = "nothing_to_place"


@dataclass(frozen=True, slots=True)
class BatchMade:
    """``left_out`` are approved placements that something stops now: paid, or on hold."""

    batch: PlacementBatch
    left_out: tuple[int, ...]


@requires(Right.RUN_AGENCIES)
@transaction.atomic
def make_placement_batch(
    *, agency_id: int, actor: Actor, at: datetime, limit: int = MAX_PLACEMENTS
) -> BatchMade:
    """Fix the file of the approved placements that nothing stops, oldest first, and place them.

    The content stands in the batch; nothing is sent here. Two calls at once share the placements
    between them. Raises AgencyNotFound, AgencyNotAllowed,
    NothingToPlace, DecidedByPersonOnly.
    """
    on = legal_day(at)
    if actor.user_id is None:
        raise DecidedByPersonOnly
    agency = get_agency(agency_id=agency_id)
    if not agency.is_active or (agency.permit_until is not None and agency.permit_until < on):
        raise AgencyNotAllowed(agency=agency.name, permit_until=agency.permit_until)
    waiting = _claim(min(limit, MAX_PLACEMENTS))
    free = _free(waiting, on)
    lines = list_debt_lines(placement_ids=free, on=on)
    going = sorted({line.placement_id for line in lines})
    left_out = tuple(sorted(set(waiting) - set(going)))
    if not going:
        raise NothingToPlace(agency=agency.name, left_out=len(left_out))
    batch = _write(agency, going, lines, on, actor.user_id, at)
    until_on = on + timedelta(days=agency.term_days)
    cases = dict(Placement.objects.filter(pk__in=going).values_list("id", "case_id"))
    move_statuses(
        model=Placement,
        ids=going,
        lifecycle=PLACEMENT_LIFECYCLE,
        move="place",
        subject_of=lambda pk: Subject("case", cases[pk]),
        payload_of=lambda _: {
            "agency_id": agency.pk,
            "agency": agency.name,
            "batch_id": batch.pk,
            "file_name": batch.file_name,
            "commission_bp": agency.commission_bp,
            "until_on": until_on,
        },
        changes={
            "agency": agency,
            "batch": batch,
            "commission_bp": agency.commission_bp,
            "placed_on": on,
            "until_on": until_on,
        },
        actor=actor,
        at=at,
    )
    return BatchMade(batch, left_out)


@requires(Right.RUN_AGENCIES)
@transaction.atomic
def fetch_batch_file(*, batch_id: int, actor: Actor, at: datetime) -> PlacementBatch:
    """The batch with its content; the journal keeps who took it. Raises BatchNotFound."""
    batch = get_batch(batch_id=batch_id)
    record_event(
        kind=events.BATCH_FILE_TAKEN,
        subject=Subject("agency", batch.agency_id),
        payload={"batch_id": batch.pk, "file_name": batch.file_name},
        actor=actor,
        at=at,
    )
    return batch


@by_machine
def save_batch_file(*, batch: PlacementBatch, folder: Path) -> Path:
    """Write the file and its checksum (``sha256sum -c`` reads it) for the operator to take.

    Only the owner may read them. The same batch again writes the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / batch.file_name
    digest = bytes(batch.sha256).hex()
    for target, content in (
        (path, bytes(batch.content)),
        (folder / f"{batch.file_name}.sha256", f"{digest}  {batch.file_name}\n".encode()),
    ):
        target.touch(mode=0o600)
        target.write_bytes(content)
    return path


def _claim(limit: int) -> dict[int, int]:
    """Approved placements and their cases, locked: the case first, as everywhere."""
    found = Placement.objects.filter(status=PlacementStatus.APPROVED).order_by("id")
    wanted = dict(found.values_list("id", "case_id")[:limit])
    lock_cases(case_ids=wanted.values())
    still = (
        Placement.objects.filter(pk__in=wanted, status=PlacementStatus.APPROVED)
        .order_by("id")
        .select_for_update(no_key=True, skip_locked=True)
    )
    return {pk: wanted[pk] for pk in still.values_list("id", flat=True)}


def _free(waiting: dict[int, int], on: date) -> list[int]:
    facts = list_placement_facts(case_ids=list(waiting.values()), on=on)
    return [
        pk
        for pk, case_id in waiting.items()
        if facts[case_id].status == CaseStatus.OPEN
        and facts[case_id].handled_by == Handler.AGENCY
        and not facts[case_id].holds
    ]


def _write(
    agency: Agency,
    going: list[int],
    lines: list[DebtLine],
    on: date,
    user_id: int,
    at: datetime,
) -> PlacementBatch:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('agencies_placementbatch', 'id'))")
        number = int(cursor.fetchone()[0])
    content = write_placements(lines)
    name = _UNSAFE.sub("-", "-".join(search_words(agency.name)))[:50]
    return PlacementBatch.objects.create(
        pk=number,
        agency=agency,
        made_at=at,
        made_by_id=user_id,
        placements_count=len(going),
        rows_count=len(lines),
        totals=totals_of(lines),
        file_name=f"placement-{name}-{on:%Y%m%d}-{number}.csv",
        content=content,
        sha256=sha256(content).digest(),
    )
