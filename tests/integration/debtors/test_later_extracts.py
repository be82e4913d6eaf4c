"""The next extract: what it changes, what it leaves, and what people did that it must not undo."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import debtors.operations.merging_debts as merging_debts
from cases.models import Case, Hold
from debtors.identifiers import sealer
from debtors.lifecycle import AddressKind, DataProblem
from debtors.models import Address, ContactPoint, Debt, Debtor, FieldSource, IntakeRun
from debtors.operations import (
    add_contact_point,
    correct_debtor_field,
    disable_contact_point,
    release_debtor_field,
    set_address,
    terminate_debt,
    waive_data_problem,
)
from journal.delivery import deliver_pending
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor, ActorKind, system_actor
from ledger.models import Account, Balance, Transaction
from ledger.operations import lock_accounts, post_payment, post_write_off
from ledger.verification import verify_ledger
from staff.models import User
from tests.integration.debtors.conftest import AS_OF, AT, Import

NEXT = date(2025, 11, 1)
LATER = datetime(2025, 11, 1, 6, tzinfo=UTC)
SYSTEM = system_actor("test")
NOWHERE = {"phones": "", "emails": "", "street": "", "house_no": "", "city": "", "postcode": ""}


@pytest.fixture
def officer(db: None) -> Actor:
    user = User.objects.create(username="anna", full_name="Anna", role="officer", created_at=AT)
    return Actor(ActorKind.USER, str(user.pk), frozenset({"correct_data", "see_identifiers"}))


def kinds(*subjects: Subject) -> list[str]:
    return [event.kind for event in list_events(subjects=list(subjects))][::-1]


def pay(amount_minor: int, on: date, key: str = "k") -> None:
    post_payment(
        account_id=Account.objects.get().pk, amount_minor=amount_minor, currency="PLN",
        value_on=on, idempotency_key=key, actor=SYSTEM, at=LATER,
    )  # fmt: skip


def owed() -> list[tuple[Any, ...]]:
    rows = Balance.objects.values_list("component", "due_on", "amount_minor")
    return sorted(rows, key=str)


def test_an_extract_that_says_the_same_rewrites_nothing(take_in: Import) -> None:
    take_in({})
    before = list(Debt.objects.values()) + list(Debtor.objects.values("updated_at"))
    report = take_in({}, as_of=NEXT, at=LATER)
    assert (report["debtors_updated"], report["debts_updated"]) == (0, 0)
    assert list(Debt.objects.values()) + list(Debtor.objects.values("updated_at")) == before
    assert Transaction.objects.count() == 1


def test_other_amounts_are_posted_as_an_explained_adjustment(take_in: Import) -> None:
    take_in({})
    report = take_in({"principal": "110.00", "past_due_amount": "60.00"}, as_of=NEXT, at=LATER)
    assert (report["debts_updated"], report["debts_created"]) == (1, 0)
    account = Account.objects.get()
    assert (account.outstanding_minor, account.due_minor) == (12500, 6000)
    assert owed() == [
        ("contractual_interest", date(2025, 8, 1), 1000),
        ("fees", date(2025, 8, 1), 500),
        ("principal", None, 6500),
        ("principal", date(2025, 8, 1), 4500),
    ]
    adjustment = Transaction.objects.get(kind="adjustment")
    assert (adjustment.reason, adjustment.effective_on) == ("later_extract", NEXT)
    (event,) = list_events(subjects=[Subject("account", account.pk)], kinds=["balance.adjusted"])
    assert event.payload["changes"] == {"principal": 1000}
    assert verify_ledger() == []


def test_a_debt_paid_at_the_bank_closes_its_case_and_arrears_reopen_it(take_in: Import) -> None:
    take_in({})
    nothing = {"principal": "0", "contractual_interest": "0", "fees": "0", "past_due_amount": "0"}
    take_in(nothing, as_of=NEXT, at=LATER)
    assert (Account.objects.get().outstanding_minor, Case.objects.get().status) == (0, "closed")
    take_in({}, as_of=date(2025, 12, 1), at=datetime(2025, 12, 1, 6, tzinfo=UTC))
    assert (Account.objects.get().due_minor, Case.objects.get().status) == (4000, "open")
    assert verify_ledger() == []


def test_a_payment_after_the_day_of_the_extract_survives_it(take_in: Import) -> None:
    take_in({})
    pay(1000, date(2025, 11, 1))
    take_in({}, as_of=date(2025, 10, 31), at=LATER)
    assert Account.objects.get().due_minor == 3000
    assert Transaction.objects.filter(kind="adjustment").count() == 0


def test_a_payment_that_the_extract_knows_of_is_not_counted_twice(take_in: Import) -> None:
    take_in({})
    pay(1000, date(2025, 10, 20))
    paid = {"principal": "100.00", "contractual_interest": "5.00", "fees": "0",
            "past_due_amount": "30.00"}  # fmt: skip
    report = take_in(paid, as_of=NEXT, at=LATER)
    assert (report["debts_updated"], Account.objects.get().due_minor) == (0, 3000)


def test_a_payment_posted_while_an_extract_that_knows_of_it_is_read_is_not_counted_twice(
    take_in: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in({})

    def lock_late(*, named_in: str) -> list[int]:
        pay(1000, date(2025, 10, 20))
        return lock_accounts(named_in=named_in)

    monkeypatch.setattr(merging_debts, "lock_accounts", lock_late)
    paid = {"principal": "100.00", "contractual_interest": "5.00", "fees": "0",
            "past_due_amount": "30.00"}  # fmt: skip
    take_in(paid, as_of=NEXT, at=LATER)
    assert Account.objects.get().due_minor == 3000
    assert verify_ledger() == []


def test_a_late_payment_never_leaves_a_part_below_zero(take_in: Import) -> None:
    take_in({})
    pay(4000, date(2025, 11, 1))
    take_in({"past_due_since": "2025-09-01"}, as_of=date(2025, 10, 31), at=LATER)
    assert min(Balance.objects.values_list("amount_minor", flat=True)) > 0
    account = Account.objects.get()
    assert (account.outstanding_minor, account.due_minor) == (7500, 0)
    assert verify_ledger() == []


def test_what_was_written_off_here_is_not_claimed_again(take_in: Import) -> None:
    take_in({})
    post_write_off(
        account_id=Account.objects.get().pk, amount_minor=2000, reason="settlement",
        idempotency_key="w", actor=SYSTEM, at=AT,
    )  # fmt: skip
    take_in({"contract_no": "U/2"}, as_of=NEXT, at=LATER)
    assert Account.objects.get().outstanding_minor == 9500


def test_the_same_file_again_changes_nothing_after_a_back_dated_payment(take_in: Import) -> None:
    take_in({})
    pay(1000, date(2025, 9, 30))
    assert take_in({}, at=LATER)["already_taken_in"] is True
    assert Account.objects.get().due_minor == 3000


def test_an_earlier_extract_may_add_but_changes_nothing(take_in: Import) -> None:
    take_in({}, as_of=NEXT, at=LATER)
    old = {"last_name": "Stara", "principal": "900.00"}
    report = take_in(old, {"debtor_ref": "P-2", "debt_ref": "D-2"}, at=LATER)
    assert (report["debts_created"], report["debts_updated"]) == (1, 0)
    assert Debtor.objects.get(external_id="P-1").last_name == "Wąs-Nowak"
    assert Account.objects.get(debt__external_id="D-1").outstanding_minor == 11500


def test_the_day_of_another_feed_does_not_make_an_extract_outdated(
    take_in: Import, tmp_path: Any
) -> None:
    take_in({})
    sample = "tests/profiles/uci_sample.csv"
    take_in(path=Path(sample), profile="tests/profiles/uci_credit_card.toml", as_of=NEXT, at=LATER)
    assert take_in({"contract_no": "U/7"}, as_of=date(2025, 10, 15))["debts_updated"] == 1


def test_changed_terms_and_people_are_told_by_field_and_without_values(take_in: Import) -> None:
    take_in({})
    take_in({"last_name": "Nowak", "contract_no": "U/9"}, as_of=NEXT, at=LATER)
    debtor, account = Debtor.objects.get(), Account.objects.get()
    assert (debtor.display_name, debtor.updated_at) == ("Łucja Nowak", LATER)
    assert Debtor.objects.filter(search="nowak").exists()
    events = list_events(subjects=[Subject("debtor", debtor.pk), Subject("account", account.pk)])
    told = {event.kind: event.payload.get("fields") for event in events}
    assert told["debtor.changed"] == ["last_name"]
    assert told["debt.changed"] == ["contract_no"]


def test_a_column_that_the_file_lacks_leaves_the_field_alone(
    take_in: Import, tmp_path: Any
) -> None:
    take_in({})
    path = tmp_path / "short.csv"
    path.write_text("debtor_ref,debt_ref,currency,principal\nP-1,D-1,PLN,115.00\n")
    take_in(path=path, as_of=NEXT, at=LATER)
    debtor = Debtor.objects.get()
    assert (debtor.last_name, debtor.pesel_sealed is None) == ("Wąs-Nowak", False)
    assert Debt.objects.get().contract_no == "U/1"


def test_a_full_extract_flags_what_is_missing_and_deletes_nothing(take_in: Import) -> None:
    take_in({}, {"debtor_ref": "P-2", "debt_ref": "D-2", "pesel": ""})
    report = take_in({}, as_of=NEXT, at=LATER, full=True)
    missing = Debt.objects.get(external_id="D-2")
    assert (report["debts_missing"], missing.missing_since) == (1, NEXT)
    assert Debt.objects.get(external_id="D-1").missing_since is None
    assert "debt.missing" in kinds(Subject("account", missing.account_id))
    take_in({}, {"debtor_ref": "P-2", "debt_ref": "D-2", "pesel": ""}, as_of=date(2025, 12, 1),
            at=datetime(2025, 12, 1, 6, tzinfo=UTC), full=True)  # fmt: skip
    missing.refresh_from_db()
    assert missing.missing_since is None
    assert "debt.back" in kinds(Subject("account", missing.account_id))


def test_a_delta_flags_nothing(take_in: Import) -> None:
    take_in({}, {"debtor_ref": "P-2", "debt_ref": "D-2", "pesel": ""})
    assert take_in({}, as_of=NEXT, at=LATER)["debts_missing"] == 0


def test_what_an_officer_corrected_survives_and_the_feed_is_shown_beside_it(
    take_in: Import, officer: Actor
) -> None:
    take_in({})
    debtor = Debtor.objects.get()
    for field, value in (("last_name", "Żak"), ("pesel", "02211307589"), ("language", "en")):
        correct_debtor_field(
            debtor_id=debtor.pk, field=field, value=value, reason="ID card", actor=officer, at=AT
        )
    take_in({"last_name": "Wąs"}, as_of=NEXT, at=LATER)
    debtor.refresh_from_db()
    assert (debtor.display_name, debtor.language) == ("Łucja Żak", "en")
    assert sealer("pesel").open(bytes(debtor.pesel_sealed or b"")) == "02211307589"
    feed = dict(FieldSource.objects.values_list("field", "feed_value"))
    assert feed["last_name"] == "Wąs"
    assert sealer("pesel").open(bytes.fromhex(feed["pesel"])) == "44051401359"
    release_debtor_field(
        debtor_id=debtor.pk, field="last_name", reason="back", actor=officer, at=LATER
    )
    take_in({"last_name": "Wąs"}, as_of=date(2025, 12, 1), at=LATER)
    debtor.refresh_from_db()
    assert debtor.last_name == "Wąs"


def test_addresses_and_contact_points_by_hand_survive(take_in: Import, officer: Actor) -> None:
    take_in({})
    debtor = Debtor.objects.get()
    phone = ContactPoint.objects.get(kind="mobile")
    disable_contact_point(contact_point_id=phone.pk, reason="wrong person", actor=officer, at=AT)
    added = add_contact_point(
        debtor_id=debtor.pk, value="601 200 300", reason="call", actor=officer, at=AT
    )
    set_address(
        debtor_id=debtor.pk, kind=AddressKind.REGISTERED, street="Nowa 7", postal_code="30-001",
        city="Kraków", reason="letter", actor=officer, at=AT,
    )  # fmt: skip
    take_in({"street": "Krótka"}, as_of=NEXT, at=LATER)
    usable = dict(ContactPoint.objects.values_list("value", "is_usable"))
    assert (usable["+48600100200"], usable[added.value]) == (False, True)
    assert Address.objects.get().street == "Nowa 7"
    feed = FieldSource.objects.get(field="address:registered").feed_value
    assert feed == "Krótka 1, 00-950, Warszawa, PL"


def test_a_way_to_reach_the_debtor_ends_the_data_problem_for_good(
    take_in: Import, officer: Actor
) -> None:
    take_in(NOWHERE)
    assert Hold.objects.filter(kind="data_problem", ended_on=None).count() == 1
    add_contact_point(
        debtor_id=Debtor.objects.get().pk, value="a@example.org", reason="x", actor=officer, at=AT
    )
    deliver_pending(at=AT)
    assert Hold.objects.filter(kind="data_problem", ended_on=None).count() == 0
    report = take_in({**NOWHERE, "contract_no": "U/3"}, as_of=NEXT, at=LATER)
    assert (report["debts_updated"], Debt.objects.get().problems) == (1, [])


def test_a_waived_problem_is_not_raised_again(take_in: Import, officer: Actor) -> None:
    bad = {"past_due_since": "2025-02-30"}
    take_in(bad)
    waive_data_problem(
        debt_id=Debt.objects.get().pk, problem=DataProblem.IMPOSSIBLE_DATE, actor=officer, at=AT
    )
    take_in({**bad, "contract_no": "U/3"}, as_of=NEXT, at=LATER)
    assert Debt.objects.get().problems == []


def test_termination_here_makes_all_due_and_stays_whatever_the_extract_says(
    take_in: Import,
) -> None:
    take_in({})
    debt = terminate_debt(
        debt_id=Debt.objects.get().pk, terminated_on=date(2025, 10, 15), reason="notice",
        actor=SYSTEM, at=AT,
    )  # fmt: skip
    account = Account.objects.get()
    assert (account.due_minor, account.outstanding_minor) == (11500, 11500)
    assert "debt.terminated" in kinds(Subject("account", account.pk))
    report = take_in({}, as_of=NEXT, at=LATER)
    debt.refresh_from_db()
    account.refresh_from_db()
    assert (debt.terminated_on, account.due_minor) == (date(2025, 10, 15), 11500)
    assert report["debts_updated"] == 0
    assert verify_ledger() == []


def test_every_run_is_kept_with_its_figures(take_in: Import) -> None:
    take_in({})
    run = IntakeRun.objects.get()
    assert (run.status, run.as_of_on, run.counts["cases_opened"]) == ("done", AS_OF, 1)
    assert kinds(Subject("intake", run.pk)) == ["intake.finished"]
