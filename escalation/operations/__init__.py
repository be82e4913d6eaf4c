"""Everything that writes about strategies and enrolments. One file per subject."""

from escalation.operations.deciding import decide_batch, decide_due
from escalation.operations.enrolling import enrol_cases, start_cases_anew
from escalation.operations.redeciding import Cause, redecide_cases

__all__ = [
    "Cause",
    "decide_batch",
    "decide_due",
    "enrol_cases",
    "redecide_cases",
    "start_cases_anew",
]
