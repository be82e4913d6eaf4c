"""What may be expected is kept with the work, and follows money, answers and time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from cases.lifecycle import Answer, WorkKind
from cases.models import Case, LastAnswer, WorkItem
from cases.operations import (
    NewWorkItem,
    keep_figures,
    note_answers,
    open_work_items,
    value_aging_work,
    value_open_work,
)
from cases.work_policy import work_policy_on
from contacts.lifecycle import ANSWERS, AttemptResult, Direction
from contacts.operations import NewPromise, judge_promises, log_contact
from debtors.lifecycle import Channel, Product
from debtors.models import Debt
from journal.delivery import deliver_pending
from kernel.actor import Actor
from tests.integration.cases.builders import make_debt, pay

pytestmark = pytest.mark.django_db


def ask(case: Case, at: datetime, machine: Actor, on: date) -> WorkItem:
    open_work_items(items=[NewWorkItem(case.pk, WorkKind.CALL, on)], at=at, actor=machine)
    return WorkItem.objects.get(case=case, status="open", kind="call")


@pytest.mark.parametrize("days", [0, 1, 30, 31, 60, 61, 90, 91, 180, 181, 900])
@pytest.mark.parametrize("answer", Answer)
def test_the_database_counts_as_the_policy_says(
    make_case: Callable[..., Case], at: datetime, on: date, machine: Actor, days: int,
    answer: Answer,
) -> None:  # fmt: skip
    case = make_case(618_301)
    account = Debt.objects.get(parties__debtor=case.debtor).account
    account.due_since = on - timedelta(days=days)
    account.save()
    keep_figures(case_ids=[case.pk], on=on)
    note_answers(case_ids=[case.pk], answer=answer, on=on)
    item = ask(case, at, machine, on)
    expected = work_policy_on(on).expect(
        overdue_minor=618_301, currency="PLN", days=days, answer=answer
    )
    assert (item.chance, item.expected_minor, item.rank) == expected
    assert (item.overdue_minor, item.currency, item.answer) == (618_301, "PLN", answer)


def test_the_currency_in_which_most_is_overdue_counts_and_none_is_added(
    case: Case, at: datetime, on: date, machine: Actor
) -> None:
    make_debt(case.debtor, currency="EUR", due_minor=50_000, due_since=date(2026, 1, 1))
    keep_figures(case_ids=[case.pk], on=on)
    item = ask(case, at, machine, on)
    policy = work_policy_on(on)
    found = policy.expect(overdue_minor=50_000, currency="EUR", days=131, answer=Answer.NONE)
    assert (item.currency, item.overdue_minor, item.rank) == ("EUR", 50_000, found.rank)
    assert item.due_since == date(2026, 1, 1)


def test_a_case_without_debts_or_with_all_the_money_in_the_world_breaks_nothing(
    make_case: Callable[..., Case], at: datetime, on: date, machine: Actor
) -> None:
    bare, rich = make_case(), make_case()
    Debt.objects.get(parties__debtor=bare.debtor).parties.all().delete()
    make_debt(rich.debtor, currency="EUR", due_minor=2**63 - 2**20, outstanding_minor=0)
    keep_figures(case_ids=[bare.pk, rich.pk], on=on)
    assert ask(bare, at, machine, on).rank == 0
    assert ask(rich, at, machine, on).rank == -(2**63 - 1)


def test_a_payment_and_a_call_move_the_work_in_the_order(
    case: Case, at: datetime, on: date, machine: Actor, as_officer: Actor
) -> None:
    before = ask(case, at, machine, on + timedelta(days=1))
    pay(Debt.objects.get(parties__debtor=case.debtor), 100_000, on=on, at=at)
    deliver_pending(at=at)
    paid = WorkItem.objects.get(pk=before.pk)
    assert (before.overdue_minor, paid.overdue_minor) == (125_000, 25_000)
    assert paid.rank > before.rank
    log_contact(
        case_id=case.pk, channel=Channel.EMAIL, direction=Direction.IN,
        result=AttemptResult.WANTS_INSTALMENTS, note="", actor=as_officer, at=at,
    )  # fmt: skip
    open_again = ask(case, at, machine, on + timedelta(days=1))
    assert open_again.answer == Answer.WILLING


def test_a_broken_promise_is_what_the_debtor_last_said(
    case: Case, at: datetime, on: date, machine: Actor, as_officer: Actor
) -> None:
    log_contact(
        case_id=case.pk, channel=Channel.PHONE, direction=Direction.OUT, note="",
        result=AttemptResult.PROMISED, promise=NewPromise(1_000, "PLN", on), actor=as_officer,
        at=at,
    )  # fmt: skip
    assert LastAnswer.objects.get(case=case).answer == Answer.WILLING
    judge_promises(on=on, at=at + timedelta(hours=16), actor=machine)
    item = WorkItem.objects.get(case=case, kind=WorkKind.BROKEN_PROMISE)
    assert (item.answer, item.chance) == (Answer.BROKE_WORD, 2590 * 60 // 100)


def test_a_call_that_reaches_nobody_changes_no_answer(case: Case, on: date) -> None:
    for answer, kept in (
        (Answer.NOT_REACHED, Answer.NOT_REACHED),
        (Answer.SPOKE, Answer.SPOKE),
        (Answer.NOT_REACHED, Answer.SPOKE),
        (Answer.UNWILLING, Answer.UNWILLING),
    ):
        note_answers(case_ids=[case.pk], answer=answer, on=on)
        assert LastAnswer.objects.get(case=case).answer == kept
    note_answers(case_ids=[case.pk], answer=Answer.WILLING, on=on - timedelta(days=1))
    assert LastAnswer.objects.get(case=case).answer == Answer.UNWILLING, "the later one counts"


def test_every_result_of_a_contact_says_how_the_debtor_answered() -> None:
    assert set(ANSWERS) == set(AttemptResult)


def test_time_alone_values_only_what_enters_another_band(
    make_case: Callable[..., Case], at: datetime, on: date, machine: Actor
) -> None:
    items = [ask(make_case(), at, machine, on) for _ in range(2)]
    since = items[0].due_since
    assert since is not None
    assert value_aging_work(on=since + timedelta(days=60)) == 0
    assert value_aging_work(on=since + timedelta(days=61)) == 2
    items[0].refresh_from_db()
    assert items[0].chance == 1590
    WorkItem.objects.filter(pk=items[1].pk).update(chance=None)
    assert value_aging_work(on=since + timedelta(days=62)) == 1


def test_a_case_keeps_what_the_ledger_says_of_it(
    case: Case, at: datetime, on: date, machine: Actor
) -> None:
    """From its opening, and after every posting; nothing is rewritten that has not changed."""
    case.refresh_from_db()
    assert (case.overdue_minor, case.overdue_currency) == (125_000, "PLN")
    assert (case.due_since, case.products) == (date(2026, 4, 1), ["cash_loan"])
    make_debt(
        case.debtor, currency="EUR", due_minor=50_000, due_since=date(2026, 1, 1),
        product=Product.MORTGAGE,
    )  # fmt: skip
    pay(Debt.objects.filter(parties__debtor=case.debtor).earliest("id"), 25_000, on=on, at=at)
    deliver_pending(at=at)
    case.refresh_from_db()
    assert (case.overdue_minor, case.overdue_currency) == (50_000, "EUR")
    assert (case.due_since, case.products) == (date(2026, 1, 1), ["cash_loan", "mortgage"])
    before = case.updated_at
    keep_figures(case_ids=[case.pk], on=on)
    case.refresh_from_db()
    assert case.updated_at == before


def test_valuing_twice_changes_nothing(case: Case, at: datetime, on: date, machine: Actor) -> None:
    ask(case, at, machine, on)
    assert value_open_work(case_ids=[case.pk], on=on) == 0
