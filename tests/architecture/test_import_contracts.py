"""Each import contract holds, and each one catches a break that is made on purpose."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
LINTER = Path(sys.executable).with_name("lint-imports")

#: contract, module that is broken, the import that breaks it
BREAKS = [
    ("apps", "cases/models.py", "import escalation.models"),
    ("apps", "courts/models.py", "import agencies.models"),
    ("apps", "journal/models.py", "import collections_app.models"),
    ("inside", "cases/models.py", "import cases.operations"),
    ("gateways", "contacts/models.py", "import gateways"),
    ("tasks", "cases/models.py", "import journal.tasks"),
    ("pure", "escalation/decide.py", "import django"),
    ("pure", "cases/lifecycle.py", "import staff.models"),
]


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    house = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", house)
    for package in CONFIGURATION["root_packages"]:
        shutil.copytree(
            ROOT / package, house / package, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
        )
    return house


def _lint(house: Path, contract: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINTER), "--no-cache", "--contract", contract],
        cwd=house,
        env={"PYTHONPATH": str(house), "NO_COLOR": "1", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_is_broken_on_purpose_below() -> None:
    assert {contract["id"] for contract in CONFIGURATION["contracts"]} == {b[0] for b in BREAKS}


@pytest.mark.parametrize(("contract", "module", "line"), BREAKS)
def test_a_forbidden_import_is_caught(
    copied_house: Path, contract: str, module: str, line: str
) -> None:
    path = copied_house / module
    before = path.read_text()
    path.write_text(f"{before}\n\n{line}\n")
    try:
        result = _lint(copied_house, contract)
    finally:
        path.write_text(before)

    assert result.returncode == 1, result.stdout + result.stderr
    assert line.removeprefix("import ") in result.stdout, result.stdout
