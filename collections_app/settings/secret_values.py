"""The secrets: given by the environment, or created once and kept under VAR_DIR/secrets."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

NAMES = {
    "SECRET_KEY": "signs sessions and forms",
    "DATA_SECRETS": "seal identifiers at rest; comma-separated, the newest first",
}
_BYTES = 48


def require(names: dict[str, str] = NAMES) -> dict[str, str]:
    """The secrets from the environment.

    Raises:
        ImproperlyConfigured: naming every one that is missing.
    """
    missing = [f"  {name}: {why}" for name, why in names.items() if not os.environ.get(name)]
    if missing:
        raise ImproperlyConfigured(
            "These settings must be given in the environment and have no default:\n"
            + "\n".join(missing)
        )
    return {name: os.environ[name] for name in names}


def given_or_kept(folder: Path) -> dict[str, str]:
    """The secrets from the environment, else from files that only their owner may read."""
    return {name: os.environ.get(name) or _kept(folder / name.lower()) for name in NAMES}


def _kept(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(_BYTES))
        try:
            os.link(draft, path)  # two first starts at once agree on one value
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
