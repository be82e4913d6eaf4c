"""Amounts that people ask for in whole units of a currency, against columns of minor units."""

from __future__ import annotations

from typing import Any

from kernel.money import odd_units


def at_least(minor: str, currency: str, whole: int, values: dict[str, Any]) -> str:
    """SQL for so many whole units of a row's currency or more, in a form that an index of the
    minor units can answer; adds what it binds to ``values``."""
    odd = odd_units()
    parts = [f"{currency} <> ALL(%(odd)s) AND {minor} >= %(at_least)s"]
    values |= {"odd": sorted(odd), "at_least": 100 * whole}
    for units in sorted(set(odd.values())):
        parts.append(f"{currency} = ANY(%(odd_{units})s) AND {minor} >= %(at_least_{units})s")
        values[f"odd_{units}"] = sorted(code for code, each in odd.items() if each == units)
        values[f"at_least_{units}"] = units * whole
    return f"({' OR '.join(f'({part})' for part in parts)})"
