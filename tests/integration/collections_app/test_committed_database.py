"""The database that a committing test gets."""

from __future__ import annotations

import os
import subprocess
import sys
from threading import Thread

import pytest
from django.db import connection

from staff.models import Team


def _add_team() -> None:
    Team.objects.create(name="night")
    connection.close()


@pytest.mark.commits
@pytest.mark.parametrize("time", ["first", "second"])
def test_what_one_test_commits_the_next_one_does_not_see(time: str) -> None:
    assert not Team.objects.exists()

    thread = Thread(target=_add_team)
    thread.start()
    thread.join()

    assert Team.objects.count() == 1


@pytest.mark.commits
def test_another_process_sees_what_was_committed() -> None:
    Team.objects.create(name="night")
    script = (
        "import django; django.setup(); from staff.models import Team; print(Team.objects.get())"
    )

    shown = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "collections_app.settings.test"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert shown.stdout == "night\n"
