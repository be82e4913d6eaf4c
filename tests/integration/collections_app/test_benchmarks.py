"""Each benchmark runs to its end and prints what it promises, here over a small book; that of the
night has a test of its own."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.commits


def figures_of(*arguments: str) -> dict[str, Any]:
    out, told = StringIO(), StringIO()
    call_command("benchmark", *arguments, "--json", stdout=out, stderr=told)
    figures: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return figures


@pytest.mark.parametrize(
    "arguments",
    [
        ("intake", "--rows", "400"),
        ("pages", "--cases", "1200", "--openings", "2"),
        ("payments", "--payments", "400", "--runs", "1"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_benchmark_ends_with_its_figures(
    committed_db: object, arguments: tuple[str, ...]
) -> None:
    figures = figures_of(*arguments)
    assert figures["ratio"] > 0
    assert figures["ours_seconds"] > 0
    assert figures["limit_seconds"] > 0
