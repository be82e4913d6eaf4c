from __future__ import annotations

from enum import StrEnum

import pytest

from kernel.lifecycle import Lifecycle, MoveNotAllowed, move


class Light(StrEnum):
    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    BROKEN = "broken"


LIGHT = Lifecycle(
    subject="light",
    statuses=Light,
    moves={
        "get_ready": move([Light.RED], Light.AMBER, "light.amber"),
        "go": move([Light.AMBER], Light.GREEN, "light.green"),
        "stop": move([Light.AMBER, Light.GREEN], Light.RED, "light.red"),
    },
)


def test_a_move_is_found_by_name_where_it_may_start() -> None:
    step = LIGHT.check("stop", Light.GREEN)
    assert (step.target, step.event) == (Light.RED, "light.red")
    assert LIGHT.allowed(Light.AMBER) == ["go", "stop"]
    assert LIGHT.allowed(Light.BROKEN) == []


@pytest.mark.parametrize("status", [Light.RED, Light.GREEN, Light.BROKEN])
def test_a_move_from_anywhere_else_is_refused_with_what_it_was(status: Light) -> None:
    with pytest.raises(MoveNotAllowed) as refused:
        LIGHT.check("go", status)
    assert refused.value.values == {"subject": "light", "move": "go", "status": str(status)}
    assert refused.value.code == "move_not_allowed"


def test_a_move_that_the_table_does_not_have_is_a_mistake_in_the_code() -> None:
    with pytest.raises(KeyError):
        LIGHT.check("explode", Light.RED)


def test_statuses_that_no_move_reaches_are_found() -> None:
    assert LIGHT.unreachable(Light.RED) == {Light.BROKEN}
    assert LIGHT.unreachable(Light.BROKEN) == {Light.RED, Light.AMBER, Light.GREEN}
