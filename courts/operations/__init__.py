"""What may be done about court referrals."""

from courts.operations.propose import NewProposal, propose_referrals

__all__ = ["NewProposal", "propose_referrals"]
