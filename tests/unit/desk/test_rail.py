from __future__ import annotations

from collections import Counter

from desk.frame import ACCOUNT_KEY, RAIL


def test_no_two_entries_of_the_rail_have_one_key() -> None:
    keys = Counter([ACCOUNT_KEY, *(e.key for section in RAIL for e in section.entries if e.key)])
    assert [key for key, times in keys.items() if times > 1] == []


def test_a_key_is_one_letter_that_does_not_begin_a_sequence_itself() -> None:
    for section in RAIL:
        for entry in section.entries:
            assert entry.key == "" or (len(entry.key) == 1 and entry.key.islower())
            assert entry.key != "g"
