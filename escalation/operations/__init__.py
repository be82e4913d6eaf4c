"""Everything that writes about strategies and enrolments. One file per subject."""

from escalation.operations.deciding import decide_batch, decide_due
from escalation.operations.enrolling import enrol_cases, start_cases_anew
from escalation.operations.publishing import (
    NothingChanged,
    SamePersonDecides,
    StrategyUnsound,
    VersionNotFound,
    VersionWaitsAlready,
    approve_version,
    propose_version,
    refuse_version,
    withdraw_version,
)
from escalation.operations.redeciding import Cause, redecide_cases

__all__ = [
    "Cause",
    "NothingChanged",
    "SamePersonDecides",
    "StrategyUnsound",
    "VersionNotFound",
    "VersionWaitsAlready",
    "approve_version",
    "decide_batch",
    "decide_due",
    "enrol_cases",
    "propose_version",
    "redecide_cases",
    "refuse_version",
    "start_cases_anew",
    "withdraw_version",
]
