"""Identifiers at rest: sealed, and found by keyed fingerprints."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from django.conf import settings

from kernel.secrecy import Sealer

IDENTIFIERS: Final = ("pesel", "nip", "regon")
_SHOWN_DIGITS: Final = 3


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


def masked(value: str) -> str:
    """All but the last digits hidden."""
    return "•" * max(len(value) - _SHOWN_DIGITS, 0) + value[-_SHOWN_DIGITS:]
