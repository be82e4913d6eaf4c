"""``make demo`` as its user sees it: it starts, it stops, and it leaves nothing behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
#: A bound for a machine that is busy with other work.
WAIT_SECONDS = 180


@dataclass
class Demo:
    """The supervisor in a VAR_DIR of its own."""

    folder: Path
    port: int
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--no-seed", "--port", str(self.port)],
            cwd=ROOT,
            env={"PATH": os.defpath, "VAR_DIR": str(self.folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def is_up(self) -> bool:
        return self.ask("healthz").get("ok") is True

    def ask(self, page: str) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{page}") as answer:
                found: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as error:
            found = json.load(error)
        except (OSError, ValueError):
            found = {}
        return found

    def processes(self) -> list[psutil.Process]:
        """All that were started in the VAR_DIR, whoever their parent is by now."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                named = str(self.folder) in " ".join(process.cmdline())
                if named or process.environ().get("VAR_DIR") == str(self.folder):
                    found.append(process)
        return found


class Stopped(NamedTuple):
    """How a demo that was asked to stop had been, and what it left."""

    was_ready: bool
    returncode: int
    shown: str
    left_nothing: bool


@pytest.fixture(scope="module")
def first_start() -> Iterator[tuple[Demo, Stopped]]:
    """In an empty VAR_DIR, which takes long; the other tests go on from copies of what it made."""
    outer = _make_folder()
    demo = Demo(outer / "var dir", _free_port())
    yield demo, _stop_when_ready(demo, signal.SIGTERM)
    shutil.rmtree(outer)


@pytest.fixture
def demo(first_start: tuple[Demo, Stopped]) -> Iterator[Demo]:
    outer = _make_folder()
    demo = Demo(outer / "var dir", _free_port())
    # With owners: PostgreSQL runs as another user where the tests run as root.
    subprocess.run(["cp", "-a", str(first_start[0].folder), str(demo.folder)], check=True)
    yield demo
    for process in demo.started:
        process.terminate()
        process.communicate()
    shutil.rmtree(outer)


def _make_folder() -> Path:
    outer = Path(tempfile.mkdtemp(prefix="ugoda demo "))
    outer.chmod(0o755)
    return outer


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_a_first_start_ends_ready_and_stops_with_everything_it_started(
    first_start: tuple[Demo, Stopped],
) -> None:
    demo, stopped = first_start
    assert stopped == Stopped(True, 0, stopped.shown, True)
    assert f"http://localhost:{demo.port}" in stopped.shown


def test_ctrl_c_stops_everything_too(demo: Demo) -> None:
    stopped = _stop_when_ready(demo, signal.SIGINT)
    assert stopped == Stopped(True, 0, stopped.shown, True)


def _stop_when_ready(demo: Demo, number: signal.Signals) -> Stopped:
    process = demo.start()
    was_ready = wait_for(lambda: demo.ask("readyz").get("ok") is True)
    process.send_signal(number)
    shown, _ = process.communicate(timeout=WAIT_SECONDS)
    left_nothing = wait_for(lambda: demo.processes() == [])
    return Stopped(was_ready, process.returncode, shown, left_nothing)


def test_killed_it_takes_its_children_with_it_and_the_next_start_works(demo: Demo) -> None:
    process = demo.start()
    assert wait_for(demo.is_up)

    process.kill()
    process.wait()
    assert wait_for(lambda: demo.processes() == []), demo.processes()

    demo.start()
    assert wait_for(demo.is_up)


def test_a_child_that_dies_is_started_again(demo: Demo) -> None:
    demo.start()
    assert wait_for(demo.is_up)
    web = next(p for p in demo.processes() if "gunicorn" in " ".join(p.cmdline()))
    while (parent := web.parent()) and "gunicorn" in " ".join(parent.cmdline()):
        web = parent

    web.kill()

    assert wait_for(lambda: not web.is_running())
    assert wait_for(demo.is_up)


def test_a_second_one_says_where_the_first_one_runs(demo: Demo) -> None:
    demo.start()
    assert wait_for(demo.is_up)

    shown, _ = demo.start().communicate(timeout=WAIT_SECONDS)

    assert f"running already, at http://localhost:{demo.port}" in shown


def test_a_busy_port_is_told_before_anything_is_started(demo: Demo) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", demo.port))
        other.listen()

        shown, _ = demo.start().communicate(timeout=WAIT_SECONDS)

    assert f"make demo PORT={demo.port + 1}" in shown
    assert wait_for(lambda: demo.processes() == []), demo.processes()
