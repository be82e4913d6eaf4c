"""Two imports at once, a crash in the middle, an upload in the browser, and a file of payments."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from debtors.intake.profile import load_profile
from debtors.models import Debt, Debtor, IntakeRun
from debtors.operations import (
    AlreadyTerminated,
    DebtorNotFound,
    FieldNotCorrectable,
    IntakeOptions,
    PersonRequired,
    ValueRefused,
    add_contact_point,
    correct_debtor_field,
    import_portfolio,
    importing,
    queue_import,
    reveal_identifier,
    run_queued_imports,
    terminate_debt,
)
from debtors.operations.paying import (
    AccountNameAmbiguous,
    AccountNameUnknown,
    find_account_id,
    import_payments,
)
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor, ActorKind, system_actor
from kernel.authority import RightMissing
from ledger.models import Account, Transaction
from ledger.verification import verify_ledger
from staff.models import User
from tests.integration.debtors.conftest import ACTOR, AS_OF, AT, Import, write


def import_file(path: Path) -> dict[str, Any]:
    return import_portfolio(
        path=path, profile=load_profile("canonical"), as_of=AS_OF, options=IntakeOptions(),
        actor=ACTOR, at=AT,
    )  # fmt: skip


@pytest.mark.commits
def test_two_imports_of_one_file_at_once_take_it_in_once(tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path / "var"
    people = [{"debtor_ref": f"P-{n}", "debt_ref": f"D-{n}"} for n in range(300)]
    path = write(tmp_path / "f.csv", *people)
    reports: list[dict[str, Any]] = []

    def work() -> None:
        try:
            reports.append(import_file(path))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(report["debts_created"] for report in reports) == [0, 0, 300]
    assert sorted(IntakeRun.objects.values_list("status", flat=True)) == [
        "done", "unchanged", "unchanged",
    ]  # fmt: skip
    assert (Debt.objects.count(), Transaction.objects.count()) == (300, 300)
    assert verify_ledger() == []


@pytest.mark.commits
@pytest.mark.parametrize("step", ["merge_people", "merge_debts", "tell"])
def test_a_crash_in_the_middle_leaves_nothing_and_the_file_comes_in_again(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    settings.VAR_DIR = tmp_path / "var"
    path = write(tmp_path / "f.csv", {}, {"debtor_ref": "P-2", "debt_ref": "D-2"})
    whole = getattr(importing, step)

    def killed(**values: Any) -> Any:
        whole(**values)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(importing, step, killed)
    with pytest.raises(Exception, match=r"terminat|closed"):
        import_file(path)
    connection.close()
    assert (Debtor.objects.count(), Debt.objects.count(), Account.objects.count()) == (0, 0, 0)
    monkeypatch.setattr(importing, step, whole)
    assert import_file(path)["debts_created"] == 2
    statuses = list(IntakeRun.objects.order_by("pk").values_list("status", flat=True))
    assert statuses == ["failed", "done"]


def test_an_upload_waits_as_a_run_until_a_worker_takes_it_in(
    take_in: Import, tmp_path: Path
) -> None:
    content = write(tmp_path / "f.csv", {}).read_bytes()
    queued = queue_import(
        chunks=[content[:50], content[50:]], file_name="../evil/name.csv", profile="canonical",
        as_of=AS_OF, options=IntakeOptions(expect_totals={"PLN": Decimal("115.00")}),
        actor=ACTOR, at=AT,
    )  # fmt: skip
    assert (queued.status, queued.file_name, Debt.objects.count()) == ("queued", "name.csv", 0)
    assert run_queued_imports(at=AT) == 1
    queued.refresh_from_db()
    assert (queued.status, queued.counts["debts_created"], queued.rows_done) == ("done", 1, 1)
    assert list((tmp_path / "var" / "intake" / "uploads").iterdir()) == []


def test_an_upload_that_is_refused_says_why_and_does_not_stop_the_next(
    take_in: Import, tmp_path: Path
) -> None:
    good = write(tmp_path / "f.csv", {}).read_bytes()
    for content in (b"A,B\n1,2\n", good):
        queue_import(
            chunks=[content], file_name="f.csv", profile="canonical", as_of=AS_OF,
            options=IntakeOptions(), actor=ACTOR, at=AT,
        )  # fmt: skip
    assert run_queued_imports(at=AT) == 2
    runs = IntakeRun.objects.order_by("pk")
    assert [run.status for run in runs] == ["refused", "done"]
    assert runs[0].refusal["code"] == "columns_missing"


def test_importing_needs_the_right_to(take_in: Import, tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", {})
    with pytest.raises(RightMissing):
        import_portfolio(
            path=path, profile=load_profile("canonical"), as_of=AS_OF, options=IntakeOptions(),
            actor=Actor(ActorKind.USER, "1"), at=AT,
        )  # fmt: skip


@pytest.fixture
def officer(db: None) -> Actor:
    user = User.objects.create(username="anna", full_name="Anna", role="officer", created_at=AT)
    return Actor(ActorKind.USER, str(user.pk), frozenset({"correct_data", "see_identifiers"}))


def test_looking_at_an_identifier_leaves_a_trace(take_in: Import, officer: Actor) -> None:
    take_in({})
    debtor = Debtor.objects.get()
    seen = reveal_identifier(
        debtor_id=debtor.pk, field="pesel", reason="verified by phone", actor=officer, at=AT
    )
    (event,) = list_events(subjects=[Subject("debtor", debtor.pk)])
    assert seen == "44051401359"
    assert (event.kind, event.actor_id) == ("debtor.identifier_revealed", officer.id)
    assert seen not in str(event.payload)


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("pesel", "44051401358", ValueRefused),
        ("language", "xx", ValueRefused),
        ("last_name", "x" * 151, ValueRefused),
        ("external_id", "P-9", FieldNotCorrectable),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    take_in: Import, officer: Actor, field: str, value: str, error: type[Exception]
) -> None:
    take_in({})
    with pytest.raises(error):
        correct_debtor_field(
            debtor_id=Debtor.objects.get().pk, field=field, value=value, reason="x",
            actor=officer, at=AT,
        )  # fmt: skip


def test_only_a_person_corrects_by_hand(take_in: Import, officer: Actor) -> None:
    take_in({})
    values: dict[str, Any] = {"field": "last_name", "value": "Nowak", "reason": "x", "at": AT}
    with pytest.raises(PersonRequired):
        correct_debtor_field(debtor_id=Debtor.objects.get().pk, actor=system_actor("x"), **values)
    with pytest.raises(DebtorNotFound):
        correct_debtor_field(debtor_id=0, actor=officer, **values)


def test_a_telephone_number_that_cannot_be_is_not_added(take_in: Import, officer: Actor) -> None:
    take_in({})
    with pytest.raises(ValueRefused):
        add_contact_point(
            debtor_id=Debtor.objects.get().pk, value="12", reason="x", actor=officer, at=AT
        )


def test_a_debt_is_terminated_once(take_in: Import) -> None:
    take_in({})
    values: dict[str, Any] = {
        "debt_id": Debt.objects.get().pk, "terminated_on": AS_OF, "reason": "x", "actor": ACTOR,
        "at": AT,
    }  # fmt: skip
    terminate_debt(**values)
    with pytest.raises(AlreadyTerminated):
        terminate_debt(**values)


PAYMENTS = (
    "account;amount;currency;value_on;reference\n"
    "U/1;10.00;PLN;2025-09-30;first\n"
    "U/1;10.00;PLN;2025-09-30;first\n"
    "61 1090 1014 0000 0712 1981 2874;5.50;PLN;2025-10-01;\n"
    "nobody;1;PLN;2025-10-01;\n"
    "U/1;ten;PLN;2025-10-01;\n"
    "U/1;1;EUR;2025-10-01;\n"
    "U/1;1;PLN;2025-12-01;\n"
)


def test_a_file_of_payments_is_posted_once_row_by_row(take_in: Import, tmp_path: Path) -> None:
    take_in({"virtual_account": "61109010140000071219812874"})
    path = tmp_path / "payments.csv"
    path.write_text(PAYMENTS, encoding="utf-8")
    first = import_payments(path=path, actor=ACTOR, at=AT)
    assert (first.posted, first.totals) == (3, {"PLN": 2550})
    assert [(finding.line, finding.code) for finding in first.refused] == [
        (5, "account_name_unknown"),
        (6, "not_an_amount"),
        (7, "wrong_currency"),
        (8, "future_value_day"),
    ]
    assert Account.objects.get().due_minor == 4000 - 2550
    again = import_payments(path=path, actor=ACTOR, at=AT)
    assert (again.posted, again.repeated, again.totals) == (0, 3, {})


def test_a_number_that_names_two_debts_is_left_to_a_person(take_in: Import) -> None:
    take_in({}, {"debtor_ref": "P-2", "debt_ref": "D-2"})
    with pytest.raises(AccountNameAmbiguous):
        find_account_id(name="U/1")
    assert find_account_id(name="D-2") == Account.objects.get(debt__external_id="D-2").pk
    with pytest.raises(AccountNameUnknown):
        find_account_id(name="D-3")


def test_the_first_intake_day_is_that_of_the_earliest_file(take_in: Import) -> None:
    from debtors.queries import get_first_intake_day

    assert get_first_intake_day() is None
    take_in({})
    take_in({"debtor_ref": "P-2", "debt_ref": "D-2"}, as_of=date(2025, 9, 1))
    assert get_first_intake_day() == date(2025, 9, 1)
