"""The kinds of lines that stand behind the board's figures, and how they are summed. Pure.

A line tells of one case: what became of it between two closes, what somebody did about it on
the day, or what waited about it at the close. Money is in minor units of the line's currency.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class EntryKind(StrEnum):
    """Between two closes, on the day, or at the close; see the sets below."""

    #: The case was not open at the close before, or is not any more.
    OPENED = "opened"
    CLOSED = "closed"
    #: The case became past due, or is so no more because it was paid, or written off.
    NEW_ARREARS = "new_arrears"
    CURED = "cured"
    WRITTEN_OUT = "written_out"
    #: The case stands in a harsher stage than at the close before.
    ESCALATED = "escalated"
    #: What is due rose on an open case, or fell otherwise than by payment or write-off.
    FELL_DUE = "fell_due"
    REDUCED = "reduced"
    #: ``money`` is what came in, less what was reversed; ``due`` what that took off what is due.
    PAID = "paid"
    WRITTEN_OFF = "written_off"

    PROMISE_MADE = "promise_made"
    PROMISE_KEPT = "promise_kept"
    PROMISE_BROKEN = "promise_broken"
    #: A try from our side, in whatever way, and a talk with the right person, from either side.
    ATTEMPT = "attempt"
    TALK = "talk"
    #: ``PAID``, credited to whoever had the last talk within the window before it.
    PAID_AFTER_TALK = "paid_after_talk"
    WORK_OPENED = "work_opened"
    WORK_DONE = "work_done"
    #: What a rule stopped, and what was set aside; the code is the rule.
    STOPPED_CONTACT = "stopped_contact"
    STOPPED_MESSAGE = "stopped_message"
    OVERRIDDEN = "overridden"

    #: Open work due by the next working day, and that part of it which was due by this day.
    WORK_DUE = "work_due"
    WORK_LATE = "work_late"
    #: The code is the kind of what waits, of the deadline, or of the problem.
    APPROVAL = "approval"
    DEADLINE = "deadline"
    DATA_PROBLEM = "data_problem"
    #: A case in somebody's hands. It has no line: the row of the case is one.
    OWNED = "owned"


_Kind = EntryKind
#: Follow from two rows of the case, its postings and nothing else, so they can be made again.
FLOWS: Final = frozenset(
    {
        _Kind.OPENED,
        _Kind.CLOSED,
        _Kind.NEW_ARREARS,
        _Kind.CURED,
        _Kind.WRITTEN_OUT,
        _Kind.ESCALATED,
        _Kind.FELL_DUE,
        _Kind.REDUCED,
        _Kind.PAID,
        _Kind.WRITTEN_OFF,
        _Kind.PAID_AFTER_TALK,
    }
)
#: Stand at the close, and so are never added up over days.
STOCKS: Final = frozenset(
    {
        _Kind.WORK_DUE,
        _Kind.WORK_LATE,
        _Kind.APPROVAL,
        _Kind.DEADLINE,
        _Kind.DATA_PROBLEM,
        _Kind.OWNED,
    }
)
#: Summed per person.
OF_PEOPLE: Final = frozenset(
    {
        _Kind.PROMISE_MADE,
        _Kind.PROMISE_KEPT,
        _Kind.PROMISE_BROKEN,
        _Kind.ATTEMPT,
        _Kind.TALK,
        _Kind.PAID_AFTER_TALK,
        _Kind.WORK_DONE,
        _Kind.WORK_DUE,
        _Kind.WORK_LATE,
        _Kind.OWNED,
    }
)
#: A payment counts for the last talk about the case if it came so many days after it at most.
TALK_COUNTS_DAYS: Final = 14


class Deadline(StrEnum):
    """What ends or must be done by a day; the act behind each is named in the wording."""

    NOTICE_TERM = "notice_term"
    TERMINATION = "termination"
    LIMITATION_90 = "limitation_90"
    LIMITATION_180 = "limitation_180"
    COMPLAINT = "complaint"
    RESTRUCTURING = "restructuring"
    ORDER = "order"
    PLACEMENT = "placement"


#: Days from the receipt of a complaint to the answer (art. 6 of the act of 2015-08-05 on
#: complaints; sending it by then suffices).
COMPLAINT_ANSWER_DAYS: Final = 30
#: A placement that comes back is announced so many days ahead.
PLACEMENT_AHEAD_DAYS: Final = 14
LIMITATION_NEAR_DAYS: Final = 90
LIMITATION_FAR_DAYS: Final = 180


class Grain(StrEnum):
    """Along what the lines of a day, or of a week, are summed."""

    #: Kind, code, currency, team, product, strategy: what a reader filters by.
    DESK = "desk"
    #: The same of the whole week that begins on the day, without the code.
    WEEK = "week"
    #: Kind, currency, stage, bucket, team.
    PLACE = "place"
    #: Kind, currency, officer, team.
    OFFICER = "officer"
    #: The same within each product and strategy.
    PART = "part"


#: Where the money of a case had gone by a later close, after the places of ``BUCKETS``.
OUTCOME_CLOSED: Final = 100
OUTCOME_WRITTEN_OFF: Final = 101
