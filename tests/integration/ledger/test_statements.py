"""Bank statements come in once, whatever their form, and payments find their debt."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from kernel.actor import Actor, system_actor
from kernel.authority import RightMissing
from kernel.lifecycle import MoveNotAllowed
from ledger.allocation import Bucket
from ledger.lifecycle import EntryState, NameKind
from ledger.models import Account, BankStatement, EntryPosting, PaymentName, StatementEntry
from ledger.operations import (
    SharesDoNotAddUp,
    match_entries,
    post_adjustment,
    post_entry,
    register_names,
    set_entry_aside,
    suspend_entry,
    take_entry_back,
    take_in_statements,
)
from ledger.statements.values import StatementUnreadable
from ledger.verification import verify_ledger, verify_replay
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user
from tests.unit.ledger.statements.samples import CAMT053, CAMT054, MT940, MT942, OWN

pytestmark = pytest.mark.django_db

ACTOR = system_actor("test")
AT = datetime(2026, 5, 12, 9, tzinfo=UTC)
DUE = date(2026, 4, 1)


@pytest.fixture
def manager() -> Actor:
    return actor_of(make_user("maria", Role.MANAGER, None))


def open_account(minor: int, *, contract: str = "", currency: str = "PLN") -> Account:
    account = Account.objects.create(currency=currency, opened_on=DUE)
    post_adjustment(
        account_id=account.pk, changes=[Bucket("principal", DUE, minor)], reason="start",
        idempotency_key="start", source=f"test:{account.pk}", effective_on=DUE, actor=ACTOR, at=AT,
    )  # fmt: skip
    if contract:
        register_names(kind=NameKind.CONTRACT, names=[(account.pk, contract)])
    return account


def take_in(content: bytes, name: str = "file") -> int:
    return take_in_statements(file=io.BytesIO(content), name=name, actor=ACTOR, at=AT).entries


def states() -> dict[str | None, int]:
    found: dict[str | None, int] = {}
    for state in StatementEntry.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_the_same_file_twice_changes_nothing() -> None:
    assert take_in(MT940) == 3
    again = take_in_statements(file=io.BytesIO(MT940), name="again", actor=ACTOR, at=AT)
    assert again.known_before
    assert BankStatement.objects.count() == 1


def test_two_equal_entries_of_one_day_are_both_real() -> None:
    take_in(MT940)
    same = StatementEntry.objects.filter(amount_minor=5_000)
    assert same.count() == 2


@pytest.mark.parametrize("forms", [(MT940, CAMT053), (CAMT053, MT940)])
def test_one_statement_in_two_forms_is_posted_once(forms: tuple[bytes, bytes]) -> None:
    account = open_account(50_000, contract="CTR/2026/17")
    for content in forms:
        take_in(content)
        match_entries(actor=ACTOR, at=AT)
    account.refresh_from_db()
    assert account.due_minor == 50_000 - 10_000
    assert BankStatement.objects.filter(same_as__isnull=False).count() == 1


@pytest.mark.parametrize("first", [MT942, CAMT054])
@pytest.mark.parametrize("foretold_first", [True, False])
def test_what_is_foretold_is_tied_and_never_added(first: bytes, foretold_first: bool) -> None:
    account = open_account(50_000, contract="CTR/2026/17")
    for content in (first, MT940) if foretold_first else (MT940, first):
        take_in(content)
        match_entries(actor=ACTOR, at=AT)
    account.refresh_from_db()
    assert account.due_minor == 40_000
    foretold = StatementEntry.objects.get(state=None)
    assert foretold.tied_to is not None
    assert foretold.tied_to.amount_minor == foretold.amount_minor


def test_a_payment_to_the_debt_s_own_account_number_posts_itself() -> None:
    account = open_account(50_000)
    Account.objects.filter(pk=account.pk).update(virtual_account_no=OWN)
    take_in(MT940)
    assert match_entries(actor=ACTOR, at=AT) == {"post": 2}
    account.refresh_from_db()
    assert account.due_minor == 50_000 - 10_000


def test_money_that_names_nothing_waits_for_a_person_who_teaches_the_sender(
    manager: Actor,
) -> None:
    account = open_account(50_000)
    take_in(MT940)
    assert match_entries(actor=ACTOR, at=AT) == {"suspend": 2}
    entry = StatementEntry.objects.filter(state=EntryState.SUSPENSE).earliest("id")
    post_entry(entry_id=entry.pk, shares={account.pk: 5_000}, actor=manager, at=AT)
    learnt = PaymentName.objects.get(kind=NameKind.SENDER)
    assert (learnt.account_id, learnt.confirmed) == (account.pk, 1)
    take_in(MT940.replace(b"28C:7/1", b"28C:8/1").replace(b"260511", b"260512"), "next day")
    assert match_entries(actor=ACTOR, at=AT) == {"propose": 2}


def test_one_transfer_is_split_over_two_debts_to_the_grosz(manager: Actor) -> None:
    one, other = open_account(3_000), open_account(9_000)
    take_in(MT940)
    match_entries(actor=ACTOR, at=AT)
    entry = StatementEntry.objects.filter(state=EntryState.SUSPENSE).earliest("id")
    with pytest.raises(SharesDoNotAddUp):
        post_entry(entry_id=entry.pk, shares={one.pk: 3_000}, actor=manager, at=AT)
    shares = {one.pk: 3_000, other.pk: 2_000}
    post_entry(entry_id=entry.pk, shares=shares, actor=manager, at=AT)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.due_minor, other.due_minor) == (0, 7_000)
    with pytest.raises(MoveNotAllowed):
        post_entry(entry_id=entry.pk, shares=shares, actor=manager, at=AT)


def test_what_was_posted_wrongly_is_taken_back_and_can_be_posted_anew(manager: Actor) -> None:
    wrong, right = open_account(50_000, contract="CTR/2026/17"), open_account(50_000)
    take_in(MT940)
    match_entries(actor=ACTOR, at=AT)
    entry = StatementEntry.objects.filter(state=EntryState.POSTED).earliest("id")
    take_entry_back(entry_id=entry.pk, reason="another payer", actor=manager, at=AT)
    post_entry(entry_id=entry.pk, shares={right.pk: 5_000}, actor=manager, at=AT)
    wrong.refresh_from_db()
    right.refresh_from_db()
    assert (wrong.due_minor, right.due_minor) == (45_000, 45_000)
    assert EntryPosting.objects.filter(entry=entry).count() == 2
    assert verify_ledger() == []
    assert verify_replay() == []


def test_a_person_sets_aside_what_is_nobody_s(manager: Actor) -> None:
    take_in(MT940)
    match_entries(actor=ACTOR, at=AT)
    first, second = StatementEntry.objects.filter(state=EntryState.SUSPENSE).order_by("id")
    set_entry_aside(entry_id=first.pk, reason="rent of the bank", actor=manager, at=AT)
    with pytest.raises(MoveNotAllowed):
        suspend_entry(entry_id=second.pk, reason="asked the bank", actor=manager, at=AT)
    assert states()[EntryState.NOT_OURS] == 2


def test_an_officer_takes_no_statement_in() -> None:
    officer = actor_of(make_user("anna", Role.OFFICER, None))
    with pytest.raises(RightMissing):
        take_in_statements(file=io.BytesIO(MT940), name="x", actor=officer, at=AT)


def test_a_file_that_cannot_be_understood_leaves_nothing() -> None:
    with pytest.raises(StatementUnreadable):
        take_in(MT940.replace(b":61:2605110511C", b":61:26x"))
    assert not BankStatement.objects.exists()
    assert not StatementEntry.objects.exists()


def test_the_command_reports_each_file_and_a_bad_one_stops_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = open_account(50_000, contract="CTR/2026/17")
    good, bad = tmp_path / "good.sta", tmp_path / "bad.sta"
    good.write_bytes(MT940)
    bad.write_bytes(b"hello")
    call_command("import_statement", str(bad), str(good), "--json", "--at", "2026-05-12")
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (answer["files"], answer["files_refused"], answer["posted"]) == (2, 1, 2)
    assert answer["outcomes"][0]["error"].startswith("line 1: ")
    assert answer["outcomes"][1]["totals"] == {f"{OWN} PLN": "95.00"}
    account.refresh_from_db()
    assert account.due_minor == 40_000


def test_a_dry_run_keeps_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "good.sta"
    file.write_bytes(MT940)
    call_command("import_statement", str(file), "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["entries"] == 3
    assert not BankStatement.objects.exists()
