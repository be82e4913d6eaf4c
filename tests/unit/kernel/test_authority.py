from __future__ import annotations

from typing import Any

import pytest

from kernel.actor import Actor, ActorKind, system_actor
from kernel.authority import REQUIRED, RightMissing, by_machine, requires
from kernel.errors import NotAllowed

OFFICER = Actor(ActorKind.USER, "17", frozenset({"hold_case"}))


@requires("hold_case")
def hold(*, case_id: int, actor: Actor) -> int:
    return case_id


@by_machine
def end_holds() -> str:
    return "done"


def test_who_holds_the_right_may() -> None:
    assert hold(case_id=5, actor=OFFICER) == 5


@pytest.mark.parametrize("kind", [ActorKind.USER, ActorKind.CLIENT])
def test_who_lacks_it_may_not_and_is_told_what_is_missing(kind: ActorKind) -> None:
    with pytest.raises(RightMissing) as refused:
        hold(case_id=5, actor=Actor(kind, "18", frozenset({"see_cases"})))
    assert refused.value.values == {"right": "hold_case"}
    assert isinstance(refused.value, NotAllowed)


def test_the_machine_itself_needs_no_right() -> None:
    assert hold(case_id=5, actor=system_actor("day_close")) == 5


def test_an_operation_without_an_actor_does_not_run() -> None:
    bare: Any = hold
    with pytest.raises(KeyError):
        bare(case_id=5)


def test_an_operation_can_be_asked_what_it_requires() -> None:
    assert getattr(hold, REQUIRED) == "hold_case"
    assert getattr(end_holds, REQUIRED) is None
    assert end_holds() == "done"


def test_only_a_user_has_the_id_of_a_user() -> None:
    assert OFFICER.user_id == 17
    assert system_actor("intake").user_id is None
    assert Actor(ActorKind.CLIENT, "3").user_id is None
