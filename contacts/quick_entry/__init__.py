"""A promise as it is typed in one line: ``500 pt``, ``cała jutro``, ``1200,50 in 3 days``. Pure.

Every way to read the line is looked at. One way is the answer; several are said, never chosen
between; none names what was not understood.
"""

from contacts.quick_entry.meaning import Entry, Fault, Option, Owed, Problem
from contacts.quick_entry.moments import (
    DayEntry,
    MomentEntry,
    read_day_entry,
    read_moment_entry,
)
from contacts.quick_entry.reading import MAX_LENGTH, read_entry
from contacts.quick_entry.writing import write_entry

__all__ = [
    "MAX_LENGTH",
    "DayEntry",
    "Entry",
    "Fault",
    "MomentEntry",
    "Option",
    "Owed",
    "Problem",
    "read_day_entry",
    "read_entry",
    "read_moment_entry",
    "write_entry",
]
