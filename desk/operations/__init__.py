"""What the desk itself writes, and what it decides in several apps at once."""

from desk.operations.deciding import (
    MOST_AT_ONCE,
    NEVER_IN_BULK,
    ApprovalChanged,
    Decisions,
    NeverInBulk,
    TooManyChosen,
    decide_approvals,
    rehearse_approvals,
)
from desk.operations.exporting import CHANGES_EXPORTED, note_changes_export
from desk.operations.views import (
    LONGEST_QUERY,
    MOST_VIEWS,
    TooManyViews,
    ViewNameMissing,
    delete_view,
    remember_view,
    save_view,
)

__all__ = [
    "CHANGES_EXPORTED",
    "LONGEST_QUERY",
    "MOST_AT_ONCE",
    "MOST_VIEWS",
    "NEVER_IN_BULK",
    "ApprovalChanged",
    "Decisions",
    "NeverInBulk",
    "TooManyChosen",
    "TooManyViews",
    "ViewNameMissing",
    "decide_approvals",
    "delete_view",
    "note_changes_export",
    "rehearse_approvals",
    "remember_view",
    "save_view",
]
