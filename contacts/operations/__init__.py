"""Everything that writes about contacts. One file per subject."""

from contacts.operations.proposing import (
    NewProposal,
    TerminationBarred,
    TerminationOpenAlready,
    propose_termination,
    propose_terminations,
)
from contacts.operations.queueing import NewMessage, queue_messages

__all__ = [
    "NewMessage",
    "NewProposal",
    "TerminationBarred",
    "TerminationOpenAlready",
    "propose_termination",
    "propose_terminations",
    "queue_messages",
]
