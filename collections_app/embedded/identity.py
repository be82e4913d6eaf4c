"""Under whom a server runs that refuses to run as root, and what that user can reach."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

_UNPRIVILEGED = ("nobody", "daemon", "bin")


class ProcessIdentity(TypedDict, total=False):
    """Keywords of ``subprocess.run``."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Identity:
    uid: int
    gid: int

    def for_process(self) -> ProcessIdentity:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def unprivileged(owned: Path) -> Identity | None:
    """The user to run as, or nothing where the caller is not root.

    It is the owner of ``owned`` where that exists, so that data made before by a plain user
    are still served. The user must have a name: initdb looks it up.

    Raises:
        LookupError: if the system has no unprivileged user at all.
    """
    if os.geteuid() != 0:
        return None
    if owned.exists() and (status := owned.stat()).st_uid != 0:
        return Identity(status.st_uid, status.st_gid)
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Identity(entry.pw_uid, entry.pw_gid)
    raise LookupError("no unprivileged user")


def can_reach(identity: Identity, path: Path, mode: int = os.R_OK | os.X_OK) -> bool:
    """Whether that user may use the path, asked of the system itself in a short-lived child."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(identity.gid)
            os.setuid(identity.uid)
            os._exit(0 if os.access(path, mode) else 1)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0
