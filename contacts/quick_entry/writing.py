"""An entry written so that it can be read again. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kernel.money import currency_exponent


def write_entry(amount_minor: int, currency: str, due_on: date) -> str:
    """``850,00 PLN 27.11.2026``"""
    exponent = currency_exponent(currency)
    amount = f"{Decimal(amount_minor).scaleb(-exponent):.{exponent}f}".replace(".", ",")
    return f"{amount} {currency} {due_on:%d.%m.%Y}"
