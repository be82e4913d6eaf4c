"""Joining and leaving a service that many processes share."""

from __future__ import annotations

import abc
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from collections_app.embedded import keeper

_LONGEST_SOCKET_FOLDER = 70  # a socket's path may have 107 bytes
_START_SECONDS = 60.0


class ServiceFailed(Exception):
    """An embedded service could not be started; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Command:
    """How to run the server; ``uid`` and ``gid`` when it may not run as root."""

    argv: list[str]
    cwd: Path
    stop_signal: signal.Signals = signal.SIGTERM
    uid: int | None = None
    gid: int | None = None


class Service(abc.ABC):
    """One service of one VAR_DIR. ``folder`` holds its locks, its log and its data."""

    name: str

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lease: IO[str] | None = None

    @abc.abstractmethod
    def prepare(self, socket_folder: Path) -> Command:
        """Make ready what the server needs, and say how to run it."""

    @abc.abstractmethod
    def url(self, socket_folder: Path) -> str: ...

    @abc.abstractmethod
    def is_answering(self, socket_folder: Path) -> bool: ...

    def owner(self) -> tuple[int, int] | None:
        """Whom the socket folder belongs to, if not to the caller."""
        return None

    def recover(self) -> bool:
        """After a failed start: put right what can be; true if it is worth another try."""
        return False

    def join(self) -> str:
        """Start the service unless it runs, keep it running until ``leave``, and return its URL.

        Raises:
            ServiceFailed: if it cannot be started.
        """
        self._make_folder()
        lease = self._path("users").open("a")
        fcntl.flock(lease, fcntl.LOCK_SH)  # waits for a keeper that is just stopping
        try:
            with self._locked("start"):
                socket_folder = self._running() or self._start()
        except BaseException:
            lease.close()
            raise
        self._lease = lease
        return self.url(socket_folder)

    def join_running(self) -> str | None:
        """As ``join``, but only if somebody runs the service already."""
        if self._state() is None or not self._is_kept():
            return None
        return self.join()

    def leave(self) -> None:
        """Stop the service if nobody else uses it, and return only when it has stopped."""
        if self._lease is None:
            return
        self._lease.close()
        self._lease = None
        with self._path("users").open("a") as users:
            if keeper.is_free(users):
                self._stop_keeper()
                return
            try:
                fcntl.flock(users, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:  # the keeper has it, and is stopping
                fcntl.flock(users, fcntl.LOCK_SH)

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._path("users").touch()
        except OSError as error:
            raise ServiceFailed(
                f"{self.folder} cannot be written to ({error.strerror}). Set VAR_DIR to a folder"
                " of your own, or DATABASE_URL to a running PostgreSQL."
            ) from error

    def _path(self, kind: str) -> Path:
        return self.folder / f"{self.name}.{kind}"

    @contextmanager
    def _locked(self, kind: str) -> Iterator[None]:
        with self._path(kind).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _is_kept(self) -> bool:
        with self._path("keeper").open("a") as file:
            return not keeper.is_free(file)

    def _state(self) -> dict[str, Any] | None:
        try:
            state: dict[str, Any] = json.loads(self._path("json").read_text())
        except (OSError, ValueError):
            return None
        return state

    def _running(self) -> Path | None:
        state = self._state()
        if state is None or not self._is_kept():
            return None
        socket_folder = Path(state["socket_folder"])
        answers = self._wait_until_answering(socket_folder)
        # Asked once more: the server of a killed keeper answers until it has heard of that.
        return socket_folder if answers and self._is_kept() else None

    def _start(self) -> Path:
        for last_try in (False, True):
            self._stop_keeper()
            socket_folder = self._make_socket_folder()
            process = self._start_keeper(self.prepare(socket_folder), socket_folder)
            self._path("json").write_text(
                json.dumps({"socket_folder": str(socket_folder), "keeper": process.pid})
            )
            if self._wait_until_answering(socket_folder, process):
                return socket_folder
            if last_try or not self.recover():
                break
        self._stop_keeper()
        raise ServiceFailed(
            f"The embedded {self.name} did not start. The end of {self._path('log')}:\n"
            + "\n".join(self._path("log").read_text(errors="replace").splitlines()[-15:])
        )

    def _start_keeper(self, command: Command, socket_folder: Path) -> subprocess.Popen[bytes]:
        order = {
            "argv": command.argv,
            "cwd": str(command.cwd),
            "log": str(self._path("log")),
            "uid": command.uid,
            "gid": command.gid,
            "stop_signal": int(command.stop_signal),
            "users": str(self._path("users")),
            "keeper": str(self._path("keeper")),
            "socket_folder": str(socket_folder),
        }
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", keeper.__file__, json.dumps(order)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _wait_until_answering(
        self, socket_folder: Path, process: subprocess.Popen[bytes] | None = None
    ) -> bool:
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            if self.is_answering(socket_folder):
                return True
            gone = process.poll() is not None if process else not self._is_kept()
            if gone:
                return False
            time.sleep(0.05)
        return False

    def _stop_keeper(self) -> None:
        state = self._state()
        if state is None:
            return
        while self._is_kept():
            with suppress(ProcessLookupError):
                os.kill(int(state["keeper"]), signal.SIGTERM)
            time.sleep(0.05)
        self._remove_socket_folder()

    def _make_socket_folder(self) -> Path:
        for base in (tempfile.gettempdir(), "/tmp"):  # noqa: S108
            plain = base.replace("/", "").replace("-", "").replace("_", "").isalnum()
            if plain and len(base) < _LONGEST_SOCKET_FOLDER - 20:
                folder = Path(tempfile.mkdtemp(prefix="ugoda-", dir=base))
                owner = self.owner()
                if owner:
                    os.chown(folder, *owner)
                return folder
        raise ServiceFailed("There is no temporary folder with a short and plain name.")

    def _remove_socket_folder(self) -> None:
        state = self._state()
        if state is not None:
            folder = Path(state["socket_folder"])
            if folder.name.startswith("ugoda-"):
                shutil.rmtree(folder, ignore_errors=True)
            self._path("json").unlink(missing_ok=True)
