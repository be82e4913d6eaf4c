"""What must hold before a case goes to court: looked at when proposed, approved, filed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cases.lifecycle import CaseStatus
from kernel.errors import Conflict
from kernel.money import Money


@dataclass(frozen=True, slots=True)
class ClaimedDebt:
    """A terminated debt with something due: what a claim consists of."""

    account_id: int
    contract_no: str
    currency: str
    due_minor: int
    due_since: date
    is_barred: bool


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """What is looked at before a case goes to court. ``holds`` are the open kinds that stop
    escalation, without those that the referral itself placed."""

    case_id: int
    status: str
    handled_by: str
    terminated: tuple[ClaimedDebt, ...]
    holds: tuple[str, ...]

    @property
    def barred(self) -> list[str]:
        """Contracts of consumers' debts past limitation."""
        return [debt.contract_no for debt in self.terminated if debt.is_barred]

    def claim(self, currency: str) -> Money:
        return Money(
            sum(debt.due_minor for debt in self.terminated if debt.currency == currency), currency
        )


class TerminationNotEffective(Conflict):
    """No debt of the case is terminated with effect; before that the bank sues for nothing."""

    code = "termination_not_effective"


class ClaimTimeBarred(Conflict):
    """A consumer's debt past limitation cannot be demanded (KC 117 § 2¹)."""

    code = "claim_time_barred"


class NothingToClaim(Conflict):
    """The case is closed, or nothing is due."""

    code = "nothing_to_claim"


class CaseOnHold(Conflict):
    """``holds`` names the kinds of open holds that stop escalation."""

    code = "case_on_hold"


def check_referable(facts: ReferralFacts) -> None:
    """Raises one of the errors of this module."""
    if facts.status != CaseStatus.OPEN:
        raise NothingToClaim(case_id=facts.case_id)
    if not facts.terminated:
        raise TerminationNotEffective(case_id=facts.case_id)
    if facts.barred:
        raise ClaimTimeBarred(case_id=facts.case_id, contracts=facts.barred)
    if facts.holds:
        raise CaseOnHold(case_id=facts.case_id, holds=list(facts.holds))
