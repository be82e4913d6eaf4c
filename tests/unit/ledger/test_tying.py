"""Equal entries, as a bank's own batches have them by the thousand, are tied in one pass."""

from __future__ import annotations

import time
from datetime import date

from ledger.operations.tying import _find_sums, _find_ties, _Line

MANY = 20_000


def telling(pk: int, statement: int, form: str, *, part: int = 0) -> _Line:
    minor, day = (2_500 if part else 5_000), date(2026, 5, 11)
    position = pk if not part else (pk + 1) // 2
    return _Line(pk, statement, form, "PL1", minor, day, "", "", "PL9", "rata", position, part)


def test_thousands_of_equal_entries_are_tied_in_seconds() -> None:
    def lines(first: int, statement: int, form: str) -> list[_Line]:
        return [telling(first + place, statement, form) for place in range(MANY)]

    started = time.process_time()
    ties = _find_ties(lines(0, 1, "mt942"), lines(MANY, 2, "mt940"), [])
    assert ties == {place: MANY + place for place in range(MANY)}
    assert time.process_time() - started < 10


def test_thousands_of_equal_sums_are_tied_in_seconds() -> None:
    parts = [telling(pk, 1, "camt054", part=1 + (pk + 1) % 2) for pk in range(1, MANY + 1)]
    sums = [telling(MANY + pk, 2, "camt053") for pk in range(1, MANY // 2 + 1)]

    started = time.process_time()
    ties = _find_sums(parts, sums, [], {})
    assert ties == {pk: MANY + (pk + 1) // 2 for pk in range(1, MANY + 1)}
    assert time.process_time() - started < 10
