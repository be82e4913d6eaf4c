"""Two lanes for the batches of a night: while one carries out, the other decides.

Each lane is a thread with a connection of its own, so that a batch is one transaction in either.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import Final

from django.db import connections

#: Called by a batch that is through with a stage; returns when the next one has room for it.
NextStage = Callable[[], None]
#: Takes one batch through all stages; False when there was none to take.
TakeBatch = Callable[[NextStage], bool]

_TURN_SECONDS: Final = 0.0005


def take_in_two_lanes(take_batch: TakeBatch) -> None:
    """Take batches, in this thread and in a second one, until there are none.

    A batch has three stages: it decides, it carries out, and it ends. The first two have room
    for one batch each, and no batch overtakes another there. After an error in one lane the
    other finishes the batch that it has and takes no more; the error is raised here.
    """
    stages = _Stages(take_batch)
    with (
        _short_turns(),
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="lane") as threads,
    ):
        second = threads.submit(_run_with_own_connection, stages)
        stages.run()
    second.result()


@contextmanager
def _short_turns() -> Iterator[None]:
    """Whoever comes back from the database with an answer soon gets to run Python again.

    By default the other thread may compute for 5 ms first, after each of a hundred statements.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _run_with_own_connection(stages: _Stages) -> None:
    try:
        stages.run()
    finally:
        connections.close_all()


class _Stages:
    def __init__(self, take_batch: TakeBatch) -> None:
        self._take_batch: Final = take_batch
        self._deciding: Final = Lock()
        self._carrying_out: Final = Lock()
        self._is_over = False

    def run(self) -> None:
        try:
            while self._pass_through():
                pass
        finally:
            self._is_over = True

    def _pass_through(self) -> bool:
        """The first stage is left only once the second is entered, so that nobody overtakes."""
        with ExitStack() as second, ExitStack() as first:
            first.enter_context(self._deciding)

            def enter_second() -> None:
                second.enter_context(self._carrying_out)
                first.close()

            moves = iter((enter_second, second.close))

            def next_stage() -> None:
                next(moves)()

            return not self._is_over and self._take_batch(next_stage)
