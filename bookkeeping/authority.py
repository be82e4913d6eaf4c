"""Who decides about which amount: role × kind × currency, dated. Pure.

The rows stand in ``data/authority.toml``. Amounts are minor units. A role without
a row has no authority at all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from kernel.errors import InvalidInput
from kernel.money import MAX_MINOR, Money
from kernel.two_languages import in_both
from staff.authority import Authority as DecidingAuthority
from staff.authority import bound
from staff.lifecycle import ApprovalKind
from staff.rights import Role

FILE: Final = Path(__file__).parent / "data" / "authority.toml"
#: The row of a role for currencies that have none of their own.
ANY_CURRENCY: Final = "*"
_KEYS: Final = frozenset({"from_on", "kind", "role", "currency", "alone", "decides", "source"})
_PERIOD_KEYS: Final = frozenset({"from_on", "days", "source"})
_MOST_DAYS: Final = 3_660


class AuthorityKind(StrEnum):
    """What is decided. A write-off that touches the principal weighs more than one of interest,
    fees and costs alone."""

    WRITE_OFF_PRINCIPAL = "write_off_principal"
    WRITE_OFF_SIDE_CLAIMS = "write_off_side_claims"
    SMALL_BALANCES = "small_balances"
    REFUND = "refund"
    CHARGE = "charge"


_TABLES_OF: Final = {
    ApprovalKind.WRITE_OFF: (
        AuthorityKind.WRITE_OFF_PRINCIPAL,
        AuthorityKind.WRITE_OFF_SIDE_CLAIMS,
    ),
    ApprovalKind.REFUND: (AuthorityKind.REFUND,),
    ApprovalKind.CHARGE: (AuthorityKind.CHARGE,),
}
#: Under which kind a limit is laid down for a role, and among what is counted together.
APPROVAL_KINDS: Final = {
    AuthorityKind.SMALL_BALANCES: ApprovalKind.WRITE_OFF,
    **{kind: approval for approval, kinds in _TABLES_OF.items() for kind in kinds},
}


class AuthorityBroken(ValueError):
    """The table does not say what it must; the message names the row."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Up to ``alone_minor`` without a second person; up to ``decides_minor`` as the second one."""

    alone_minor: int = 0
    decides_minor: int = 0

    def within(self, limit_minor: int | None) -> Authority:
        """With a limit that was laid down beside the table: the lower of both counts."""
        if limit_minor is None:
            return self
        return Authority(min(self.alone_minor, limit_minor), min(self.decides_minor, limit_minor))


@dataclass(frozen=True, slots=True)
class AuthorityRow:
    """One row of the table as a page shows it."""

    from_on: date
    kind: AuthorityKind
    role: Role
    currency: str
    authority: Authority
    is_unlimited: bool
    source: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AlonePeriod:
    """What was done alone on a debt in the last ``days`` counts together."""

    from_on: date
    days: int
    source: Mapping[str, str]


NO_AUTHORITY: Final = Authority()
Granted = Callable[[Role], Mapping[str, int]]


def authority_of(
    *, kind: AuthorityKind, role: str, currency: str, on: date, file: Path = FILE
) -> Authority:
    """What the role may do on the day; a currency without a row falls to the row of any."""
    rows = [row for row in rows_on(on, file) if row.kind == kind and row.role == role]
    for wanted in (currency, ANY_CURRENCY):
        for row in rows:
            if row.currency == wanted:
                return row.authority
    return NO_AUTHORITY


def granted_to(*, kind: AuthorityKind, currency: str, on: date) -> Granted:
    """What each role may decide as the second person in the currency, in minor units."""
    return lambda role: {
        currency: authority_of(kind=kind, role=role, currency=currency, on=on).decides_minor
    }


def within_tables(authority: DecidingAuthority, *, on: date) -> DecidingAuthority:
    """What somebody decides of write-offs, refunds and charges, as far as it can be said without
    a look at the debt: of a write-off by the wider of its two kinds."""
    for approval, kinds in _TABLES_OF.items():

        def granted(role: Role, kinds: Sequence[AuthorityKind] = kinds) -> Mapping[str, int]:
            return {
                currency: max(
                    authority_of(kind=kind, role=role, currency=currency, on=on).decides_minor
                    for kind in kinds
                )
                for currency in {row.currency for row in rows_on(on)} - {ANY_CURRENCY}
            }

        authority = bound(authority, kind=approval, granted=granted)
    return authority


def rows_on(on: date, file: Path = FILE) -> list[AuthorityRow]:
    """The rows in force on a day, the latest of each kind, role and currency."""
    latest: dict[tuple[str, str, str], AuthorityRow] = {}
    for row in load_rows(file):
        if row.from_on <= on:
            latest[row.kind, row.role, row.currency] = row
    return sorted(latest.values(), key=lambda row: (row.kind, row.currency, row.role))


def alone_period_on(on: date, file: Path = FILE) -> AlonePeriod:
    """Raises AuthorityBroken where none holds on the day."""
    held = [period for period in load_alone_periods(file) if period.from_on <= on]
    if not held:
        raise AuthorityBroken(f"{file.name}: no alone_period holds on {on}")
    return held[-1]


@cache
def load_alone_periods(file: Path) -> tuple[AlonePeriod, ...]:
    """Oldest first. Raises AuthorityBroken."""
    entries = tomllib.loads(file.read_text(encoding="utf-8")).get("alone_period", [])
    periods = [_period(entry, place) for place, entry in enumerate(entries, 1)]
    if len({period.from_on for period in periods}) != len(periods):
        raise AuthorityBroken(f"{file.name}: an alone_period twice")
    return tuple(sorted(periods, key=lambda period: period.from_on))


@cache
def load_rows(file: Path) -> tuple[AuthorityRow, ...]:
    """Every row, oldest first. Raises AuthorityBroken."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    rows = [_row(entry, place) for place, entry in enumerate(table.get("authority", []), 1)]
    keys = [(row.from_on, row.kind, row.role, row.currency) for row in rows]
    if not rows or len(keys) != len(set(keys)):
        raise AuthorityBroken(f"{file.name}: rows must be there, each once")
    return tuple(sorted(rows, key=lambda row: row.from_on))


def _row(entry: Mapping[str, Any], place: int) -> AuthorityRow:
    try:
        currency = str(entry["currency"])
        decides = str(entry["decides"])
        unlimited = decides == "unlimited"
        authority = Authority(
            _minor(str(entry["alone"]), currency),
            MAX_MINOR if unlimited else _minor(decides, currency),
        )
        row = AuthorityRow(
            entry["from_on"], AuthorityKind(entry["kind"]), Role(entry["role"]), currency,
            authority, unlimited, in_both(entry["source"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, ArithmeticError, InvalidInput) as error:
        raise AuthorityBroken(f"row {place}: {error!r}") from error
    if set(entry) - _KEYS or authority.alone_minor > authority.decides_minor:
        raise AuthorityBroken(f"row {place}: {dict(entry)}")
    return row


def _period(entry: Mapping[str, Any], place: int) -> AlonePeriod:
    try:
        period = AlonePeriod(entry["from_on"], int(entry["days"]), in_both(entry["source"]))
    except (KeyError, TypeError, ValueError) as error:
        raise AuthorityBroken(f"alone_period {place}: {error!r}") from error
    if set(entry) - _PERIOD_KEYS or not 0 < period.days <= _MOST_DAYS:
        raise AuthorityBroken(f"alone_period {place}: {dict(entry)}")
    return period


def _minor(text: str, currency: str) -> int:
    """Nothing but nought can be said of a currency that is not known."""
    amount = Decimal(text)
    if amount < 0 or (currency == ANY_CURRENCY and amount):
        raise ValueError(text)
    return 0 if currency == ANY_CURRENCY else Money.from_decimal(amount, currency).minor
