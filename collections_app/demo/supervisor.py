"""One process that starts everything, keeps it running, and takes everything with it.

Web, worker and beat are processes of their own, as in production; PostgreSQL and the broker are
the embedded ones unless the environment names others.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from collections_app.beat import QUEUES
from collections_app.demo.children import Child, Children
from collections_app.launcher import embedded_services, var_dir

_POLL_SECONDS: Final = 0.5
_WEB_SECONDS: Final = 60.0


class CannotStart(Exception):
    """The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int

    @property
    def url(self) -> str:
        host = "localhost" if self.host in {"127.0.0.1", "0.0.0.0"} else self.host  # noqa: S104
        return f"http://{host}:{self.port}"

    def check_free(self) -> None:
        """Raises CannotStart where somebody listens already."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise CannotStart(
                    f"Port {self.port} cannot be used: {error.strerror}."
                    f" Choose another one, for example: make demo PORT={self.port + 1}"
                ) from error


class Supervisor:
    """``prepare`` fills the database between the start of the services and that of the site."""

    def __init__(
        self, *, address: Address, prepare: Callable[[], None], say: Callable[[str], None]
    ) -> None:
        self.address = address
        self.prepare = prepare
        self.say = say
        self.folder = var_dir() / "demo"
        self.children = Children(self.folder, say)

    def run(self, *, ready: Callable[[], None]) -> None:
        """Run until Ctrl-C, SIGTERM or SIGHUP. Raises CannotStart."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # A shell that starts it in the background has it ignore SIGINT, unless it says otherwise.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        with self._only_one():
            self.children.reap_left_behind()
            self.address.check_free()
            try:
                with embedded_services(broker=True):
                    self.prepare()
                    try:
                        self.children.start(self._children())
                        self._wait_for_web()
                        ready()
                        while True:
                            self.children.look_after()
                            time.sleep(_POLL_SECONDS)
                    finally:
                        self._ignore_signals()
                        self.children.stop()
            except KeyboardInterrupt:
                self.say("Stopped.")
            finally:
                self._ignore_signals()

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        with (self.folder / "supervisor.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                raise CannotStart(f"It is running already, at {lock.read().strip()}.") from error
            lock.truncate(0)
            lock.write(self.address.url)
            lock.flush()
            yield

    def _children(self) -> list[Child]:
        logs = var_dir() / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        os.environ["BIND"] = f"{self.address.host}:{self.address.port}"
        web = ["gunicorn", "--config", str(Path(__file__).parents[1] / "web_server.py")]
        worker = ["celery", "-A", "collections_app", "worker", "--loglevel", "INFO"]
        worker += ["--queues", ",".join(QUEUES), "--concurrency", "2", "--hostname", "all@%h"]
        worker += ["--without-gossip", "--without-mingle"]
        beat = ["celery", "-A", "collections_app", "beat", "--loglevel", "INFO", "--pidfile", ""]
        return [
            Child(name, [sys.executable, "-m", *argv], logs / f"{name}.log", orphaned)
            for name, argv, orphaned in (
                ("web", web, signal.SIGTERM),  # its processes look for their parent themselves
                ("worker", worker, signal.SIGKILL),  # so do these, and no task is lost
                ("beat", beat, signal.SIGTERM),
            )
        ]

    def _wait_for_web(self) -> None:
        url = f"http://127.0.0.1:{self.address.port}/healthz"
        until = time.monotonic() + _WEB_SECONDS
        while time.monotonic() < until:
            self.children.look_after()
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:
                    answer.read()
                return
            except urllib.error.HTTPError:
                return
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                if self.children.is_failing("web"):
                    break
                time.sleep(0.2)
        raise CannotStart(f"The web server did not start. See {var_dir() / 'logs' / 'web.log'}")

    def _ignore_signals(self) -> None:
        """What stops may not be interrupted by the second Ctrl-C of somebody impatient."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class SeedState:
    """How far the seeding of this VAR_DIR came, so that a half-filled database is made anew."""

    def __init__(self) -> None:
        self._path = var_dir() / "demo" / "seeded.json"

    def read(self) -> str | None:
        try:
            return str(json.loads(self._path.read_text())["state"])
        except (OSError, ValueError, KeyError):
            return None

    def write(self, state: str, **details: int) -> None:
        self._path.write_text(json.dumps({"state": state, **details}))
