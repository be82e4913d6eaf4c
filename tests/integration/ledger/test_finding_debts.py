"""Money finds its debt by name and amount, is split, is taken back by the bank, and forgotten."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest

from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor, system_actor
from kernel.lifecycle import MoveNotAllowed
from ledger.allocation import Bucket
from ledger.lifecycle import EntryState, NameKind, TransactionKind
from ledger.models import Account, EntryPosting, PaymentName, StatementEntry, Transaction
from ledger.operations import (
    NothingLearnt,
    NotItsReturn,
    forget_sender,
    match_entries,
    post_adjustment,
    post_entry,
    register_names,
    return_payment,
    take_entry_back,
    take_in_statements,
)
from ledger.operations.finding_returned import TAKES_BACK, with_payments_decided
from ledger.verification import verify_ledger, verify_replay
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user
from tests.unit.ledger.statements.samples import OWN

pytestmark = pytest.mark.django_db

ACTOR = system_actor("test")
AT = datetime(2026, 5, 12, 9, tzinfo=UTC)
DUE = date(2026, 4, 1)
SENDER = "PL27114020040000300201355387"


@pytest.fixture
def manager() -> Actor:
    return actor_of(make_user("maria", Role.MANAGER, None))


def open_debt(minor: int, *, contract: str = "", holder: str = "", currency: str = "PLN") -> int:
    account = Account.objects.create(currency=currency, opened_on=DUE)
    post_adjustment(
        account_id=account.pk, changes=[Bucket("principal", DUE, minor)], reason="start",
        idempotency_key="start", source=f"test:{account.pk}", effective_on=DUE, actor=ACTOR, at=AT,
    )  # fmt: skip
    if contract:
        register_names(kind=NameKind.CONTRACT, names=[(account.pk, contract)])
    if holder:
        register_names(kind=NameKind.HOLDER, names=[(account.pk, holder)])
    return account.pk


def owed(account_id: int) -> int:
    return Account.objects.get(pk=account_id).due_minor


def bank_tells(number: int, *lines: tuple[str, str, str]) -> list[StatementEntry]:
    """A statement with an entry for each (mark with amount, reference, title); matched."""
    entries = "".join(
        f":61:2605110511{money}NTRFNONREF//{reference}\n:86:020~00PRZELEW~20{title}\n"
        for money, reference, title in lines
    )
    content = f":20:S{number}\n:25:{OWN}\n:28C:{number}/1\n:60F:C260510PLN1000,00\n{entries}-\n"
    taken = take_in_statements(file=io.BytesIO(content.encode()), name="x.sta", actor=ACTOR, at=AT)
    match_entries(actor=ACTOR, at=AT)
    return list(StatementEntry.objects.filter(statement__file_id=taken.file_id).order_by("id"))


def codes(entry: StatementEntry) -> list[str]:
    return [reason["code"] for reason in entry.proposal["reasons"]]


def test_a_name_and_the_amount_due_are_proposed_and_never_posted() -> None:
    debt = open_debt(5_000, holder="Łucja Wąs")
    open_debt(7_000, holder="Łucja Wąs")
    (entry,) = bank_tells(1, ("C50,00", "B1", "rata~32WAS LUCJA~33UL. PROSTA 1"))
    assert (entry.state, entry.proposal["accounts"][0]) == (EntryState.PROPOSED, debt)
    assert codes(entry)[:2] == ["holder", "amount_is_due"]
    assert owed(debt) == 5_000


@pytest.mark.parametrize(
    ("contract", "title"),
    [("10000", "RATA KWOTA 10000 ZL"), ("20240512", "RATA Z DNIA 2024-05-12")],
)
def test_an_amount_or_a_day_that_is_also_a_contract_number_is_proposed_and_never_posted(
    contract: str, title: str
) -> None:
    debt = open_debt(50_000, contract=contract)
    (entry,) = bank_tells(1, ("C50,00", "B1", title))
    assert (entry.state, entry.proposal["accounts"]) == (EntryState.PROPOSED, [debt])
    assert codes(entry) == ["number_by_chance"]
    assert owed(debt) == 50_000


def test_the_debt_of_another_currency_is_shown_to_a_person_with_the_reason() -> None:
    debt = open_debt(5_000, contract="CTR/2026/17", currency="EUR")
    (entry,) = bank_tells(1, ("C50,00", "B1", "umowa CTR/2026/17"))
    assert (entry.state, entry.proposal["accounts"]) == (EntryState.SUSPENSE, [debt])
    assert codes(entry) == ["another_currency"]


def test_one_transfer_that_pays_both_debts_it_names_is_split_by_itself() -> None:
    one = open_debt(2_000, contract="CTR/2026/17")
    other = open_debt(3_000, contract="CTR/2026/18")
    (entry,) = bank_tells(1, ("C50,00", "B1", "CTR/2026/17 i CTR/2026/18"))
    assert entry.state == EntryState.POSTED
    assert (owed(one), owed(other)) == (0, 0)
    assert EntryPosting.objects.filter(entry=entry).count() == 2


def test_another_person_s_payment_posts_itself_and_says_whose_it_is_not() -> None:
    debt = open_debt(9_000, contract="CTR/2026/17", holder="Łucja Wąs")
    (entry,) = bank_tells(1, ("C50,00", "B1", "CTR/2026/17~32JAN NOWAK"))
    assert (entry.state, owed(debt)) == (EntryState.POSTED, 4_000)
    assert codes(entry) == ["contract", "third_party"]


@pytest.mark.parametrize("mark", ["D50,00", "RC50,00"])
def test_what_the_bank_takes_back_is_reversed_where_it_was_posted(mark: str) -> None:
    debt = open_debt(9_000, contract="CTR/2026/17")
    (paid,) = bank_tells(1, ("C50,00", "REF0001", "umowa CTR/2026/17"))
    assert owed(debt) == 4_000
    line = (mark, "REF0001", "zwrot")
    if mark.startswith("D"):
        line = (
            "D50,00NRTINONREF//REF0001\n:86:020~00ZWROT~20zwrot\n:61:2605110511C1,00",
            "B9",
            "x",
        )
    back = bank_tells(2, line)[0]
    paid.refresh_from_db()
    assert (owed(debt), paid.state, back.state) == (9_000, EntryState.RETURNED, EntryState.POSTED)
    assert codes(back) == ["return_bank_reference"]
    reversal = Transaction.objects.get(kind=TransactionKind.REVERSAL)
    assert EntryPosting.objects.get(transaction=reversal).entry_id == back.pk
    assert verify_ledger() == []
    assert verify_replay() == []


def test_a_return_that_names_nothing_is_for_a_person_who_finds_the_payment(
    manager: Actor,
) -> None:
    debt = open_debt(9_000, contract="CTR/2026/17")
    title = f"CTR/2026/17~38{SENDER}"
    paid, other = bank_tells(1, ("C50,00", "B1", title), ("C60,00", "B2", title))
    (back,) = bank_tells(2, ("RC50,00", "B7", f"zwrot~38{SENDER}"))
    assert (back.state, back.proposal["returned"]) == (EntryState.PROPOSED, [paid.pk])
    with pytest.raises(NotItsReturn):
        return_payment(entry_id=back.pk, returned_id=other.pk, actor=manager, at=AT)
    return_payment(entry_id=back.pk, returned_id=paid.pk, actor=manager, at=AT)
    with pytest.raises(MoveNotAllowed):
        return_payment(entry_id=back.pk, returned_id=paid.pk, actor=manager, at=AT)
    assert owed(debt) == 3_000


def test_a_return_of_money_that_nobody_has_posted_yet_leaves_nothing_to_post() -> None:
    (paid,) = bank_tells(1, ("C50,00", "REF0001", "nobody knows"))
    (back,) = bank_tells(2, ("RC50,00", "REF0001", "zwrot"))
    paid.refresh_from_db()
    assert (paid.state, back.state) == (EntryState.RETURNED, EntryState.POSTED)
    assert not Transaction.objects.exists()


def test_a_return_of_the_wrong_payment_is_taken_back_and_the_payment_counts_as_before(
    manager: Actor,
) -> None:
    one = open_debt(2_000, contract="CTR/2026/17")
    other = open_debt(3_000, contract="CTR/2026/18")
    later = open_debt(4_000, contract="CTR/2026/19")
    paid, split = bank_tells(
        1,
        ("C15,00", "REF0001", "CTR/2026/19"),
        ("C50,00", "REF0002", "CTR/2026/17 i CTR/2026/18"),
    )
    for number, payment, reference in ((2, paid, "REF0001"), (3, split, "REF0002")):
        stood = (owed(one), owed(other), owed(later))
        money = f"RC{payment.amount_minor // 100},00"
        (back,) = bank_tells(number, (money, reference, "zwrot"))
        for _ in range(2):  # somebody gives it back once more, and is wrong once more
            payment.refresh_from_db()
            assert payment.state == EntryState.RETURNED
            take_entry_back(entry_id=back.pk, reason="another one", actor=manager, at=AT)
            back.refresh_from_db()
            payment.refresh_from_db()
            assert (payment.state, back.state) == (EntryState.POSTED, EntryState.SUSPENSE)
            assert (owed(one), owed(other), owed(later)) == stood
            return_payment(entry_id=back.pk, returned_id=payment.pk, actor=manager, at=AT)
    assert (owed(one), owed(other), owed(later)) == (2_000, 3_000, 4_000)
    counts = Transaction.objects.filter(kind=TransactionKind.PAYMENT)
    assert set(counts.values_list("effective_on", flat=True)) == {date(2026, 5, 11)}
    assert verify_ledger() == []
    assert verify_replay() == []


def test_a_payment_that_was_posted_again_is_taken_back_like_any_other(manager: Actor) -> None:
    debt = open_debt(9_000, contract="CTR/2026/17")
    (paid,) = bank_tells(1, ("C50,00", "REF0001", "CTR/2026/17"))
    (back,) = bank_tells(2, ("RC50,00", "REF0001", "zwrot"))
    take_entry_back(entry_id=back.pk, reason="another one", actor=manager, at=AT)
    with pytest.raises(MoveNotAllowed):
        take_entry_back(entry_id=back.pk, reason="another one", actor=manager, at=AT)
    take_entry_back(entry_id=paid.pk, reason="another debt", actor=manager, at=AT)
    paid.refresh_from_db()
    assert (paid.state, owed(debt)) == (EntryState.SUSPENSE, 9_000)


def test_a_payment_that_nobody_had_posted_waits_for_a_person_when_its_return_is_taken_back(
    manager: Actor,
) -> None:
    (paid,) = bank_tells(1, ("C50,00", "REF0001", "nobody knows"))
    (back,) = bank_tells(2, ("RC50,00", "REF0001", "zwrot"))
    take_entry_back(entry_id=back.pk, reason="another one", actor=manager, at=AT)
    paid.refresh_from_db()
    assert paid.state == EntryState.SUSPENSE
    assert not Transaction.objects.exists()


def states(*entries: StatementEntry) -> list[str | None]:
    for entry in entries:
        entry.refresh_from_db()
    return [entry.state for entry in entries]


RETURNED = [EntryState.RETURNED, EntryState.POSTED]


@pytest.mark.parametrize("return_first", [False, True])
@pytest.mark.parametrize("at_once", [1, 2_000])
def test_a_return_in_the_file_of_its_payment_takes_it_back(
    return_first: bool, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.operations.finding_debts.ENTRIES_AT_ONCE", at_once)
    debt = open_debt(9_000, contract="CTR/2026/17")
    lines = [("C50,00", "REF0001", "CTR/2026/17"), ("RC50,00", "REF0001", "zwrot")]
    if return_first:
        back, paid = bank_tells(1, *reversed(lines))
    else:
        paid, back = bank_tells(1, *lines)
    assert states(paid, back) == RETURNED
    assert owed(debt) == 9_000
    assert Transaction.objects.filter(kind=TransactionKind.PAYMENT).exists()


def test_a_return_is_left_alone_while_its_payment_waits_in_somebody_else_s_hands() -> None:
    bank_tells(1, ("C50,00", "REF0001", "x"), ("RC50,00", "REF0002", "zwrot"))
    StatementEntry.objects.update(state=EntryState.WAITING)
    returns = StatementEntry.objects.filter(TAKES_BACK)
    assert not with_payments_decided(returns).exists()
    StatementEntry.objects.filter(~TAKES_BACK).update(state=EntryState.SUSPENSE)
    assert with_payments_decided(returns).exists()


def test_a_return_that_came_before_its_payment_is_looked_at_again() -> None:
    debt = open_debt(9_000, contract="CTR/2026/17")
    (back,) = bank_tells(1, ("RC50,00", "REF0001", "zwrot"))
    (other,) = bank_tells(2, ("C50,00", "REF0009", "CTR/2026/17"))
    assert states(back, other) == [EntryState.SUSPENSE, EntryState.POSTED]
    (paid,) = bank_tells(3, ("C50,00", "REF0001", "CTR/2026/17"))
    assert states(paid, back) == RETURNED
    assert (codes(back), owed(debt)) == (["return_bank_reference"], 4_000)


def test_a_return_that_came_before_two_that_fit_is_for_a_person_to_decide() -> None:
    (back,) = bank_tells(1, ("RC50,00", "REF0001", "zwrot"))
    fitting = bank_tells(2, *(("C50,00", "REF0001", f"{n}") for n in "ab"))
    assert states(back) == [EntryState.PROPOSED]
    assert back.proposal["returned"] == [one.pk for one in fitting]


def test_a_return_is_never_given_by_itself_to_a_payment_that_a_person_took_from_it(
    manager: Actor,
) -> None:
    debt = open_debt(50_000, contract="CTR/2026/17")
    (wrong,) = bank_tells(1, ("C50,00", "REF0001", "CTR/2026/17"))
    (back,) = bank_tells(2, ("RC50,00", "REF0001", "zwrot"))
    take_entry_back(entry_id=back.pk, reason="another one", actor=manager, at=AT)
    (other,) = bank_tells(3, ("C50,00", "REF0009", "CTR/2026/17"))
    assert states(wrong, back, other) == [EntryState.POSTED, EntryState.SUSPENSE, EntryState.POSTED]
    (right,) = bank_tells(4, ("C50,00", "REF0001", "CTR/2026/17"))
    assert states(wrong, right, back) == [EntryState.POSTED, *RETURNED]
    assert owed(debt) == 40_000
    assert verify_replay() == []


def learnt() -> list[tuple[int, int]]:
    names = PaymentName.objects.filter(kind=NameKind.SENDER)
    return list(names.values_list("account_id", "confirmed"))


def test_a_decision_that_is_taken_back_teaches_nothing(manager: Actor) -> None:
    debt = open_debt(50_000)
    first, second = bank_tells(1, *((f"C{n},00", f"B{n}", f"rata~38{SENDER}") for n in (10, 20)))
    for entry in (first, second):
        post_entry(entry_id=entry.pk, shares={debt: entry.amount_minor}, actor=manager, at=AT)
    assert learnt() == [(debt, 2)]
    for entry, left in ((first, [(debt, 1)]), (second, [])):
        take_entry_back(entry_id=entry.pk, reason="wrong", actor=manager, at=AT)
        assert learnt() == left


def test_a_sender_is_forgotten_and_what_was_proposed_with_them(manager: Actor) -> None:
    debt = open_debt(50_000)
    (first,) = bank_tells(1, ("C10,00", "B1", f"rata~38{SENDER}"))
    post_entry(entry_id=first.pk, shares={debt: 1_000}, actor=manager, at=AT)
    (second,) = bank_tells(2, ("C20,00", "B2", f"rata~38{SENDER}"))
    assert (second.state, second.proposal["accounts"]) == (EntryState.PROPOSED, [debt])
    values: dict[str, Any] = {
        "entry_id": second.pk, "account_id": debt, "actor": manager, "at": AT,
    }  # fmt: skip
    forget_sender(**values)
    second.refresh_from_db()
    assert (learnt(), second.proposal["accounts"]) == ([], [])
    kinds = [event.kind for event in list_events(subjects=[Subject("account", debt)])]
    assert "payment_name.forgotten" in kinds
    with pytest.raises(NothingLearnt):
        forget_sender(**values)
