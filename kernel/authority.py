"""Every operation names the right it requires; the actor must hold it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from kernel.actor import Actor
from kernel.errors import NotAllowed

Params = ParamSpec("Params")
Result = TypeVar("Result")

#: The attribute by which tests find what an operation, page or endpoint requires.
REQUIRED = "required_right"


class RightMissing(NotAllowed):
    code = "right_missing"


def check_right(actor: Actor, right: str) -> None:
    if not actor.has(right):
        raise RightMissing(right=right)


def requires(right: str) -> Callable[[Callable[Params, Result]], Callable[Params, Result]]:
    """For an operation with the keyword argument ``actor``. Raises RightMissing."""

    def decorate(operation: Callable[Params, Result]) -> Callable[Params, Result]:
        @functools.wraps(operation)
        def checked(*args: Params.args, **kwargs: Params.kwargs) -> Result:
            actor: Any = kwargs["actor"]
            check_right(actor, right)
            return operation(*args, **kwargs)

        setattr(checked, REQUIRED, right)
        return checked

    return decorate


def by_machine(operation: Callable[Params, Result]) -> Callable[Params, Result]:
    """For an operation that only other operations, tasks and commands call: no person may."""
    setattr(operation, REQUIRED, None)
    return operation


class NotOneself(NotAllowed):
    code = "not_oneself"


def by_oneself(operation: Callable[Params, Result]) -> Callable[Params, Result]:
    """For an operation on ``user_id``: everybody may, about themselves. Raises NotOneself."""

    @functools.wraps(operation)
    def checked(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        actor: Any = kwargs["actor"]
        if actor.user_id is None or actor.user_id != kwargs["user_id"]:
            raise NotOneself
        return operation(*args, **kwargs)

    setattr(checked, REQUIRED, None)
    return checked
