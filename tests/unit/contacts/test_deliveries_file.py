"""What a file may say of deliveries."""

from __future__ import annotations

from datetime import date

import pytest

from contacts.deliveries import (
    BadLine,
    ColumnsMissing,
    DeliveryEntry,
    EntryVerdict,
    Names,
    Place,
    judge_entry,
    names_of,
    read_entries,
)
from contacts.lifecycle import MessageStatus

TODAY = date(2026, 5, 20)
QUEUED = Place(7, MessageStatus.QUEUED, date(2026, 5, 4), None, None, None)
HANDED_OVER = Place(7, MessageStatus.HANDED_OVER, date(2026, 5, 4), date(2026, 5, 6), None, None)
DELIVERED = Place(
    7, MessageStatus.DELIVERED, date(2026, 5, 4), date(2026, 5, 6), date(2026, 5, 8), None
)
SKIPPED = Place(7, MessageStatus.SKIPPED, date(2026, 5, 4), None, None, None)


def entry(status: MessageStatus, day: int) -> DeliveryEntry:
    return DeliveryEntry(2, "7", status, date(2026, 5, day))


@pytest.mark.parametrize(
    ("place", "status", "day", "reason"),
    [
        (None, MessageStatus.DELIVERED, 8, "unknown_message"),
        (QUEUED, MessageStatus.HANDED_OVER, 4, ""),
        (QUEUED, MessageStatus.HANDED_OVER, 3, "day_too_early"),
        (QUEUED, MessageStatus.DELIVERED, 8, ""),
        (HANDED_OVER, MessageStatus.DELIVERED, 6, ""),
        (HANDED_OVER, MessageStatus.DELIVERED, 5, "day_too_early"),
        (HANDED_OVER, MessageStatus.DELIVERED, 21, "day_in_future"),
        (HANDED_OVER, MessageStatus.RETURNED, 12, ""),
        (HANDED_OVER, MessageStatus.HANDED_OVER, 7, "recorded_with_another_day"),
        (DELIVERED, MessageStatus.DELIVERED, 9, "recorded_with_another_day"),
        (DELIVERED, MessageStatus.RETURNED, 12, "status_not_possible"),
        (SKIPPED, MessageStatus.DELIVERED, 8, "status_not_possible"),
    ],
)
def test_what_cannot_have_happened_is_refused(
    place: Place | None, status: MessageStatus, day: int, reason: str
) -> None:
    verdict = judge_entry(entry(status, day), place, TODAY)
    assert (verdict.reason, verdict.unchanged) == (reason, False)


def test_what_was_recorded_before_is_no_news() -> None:
    again = judge_entry(entry(MessageStatus.DELIVERED, 8), DELIVERED, TODAY)
    earlier = judge_entry(entry(MessageStatus.HANDED_OVER, 6), DELIVERED, TODAY)
    assert again == earlier == EntryVerdict(unchanged=True)


def test_lines_are_read_with_comma_or_semicolon_and_bad_ones_named() -> None:
    lines = [
        "\ufeffMessage;Status;Day;Reference\n",
        "7;delivered;2026-05-08;RR123\n",
        "\n",
        "8;lost;2026-05-08;\n",
        "9;returned;8.5.2026;\n",
        ";returned;2026-05-08;\n",
    ]
    assert list(read_entries(lines)) == [
        DeliveryEntry(2, "7", MessageStatus.DELIVERED, date(2026, 5, 8), "RR123"),
        BadLine(4, "status", "unknown_status", "lost"),
        BadLine(5, "day", "not_a_day", "8.5.2026"),
        BadLine(6, "message", "empty", ""),
    ]
    assert len(list(read_entries(["message,status,day\n", "7,delivered,2026-05-08\n"]))) == 1


def test_a_file_without_the_columns_is_refused() -> None:
    with pytest.raises(ColumnsMissing, match="day"):
        list(read_entries(["message,status\n"]))
    with pytest.raises(ColumnsMissing):
        list(read_entries([]))


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("17", Names(17, "17")),
        ("id:17", Names(17, None)),
        ("post:17", Names(None, "17")),
        ("RR1", Names(None, "RR1")),
        ("id:RR1", Names(None, None)),
        ("fax:17", Names(None, "fax:17")),
        ("9" * 30, Names(None, "9" * 30)),
        ("١٧", Names(None, "١٧")),
    ],
)
def test_a_key_names_a_message_or_a_number_of_the_post(key: str, names: Names) -> None:
    assert names_of(key) == names
