"""What may be done about court referrals."""

from courts.claimable import (
    CaseOnHold,
    ClaimTimeBarred,
    NothingToClaim,
    TerminationNotEffective,
)
from courts.operations.closing import (
    close_referral,
    withdraw_referral,
    withdraw_referrals_of_closed_cases,
)
from courts.operations.costs import CostNotPossible, record_cost
from courts.operations.decide import decide_referral
from courts.operations.following import follow_money
from courts.operations.moving import (
    CourtMissing,
    DayOutOfOrder,
    EpuCaseLapsed,
    NotAdmissibleInEpu,
    TermStillRuns,
    file_referral,
    record_final_order,
    record_objection,
    record_order,
    record_service,
    start_enforcement,
)
from courts.operations.propose import (
    LiveReferral,
    check_referral_proposal,
    propose_referral,
    propose_referral_again,
    propose_referrals,
)

__all__ = [
    "CaseOnHold",
    "ClaimTimeBarred",
    "CostNotPossible",
    "CourtMissing",
    "DayOutOfOrder",
    "EpuCaseLapsed",
    "LiveReferral",
    "NotAdmissibleInEpu",
    "NothingToClaim",
    "TermStillRuns",
    "TerminationNotEffective",
    "check_referral_proposal",
    "close_referral",
    "decide_referral",
    "file_referral",
    "follow_money",
    "propose_referral",
    "propose_referral_again",
    "propose_referrals",
    "record_cost",
    "record_final_order",
    "record_objection",
    "record_order",
    "record_service",
    "start_enforcement",
    "withdraw_referral",
    "withdraw_referrals_of_closed_cases",
]
