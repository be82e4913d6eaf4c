"""Everything that reads about debtors, debts and intake runs. One file per subject."""

from debtors.queries.people import (
    DebtorField,
    DebtProblem,
    get_first_intake_day,
    list_address_sources,
    list_comparable_items,
    list_data_problems,
    list_debtor_fields,
    list_intake_runs,
)
from debtors.queries.standings import (
    DaysCounted,
    DebtorStanding,
    StandingNow,
    StandingSpell,
    get_debtor_standing,
    get_standing_sources,
    list_accounts_unmoved_by_interest,
    list_debtor_standings,
    list_standing_spells,
)

__all__ = [
    "DaysCounted",
    "DebtProblem",
    "DebtorField",
    "DebtorStanding",
    "StandingNow",
    "StandingSpell",
    "get_debtor_standing",
    "get_first_intake_day",
    "get_standing_sources",
    "list_accounts_unmoved_by_interest",
    "list_address_sources",
    "list_comparable_items",
    "list_data_problems",
    "list_debtor_fields",
    "list_debtor_standings",
    "list_intake_runs",
    "list_standing_spells",
]
