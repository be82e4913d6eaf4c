"""Attempts, promises, messages and terminations: their kinds and their lives."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from cases.lifecycle import Answer
from kernel.lifecycle import Lifecycle, move
from staff.lifecycle import proposal_lifecycle


class Direction(StrEnum):
    OUT = "out"
    IN = "in"


class AttemptResult(StrEnum):
    """``conversation`` results count as contact with the right person.

    ``CALL_BACK``: they answered and asked for another moment; nothing was talked about.
    """

    NO_ANSWER = "no_answer"
    WRONG_PERSON = "wrong_person"
    MESSAGE_LEFT = "message_left"
    SPOKE = "spoke"
    PROMISED = "promised"
    WANTS_INSTALMENTS = "wants_instalments"
    REFUSED = "refused"
    DISPUTES = "disputes"
    CALL_BACK = "call_back"


class RefusalReason(StrEnum):
    """Why a debtor says that they will not pay."""

    NO_MONEY = "no_money"
    LOST_JOB = "lost_job"
    HARDSHIP = "hardship"
    OTHER_DEBTS = "other_debts"
    PAID_ALREADY = "paid_already"
    UNWILLING = "unwilling"
    OTHER = "other"


#: What can come of talking with somebody who does not answer for the debt.
FROM_OTHERS: Final = frozenset(
    {AttemptResult.WRONG_PERSON, AttemptResult.MESSAGE_LEFT, AttemptResult.NO_ANSWER}
)

CONVERSATIONS: Final = frozenset(
    {
        AttemptResult.SPOKE,
        AttemptResult.PROMISED,
        AttemptResult.WANTS_INSTALMENTS,
        AttemptResult.REFUSED,
        AttemptResult.DISPUTES,
    }
)


#: What a result says of the chance of payment.
ANSWERS: Final[dict[AttemptResult, Answer]] = {
    AttemptResult.NO_ANSWER: Answer.NOT_REACHED,
    AttemptResult.WRONG_PERSON: Answer.NOT_REACHED,
    AttemptResult.MESSAGE_LEFT: Answer.NOT_REACHED,
    AttemptResult.SPOKE: Answer.SPOKE,
    AttemptResult.PROMISED: Answer.WILLING,
    AttemptResult.WANTS_INSTALMENTS: Answer.WILLING,
    AttemptResult.REFUSED: Answer.UNWILLING,
    AttemptResult.DISPUTES: Answer.UNWILLING,
    AttemptResult.CALL_BACK: Answer.SPOKE,
}


class PromiseStatus(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


PROMISE_LIFECYCLE: Final = Lifecycle(
    subject="promise",
    statuses=PromiseStatus,
    moves={
        "keep": move([PromiseStatus.OPEN], PromiseStatus.KEPT, "promise.kept"),
        "break": move([PromiseStatus.OPEN], PromiseStatus.BROKEN, "promise.broken"),
        "withdraw": move([PromiseStatus.OPEN], PromiseStatus.WITHDRAWN, "promise.withdrawn"),
        # What became known later, of a day that was judged before.
        "keep_after_all": move(
            [PromiseStatus.BROKEN], PromiseStatus.KEPT, "promise.kept_after_all"
        ),
        "break_after_all": move(
            [PromiseStatus.KEPT], PromiseStatus.BROKEN, "promise.broken_after_all"
        ),
        "open_again": move([PromiseStatus.KEPT], PromiseStatus.OPEN, "promise.open_again"),
    },
)


class MessageChannel(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"


class Template(StrEnum):
    """What a message says. ``notice_75c`` starts the term of art. 75c of the Banking Act."""

    REMINDER = "reminder"
    LAST_REMINDER = "last_reminder"
    SETTLEMENT_INVITATION = "settlement_invitation"
    DEMAND = "demand"
    NOTICE_75C = "notice_75c"
    TERMINATION = "termination"
    PRECOURT_DEMAND = "precourt_demand"


class MessageStatus(StrEnum):
    QUEUED = "queued"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    RETURNED = "returned"
    SKIPPED = "skipped"
    RECALLED = "recalled"


MESSAGE_LIFECYCLE: Final = Lifecycle(
    subject="message",
    statuses=MessageStatus,
    moves={
        "hand_over": move([MessageStatus.QUEUED], MessageStatus.HANDED_OVER, "message.handed_over"),
        "deliver": move(
            [MessageStatus.QUEUED, MessageStatus.HANDED_OVER],
            MessageStatus.DELIVERED,
            "message.delivered",
        ),
        "return": move(
            [MessageStatus.QUEUED, MessageStatus.HANDED_OVER],
            MessageStatus.RETURNED,
            "message.returned",
        ),
        "skip": move([MessageStatus.QUEUED], MessageStatus.SKIPPED, "message.skipped"),
        "recall": move([MessageStatus.QUEUED], MessageStatus.RECALLED, "message.recalled"),
    },
)


class RequestStatus(StrEnum):
    """A debtor's request for restructuring (art. 75c of the Banking Act)."""

    RECEIVED = "received"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


REQUEST_LIFECYCLE: Final = Lifecycle(
    subject="restructuring_request",
    statuses=RequestStatus,
    moves={
        "grant": move(
            [RequestStatus.RECEIVED], RequestStatus.GRANTED, "restructuring_request.granted"
        ),
        "refuse": move(
            [RequestStatus.RECEIVED], RequestStatus.REFUSED, "restructuring_request.refused"
        ),
        "withdraw": move(
            [RequestStatus.RECEIVED], RequestStatus.WITHDRAWN, "restructuring_request.withdrawn"
        ),
    },
)

TERMINATION_LIFECYCLE: Final = proposal_lifecycle("termination")
