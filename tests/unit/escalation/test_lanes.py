"""Two lanes take batches through two stages, in order, and stop together."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

import pytest

from escalation.operations.lanes import NextStage, take_in_two_lanes


class Batches:
    """Takes so many batches, and notes who is in which stage when."""

    def __init__(self, count: int, *, fails: Callable[[int, str], bool] = lambda *_: False) -> None:
        self.left = list(range(1, count + 1))
        self.fails = fails
        self.begun: list[int] = []
        self.carried_out: list[int] = []
        self.finished: list[int] = []
        self.inside = {"first": 0, "second": 0}
        self.met = 0
        self.threads: set[str] = set()

    def take(self, next_stage: NextStage) -> bool:
        if not self.left:
            return False
        number = self.left.pop(0)
        self.begun.append(number)
        self.threads.add(threading.current_thread().name)
        self._work(number, "first")
        next_stage()
        self._work(number, "second")
        self.carried_out.append(number)
        next_stage()
        time.sleep(0.005 * (number % 3))
        self.finished.append(number)
        return True

    def _work(self, number: int, stage: str) -> None:
        self.inside[stage] += 1
        assert self.inside[stage] == 1, "two batches in one stage"
        time.sleep(0.005)
        self.met += sum(self.inside.values()) == 2
        self.inside[stage] -= 1
        if self.fails(number, stage):
            raise ArithmeticError(number)


def test_every_batch_is_taken_once_and_none_overtakes_another() -> None:
    batches = Batches(12)
    take_in_two_lanes(batches.take)
    assert batches.begun == batches.carried_out == list(range(1, 13))
    assert sorted(batches.finished) == batches.begun


def test_one_lane_decides_while_the_other_carries_out() -> None:
    batches = Batches(12)
    take_in_two_lanes(batches.take)
    assert len(batches.threads) == 2
    assert batches.met > 0


@pytest.mark.parametrize("stage", ["first", "second"])
@pytest.mark.parametrize("failing", [1, 2, 5])
def test_an_error_in_either_lane_is_raised_and_no_more_batches_are_taken(
    failing: int, stage: str
) -> None:
    batches = Batches(40, fails=lambda number, here: (number, here) == (failing, stage))
    with pytest.raises(ArithmeticError):
        take_in_two_lanes(batches.take)
    assert failing not in batches.finished
    assert len(batches.begun) <= failing + 2
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lane")]


def test_errors_in_both_lanes_leave_nothing_waiting() -> None:
    batches = Batches(40, fails=lambda number, stage: number >= 3)
    with pytest.raises(ArithmeticError):
        take_in_two_lanes(batches.take)
    assert sorted(batches.finished) == [1, 2]


def test_nothing_to_take_is_no_error() -> None:
    take_in_two_lanes(Batches(0).take)


def test_the_interpreter_is_left_as_it_was() -> None:
    before = sys.getswitchinterval()
    with pytest.raises(ArithmeticError):
        take_in_two_lanes(Batches(3, fails=lambda *_: True).take)
    assert sys.getswitchinterval() == before
