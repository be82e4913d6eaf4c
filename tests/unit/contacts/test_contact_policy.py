"""A contact policy that cannot be right is refused when it is loaded."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from contacts.policy import PolicyInvalid, load_policies, policy_on

GOOD = """
[[policy]]
in_force_from = {day}
source = "test"
weekdays = {{ from = 08:00:00, to = {end} }}
saturdays = {{ from = 09:00:00, to = 15:00:00 }}
counted_channels = ["{channel}"]
max_conversations_a_day = 1
max_attempts_a_day = {attempts}
max_attempts_in_window = 7
window_days = 7
max_days_queued = 21
min_announced_percent = 10
max_promise_working_days = 10
max_promise_days = 31
max_broken_promises = 2
dispute_answer_days = 14
{more}
"""


def write(folder: Path, **values: object) -> Path:
    defaults = {
        "day": "2020-01-01",
        "end": "20:00:00",
        "channel": "phone",
        "attempts": 3,
        "more": "",
    }
    path = folder / "policy.toml"
    path.write_text(GOOD.format(**{**defaults, **values}))
    return path


def test_the_policy_of_the_day_is_the_latest_one_before_it(tmp_path: Path) -> None:
    path = write(tmp_path)
    second = GOOD.format(day="2024-01-01", end="18:00:00", channel="phone", attempts=2, more="")
    path.write_text(path.read_text() + second)
    assert policy_on(date(2023, 12, 31), path).max_attempts_a_day == 3
    assert policy_on(date(2024, 1, 1), path).max_attempts_a_day == 2
    with pytest.raises(PolicyInvalid):
        policy_on(date(2019, 12, 31), path)


@pytest.mark.parametrize(
    "broken",
    [
        {"end": "07:00:00"},
        {"channel": "telegram"},
        {"attempts": 0},
        {"more": "max_visits = 3"},
    ],
)
def test_nonsense_is_refused(tmp_path: Path, broken: dict[str, object]) -> None:
    with pytest.raises(PolicyInvalid):
        load_policies(write(tmp_path, **broken))


def test_two_policies_from_one_day_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text() * 2)
    with pytest.raises(PolicyInvalid):
        load_policies(path)
