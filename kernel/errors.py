"""Domain errors: a code and typed values, never a sentence.

Each app's ``wording.py`` turns a code into the reader's language.
"""

from __future__ import annotations

from typing import Any, ClassVar


class DomainError(Exception):
    """A rule of the business refused what was asked. Nothing was changed."""

    code: ClassVar[str] = "refused"

    def __init__(self, **values: Any) -> None:
        super().__init__(self.code, values)
        self.values = values

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.code}: {details}" if details else self.code


class NotFound(DomainError):
    code = "not_found"


class NotAllowed(DomainError):
    """The actor lacks the right, or the thing is outside the actor's scope."""

    code = "not_allowed"


class Conflict(DomainError):
    """Somebody else changed the thing first; read it again and decide anew."""

    code = "conflict"


class InvalidInput(DomainError):
    code = "invalid_input"
