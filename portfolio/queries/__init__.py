"""Everything that reads for boards. One file per subject."""

from portfolio.queries.behind import (
    After,
    Asked,
    Behind,
    Row,
    Totals,
    get_cases_behind,
    get_lines_behind,
    get_rolled_behind,
)
from portfolio.queries.books import CurrencyBook, Sums, list_books
from portfolio.queries.flows import Flows, FlowSum, Waiting, list_flows, list_of_day, list_weeks
from portfolio.queries.people import (
    Officer,
    PersonSums,
    get_officer_name,
    list_officers,
    list_people_sums,
)
from portfolio.queries.rolls import ROLLED, Pair, Roll, Rolled, list_rolls
from portfolio.queries.scope import Scope, get_strategy_ids
from portfolio.queries.snapshots import (
    get_compared_day,
    get_first_day,
    get_last_snapshot,
    list_kept_days,
)
from portfolio.queries.targets import get_month_targets, list_targets
from portfolio.queries.verification import list_unmet_days

__all__ = [
    "ROLLED",
    "After",
    "Asked",
    "Behind",
    "CurrencyBook",
    "FlowSum",
    "Flows",
    "Officer",
    "Pair",
    "PersonSums",
    "Roll",
    "Rolled",
    "Row",
    "Scope",
    "Sums",
    "Totals",
    "Waiting",
    "get_cases_behind",
    "get_compared_day",
    "get_first_day",
    "get_last_snapshot",
    "get_lines_behind",
    "get_month_targets",
    "get_officer_name",
    "get_rolled_behind",
    "get_strategy_ids",
    "list_books",
    "list_flows",
    "list_kept_days",
    "list_of_day",
    "list_officers",
    "list_people_sums",
    "list_rolls",
    "list_targets",
    "list_unmet_days",
    "list_weeks",
]
