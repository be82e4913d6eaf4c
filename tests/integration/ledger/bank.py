"""Statements of one account that follow each other: each begins with the balance of the last."""

from __future__ import annotations

import re

from ledger.models import BankStatement
from tests.unit.ledger.statements.samples import OWN

_AMOUNT = re.compile(r":61:\d{6}(?:\d{4})?(R?)([CD])(\d+),(\d\d)")


def next_statement(
    number: int, *entries: str, days: tuple[str, str] = ("260510", "260511")
) -> bytes:
    """An MT940 from one day to another, which adds up; ``entries`` are its fields 61 and 86."""
    last = BankStatement.objects.filter(account_no=OWN, closing_minor__isnull=False).last()
    opening = last.closing_minor if last is not None and last.closing_minor else 1_000_00
    moved = sum(
        int(whole + part) * (1 if (mark == "C") is not bool(reversal) else -1)
        for reversal, mark, whole, part in _AMOUNT.findall("".join(entries))
    )
    return (
        f":20:S{number}\n:25:{OWN}\n:28C:{number}/1\n:60F:{_balance(days[0], opening)}\n"
        f"{''.join(entries)}:62F:{_balance(days[1], opening + moved)}\n-\n"
    ).encode()


def _balance(day: str, minor: int) -> str:
    return f"{'D' if minor < 0 else 'C'}{day}PLN{abs(minor) // 100},{abs(minor) % 100:02}"
