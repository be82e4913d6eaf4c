"""The words of boards: ranges of days, where cases went, and what lines tell of."""

from portfolio.wording.buckets import bucket_name, outcome_code, outcome_name, outcomes_of
from portfolio.wording.entries import (
    approval_name,
    code_name,
    deadline_name,
    deadline_source,
    entry_name,
    kinds_name,
)

__all__ = [
    "approval_name",
    "bucket_name",
    "code_name",
    "deadline_name",
    "deadline_source",
    "entry_name",
    "kinds_name",
    "outcome_code",
    "outcome_name",
    "outcomes_of",
]
