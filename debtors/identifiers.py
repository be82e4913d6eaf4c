"""Identifiers at rest: sealed, and found by keyed fingerprints."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final, NamedTuple

from django.conf import settings
from stdnum import exceptions
from stdnum.pl import pesel

from kernel.secrecy import Sealer

IDENTIFIERS: Final = ("pesel", "nip", "regon")
_PESEL_DIGITS: Final = 11


class Sealed(NamedTuple):
    sealed: bytes
    fingerprint: bytes


@cache
def sealer(name: str) -> Sealer:
    """The sealer of one kind of identifier: ``pesel``, ``nip`` or ``regon``."""
    return Sealer(tuple(settings.DATA_SECRETS), f"debtor.{name}")


def seal(name: str, value: str) -> Sealed:
    box = sealer(name)
    return Sealed(box.seal(value), box.fingerprint(value))


def opened(name: str, sealed: bytes | memoryview | None) -> str:
    """The identifier in clear; empty where none is known."""
    return sealer(name).open(bytes(sealed)) if sealed else ""


def born_on(value: str) -> date | None:
    """The day of birth that a PESEL holds; None for anything else."""
    if len(value) != _PESEL_DIGITS or not value.isdecimal():
        return None
    try:
        return pesel.get_birth_date(value)
    except exceptions.ValidationError:
        return None
