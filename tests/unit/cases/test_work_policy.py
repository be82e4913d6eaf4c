"""What may be expected of a case, and in which order that puts the work."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.lifecycle import Answer, WorkKind
from cases.work_policy import SHIPPED, PolicyInvalid, load_work_policies, work_policy_on

POLICY = work_policy_on(date(2026, 5, 12))
DAYS = st.integers(min_value=-5, max_value=4_000)
AMOUNTS = st.integers(min_value=0, max_value=10**12)
ANSWERS = st.sampled_from(list(Answer))


@pytest.mark.parametrize(
    ("days", "chance"),
    [(-3, 4500), (0, 4500), (30, 4500), (31, 2590), (60, 2590), (61, 1590), (90, 1590),
     (91, 440), (180, 440), (181, 100), (3_000, 100)],
)  # fmt: skip
def test_the_chance_falls_from_band_to_band(days: int, chance: int) -> None:
    assert POLICY.chance(days=days, answer=Answer.NONE) == chance


@pytest.mark.parametrize(
    ("answer", "chance"),
    [(Answer.NOT_REACHED, 1113), (Answer.SPOKE, 1749), (Answer.WILLING, 2544),
     (Answer.UNWILLING, 795), (Answer.BROKE_WORD, 954)],
)  # fmt: skip
def test_what_the_debtor_last_said_moves_the_chance(answer: Answer, chance: int) -> None:
    assert POLICY.chance(days=63, answer=answer) == chance


def test_expected_is_overdue_times_chance() -> None:
    found = POLICY.expect(overdue_minor=618_301, currency="PLN", days=63, answer=Answer.BROKE_WORD)
    assert found == (954, 58_985, -58_985)


def test_a_foreign_currency_is_weighed_for_the_order_and_shown_as_it_is() -> None:
    found = POLICY.expect(overdue_minor=100_000, currency="EUR", days=63, answer=Answer.NONE)
    assert found == (1590, 15_900, -68_370)


def test_an_unknown_currency_counts_as_it_stands() -> None:
    assert (
        POLICY.expect(overdue_minor=1000, currency="JPY", days=0, answer=Answer.NONE).rank == -450
    )


@given(overdue=st.integers(min_value=0, max_value=2**63 - 1), days=DAYS, answer=ANSWERS)
def test_more_is_never_expected_than_is_overdue(overdue: int, days: int, answer: Answer) -> None:
    found = POLICY.expect(overdue_minor=overdue, currency="EUR", days=days, answer=answer)
    assert 0 <= found.expected_minor <= overdue
    assert -(2**63) < found.rank <= 0


@given(less=AMOUNTS, more=AMOUNTS, days=DAYS, answer=ANSWERS)
def test_of_two_alike_the_one_who_owes_more_comes_first(
    less: int, more: int, days: int, answer: Answer
) -> None:
    less, more = sorted((less, more))
    ranks = [
        POLICY.expect(overdue_minor=minor, currency="PLN", days=days, answer=answer).rank
        for minor in (more, less)
    ]
    assert ranks == sorted(ranks)


@given(days=DAYS)
def test_the_older_the_arrears_the_smaller_the_chance(days: int) -> None:
    chances = [POLICY.chance(days=days + more, answer=Answer.NONE) for more in (0, 1, 30, 365)]
    assert chances == sorted(chances, reverse=True)


def test_an_answer_that_is_owed_may_be_put_aside_for_less_long() -> None:
    assert POLICY.most_aside_days(WorkKind.ANSWER_REQUEST) == 7
    assert POLICY.most_aside_days(WorkKind.CALL) == 30


def test_there_is_no_policy_before_the_first() -> None:
    with pytest.raises(PolicyInvalid):
        work_policy_on(date(2014, 12, 31))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("from_day = 31", "from_day = 0"),
        ("from_day = 0", "from_day = 1"),
        ("chance = 4500", "chance = 10000"),
        ("factor = 160", "factor = 0"),
        ('answer = "willing"', 'answer = "delighted"'),
        ("PLN = 1000", "zloty = 1000"),
        ("lease_minutes = 30", "lease_minutes = 0"),
        ("answer_request = 7", "answer_requests = 7"),
        ("valid_from = 2015-01-01", "valid_since = 2015-01-01"),
        ('source = { en = "Assumption", pl', 'source = { en = "Assumption", de'),
    ],
)
def test_a_file_that_cannot_be_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "policy.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyInvalid):
        load_work_policies(path)
