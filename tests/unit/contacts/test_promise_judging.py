"""Was the promise kept? 100.00 PLN promised for 2026-05-20."""

from __future__ import annotations

from datetime import date

import pytest

from contacts.judging import PaidPromise, PromiseOutcome, judge

DUE_ON = date(2026, 5, 20)


@pytest.mark.parametrize(
    ("paid_minor", "nothing_due", "through", "outcome"),
    [
        (10_000, False, date(2026, 5, 10), PromiseOutcome.KEPT),
        (10_001, False, date(2026, 5, 20), PromiseOutcome.KEPT),
        (9_999, False, date(2026, 5, 19), PromiseOutcome.OPEN),
        (9_999, False, date(2026, 5, 20), PromiseOutcome.BROKEN),
        (0, False, date(2026, 5, 21), PromiseOutcome.BROKEN),
        (9_999, True, date(2026, 5, 12), PromiseOutcome.KEPT),
        (0, True, date(2026, 5, 21), PromiseOutcome.KEPT),
    ],
)
def test_only_the_whole_amount_in_time_keeps_it(
    paid_minor: int, nothing_due: bool, through: date, outcome: PromiseOutcome
) -> None:
    promise = PaidPromise(1, 1, 10_000, "PLN", DUE_ON, paid_minor, nothing_due)
    assert judge(promise, through) is outcome
