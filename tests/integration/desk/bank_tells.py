"""Payments of which the bank tells, and what came of them."""

from __future__ import annotations

import io

from debtors.models import Debt
from kernel.actor import system_actor
from ledger.models import Posting, StatementEntry
from ledger.operations import match_entries, take_in_statements
from tests.integration.desk.conftest import AT
from tests.unit.ledger.statements.samples import OWN

ACTOR = system_actor("test")


def bank_tells(number: int, *lines: tuple[str, str, str]) -> list[StatementEntry]:
    """A statement with an entry for each (mark with amount, reference, title); matched."""
    entries = "".join(
        f":61:2605110511{money}NTRFNONREF//{reference}\n:86:020~00PRZELEW~20{title}\n"
        for money, reference, title in lines
    )
    content = f":20:S{number}\n:25:{OWN}\n:28C:{number}/1\n:60F:C260510PLN1000,00\n{entries}-\n"
    taken = take_in_statements(file=io.BytesIO(content.encode()), name="x.sta", actor=ACTOR, at=AT)
    match_entries(actor=ACTOR, at=AT)
    return list(StatementEntry.objects.filter(statement__file_id=taken.file_id).order_by("id"))


def paid(debt: Debt) -> int:
    """What came in on the debt so far, in minor units."""
    found = Posting.objects.filter(account_id=debt.account_id, leg="cash")
    return sum(found.values_list("amount_minor", flat=True))
