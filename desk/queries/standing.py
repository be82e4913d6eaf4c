"""Everything the page of a case's standing shows, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cases.models import Case
from debtors.lifecycle import PartyRole
from debtors.models import Debt
from debtors.queries import (
    DebtorStanding,
    StandingSpell,
    get_debtor_standing,
    list_standing_spells,
)

#: So many rows of history at most, the newest first.
MOST_SPELLS: Final = 500


@dataclass(frozen=True, slots=True)
class StandingFile:
    debts: Sequence[Debt]
    standing: DebtorStanding
    spells: Sequence[StandingSpell]


def get_standing_file(*, case: Case, on: date) -> StandingFile:
    """The debts that the debtor of the case mainly owes, as they stand on a day and stood."""
    debts = list(
        Debt.objects.filter(
            parties__debtor_id=case.debtor_id, parties__role=PartyRole.MAIN_DEBTOR
        ).order_by("id")
    )
    ids = [debt.pk for debt in debts]
    return StandingFile(
        debts,
        get_debtor_standing(debtor_id=case.debtor_id, debt_ids=ids, on=on),
        list_standing_spells(debt_ids=ids, limit=MOST_SPELLS),
    )
