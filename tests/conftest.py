"""The services and the databases of the tests.

With DATABASE_URL and CELERY_BROKER_URL unset, a throw-away PostgreSQL and broker of our own are
started once for all test processes. A test that commits, or that starts threads or processes, is
marked ``commits`` and gets a copy of the migrated database for itself: the journal refuses the
TRUNCATE by which Django would clean up after it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from threading import Thread
from typing import Any

import hypothesis
import kombu.pools
import psycopg2
import pytest
import redis
from django.conf import settings
from django.db import connections
from django.test.utils import setup_databases, teardown_databases
from psycopg2 import sql
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from collections_app.beat import QUEUES
from collections_app.celery import app as celery_app
from collections_app.embedded import Broker, Postgres
from collections_app.launcher import var_dir
from collections_app.settings.base import database

# The same examples each time, so that a change is never blamed for what chance found.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.load_profile("house")

StartWorker = Callable[..., subprocess.Popen[str]]

_joined = pytest.StashKey[list[Postgres | Broker]]()


def _is_controller(config: pytest.Config) -> bool:
    return not hasattr(config, "workerinput")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.stash[_joined] = []
    if _is_controller(config) and not os.environ.get("DATABASE_URL"):
        service = Postgres(var_dir() / "tests", throw_away=True)
        os.environ["DATABASE_URL"] = service.join()
        config.stash[_joined].append(service)
        settings.DATABASES["default"].update(database(os.environ["DATABASE_URL"]))


def pytest_unconfigure(config: pytest.Config) -> None:
    for service in config.stash.get(_joined, []):
        service.leave()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            raise pytest.UsageError(
                f"{item.nodeid}: mark it 'commits'; the journal cannot be flushed after a test"
            )
        if item.get_closest_marker("commits") and isinstance(item, pytest.Function):
            item.fixturenames.insert(0, "committed_db")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """The migrated database, one for each test process."""
    keep = request.config.getvalue("reuse_db") and not request.config.getvalue("create_db")
    with django_db_blocker.unblock():
        made = setup_databases(
            verbosity=0,
            interactive=False,
            aliases={"default": None},
            serialized_aliases=set(),
            keepdb=keep,
        )
    yield
    if not keep:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def broker_url() -> Iterator[str]:
    """A broker of its own, or the one of CELERY_BROKER_URL."""
    if url := os.environ.get("CELERY_BROKER_URL"):
        yield url
        return
    service = Broker(var_dir() / "tests" / _test_process())
    yield service.join()
    service.leave()


@pytest.fixture
def broker(broker_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A real broker with empty queues, which this process and those it starts use."""
    prefix = f"test-{_test_process()}:"
    monkeypatch.setenv("CELERY_BROKER_URL", broker_url)
    monkeypatch.setenv("BROKER_KEY_PREFIX", prefix)
    monkeypatch.setattr(settings, "CELERY_BROKER_URL", broker_url)
    options = {**celery_app.conf.broker_transport_options, "global_keyprefix": prefix}
    monkeypatch.setitem(celery_app.conf, "broker_transport_options", options)
    monkeypatch.setitem(celery_app.conf, "broker_url", broker_url)
    _forget_connections()
    _forget_messages(broker_url, prefix)
    yield broker_url
    _forget_connections()
    _forget_messages(broker_url, prefix)


@pytest.fixture
def start_worker(broker: str, committed_db: dict[str, Any]) -> Iterator[StartWorker]:
    """Start real Celery workers on the test's own database; they are killed after the test.

    Gives ``start(queues, concurrency)``, which returns when the worker takes messages.
    """
    started: list[subprocess.Popen[str]] = []

    def start(queues: Sequence[str] = QUEUES, concurrency: int = 1) -> subprocess.Popen[str]:
        worker = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "collections_app", "worker"),
                *("--queues", ",".join(queues), "--concurrency", str(concurrency)),
                *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
                *("--hostname", f"{_test_process()}-{len(started)}@%h"),
            ],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "collections_app.settings.test"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            text=True,
        )
        started.append(worker)
        assert worker.stderr is not None
        lines = []
        for line in worker.stderr:
            lines.append(line)
            if " ready." in line:
                Thread(target=worker.stderr.read, daemon=True).start()
                return worker
        raise AssertionError("the worker did not start:\n" + "".join(lines))

    yield start
    for worker in started:
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def _test_process() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def _forget_connections() -> None:
    celery_app._after_fork()  # type: ignore[attr-defined]
    kombu.pools.reset()


def _forget_messages(url: str, prefix: str) -> None:
    client = redis.Redis.from_url(url.replace("redis+socket://", "unix://"))
    for key in client.scan_iter(match=f"{prefix}*"):
        client.delete(key)
    client.close()


@contextmanager
def _maintenance() -> Iterator[psycopg2.extensions.cursor]:
    """A cursor on another database of the same server, outside of any transaction."""
    given = settings.DATABASES["default"]
    parameters = {"user": given["USER"], "password": given["PASSWORD"], "dbname": "postgres"}
    parameters |= {"host": given["HOST"], "port": given["PORT"]}
    with closing(psycopg2.connect(**{k: v for k, v in parameters.items() if v})) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


@pytest.fixture
def committed_db(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, Any]]:
    """A database of its own, cloned from the migrated one and dropped after the test.

    Gives the settings of its connection. Other processes find it under DATABASE_URL.
    """
    with django_db_blocker.unblock():
        connections.close_all()
        connection = connections["default"]
        template = connection.settings_dict["NAME"]
        clone = f"{template}_commits"
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(clone))
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(clone), sql.Identifier(template)
        )
        with _maintenance() as cursor:
            cursor.execute(drop)
            cursor.execute(create)
        before = os.environ.get("DATABASE_URL", "")
        connection.settings_dict["NAME"] = clone
        os.environ["DATABASE_URL"] = _named(before, clone)
        settings.SCRATCH_TEMPLATE = template
        try:
            yield connection.settings_dict
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = template
            os.environ["DATABASE_URL"] = before
            with _maintenance() as cursor:
                cursor.execute(drop)


@pytest.fixture
def site_url(committed_db: dict[str, Any]) -> Iterator[str]:
    """The address of a running site on the test's own committed database."""
    server = LiveServer("localhost")
    yield server.url
    server.stop()


def _named(url: str, name: str) -> str:
    """The same URL with another database."""
    address, question, options = url.partition("?")
    return f"{address.rpartition('/')[0]}/{name}{question}{options}"
