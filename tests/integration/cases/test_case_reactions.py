"""What the intake and the ledger tell of opens, closes, reopens and stops cases."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from cases.lifecycle import HoldKind, WorkKind
from cases.models import Case, Hold, WorkItem
from cases.reactions import settle_after_intake, settle_after_posting, touch_after_news
from debtors.events import DATA_PROBLEMS_CHANGED, DEBT_CHANGED, DEBT_TAKEN_IN, DEBTOR_CORRECTED
from debtors.models import Debt
from journal.subscribers import RecordedEvent
from tests.integration.cases.builders import make_debt, make_debtor, set_due

pytestmark = pytest.mark.django_db


def told(
    kind: str, debt: Debt, at: datetime, on: date, problems: list[str] | None = None
) -> RecordedEvent:
    main = debt.parties.get(role="main_debtor")
    payload = {"debt_id": debt.pk, "debtor_id": main.debtor_id, "problems": problems or []}
    return RecordedEvent(
        1, on, kind, "account", debt.account_id, "system", "intake", on, at, payload
    )


def test_new_arrears_open_a_case_once_and_solved_ones_close_it(at: datetime, on: date) -> None:
    debt = make_debt(make_debtor())
    event = told(DEBT_TAKEN_IN, debt, at, date(2026, 5, 1))
    settle_after_intake(events=[event], at=at)
    settle_after_intake(events=[event], at=at)
    case = Case.objects.get()
    assert (case.opened_on, case.status) == (date(2026, 5, 1), "open")
    set_due(debt, 0)
    settle_after_posting(events=[told("payment.posted", debt, at, on)], at=at)
    case.refresh_from_db()
    assert (case.status, case.closed_on) == ("closed", on)
    set_due(debt, 500)
    settle_after_intake(events=[told(DEBT_CHANGED, debt, at, on)], at=at)
    case.refresh_from_db()
    assert case.status == "open"


def test_bad_data_stop_the_machine_until_they_are_solved(at: datetime, on: date) -> None:
    debtor = make_debtor(reachable=False)
    bad, other = make_debt(debtor), make_debt(debtor)
    Debt.objects.filter(pk=bad.pk).update(problems=["no_way_to_reach"])
    events = [
        told(DEBT_TAKEN_IN, bad, at, on, ["no_way_to_reach"]),
        told(DEBT_TAKEN_IN, other, at, on, ["impossible_date"]),
    ]
    settle_after_intake(events=events, at=at)
    settle_after_intake(events=events, at=at)
    assert set(Hold.objects.values_list("kind", "cause")) == {
        (HoldKind.DATA_PROBLEM, f"debt:{bad.pk}"),
        (HoldKind.DATA_PROBLEM, f"debt:{other.pk}"),
    }
    item = WorkItem.objects.get()
    assert (item.kind, item.due_on) == (WorkKind.SOLVE_DATA_PROBLEM, date(2026, 5, 13))
    Debt.objects.update(problems=[])
    settle_after_intake(events=[told(DATA_PROBLEMS_CHANGED, bad, at, on)], at=at)
    item.refresh_from_db()
    assert item.status == "open"
    solved = [told(DATA_PROBLEMS_CHANGED, other, at, on)]
    settle_after_intake(events=solved, at=at)
    settle_after_intake(events=solved, at=at)
    item.refresh_from_db()
    assert item.status == "cancelled"
    assert not Hold.objects.filter(ended_on=None).exists()


def test_the_last_word_on_a_debt_counts(at: datetime, on: date) -> None:
    debt = make_debt(make_debtor())
    Debt.objects.update(problems=["no_name"])
    events = [
        told(DEBT_TAKEN_IN, debt, at, on, ["no_name"]),
        told(DATA_PROBLEMS_CHANGED, debt, at, on),
    ]
    settle_after_intake(events=events, at=at)
    assert not Hold.objects.filter(ended_on=None).exists()


def test_news_about_a_debtor_move_the_case(case: Case, at: datetime, on: date) -> None:
    before = datetime(2026, 1, 1, tzinfo=at.tzinfo)
    Case.objects.update(updated_at=before)
    event = RecordedEvent(
        1, on, DEBTOR_CORRECTED, "debtor", case.debtor_id, "user", "1", on, at, {}
    )
    touch_after_news(events=[event], at=at)
    case.refresh_from_db()
    assert case.updated_at == at
    touch_after_news(events=[event], at=before)
    case.refresh_from_db()
    assert case.updated_at == at
