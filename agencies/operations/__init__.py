"""What may be done about agencies and placements."""

from agencies.operations.propose import NewProposal, propose_placements

__all__ = ["NewProposal", "propose_placements"]
