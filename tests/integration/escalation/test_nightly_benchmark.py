"""The benchmark of the night proves its own premise: both sides end with the same rows."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.commits


def test_limit_writes_the_very_rows_that_the_due_runner_writes() -> None:
    before = connection.settings_dict["NAME"]
    out = StringIO()
    call_command("benchmark", "nightly", "--cases=200", "--runs=1", "--json", stdout=out)
    figures = json.loads(out.getvalue().splitlines()[-1])
    assert figures["rows_equal"] is True
    assert figures["performed"] >= figures["cases"] / 2
    assert figures["rows_written"]["escalation_decision"] == 200
    assert {"ours_seconds", "limit_seconds", "ratio"} <= figures.keys()
    assert connection.settings_dict["NAME"] == before
