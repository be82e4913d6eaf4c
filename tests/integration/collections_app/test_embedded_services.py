"""PostgreSQL and the broker of our own: shared, and gone with their last user."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from collections_app.embedded import Broker, Postgres
from collections_app.embedded.service import Service

ROOT = Path(__file__).resolve().parents[3]
WAIT_SECONDS = 20


@pytest.fixture
def folder() -> Iterator[Path]:
    """With spaces in its path, and open to the user as whom PostgreSQL runs instead of root."""
    outer = Path(tempfile.mkdtemp(prefix="ugoda test "))
    outer.chmod(0o755)
    yield outer / "var dir"
    shutil.rmtree(outer)


def servers(folder: Path) -> list[psutil.Process]:
    """The keepers and servers that work in a folder."""
    found = []
    for process in psutil.process_iter(["cmdline", "cwd"]):
        shown = " ".join(process.info["cmdline"] or [])
        if str(folder) in shown or str(folder) in (process.info["cwd"] or ""):
            found.append(process)
    return found


def wait_until_gone(folder: Path) -> bool:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if not servers(folder):
            return True
        time.sleep(0.1)
    return False


def user_in_another_process(folder: Path) -> subprocess.Popen[str]:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from collections_app.embedded import Postgres\n"
        "print(Postgres(Path(sys.argv[1])).join(), flush=True); time.sleep(600)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgres://")
    return process


@pytest.mark.parametrize("kind", [Postgres, Broker])
def test_a_service_runs_as_long_as_anybody_uses_it(kind: type[Service], folder: Path) -> None:
    first, second = kind(folder), kind(folder)
    url = first.join()
    assert second.join() == url

    first.leave()
    assert servers(folder)
    assert second.join_running() == url

    second.leave()
    assert wait_until_gone(folder)
    assert second.join_running() is None


def test_what_was_committed_is_there_at_the_next_start(folder: Path) -> None:
    service = Postgres(folder)
    with psycopg2.connect(service.join()) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT lower('ŁÓDŹ') AS name")
    connection.close()
    service.leave()

    with psycopg2.connect(service.join()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT name FROM kept")
        row = cursor.fetchone()
    connection.close()
    service.leave()

    assert row == ("łódź",)


def test_a_killed_user_counts_no_longer(folder: Path) -> None:
    user = user_in_another_process(folder)
    assert servers(folder)

    user.kill()
    user.wait()

    assert wait_until_gone(folder)


def test_a_killed_keeper_leaves_no_server_behind_and_the_next_start_works(folder: Path) -> None:
    service = Postgres(folder)
    service.join()
    keeper = psutil.Process(json.loads((folder / "postgres.json").read_text())["keeper"])

    keeper.kill()
    keeper.wait(WAIT_SECONDS)
    other = Postgres(folder)
    psycopg2.connect(other.join()).close()

    other.leave()
    service.leave()
    assert wait_until_gone(folder)


def test_no_folder_that_we_did_not_make_changes_its_mode(folder: Path) -> None:
    folder.parent.chmod(0o751)
    above = [path for path in folder.parents if path != folder]
    before = [path.stat().st_mode for path in above]

    service = Postgres(folder)
    service.join()
    service.leave()

    assert [path.stat().st_mode for path in above] == before


def test_a_command_needs_nothing_configured(folder: Path) -> None:
    shown = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "close_day", "--json"],
        env={"PATH": os.defpath, "VAR_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "nothing to close" in shown.stderr
    assert wait_until_gone(folder)


def test_with_a_database_given_the_secrets_must_be_given_too() -> None:
    shown = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "check"],
        env={"PATH": os.defpath, "DATABASE_URL": "postgres://nobody@nowhere/nothing"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert shown.returncode == 1
    assert "SECRET_KEY" in shown.stderr
    assert "DATA_SECRETS" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_a_cluster_for_tests_that_does_not_start_is_made_anew(folder: Path) -> None:
    service = Postgres(folder, throw_away=True)
    service.join()
    service.leave()
    (folder / "postgres" / "data" / "global" / "pg_control").write_bytes(b"")

    psycopg2.connect(service.join()).close()
    service.leave()
