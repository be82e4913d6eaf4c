"""Everything that portfolio writes. One file per subject."""

from portfolio.operations.snapshots import CASES_KEPT_FOR, take_snapshot

__all__ = ["CASES_KEPT_FOR", "take_snapshot"]
