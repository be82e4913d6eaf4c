"""Amounts as the interface writes them: decimal strings in major units, never a float."""

from __future__ import annotations

from kernel.money import currency_exponent


def decimal_string(minor: int, currency: str) -> str:
    """``-1234.50`` for -123450 grosz; exact for every currency."""
    exponent = currency_exponent(currency)
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(exponent + 1, "0")
    if not exponent:
        return f"{sign}{digits}"
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}"
