"""Places of the approvals inbox as text, and what has changed since a proposal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cases.queries.approvals import ApprovalKey, Order
from desk.queries.money import CaseMoney, CurrencyMoney
from desk.views.approvals.asked import key_in, key_text
from desk.wording.approvals import after_refusal_text
from desk.wording.changes import changed_amounts, changed_conditions
from escalation.queries.explanation import Looked
from escalation.queries.grounds import NextAfterRefusal
from escalation.strategy import AfterRefusal
from staff.lifecycle import ApprovalKind

ON = date(2026, 5, 12)
MOMENTS = st.integers(0, 4 * 10**15).map(
    lambda micro: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=micro)
)
MAINS = {
    Order.OLDEST: st.none(),
    Order.DEADLINE: st.none() | st.dates(),
    Order.AMOUNT: st.tuples(st.sampled_from(["PLN", "EUR"]), st.integers(0, 10**17)),
}


@pytest.mark.parametrize("order", Order)
@given(data=st.data())
def test_a_place_in_the_inbox_survives_the_address(order: Order, data: st.DataObject) -> None:
    key = ApprovalKey(
        data.draw(MAINS[order]),
        data.draw(MOMENTS),
        data.draw(st.sampled_from([str(kind) for kind in ApprovalKind])),
        data.draw(st.integers(1, 10**17)),
    )
    assert key_in(key_text(key), order) == key


@given(text=st.text(max_size=80), order=st.sampled_from(Order))
def test_any_other_text_is_no_place(text: str, order: Order) -> None:
    found = key_in(text, order)
    assert found is None or key_text(found)


def look(role: str, *, held: bool) -> Looked:
    wanted = {"test": "is", "wanted": True}
    return Looked(f"{role}.complaint", role, role, "complaint", held, held, wanted)


@pytest.mark.parametrize(
    ("role", "before", "now", "in_the_way"),
    [
        ("exit", False, True, True),
        ("hold", False, True, True),
        ("skip", False, True, True),
        ("when", True, False, True),
        ("when", False, True, False),
        ("hold", True, False, False),
    ],
)
def test_an_answer_that_turned_says_whether_it_is_in_the_way_now(
    role: str, before: bool, now: bool, in_the_way: bool
) -> None:
    then, today = look(role, held=before), look(role, held=now)
    (change,) = changed_conditions([then], [today], on=ON)
    assert (change.turned, change.in_the_way) == (True, in_the_way)


def test_days_that_pass_are_no_change_but_an_amount_is() -> None:
    wanted = {"test": "at_least", "wanted": 30}
    days = [Looked("s.when.days_past_due", "s", "when", "days_past_due", True, value, wanted)
            for value in (40, 45)]  # fmt: skip
    overdue = [Looked("exit_when.overdue", "exit_when", "exit", "overdue", False, value,
                      {"test": "is", "wanted": "nothing"})
               for value in ({"PLN": 100}, {"PLN": 90})]  # fmt: skip

    changes = changed_conditions([days[0], overdue[0]], [days[1], overdue[1]], on=ON)

    assert [(change.turned, change.in_the_way) for change in changes] == [(False, False)]


def test_a_condition_that_another_version_words_anew_is_not_compared() -> None:
    then = Looked("exit_when.overdue", "exit_when", "exit", "overdue", False, {}, {"test": "is"})
    now = Looked("exit_when.overdue", "exit_when", "exit", "overdue", True, {}, {"test": "at_most"})
    assert changed_conditions([then], [now], on=ON) == []


def test_the_amount_is_compared_with_what_is_due_a_termination_with_all_that_is_owed() -> None:
    money = CaseMoney((CurrencyMoney("PLN", 700, 900), CurrencyMoney("EUR", 5, 8)), ON, ())

    (due,) = changed_amounts("placement", {"PLN": 1_000}, money)
    euros, zloty = changed_amounts("termination", {"PLN": 1_000, "EUR": 8}, money)
    (gone,) = changed_amounts("referral", {"USD": 3}, money)

    assert (due.now_minor, due.difference_minor) == (700, -300)
    assert (zloty.now_minor, euros.difference_minor) == (900, 0)
    assert gone.difference_minor == -3


@pytest.mark.parametrize(
    ("following", "said"),
    [
        (NextAfterRefusal(AfterRefusal.PROPOSE_AGAIN, again_on=ON), "again on 12.05.2026"),
        (NextAfterRefusal(AfterRefusal.GO_ON, next_step={"en": "Sue", "pl": "Pozew"}), "to: Sue."),
        (NextAfterRefusal(AfterRefusal.GO_ON), "its last step"),
        (NextAfterRefusal(AfterRefusal.STOP), "stops here"),
        (None, "no longer on the strategy"),
    ],
)
def test_what_follows_a_refusal_is_said_as_the_strategy_has_it(
    following: NextAfterRefusal | None, said: str
) -> None:
    with translation.override("en"):
        assert said in after_refusal_text(following, by_person=False)
        assert "A person proposed it" in after_refusal_text(following, by_person=True)
