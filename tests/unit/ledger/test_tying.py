"""Equal entries, as a bank's own batches have them by the thousand, are tied in one pass."""

from __future__ import annotations

import time
from datetime import date

from ledger.operations.tying import _find_ties, _Line

MANY = 20_000


def test_thousands_of_equal_entries_are_tied_in_seconds() -> None:
    def lines(first: int, statement: int, form: str) -> list[_Line]:
        same = (statement, form, "PL1", 5_000, date(2026, 5, 11), "", "", "PL9", "rata")
        return [_Line(first + place, *same) for place in range(MANY)]

    started = time.process_time()
    ties = _find_ties(lines(0, 1, "mt942"), lines(MANY, 2, "mt940"), [])
    assert ties == {place: MANY + place for place in range(MANY)}
    assert time.process_time() - started < 10
