"""How a process finds its settings, and how ``manage.py`` finds its services."""

from __future__ import annotations

import os

LOCAL = "collections_app.settings.local"
EXTERNAL = "collections_app.settings.external"


def choose_settings() -> str:
    """Name the settings module, unless the environment names one.

    A given DATABASE_URL may hold sealed data of others, so that its secrets must be given, too;
    with the embedded database they are made up and kept under VAR_DIR.
    """
    default = EXTERNAL if os.environ.get("DATABASE_URL") else LOCAL
    return os.environ.setdefault("DJANGO_SETTINGS_MODULE", default)


def run(arguments: list[str]) -> None:
    choose_settings()
    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)
