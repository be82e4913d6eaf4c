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
    WITHDRAWN = "withdrawn"


VERSION_LIFECYCLE: Final = Lifecycle(
    subject="strategy_version",
    statuses=VersionStatus,
    moves={
        "approve": move([VersionStatus.PROPOSED], VersionStatus.IN_FORCE, "strategy.published"),
        "refuse": move([VersionStatus.PROPOSED], VersionStatus.REFUSED, "strategy.refused"),
        "withdraw": move([VersionStatus.PROPOSED], VersionStatus.WITHDRAWN, "strategy.withdrawn"),
        "retire": move([VersionStatus.IN_FORCE], VersionStatus.RETIRED, "strategy.retired"),
    },
)


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
