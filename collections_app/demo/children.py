"""The processes of a supervisor: started, restarted when they die, and ended with it."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from collections_app.embedded.keeper import dies_with_parent, is_free

_STOP_SECONDS = 15.0
_LONGEST_PAUSE_SECONDS = 30.0
_STABLE_SECONDS = 10.0


@dataclass(slots=True)
class Child:
    """``orphaned``: the signal it gets when the supervisor is killed."""

    name: str
    argv: Sequence[str]
    log: Path
    orphaned: signal.Signals
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    start_after: float = 0.0


@dataclass(slots=True)
class Children:
    """All children hold the lock of one file, by which a later start finds those left behind."""

    folder: Path
    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    _lock: IO[str] | None = None

    @property
    def _pids(self) -> Path:
        return self.folder / "children.json"

    def reap_left_behind(self) -> None:
        """End what an earlier supervisor could not take with it."""
        with (self.folder / "children.lock").open("a") as lock:
            until = time.monotonic() + _STOP_SECONDS
            while not is_free(lock):
                number = signal.SIGTERM if time.monotonic() < until else signal.SIGKILL
                for pid in self._remembered():
                    with suppress(ProcessLookupError, PermissionError):
                        os.killpg(pid, number)
                time.sleep(0.2)

    def _remembered(self) -> list[int]:
        try:
            return [int(pid) for pid in json.loads(self._pids.read_text())]
        except (OSError, ValueError):
            return []

    def start(self, children: Sequence[Child]) -> None:
        self._lock = (self.folder / "children.lock").open("a")
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        self.children = list(children)
        for child in self.children:
            self._start(child)

    def _start(self, child: Child) -> None:
        assert self._lock is not None
        with child.log.open("ab") as log:
            child.process = subprocess.Popen(  # noqa: S603
                child.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[self._lock.fileno()],
                preexec_fn=dies_with_parent(child.orphaned),  # noqa: PLW1509
            )
        child.started = time.monotonic()
        running = [c.process.pid for c in self.children if c.process is not None]
        self._pids.write_text(json.dumps(running))

    def look_after(self) -> None:
        """Restart who has died, with growing pauses if it goes on dying."""
        now = time.monotonic()
        for child in self.children:
            if child.process is None:
                if now >= child.start_after:
                    self._start(child)
            elif (code := child.process.poll()) is not None:
                stable = now - child.started > _STABLE_SECONDS
                child.failures = 1 if stable else child.failures + 1
                pause = min(2.0 ** (child.failures - 1), _LONGEST_PAUSE_SECONDS)
                self.say(f"{child.name} ended ({code}); again in {pause:.0f} s. See {child.log}")
                self._kill_group(child)
                child.process, child.start_after = None, now + pause

    def is_failing(self, name: str) -> bool:
        """Whether a child has died more than once in a row."""
        return any(child.failures > 1 for child in self.children if child.name == name)

    def stop(self) -> None:
        """Ask all to end, wait, and end by force who does not."""
        running = [child for child in self.children if child.process is not None]
        for child in running:
            assert child.process is not None
            child.process.terminate()
        until = time.monotonic() + _STOP_SECONDS
        for child in running:
            assert child.process is not None
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(until - time.monotonic(), 0.1))
            self._kill_group(child)
            child.process.wait()
            child.process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None
            self._pids.unlink(missing_ok=True)

    def _kill_group(self, child: Child) -> None:
        if child.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, signal.SIGKILL)
