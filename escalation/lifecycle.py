"""The life of a version of a strategy, and of the enrolment of a case on it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, move


class VersionStatus(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    RETIRED = "retired"
    REFUSED = "refused"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"


VERSION_LIFECYCLE: Final = Lifecycle(
    subject="strategy_version",
    statuses=VersionStatus,
    moves={
        "approve": move([VersionStatus.PROPOSED], VersionStatus.IN_FORCE, "strategy.published"),
        "refuse": move([VersionStatus.PROPOSED], VersionStatus.REFUSED, "strategy.refused"),
        "send_back": move([VersionStatus.PROPOSED], VersionStatus.SENT_BACK, "strategy.sent_back"),
        "withdraw": move([VersionStatus.PROPOSED], VersionStatus.WITHDRAWN, "strategy.withdrawn"),
        "retire": move([VersionStatus.IN_FORCE], VersionStatus.RETIRED, "strategy.retired"),
    },
)


#: From these a draft can be changed and asked for again.
REOPENED_STATUSES: Final = frozenset({VersionStatus.WITHDRAWN, VersionStatus.SENT_BACK})


class RunStatus(StrEnum):
    """Of a simulation. ``queued`` waits for a worker."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


#: A draft has at most one of these.
OPEN_RUN_STATUSES: Final = (RunStatus.QUEUED, RunStatus.RUNNING)


class EnrolmentStatus(StrEnum):
    """``exited``: a way out was fulfilled. ``finished``: every step is behind it.
    ``replaced``: the case started anew on another enrolment."""

    ACTIVE = "active"
    EXITED = "exited"
    FINISHED = "finished"
    REPLACED = "replaced"


class EndReason(StrEnum):
    """Why an enrolment ended where no condition of the strategy says it."""

    ALL_STEPS_TAKEN = "all_steps_taken"
    CASE_CLOSED = "case_closed"
    CASE_REOPENED = "case_reopened"
    AGREEMENT_BROKEN = "agreement_broken"
