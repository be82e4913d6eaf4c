"""Which queued messages no longer fit what is owed, as a table."""

from __future__ import annotations

import pytest

from contacts.recalling import OwedNow, RecallReason, misfit, next_cause

FIGURES = {
    "debts": [
        {"account_id": 1, "due_minor": 500, "outstanding_minor": 900},
        {"account_id": 2, "due_minor": 100, "outstanding_minor": 100},
    ]
}
SAME = {1: OwedNow(500, 900), 2: OwedNow(100, 100)}


@pytest.mark.parametrize(
    ("now", "grown", "reason"),
    [
        (SAME, False, None),
        (SAME, True, None),
        ({1: OwedNow(0, 400), 2: OwedNow(0, 0)}, False, RecallReason.PAID),
        ({1: OwedNow(-5, -5), 2: OwedNow(0, 0)}, False, RecallReason.PAID),
        ({}, False, RecallReason.PAID),
        ({**SAME, 2: OwedNow(0, 0)}, False, RecallReason.OTHER_AMOUNT),
        ({**SAME, 1: OwedNow(499, 899)}, False, RecallReason.OTHER_AMOUNT),
        ({**SAME, 1: OwedNow(500, 899)}, False, RecallReason.OTHER_AMOUNT),
        ({**SAME, 1: OwedNow(501, 901)}, False, None),
        ({**SAME, 1: OwedNow(501, 901)}, True, RecallReason.OTHER_AMOUNT),
    ],
)
def test_a_message_fits_while_no_less_is_owed_than_it_says(
    now: dict[int, OwedNow], grown: bool, reason: RecallReason | None
) -> None:
    assert misfit(FIGURES, now, may_have_grown=grown) is reason


def test_the_cause_of_a_message_written_anew_counts_on() -> None:
    assert next_cause("step:17:demand:1") == "step:17:demand:1~2"
    assert next_cause("step:17:demand:1~2") == "step:17:demand:1~3"
    assert next_cause("step:17:demand:1~9") == "step:17:demand:1~10"
