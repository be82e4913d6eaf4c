"""The linter: what can never happen, never ends, or is against the law."""

from __future__ import annotations

import pytest

from escalation.difference import ChangeKind, difference
from escalation.lint import FindingCode, lint, lint_segments
from escalation.loading import load_strategy
from tests.unit.escalation.cases import FOLDER, RETAIL, SHIPPED

SOURCE = (FOLDER / "unsecured_retail.toml").read_text()
WAIT_FOR_NOTICE = "working_days_after_delivery_of = { notice_75c = 14 }, "


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_shipped_strategy_is_clean(key: str) -> None:
    assert lint(SHIPPED[key]) == []


def test_shipped_strategies_fit_together() -> None:
    assert lint_segments(list(SHIPPED.values())) == []


@pytest.mark.parametrize(
    ("right", "wrong", "code", "step"),
    [
        ('overdue = "nothing"', 'referral = "closed"', FindingCode.NO_EXIT, ""),
        ("on_hold = true", "on_hold = false", FindingCode.IGNORES_HOLDS, ""),
        ('handled_by = { is_not = "house" }', "", FindingCode.IGNORES_HANDLER, ""),
        ("consumer_debt_time_barred = true", "", FindingCode.IGNORES_LIMITATION, ""),
        (WAIT_FOR_NOTICE, "", FindingCode.NO_NOTICE_BEFORE_TERMINATION, "termination"),
        (
            "{ notice_75c = 14 }", "{ notice_75c = 13 }",
            FindingCode.NO_NOTICE_BEFORE_TERMINATION, "termination",
        ),
        (
            'do = { send_letter = "notice_75c" }', 'do = { send_letter = "demand" }',
            FindingCode.NO_NOTICE_BEFORE_TERMINATION, "termination",
        ),
        (
            '\nwhen = { termination = "in_effect" }', "\nwhen = { phone = true }",
            FindingCode.NO_TERMINATION_BEFORE, "agency",
        ),
        (
            "wait = { days_past_due = 28, days_after_previous_step = 5 }",
            "wait = { days_past_due = 25 }", FindingCode.TWO_STEPS_ON_ONE_DAY, "demand",
        ),
        (
            "wait = { days_past_due = 7, days_after_previous_step = 4 }",
            "wait = { days_past_due = 7, days_after_previous_step = 0 }",
            FindingCode.TWO_STEPS_ON_ONE_DAY, "call",
        ),
        ('stage = "court"', 'stage = "agency"', None, ""),
        ('stage = "agency"', 'stage = "direct_contact"', FindingCode.STAGE_GOES_BACK, "agency"),
        (", other = 50_000", "", FindingCode.CURRENCY_WITHOUT_THRESHOLD, "agency"),
        (
            'do = { propose = "placement" }', 'do = { propose = "placement" }\nrepeat = 2',
            FindingCode.REPEATED_PROPOSAL, "agency",
        ),
        (
            "when = { postal_address = false }",
            "when = { days_past_due = { at_least = 60, at_most = 30 } }",
            FindingCode.UNREACHABLE, "find_address",
        ),
        (
            "when = { postal_address = false }",
            "skip_when = { postal_address = false }\nwhen = { postal_address = false }",
            FindingCode.UNREACHABLE, "find_address",
        ),
        (
            "wait = { days_past_due = 35, days_after_previous_step = 7 }",
            "wait = { days_after_delivery_of = { termination_notice = 7 } }",
            FindingCode.UNREACHABLE, "call_again",
        ),
    ],
)  # fmt: skip
def test_fault_is_found(right: str, wrong: str, code: FindingCode | None, step: str) -> None:
    assert right in SOURCE
    found = {
        (finding.code, finding.step)
        for finding in lint(load_strategy(SOURCE.replace(right, wrong, 1)))
    }
    assert ((code, step) in found) if code else (found == set())


def test_two_segments_of_one_order_that_overlap_are_refused() -> None:
    mortgage = load_strategy(
        (FOLDER / "mortgage.toml").read_text().replace("order = 10", "order = 30")
    )
    found = lint_segments([RETAIL, mortgage, SHIPPED["small_balances"]])
    assert [(f.code, f.step, f.other) for f in found] == [
        (FindingCode.SEGMENTS_OVERLAP, "mortgage", "small_balances")
    ]


def test_without_a_strategy_for_everything_else_cases_would_be_lost() -> None:
    found = lint_segments([SHIPPED["mortgage"], SHIPPED["business"]])
    assert [finding.code for finding in found] == [FindingCode.NOTHING_FOR_EVERYTHING_ELSE]


def test_difference_names_what_was_added_moved_and_changed() -> None:
    changed = SOURCE.replace("days_past_due = 28", "days_past_due = 30").replace(
        'key = "find_address"', 'key = "search"'
    )
    changes = difference(RETAIL, load_strategy(changed))
    assert [(c.kind, c.where, c.field) for c in changes] == [
        (ChangeKind.ADDED, "search", ""),
        (ChangeKind.CHANGED, "demand", "wait.days_past_due"),
        (ChangeKind.REMOVED, "find_address", ""),
    ]
    assert changes[1].before["days"] == 28
    assert changes[1].after["days"] == 30


def test_nothing_changed_is_no_difference() -> None:
    assert difference(RETAIL, load_strategy(SOURCE)) == []
