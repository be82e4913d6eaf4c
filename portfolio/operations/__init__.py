"""Everything that portfolio writes. One file per subject."""

from portfolio.operations.exporting import note_export
from portfolio.operations.snapshots import CASES_KEPT_FOR, take_snapshot
from portfolio.operations.targets import TargetInvalid, set_payment_target

__all__ = [
    "CASES_KEPT_FOR",
    "TargetInvalid",
    "note_export",
    "set_payment_target",
    "take_snapshot",
]
