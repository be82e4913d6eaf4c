"""Kinds of events about boards. The subject is ``("user", user id)``: who did it."""

from __future__ import annotations

from typing import Final

#: Figures left the house: ``what`` (the list or table), ``format``, ``rows``, ``query`` (the
#: address that asked for it).
BOARD_EXPORTED: Final = "board.exported"
#: Subject user, who set it: ``month_on``, ``currency``, ``team_id``, ``amount_minor`` (None where
#: it was taken away), ``before_minor``.
TARGET_SET: Final = "board.target_set"
