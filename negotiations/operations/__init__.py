"""What may be done about agreements."""

from negotiations.operations.decide import OverPolicy, decide_agreement
from negotiations.operations.forbearance import note_forbearance, take_back_forbearance
from negotiations.operations.force import CaseSilenced
from negotiations.operations.judging import judge_agreements_of_accounts, judge_instalments
from negotiations.operations.propose import (
    CaseNotNegotiable,
    LiveAgreement,
    propose_agreement,
)
from negotiations.operations.rejudging import tell_of_late_money
from negotiations.operations.withdraw import end_agreements_of_closed_cases, withdraw_agreement

__all__ = [
    "CaseNotNegotiable",
    "CaseSilenced",
    "LiveAgreement",
    "OverPolicy",
    "decide_agreement",
    "end_agreements_of_closed_cases",
    "judge_agreements_of_accounts",
    "judge_instalments",
    "note_forbearance",
    "propose_agreement",
    "take_back_forbearance",
    "tell_of_late_money",
    "withdraw_agreement",
]
