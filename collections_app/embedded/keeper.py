"""Runs one service as long as anybody uses it. Standard library only, to start fast and small.

Started by ``service.py`` with an order as JSON on the command line. The service dies with its
keeper, the keeper ends when nobody holds the users' file, so that nothing is left behind however
the users came to their end.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
_POLL_SECONDS = 0.1
_STABLE_SECONDS = 3.0
_RESTARTS_IN_A_ROW = 5
_STOP_SECONDS = 30.0


def dies_with_parent(stop_signal: int) -> Callable[[], None]:
    """For ``preexec_fn``: the child gets the signal when its parent ends (Linux only)."""
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def arrange() -> None:
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, stop_signal, 0, 0, 0)
            if os.getppid() != parent:  # it ended before we asked
                os._exit(1)

    return arrange


def is_free(file: IO[str]) -> bool:
    """Take the lock of a file if nobody holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Keeper:
    """``order``: argv, cwd, log, uid, gid, stop_signal, users and keeper (the two lock files),
    and the socket_folder, which goes with the service.
    """

    def __init__(self, order: dict[str, Any]) -> None:
        self.order = order
        self.told_to_stop = False
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, self._on_stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.told_to_stop = True

    def run(self) -> int:
        with open(self.order["keeper"], "a") as own, open(self.order["users"]) as users:  # noqa: PTH123
            if not is_free(own):
                return 0
            failures, was_stable = 0, False
            while True:
                started = time.monotonic()
                child = self._start()
                while child.poll() is None:
                    if self.told_to_stop or is_free(users):
                        self._stop(child)
                        shutil.rmtree(self.order["socket_folder"], ignore_errors=True)
                        return 0
                    time.sleep(_POLL_SECONDS)
                stable = time.monotonic() - started > _STABLE_SECONDS
                was_stable = was_stable or stable
                failures = 0 if stable else failures + 1
                if self.told_to_stop or not was_stable or failures > _RESTARTS_IN_A_ROW:
                    return 1
                time.sleep(1)

    def _start(self) -> subprocess.Popen[bytes]:
        order = self.order
        identity: dict[str, Any] = {}
        if order["uid"] is not None:
            identity = {"user": order["uid"], "group": order["gid"], "extra_groups": []}
        with open(order["log"], "ab") as log:  # noqa: PTH123
            return subprocess.Popen(  # noqa: S603
                order["argv"],
                cwd=order["cwd"],
                env={"PATH": os.defpath, "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=dies_with_parent(order["stop_signal"]),  # noqa: PLW1509
                **identity,
            )

    def _stop(self, child: subprocess.Popen[bytes]) -> None:
        child.send_signal(self.order["stop_signal"])
        try:
            child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    sys.exit(Keeper(json.loads(sys.argv[1])).run())
