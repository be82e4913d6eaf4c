"""What must hold before a case goes to an agency: looked at when proposed, approved, sent. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cases.lifecycle import CaseStatus
from kernel.errors import Conflict


@dataclass(frozen=True, slots=True)
class PlacementFacts:
    """What is looked at before a case goes out. ``barred`` are consumer debts past limitation.

    ``holds`` are the open kinds that stop escalation, without those that the placement itself
    placed.
    """

    case_id: int
    status: str
    handled_by: str
    notice_delivered_on: date | None
    terminated: tuple[str, ...]
    collectable: tuple[str, ...]
    barred: tuple[str, ...]
    holds: tuple[str, ...]


class NoticeNotDelivered(Conflict):
    """No demand or notice has a recorded delivery; before that nothing goes out."""

    code = "notice_not_delivered"


class NotTerminated(Conflict):
    """A person may place only what is terminated; a strategy says otherwise by its grounds."""

    code = "not_terminated"


class NothingToCollect(Conflict):
    """The case is closed, nothing is due, or all that is due is barred by limitation (KC 117)."""

    code = "nothing_to_collect"


class CaseOnHold(Conflict):
    """``holds`` names the kinds of open holds that stop escalation."""

    code = "case_on_hold"


def check_placeable(facts: PlacementFacts, *, by_strategy: bool) -> None:
    """Raises one of the errors of this module."""
    if facts.status != CaseStatus.OPEN or not facts.collectable:
        raise NothingToCollect(case_id=facts.case_id, barred=list(facts.barred))
    if facts.notice_delivered_on is None:
        raise NoticeNotDelivered(case_id=facts.case_id)
    if not by_strategy and not facts.terminated:
        raise NotTerminated(case_id=facts.case_id)
    if facts.holds:
        raise CaseOnHold(case_id=facts.case_id, holds=list(facts.holds))
