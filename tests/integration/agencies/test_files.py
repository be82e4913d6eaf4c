"""The file of a batch, and the payments that an agency reports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from agencies.lifecycle import EndReason, PlacementStatus
from agencies.models import Agency, AgencyPayment, Placement
from agencies.operations import (
    AgencyNotAllowed,
    BatchMade,
    NothingToPlace,
    PaymentNotOfPlacement,
    ReferenceReused,
    add_agency,
    decide_placement,
    make_placement_batch,
    propose_placements,
    recall_placement,
    record_agency_payment,
)
from agencies.queries import PlacementNotFound
from cases.lifecycle import HoldKind
from cases.models import Case
from cases.operations import NewHold, NewProposal, place_holds
from contacts.lifecycle import Template
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.authority import RightMissing
from kernel.money import Money
from ledger.models import Account, Posting
from tests.integration.agencies.conftest import deliver_letter, terminate
from tests.integration.cases.builders import make_debt

pytestmark = pytest.mark.django_db
PAID = date(2026, 5, 12)


@pytest.fixture
def approved(
    make_case: Callable[[], Case], machine: Actor, as_manager: Actor, at: datetime, on: date
) -> list[Case]:
    """Three cases whose placement is approved."""
    cases = [make_case() for _ in range(3)]
    for case in cases:
        deliver_letter(case, Template.NOTICE_75C, date(2026, 3, 2))
        terminate(case, date(2026, 5, 4))
    propose_placements(
        proposals=[NewProposal(case.pk, f"s:{case.pk}", {}) for case in cases],
        on=on, at=at, actor=machine,
    )  # fmt: skip
    for placement in Placement.objects.all():
        decide_placement(
            placement_id=placement.pk, move="approve", reason="ok", actor=as_manager, at=at
        )
    return cases


@pytest.fixture
def placed(approved: list[Case], agency: Agency, as_manager: Actor, at: datetime) -> BatchMade:
    return make_placement_batch(agency_id=agency.pk, actor=as_manager, at=at)


def rows_of(content: bytes | memoryview) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(bytes(content).decode())))


def record(placement: Placement, minor: int, actor: Actor, at: datetime, reference: str = "R1",
           paid_on: date = PAID, contract_no: str = "") -> AgencyPayment:  # fmt: skip
    assert placement.agency_id is not None
    return record_agency_payment(
        agency_id=placement.agency_id, placement_id=placement.pk, reference=reference,
        amount=Money(minor, "PLN"), paid_on=paid_on, contract_no=contract_no, actor=actor, at=at,
    ).payment  # fmt: skip


def test_the_file_holds_every_debt_with_totals_and_its_checksum(
    approved: list[Case], agency: Agency, as_manager: Actor, at: datetime
) -> None:
    make_debt(approved[0].debtor, due_minor=1, outstanding_minor=1, currency="EUR")
    batch = make_placement_batch(agency_id=agency.pk, actor=as_manager, at=at).batch
    rows = rows_of(batch.content)
    assert [row["case_number"] for row in rows] == [
        approved[0].number,
        approved[0].number,
        approved[1].number,
        approved[2].number,
        "1",
        "3",
    ]
    assert [(row["currency"], row["total"]) for row in rows[4:]] == [
        ("EUR", "0.01"),
        ("PLN", "3750.00"),
    ]
    assert batch.totals == {"EUR": 1, "PLN": 375_000}
    assert (batch.placements_count, batch.rows_count) == (3, 4)
    assert bytes(batch.sha256) == sha256(bytes(batch.content)).digest()


def test_what_is_in_the_file_is_placed_at_the_agency_s_rate(
    placed: BatchMade, approved: list[Case], agency: Agency, on: date
) -> None:
    for placement in Placement.objects.all():
        assert placement.status == PlacementStatus.PLACED
        assert (placement.agency, placement.batch) == (agency, placed.batch)
        assert (placement.commission_bp, placement.placed_on) == (1250, on)
    subjects = [Subject("case", approved[0].pk)]
    (event,) = list_events(subjects=subjects, kinds=["placement.placed"])
    assert event.payload["file_name"] == placed.batch.file_name


def test_a_case_that_was_paid_or_held_meanwhile_stays_out(
    approved: list[Case], agency: Agency, machine: Actor, as_manager: Actor,
    at: datetime, on: date,
) -> None:  # fmt: skip
    account = Account.objects.get(debt__parties__debtor=approved[0].debtor)
    Account.objects.filter(pk=account.pk).update(due_minor=0, due_since=None)
    hold = NewHold(approved[1].pk, HoldKind.DEATH, "", "", on)
    place_holds(holds=[hold], at=at, actor=machine)
    made = make_placement_batch(agency_id=agency.pk, actor=as_manager, at=at)
    assert [row["case_number"] for row in rows_of(made.batch.content)[:-1]] == [approved[2].number]
    assert len(made.left_out) == 2


def test_a_second_batch_has_nothing_left(
    placed: BatchMade, agency: Agency, as_manager: Actor, at: datetime
) -> None:
    with pytest.raises(NothingToPlace):
        make_placement_batch(agency_id=agency.pk, actor=as_manager, at=at)


def test_an_agency_whose_permit_has_run_out_gets_nothing(
    approved: list[Case], agency: Agency, as_manager: Actor, at: datetime
) -> None:
    Agency.objects.update(permit_until=date(2026, 5, 11))
    with pytest.raises(AgencyNotAllowed):
        make_placement_batch(agency_id=agency.pk, actor=as_manager, at=at)


def test_an_officer_sends_no_files(
    approved: list[Case], agency: Agency, as_officer: Actor, at: datetime
) -> None:
    with pytest.raises(RightMissing):
        make_placement_batch(agency_id=agency.pk, actor=as_officer, at=at)


def test_the_command_writes_the_file_with_its_checksum_beside_it(
    approved: list[Case], agency: Agency, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(
        "make_placement_batch",
        agency=agency.name,
        by="maria",
        at=datetime(2026, 5, 12, 12, tzinfo=UTC),
        json=True,
        folder=tmp_path / "out",
    )
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    file = Path(answer["file"])
    assert answer["totals"] == {"PLN": "3750.00"}
    assert sha256(file.read_bytes()).hexdigest() == answer["sha256"]
    assert file.with_name(f"{file.name}.sha256").read_text() == f"{answer['sha256']}  {file.name}\n"
    assert file.stat().st_mode & 0o077 == 0


def test_the_command_says_in_words_why_it_refused(db: None, as_manager: Actor) -> None:
    with pytest.raises(CommandError, match=r"no such agency|takiej agencji"):
        call_command("make_placement_batch", agency="Nobody", by="maria")


def test_a_collected_payment_is_posted_and_its_commission_is_exact(
    placed: BatchMade, approved: list[Case], as_manager: Actor, at: datetime
) -> None:
    placement = Placement.objects.get(case=approved[0])
    payment = record(placement, 100_04, as_manager, at)
    account = Account.objects.get(debt__parties__debtor=approved[0].debtor)
    assert account.due_minor == 125_000 - 100_04
    assert (payment.commission_bp, payment.commission_minor) == (1250, 12_51)  # 12.505 half up
    costs = Posting.objects.filter(account=account, leg="costs")
    assert not costs.exists()


def test_the_same_reference_again_changes_nothing(
    placed: BatchMade, approved: list[Case], as_manager: Actor, at: datetime
) -> None:
    placement = Placement.objects.get(case=approved[0])
    record(placement, 100_00, as_manager, at)
    record(placement, 100_00, as_manager, at)
    assert AgencyPayment.objects.count() == 1
    with pytest.raises(ReferenceReused):
        record(placement, 100_01, as_manager, at)


def test_a_payment_goes_over_the_debts_longest_due_first(
    placed: BatchMade, approved: list[Case], as_manager: Actor, at: datetime
) -> None:
    make_debt(approved[0].debtor, due_minor=50_00, outstanding_minor=50_00,
              due_since=date(2026, 1, 2))  # fmt: skip
    placement = Placement.objects.get(case=approved[0])
    record(placement, 60_00, as_manager, at)
    dues = Account.objects.filter(debt__parties__debtor=approved[0].debtor).order_by("pk")
    assert list(dues.values_list("due_minor", flat=True)) == [1240_00, 0]


def test_a_payment_after_the_recall_is_posted_but_earns_nothing(
    placed: BatchMade, approved: list[Case], as_manager: Actor, at: datetime
) -> None:
    placement = Placement.objects.get(case=approved[0])
    recall_placement(
        placement_id=placement.pk, reason=EndReason.OTHER, note="", actor=as_manager, at=at
    )
    later = datetime(2026, 5, 14, 9, 0, tzinfo=at.tzinfo)
    payment = record(placement, 100_00, as_manager, later, paid_on=date(2026, 5, 13))
    assert payment.commission_minor == 0


def test_a_payment_from_before_the_placement_is_refused(
    placed: BatchMade, approved: list[Case], as_manager: Actor, at: datetime
) -> None:
    placement = Placement.objects.get(case=approved[0])
    with pytest.raises(PaymentNotOfPlacement):
        record(placement, 100_00, as_manager, at, paid_on=date(2026, 5, 11))


def test_an_agency_cannot_report_a_payment_on_the_placement_of_another(
    placed: BatchMade, approved: list[Case], as_manager: Actor, at: datetime
) -> None:
    placement = Placement.objects.get(case=approved[0])
    other = add_agency(
        name="Another agency", permit_no="RPU/2", permit_until=None, exclusion_ground=None,
        commission_bp=1000, actor=as_manager, at=at,
    )  # fmt: skip
    with pytest.raises(PlacementNotFound):
        record_agency_payment(
            agency_id=other.pk, placement_id=placement.pk, reference="R1",
            amount=Money(100_00, "PLN"), paid_on=PAID, contract_no="", actor=as_manager, at=at,
        )  # fmt: skip
    assert not AgencyPayment.objects.exists()


def test_the_payments_command_posts_the_good_lines_and_reports_the_bad(
    placed: BatchMade, approved: list[Case], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = Placement.objects.order_by("pk")[:2]
    file = tmp_path / "payments.csv"
    file.write_text(
        "reference,placement_id,contract_no,amount,currency,paid_on\n"
        f"A,{first.pk},,100.00,PLN,2026-05-12\n"
        f"B,{second.pk},,oops,PLN,2026-05-12\n"
        f"C,{second.pk},C/unknown,5.00,PLN,2026-05-12\n"
        f"D,{second.pk},,0.08,PLN,2026-05-12\n"
    )
    for known in (0, 2):
        call_command(
            "record_agency_payments",
            file,
            agency=str(Agency.objects.get().pk),
            by="maria",
            at=datetime(2026, 5, 12, 12, tzinfo=UTC),
            json=True,
        )
        answer = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert (answer["read"], answer["posted"], answer["known"]) == (4, 2 - known, known)
        assert [fault["line"] for fault in answer["refused"]] == [3, 4]
    assert AgencyPayment.objects.count() == 2
