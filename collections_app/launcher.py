"""How a process finds its settings, and how ``manage.py`` finds its services."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCAL = "collections_app.settings.local"
EXTERNAL = "collections_app.settings.external"

#: Commands that need neither a database nor a broker.
_ALONE = frozenset(
    {"--help", "-h", "collectstatic", "diffsettings", "findstatic", "help", "update_messages"}
)
#: Commands that must find the schema as it is, or make one of their own.
_AS_IS = frozenset(
    {"check", "demo", "lintmigrations", "makemigrations", "migrate", "showmigrations", "sqlmigrate"}
)


def choose_settings() -> str:
    """Name the settings module, unless the environment names one.

    A given DATABASE_URL may hold sealed data of others, so that its secrets must be given, too;
    with the embedded database they are made up and kept under VAR_DIR.
    """
    default = EXTERNAL if os.environ.get("DATABASE_URL") else LOCAL
    return os.environ.setdefault("DJANGO_SETTINGS_MODULE", default)


def var_dir() -> Path:
    """Where everything is kept that this checkout makes: data, secrets, logs."""
    return Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parents[1] / "var").resolve()


@contextmanager
def embedded_services(*, broker: bool) -> Iterator[None]:
    """Put the URLs of the embedded services into the environment where it names none.

    Args:
        broker: start a broker; otherwise join one only if it is running already.
    """
    from collections_app.embedded import Broker, Postgres

    joined: list[Postgres | Broker] = []
    try:
        if not os.environ.get("DATABASE_URL"):
            database = Postgres(var_dir())
            os.environ["DATABASE_URL"] = database.join()
            joined.append(database)
        if not os.environ.get("CELERY_BROKER_URL"):
            messages = Broker(var_dir())
            url = messages.join() if broker else messages.join_running()
            if url is not None:
                os.environ["CELERY_BROKER_URL"] = url
                joined.append(messages)
        yield
    finally:
        for service in reversed(joined):
            service.leave()


def run(arguments: list[str]) -> None:
    """What ``manage.py`` does."""
    from django.core.management import execute_from_command_line

    command = arguments[1] if len(arguments) > 1 else "help"
    settings = choose_settings()
    if os.environ.get("DATABASE_URL") or command in _ALONE or settings != LOCAL:
        _check_settings()
        execute_from_command_line(arguments)
        return
    from collections_app.embedded import ServiceFailed

    try:
        with embedded_services(broker=False):
            if command not in _AS_IS:
                _migrate_embedded()
            execute_from_command_line(arguments)
    except ServiceFailed as failure:
        sys.exit(str(failure))


def _check_settings() -> None:
    """End with the message alone where a setting is missing."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as error:
        sys.exit(str(error))


def _migrate_embedded() -> None:
    """Bring the embedded database up to date; it has no operator who would do it."""
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with connection.cursor() as cursor:  # two first commands at once: one waits
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(hashtext('migrate'))")
            try:
                call_command("migrate", verbosity=0, interactive=False)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('migrate'))")
                cursor.execute("RESET lock_timeout")
