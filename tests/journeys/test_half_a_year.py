"""Half a year over a small portfolio: nothing is missing, nothing is doubled, nothing is unlawful.

The same over a whole file: docs/half_a_year.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.models import F

from cases.models import Case
from contacts.models import Message, Termination
from courts.models import Referral
from escalation.models import Decision, Enrolment, PerformedStep
from kernel import clock
from tests.journeys.half_a_year.pages import STAGES, TITLES, Reader
from tests.journeys.half_a_year.reading import Counts, read_everything, read_parts
from tests.journeys.half_a_year.rows import write_rows
from tests.journeys.half_a_year.script import DAYS, FIRST, begin, live

pytestmark = pytest.mark.commits

LATE, NOT_LATE = 130, 20
MORNING_AFTER = FIRST + timedelta(days=DAYS)


def test_half_a_year_leaves_nothing_missing_doubled_or_unlawful(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    write_rows(tmp_path / "cards.csv", late=LATE, not_late=NOT_LATE)

    story, taken_in = begin(file=tmp_path / "cards.csv")
    with clock.fixed_at(clock.instant(FIRST)):
        pages = Reader(story)
    closed = [day.on for day in live(story, each_morning=pages.read_what_is_new)]
    with clock.fixed_at(clock.instant(MORNING_AFTER, time(9))):
        pages.read_what_waits(MORNING_AFTER)

    assert (taken_in["rows_filtered"], taken_in["cases_opened"]) == (NOT_LATE, LATE)
    assert (len(closed), closed[-1]) == (DAYS, MORNING_AFTER - timedelta(days=1))
    reading = read_everything(first=FIRST, days=DAYS)
    assert reading.faults == []
    assert pages.faults == []
    _everything_has_happened(reading.counts, pages)
    _the_reading_can_fail()


def _everything_has_happened(counts: Counts, pages: Reader) -> None:
    """What the reading found in order was there to be found."""
    assert set(pages.steps) == set(TITLES)
    assert set(pages.stages) == set(STAGES)
    chains, law, stops, once = (counts[name] for name in ("chains", "law", "stops", "once"))
    assert chains["enrolments"] == LATE
    assert chains["closes_with_perform"] == once["steps_performed"]
    for what in ("performed_agency", "performed_court", "reminder_delivered"):
        assert once[what] > 0
    assert once["notice_75c_handed_over"] == law["cases_with_an_undelivered_notice"] > 0
    assert law["fewest_working_days_before"] == 14
    assert law["placements_placed"] > 0
    assert law["referrals_filed"] > 0
    for what in ("terminations_proposed", "placements_refused", "referrals_refused"):
        assert stops[what] > 0
    assert stops["proposed_again_after_a_refusal"] > 0


def _tamperings() -> dict[str, Callable[[], object]]:
    """Each is what a fault of the product would leave behind, under the part that names it."""
    decided = Decision.objects.filter(cause__startswith="close:")
    of_several = Enrolment.objects.get(case=Case.objects.order_by("id")[0])
    first = decided.filter(enrolment=of_several).order_by("id")[0]
    last_on = FIRST + timedelta(days=DAYS - 1)
    granted = Termination.objects.filter(status="approved").order_by("id")[0]
    refused = Termination.objects.filter(status="refused").order_by("id")[0]
    return {
        "chains: enrolment": lambda: decided.filter(pk=first.pk).delete(),
        f"chains: enrolment {of_several.pk}: was due": lambda: Decision.objects.create(
            enrolment=of_several, version_id=first.version_id, cause=f"close:{last_on}",
            decided_on=last_on, decided_at=first.decided_at, outcome="hold",
            look_again_on=last_on + timedelta(days=9), record={},
        ),
        f"law: termination {granted.pk}: proposed on": lambda: Message.objects.filter(
            pk=granted.notice_id
        ).update(delivered_on=F("delivered_on") + timedelta(days=7)),
        f"law: case {granted.case_id}: terminated": lambda: Message.objects.filter(
            pk=granted.notice_id
        ).update(status="handed_over", delivered_on=None),
        "law: referral": lambda: Referral.objects.filter(filed_on__isnull=False).update(
            proposed_at=clock.instant(date(2025, 12, 1))
        ),
        f"stops: termination {refused.pk}": lambda: Termination.objects.filter(
            pk=refused.pk
        ).update(decided_at=clock.instant(last_on)),
        "once: message of a kind": lambda: Message.objects.filter(template="demand").update(
            template="reminder"
        ),
        "once: steps and decisions": lambda: PerformedStep.objects.filter(
            enrolment=of_several, step_key="demand"
        ).delete(),
    }  # fmt: skip


def _the_reading_can_fail() -> None:
    for named, tamper in _tamperings().items():
        with transaction.atomic():
            tamper()
            faults = read_parts(first=FIRST, days=DAYS).faults
            transaction.set_rollback(True)
        assert any(fault.startswith(named) for fault in faults), (named, faults[:3])
