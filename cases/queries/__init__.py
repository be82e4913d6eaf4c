"""Everything that reads about cases. One file per subject."""

from cases.queries.figures import CurrencyFigures, get_case_figures, list_case_figures
from cases.queries.hands import (
    Hand,
    Looker,
    Told,
    get_hand,
    list_hands,
    list_lookers,
    list_untold,
)
from cases.queries.holds import list_open_holds
from cases.queries.notes import list_pinned_notes
from cases.queries.subjects import get_case, list_case_ids_of_accounts, list_timeline_subjects
from cases.queries.switches import get_switches_off, list_turned_switches
from cases.queries.work import WorkKey, list_open_work, list_work, list_work_of_case

__all__ = [
    "CurrencyFigures",
    "Hand",
    "Looker",
    "Told",
    "WorkKey",
    "get_case",
    "get_case_figures",
    "get_hand",
    "get_switches_off",
    "list_case_figures",
    "list_case_ids_of_accounts",
    "list_hands",
    "list_lookers",
    "list_open_holds",
    "list_open_work",
    "list_pinned_notes",
    "list_timeline_subjects",
    "list_turned_switches",
    "list_untold",
    "list_work",
    "list_work_of_case",
]
