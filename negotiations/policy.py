"""What the bank agrees to: dated limits per role, read from ``data/policy.toml``. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from kernel.errors import InvalidInput
from kernel.money import Money
from ledger.allocation import named_order
from negotiations.lifecycle import AgreementKind
from negotiations.schedule import Schedule

FILE: Final = Path(__file__).parent / "data" / "policy.toml"


class NoPolicyOnDay(InvalidInput):
    code = "no_policy_on_day"


class OutsidePolicy(InvalidInput):
    """No role may agree to it, or the first day is out of range; ``excess`` names the limit."""

    code = "outside_policy"


class BrokenPolicy(Exception):
    """The file does not say what it must; the message names the place."""


class Excess(NamedTuple):
    """A limit that the terms go beyond: its code, the limit and the value, for a person."""

    code: str
    limit: str
    value: str


@dataclass(frozen=True, slots=True)
class RoleLimits:
    """``write_off_share`` is a share of one of what is due."""

    instalments: int
    deferral_days: int
    write_off_share: Decimal
    at_once: Mapping[str, Money]


@dataclass(frozen=True, slots=True)
class Policy:
    """``allocation_order`` names the order in which payments are credited while an agreement is in
    force; empty: that of the product goes on."""

    valid_from: date
    tolerance_days: int
    first_due_within_days: int
    tolerance_amount: Mapping[str, Money]
    smallest_instalment: Mapping[str, Money]
    roles: Mapping[str, RoleLimits]
    allocation_order: str = ""

    def tolerance_minor(self, currency: str) -> int:
        amount = self.tolerance_amount.get(currency)
        return amount.minor if amount else 0

    def at_once_minor(self, role: str, currency: str) -> int:
        limits = self.roles.get(role)
        amount = limits.at_once.get(currency) if limits else None
        return amount.minor if amount else 0


def policy_on(on: date) -> Policy:
    """The policy in force on a day. Raises NoPolicyOnDay."""
    found = [policy for policy in load_policies(FILE) if policy.valid_from <= on]
    if not found:
        raise NoPolicyOnDay(on=on)
    return found[-1]


def check_bounds(*, policy: Policy, schedule: Schedule, on: date) -> None:
    """What holds for everybody. Raises OutsidePolicy."""
    first = schedule.instalments[0]
    if first.due_on < on:
        raise OutsidePolicy(excess="first_due_passed", limit=on, value=first.due_on)
    days = (first.due_on - on).days
    if days > policy.first_due_within_days and len(schedule.instalments) > 1:
        raise OutsidePolicy(
            excess="first_due_too_late", limit=policy.first_due_within_days, value=days
        )
    smallest = policy.smallest_instalment.get(schedule.total.currency)
    least = min((i.amount for i in schedule.instalments), key=lambda amount: amount.minor)
    if smallest and len(schedule.instalments) > 1 and least < smallest:
        raise OutsidePolicy(excess="instalment_too_small", limit=smallest, value=least)


def list_excesses(
    *, policy: Policy, role: str, kind: AgreementKind, schedule: Schedule, on: date
) -> list[Excess]:
    """The limits of the role that the terms go beyond; empty when the role may agree to them."""
    limits = policy.roles.get(role)
    if limits is None:
        return [Excess("role_may_not_agree", "", role)]
    found = []
    count = len(schedule.instalments)
    if count > limits.instalments:
        found.append(Excess("instalments", str(limits.instalments), str(count)))
    days = (schedule.last_due_on - on).days
    if kind is AgreementKind.DEFERRAL and days > limits.deferral_days:
        found.append(Excess("deferral_days", str(limits.deferral_days), str(days)))
    share = Decimal(schedule.write_off.minor) / Decimal(schedule.total.minor)
    if share > limits.write_off_share:
        found.append(Excess("write_off_share", str(limits.write_off_share), f"{share:.4f}"))
    return found


@cache
def load_policies(file: Path) -> tuple[Policy, ...]:
    """All policies of the file, oldest first. Raises BrokenPolicy."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    policies = [_policy(entry, place) for place, entry in enumerate(table.get("policy", []), 1)]
    days = [policy.valid_from for policy in policies]
    if not policies or days != sorted(set(days)):
        raise BrokenPolicy(f"{file.name}: policies must be there, by rising first days")
    return tuple(policies)


def _policy(entry: Mapping[str, Any], place: int) -> Policy:
    try:
        return Policy(
            valid_from=entry["valid_from"],
            tolerance_days=_count(entry["tolerance_days"]),
            first_due_within_days=_count(entry["first_due_within_days"]),
            tolerance_amount=_amounts(entry.get("tolerance_amount", {})),
            smallest_instalment=_amounts(entry.get("smallest_instalment", {})),
            roles={name: _limits(limits) for name, limits in entry["roles"].items()},
            allocation_order=_order(entry),
        )
    except (KeyError, TypeError, ValueError, InvalidOperation, InvalidInput) as error:
        raise BrokenPolicy(f"policy {place}: {error!r}") from error


def _order(entry: Mapping[str, Any]) -> str:
    key = str(entry.get("allocation_order", ""))
    return named_order(key, entry["valid_from"]).key if key else ""


def _limits(entry: Mapping[str, Any]) -> RoleLimits:
    share = Decimal(entry["write_off_share"])
    if not 0 <= share < 1:
        raise ValueError(f"write_off_share {share}")
    return RoleLimits(
        _count(entry["instalments"]),
        _count(entry["deferral_days"]),
        share,
        _amounts(entry.get("at_once", {})),
    )


def _amounts(entry: Mapping[str, str]) -> Mapping[str, Money]:
    return {
        currency: Money.from_decimal(Decimal(text), currency) for currency, text in entry.items()
    }


def _count(number: Any) -> int:
    if type(number) is not int or number < 0:
        raise ValueError(f"not a count: {number!r}")
    return number
