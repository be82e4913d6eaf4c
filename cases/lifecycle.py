"""The life of a case: its statuses, its stages, who handles it, and what may stop it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, move


class CaseStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


CASE_LIFECYCLE: Final = Lifecycle(
    subject="case",
    statuses=CaseStatus,
    moves={
        "close": move([CaseStatus.OPEN], CaseStatus.CLOSED, "case.closed"),
        "reopen": move([CaseStatus.CLOSED], CaseStatus.OPEN, "case.reopened"),
    },
)


class Stage(StrEnum):
    """How far the case has come. In this order a step is harsher than the one before."""

    DIRECT_CONTACT = "direct_contact"
    FORMAL_LETTERS = "formal_letters"
    AGENCY = "agency"
    COURT = "court"


class Handler(StrEnum):
    """Who has the case in hand; one at a time."""

    HOUSE = "house"
    AGREEMENT = "agreement"
    AGENCY = "agency"
    COURT = "court"


HANDLER_LIFECYCLE: Final = Lifecycle(
    subject="handler",
    statuses=Handler,
    moves={
        "take_by_agreement": move([Handler.HOUSE], Handler.AGREEMENT, "case.taken_by_agreement"),
        "take_by_agency": move([Handler.HOUSE], Handler.AGENCY, "case.taken_by_agency"),
        "take_by_court": move([Handler.HOUSE], Handler.COURT, "case.taken_by_court"),
        "return_to_house": move(
            [Handler.AGREEMENT, Handler.AGENCY, Handler.COURT],
            Handler.HOUSE,
            "case.returned_to_house",
        ),
    },
)


class HoldKind(StrEnum):
    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    VULNERABILITY = "vulnerability"
    BANKRUPTCY = "bankruptcy"
    DEATH = "death"
    PROMISE = "promise"
    AGREEMENT = "agreement"
    APPROVAL = "approval"
    RESTRUCTURING = "restructuring_request"
    DATA_PROBLEM = "data_problem"
    AGENCY = "agency"
    COURT = "court"
    REFUND = "refund"
    LEGAL = "legal"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class HoldEffect:
    """What a hold stops while it is open."""

    contact: bool
    escalation: bool
    interest: bool


HOLD_EFFECTS: Final[dict[HoldKind, HoldEffect]] = {
    HoldKind.DISPUTE: HoldEffect(contact=False, escalation=True, interest=False),
    HoldKind.COMPLAINT: HoldEffect(contact=False, escalation=True, interest=False),
    HoldKind.VULNERABILITY: HoldEffect(contact=False, escalation=True, interest=False),
    HoldKind.BANKRUPTCY: HoldEffect(contact=True, escalation=True, interest=True),
    HoldKind.DEATH: HoldEffect(contact=True, escalation=True, interest=False),
    HoldKind.PROMISE: HoldEffect(contact=False, escalation=True, interest=False),
    HoldKind.AGREEMENT: HoldEffect(contact=False, escalation=True, interest=False),
    HoldKind.APPROVAL: HoldEffect(contact=False, escalation=True, interest=False),
    HoldKind.RESTRUCTURING: HoldEffect(contact=False, escalation=True, interest=False),
    HoldKind.DATA_PROBLEM: HoldEffect(contact=False, escalation=True, interest=False),
    HoldKind.AGENCY: HoldEffect(contact=False, escalation=True, interest=False),
    HoldKind.COURT: HoldEffect(contact=False, escalation=True, interest=False),
    HoldKind.REFUND: HoldEffect(contact=False, escalation=True, interest=False),
    HoldKind.LEGAL: HoldEffect(contact=True, escalation=True, interest=False),
    HoldKind.OTHER: HoldEffect(contact=False, escalation=True, interest=False),
}

#: Kinds that only the machine places and ends, because another thing carries their cause.
MACHINE_HOLDS: Final = frozenset(
    {
        HoldKind.PROMISE,
        HoldKind.AGREEMENT,
        HoldKind.APPROVAL,
        HoldKind.DATA_PROBLEM,
        HoldKind.AGENCY,
        HoldKind.COURT,
        HoldKind.REFUND,
    }
)


#: Kinds that only somebody with the right to hold a case legally may end.
LEGAL_HOLDS: Final = frozenset({HoldKind.BANKRUPTCY, HoldKind.DEATH, HoldKind.LEGAL})


def holds_that_stop(effect: str) -> frozenset[HoldKind]:
    """The kinds of hold that stop ``contact``, ``escalation`` or ``interest``."""
    return frozenset(kind for kind, stops in HOLD_EFFECTS.items() if getattr(stops, effect))


class WorkKind(StrEnum):
    """Why a person should look at the case."""

    CALL = "call"
    BROKEN_PROMISE = "broken_promise"
    BROKEN_AGREEMENT = "broken_agreement"
    FIND_ADDRESS = "find_address"
    FIND_PHONE = "find_phone"
    SOLVE_DATA_PROBLEM = "solve_data_problem"
    LETTER_RETURNED = "letter_returned"
    ANSWER_REQUEST = "answer_request"
    REVIEW = "review"
    APPROVAL_REFUSED = "approval_refused"
    PLACEMENT_ENDED = "placement_ended"


class WorkStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


WORK_LIFECYCLE: Final = Lifecycle(
    subject="work_item",
    statuses=WorkStatus,
    moves={
        "finish": move([WorkStatus.OPEN], WorkStatus.DONE, "work_item.finished"),
        "cancel": move([WorkStatus.OPEN], WorkStatus.CANCELLED, "work_item.cancelled"),
        "reopen": move([WorkStatus.DONE], WorkStatus.OPEN, "work_item.reopened"),
    },
)


class Tray(StrEnum):
    """Which part of the work list an item lies in."""

    NOW = "now"
    DATA = "data"


#: What must be found or put right before anybody can be reached; all else is talked about.
DATA_WORK: Final = frozenset(
    {
        WorkKind.SOLVE_DATA_PROBLEM,
        WorkKind.FIND_ADDRESS,
        WorkKind.FIND_PHONE,
        WorkKind.LETTER_RETURNED,
    }
)


def tray_of(kind: WorkKind) -> Tray:
    return Tray.DATA if kind in DATA_WORK else Tray.NOW


#: What we owe the debtor an answer to comes before all money on a day: lower is sooner.
OWED_PRIORITY: Final = 10
USUAL_PRIORITY: Final = 50


def priority_of(kind: WorkKind) -> int:
    return OWED_PRIORITY if kind is WorkKind.ANSWER_REQUEST else USUAL_PRIORITY


class Answer(StrEnum):
    """How the debtor last answered, as far as it says something of the chance of payment."""

    NONE = "none"
    NOT_REACHED = "not_reached"
    SPOKE = "spoke"
    WILLING = "willing"
    UNWILLING = "unwilling"
    BROKE_WORD = "broke_word"


class SwitchKind(StrEnum):
    """What a red switch stops: one action of strategies, what goes by one channel, what says one
    template, or everything that the machine does about the cases of one team."""

    AUTOMATION = "automation"
    CHANNEL = "channel"
    TEMPLATE = "template"
    TEAM = "team"


class SwitchStatus(StrEnum):
    ON = "on"
    OFF = "off"


SWITCH_LIFECYCLE: Final = Lifecycle(
    subject="switch",
    statuses=SwitchStatus,
    moves={
        "turn_off": move([SwitchStatus.ON], SwitchStatus.OFF, "switch.turned_off"),
        "turn_on": move([SwitchStatus.OFF], SwitchStatus.ON, "switch.turned_on"),
    },
)
