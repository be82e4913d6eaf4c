"""The step ahead, looked at by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from escalation.decide import look_at_step
from kernel.calendar import POLAND
from tests.unit.escalation.cases import RETAIL, TODAY, facts

PROPOSE = next(step for step in RETAIL.steps if step.proposes == "termination")
DELIVERED = date(2026, 2, 20)
#: The first day after 14 working days from the delivery.
AFTER_THE_TERM = date(2026, 3, 13)


def _look(**known: Any) -> tuple[date | None, bool, list[bool]]:
    look = look_at_step(PROPOSE, facts(**known), TODAY - timedelta(days=30), TODAY, POLAND)
    return look.first_on, look.skipped, [held for _what, _value, held in look.looked]


def test_the_first_day_is_that_on_which_the_last_wait_ends() -> None:
    first_on, skipped, held = _look(notice_75c="delivered", notice_75c_delivered_on=DELIVERED)

    assert (first_on, skipped) == (AFTER_THE_TERM, False)
    assert not all(held)


def test_without_delivery_nobody_knows_the_day() -> None:
    assert _look(notice_75c="handed_over")[0] is None


def test_what_time_alone_cannot_change_leaves_the_day_open() -> None:
    known = {"notice_75c": "delivered", "notice_75c_delivered_on": DELIVERED}

    assert _look(**known, holds=frozenset({"restructuring_request"}))[0] is None


def test_a_step_that_is_not_needed_any_more_is_skipped() -> None:
    assert _look(termination="in_effect")[1] is True


@pytest.mark.parametrize("days", [0, 40])
def test_a_day_that_has_passed_is_today(days: int) -> None:
    first_on, _skipped, held = _look(
        notice_75c="delivered",
        notice_75c_delivered_on=date(2026, 1, 5),
        due_since=TODAY - timedelta(days=100 + days),
    )

    assert first_on == TODAY
    assert held
