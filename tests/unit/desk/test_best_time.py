from __future__ import annotations

import pytest

from desk.best_time import BestTime, Call, best_time


def _calls(*, answered: list[int], missed: list[int]) -> list[Call]:
    taken = [Call(hour, answered=True) for hour in answered]
    return [*taken, *(Call(hour, answered=False) for hour in missed)]


@pytest.mark.parametrize(
    ("answered", "missed", "expected"),
    [
        pytest.param([], [], None, id="nobody has called"),
        pytest.param([], [9, 10, 11, 16], None, id="nothing was answered"),
        pytest.param([17], [9, 10], None, id="one answered call is no habit"),
        pytest.param([17, 18], [9, 10, 11], BestTime(17, 19, 2, 2), id="evenings"),
        pytest.param([9, 9, 17, 17, 17], [9], BestTime(16, 18, 3, 3), id="the larger share counts"),
        pytest.param(
            [8, 8, 17, 17, 17], [], BestTime(16, 18, 3, 3), id="of equal shares the more calls"
        ),
        pytest.param([8, 8, 17, 17], [], BestTime(7, 9, 2, 2), id="then the earlier"),
        pytest.param([23, 23], [], BestTime(22, 24, 2, 2), id="the last hours of the day"),
    ],
)
def test_the_best_time_is_known_only_from_calls_that_were_answered(
    answered: list[int], missed: list[int], expected: BestTime | None
) -> None:
    assert best_time(_calls(answered=answered, missed=missed)) == expected
