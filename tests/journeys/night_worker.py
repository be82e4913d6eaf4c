"""A worker of the night that stops inside its open transaction and asks whether to go on.

Started by ``test_killed_night.py`` as a process of its own. It prints where it stands and waits
for a line; killed there, it has an open transaction with rows written.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import django

django.setup()

from escalation.operations import deciding  # noqa: E402
from kernel.actor import system_actor  # noqa: E402

#: The night works in two lanes; they stop one after the other.
one_stops = threading.Lock()


def pausing(operation: Callable[..., Any], name: str) -> Callable[..., Any]:
    def run(**arguments: Any) -> Any:
        result = operation(**arguments)
        with one_stops:
            print(name, flush=True)
            sys.stdin.readline()
        return result

    return run


def main(on: date, at: datetime, batch_cases: int) -> None:
    for name, told in (
        ("write_decisions", "decisions written"),
        ("carry_out", "steps carried out"),
    ):
        setattr(deciding, name, pausing(getattr(deciding, name), told))
    deciding.decide_due(on=on, at=at, actor=system_actor("day_close"), batch_cases=batch_cases)
    print("night over", flush=True)


if __name__ == "__main__":
    main(date.fromisoformat(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), int(sys.argv[3]))
