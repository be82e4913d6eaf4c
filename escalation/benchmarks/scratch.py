"""Databases of a benchmark's own, beside the configured one, dropped when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection, connections
from psycopg2 import sql


@contextmanager
def server() -> Iterator[Any]:
    """A cursor on the server's maintenance database, outside of any transaction."""
    given = connection.settings_dict
    names = {"USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    found = {ours: given[theirs] for theirs, ours in names.items() if given.get(theirs)}
    with closing(psycopg2.connect(dbname="postgres", **found)) as opened:
        opened.autocommit = True
        with opened.cursor() as cursor:
            yield cursor


@contextmanager
def scratch_database(name: str, *, template: str = "") -> Iterator[str]:
    """A new database; inside the block Django's connection points at it.

    It is empty, or one that is migrated already where the settings name such a template.
    """
    template = template or settings.SCRATCH_TEMPLATE
    _drop(name)
    connections.close_all()
    with server() as cursor:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        yield name
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before
        _drop(name)


@contextmanager
def using(name: str) -> Iterator[None]:
    """Django's connection points at another database inside the block."""
    before = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before


def _drop(name: str) -> None:
    with server() as cursor:
        cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
