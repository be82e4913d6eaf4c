"""Which balances are too small to be worth claiming: dated, per currency. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from kernel.errors import InvalidInput
from kernel.money import Money
from kernel.two_languages import in_both

FILE: Final = Path(__file__).parent / "data" / "small_balances.toml"
_KEYS: Final = frozenset(
    {"from_on", "currency", "at_most", "after_days", "most_in_batch", "source"}
)


class SmallBalanceRuleBroken(ValueError):
    """The table does not say what it must; the message names the row."""


@dataclass(frozen=True, slots=True)
class SmallBalanceRule:
    """All that a debtor owes in the currency is at most ``at_most_minor``, and something of it has
    been due for ``after_days`` calendar days. One batch holds at most ``most_in_batch`` debts."""

    from_on: date
    currency: str
    at_most_minor: int
    after_days: int
    most_in_batch: int
    source: Mapping[str, str]


def rule_on(*, currency: str, on: date, file: Path = FILE) -> SmallBalanceRule | None:
    """None for a currency without a rule: nothing of it is small."""
    held = [rule for rule in load_rules(file) if rule.currency == currency and rule.from_on <= on]
    return held[-1] if held else None


def currencies_on(on: date, file: Path = FILE) -> list[str]:
    return sorted({rule.currency for rule in load_rules(file) if rule.from_on <= on})


@cache
def load_rules(file: Path) -> tuple[SmallBalanceRule, ...]:
    """Every rule, oldest first. Raises SmallBalanceRuleBroken."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    rules = [_rule(entry, place) for place, entry in enumerate(table.get("small_balance", []), 1)]
    keys = [(rule.currency, rule.from_on) for rule in rules]
    if len(keys) != len(set(keys)):
        raise SmallBalanceRuleBroken(f"{file.name}: a day twice")
    return tuple(sorted(rules, key=lambda rule: rule.from_on))


def _rule(entry: Mapping[str, Any], place: int) -> SmallBalanceRule:
    try:
        rule = SmallBalanceRule(
            entry["from_on"],
            entry["currency"],
            Money.from_decimal(Decimal(entry["at_most"]), entry["currency"]).minor,
            int(entry["after_days"]),
            int(entry["most_in_batch"]),
            in_both(entry["source"]),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError, InvalidInput) as error:
        raise SmallBalanceRuleBroken(f"row {place}: {error!r}") from error
    sound = rule.at_most_minor > 0 and rule.after_days >= 0 and 0 < rule.most_in_batch <= 1_000
    if set(entry) - _KEYS or not sound:
        raise SmallBalanceRuleBroken(f"row {place}: {dict(entry)}")
    return rule
