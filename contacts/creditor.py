"""Who writes: the creditor's data on every letter, from ``creditor.toml``. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Final

SHIPPED: Final = Path(__file__).with_name("creditor.toml")


class CreditorFileInvalid(ValueError):
    """A field of the file is missing, unknown or empty."""


@dataclass(frozen=True, slots=True)
class Creditor:
    """``signatories`` are the offices of those who may sign for the creditor, per language."""

    name: str
    street: str
    postal_code: str
    city: str
    registry: str
    tax_number: str
    phone: str
    email: str
    complaints: Mapping[str, str]
    ombudsman: Mapping[str, str]
    signatories: Mapping[str, str]

    @property
    def address(self) -> str:
        return f"{self.street}, {self.postal_code} {self.city}"


@cache
def load_creditor(path: Path = SHIPPED) -> Creditor:
    """The creditor of the file; raises CreditorFileInvalid with the names of wrong fields."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    known = {field.name for field in fields(Creditor)}
    wrong = known ^ set(data) | {name for name in known & set(data) if not data[name]}
    if wrong:
        raise CreditorFileInvalid(f"{path}: {', '.join(sorted(wrong))}")
    return Creditor(**data)
