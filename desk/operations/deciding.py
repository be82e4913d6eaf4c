"""Deciding proposals as their reader saw them: one or several, each in its own right.

Each is decided in a transaction of its own with an event of its own: what cannot be decided is
refused by itself, with its reason, and stops no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from cases.locking import lock_case
from cases.queries.approvals import ApprovalRow, list_chosen_approvals
from desk.approvals import UnknownApproval, Verdict, decide_approval
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import Conflict, DomainError, InvalidInput, NotAllowed
from staff.approvals import ReasonMissing
from staff.lifecycle import ApprovalKind
from staff.rights import Right

#: A page of the inbox; more is not taken at once.
MOST_AT_ONCE: Final = 50
#: Art. 75c of the Banking Act asks of every single termination whether the notice was delivered,
#: its term has run, and a request for restructuring was answered. Money moved by hand is moved for
#: the reason of that one debt; what is small is written off in batches of their own.
NEVER_IN_BULK: Final = frozenset(
    {
        ApprovalKind.TERMINATION,
        ApprovalKind.WRITE_OFF,
        ApprovalKind.REFUND,
        ApprovalKind.CHARGE,
    }
)


class NeverInBulk(NotAllowed):
    """Every proposal of this ``kind`` is looked at by itself."""

    code = "never_in_bulk"


class TooManyChosen(InvalidInput):
    """``most`` are decided at once."""

    code = "too_many_chosen"


class ApprovalChanged(Conflict):
    """It was decided, or proposed anew, since the reader saw it; ``status`` is what it is now."""

    code = "approval_changed"


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided, or would be; ``refused`` says why the others were not, by id."""

    decided: Sequence[ApprovalRow]
    rows: Mapping[int, ApprovalRow]
    refused: Mapping[int, DomainError]

    @property
    def totals(self) -> Mapping[str, int]:
        """Minor units by currency of what was decided."""
        sums: dict[str, int] = {}
        for row in self.decided:
            sums[row.currency] = sums.get(row.currency, 0) + row.amount_minor
        return dict(sorted(sums.items()))


@requires(Right.SEE_APPROVALS)
def decide_approvals(
    *,
    kind: str,
    seen: Mapping[int, datetime],
    verdict: Verdict,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Decisions:
    """Decide several of one kind, for one reason. ``seen`` says of each id when what the reader
    saw had been proposed: what was proposed anew meanwhile is another proposal.

    Raises NeverInBulk, TooManyChosen, ReasonMissing, UnknownApproval.
    """
    if not reason.strip():
        raise ReasonMissing
    return _decide_each(kind, seen, verdict, reason, actor, at, for_good=True)


@requires(Right.SEE_APPROVALS)
def rehearse_approvals(
    *,
    kind: str,
    seen: Mapping[int, datetime],
    verdict: Verdict,
    actor: Actor,
    at: datetime,
) -> Decisions:
    """What ``decide_approvals`` would do now: each is decided and taken back at once, so that no
    rule is told twice and none forgotten. Nothing stays written, and nobody hears of it.

    Raises NeverInBulk, TooManyChosen, UnknownApproval.
    """
    return _decide_each(kind, seen, verdict, "rehearsal", actor, at, for_good=False)


def _decide_each(
    kind: str,
    seen: Mapping[int, datetime],
    verdict: Verdict,
    reason: str,
    actor: Actor,
    at: datetime,
    *,
    for_good: bool,
) -> Decisions:
    if kind not in set(ApprovalKind):
        raise UnknownApproval(kind=kind)
    if kind in NEVER_IN_BULK:
        raise NeverInBulk(kind=kind)
    if len(seen) > MOST_AT_ONCE:
        raise TooManyChosen(most=MOST_AT_ONCE)
    rows = {row.id: row for row in list_chosen_approvals(actor=actor, kind=kind, ids=list(seen))}
    decided: list[ApprovalRow] = []
    refused: dict[int, DomainError] = {}
    for row in rows.values():
        try:
            with transaction.atomic():
                _check_unchanged(row, seen[row.id], actor)
                decide_approval(
                    kind=kind,
                    proposal_id=row.id,
                    verdict=verdict,
                    reason=reason,
                    actor=actor,
                    at=at,
                )
                if not for_good:
                    transaction.set_rollback(True)
        except DomainError as error:
            refused[row.id] = error
        else:
            decided.append(row)
    return Decisions(decided, rows, refused)


def _check_unchanged(row: ApprovalRow, seen_at: datetime, actor: Actor) -> None:
    """The case is locked, so that nothing comes between the look and the decision."""
    lock_case(case_id=row.case_id, actor=actor)
    found = list_chosen_approvals(actor=actor, kind=row.kind, ids=[row.id])
    now = found[0] if found else row
    if now.status != "proposed" or now.proposed_at != seen_at:
        raise ApprovalChanged(status=now.status)
