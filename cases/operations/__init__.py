"""Everything that writes about cases. One file per subject."""

from cases.operations.assigning import OwnerNotInTeam, assign_case, assign_cases
from cases.operations.handling import (
    CaseHandledByAnother,
    return_case,
    return_cases,
    take_case,
    take_cases,
)
from cases.operations.holding import (
    HoldKindReserved,
    HoldNotFound,
    HoldOpenAlready,
    InvalidHoldDays,
    NewHold,
    end_hold,
    end_holds,
    end_holds_past,
    hold_case,
    place_holds,
)
from cases.operations.opening import close_cases, open_cases, reopen_cases, settle_cases
from cases.operations.staging import move_cases_to_stage
from cases.operations.touching import touch_cases
from cases.operations.working import (
    NewWorkItem,
    WorkItemLeased,
    WorkItemNotFound,
    WorkOpenAlready,
    cancel_work_items,
    claim_next_work_item,
    finish_work_item,
    finish_work_items,
    open_work_item,
    open_work_items,
)

__all__ = [
    "CaseHandledByAnother",
    "HoldKindReserved",
    "HoldNotFound",
    "HoldOpenAlready",
    "InvalidHoldDays",
    "NewHold",
    "NewWorkItem",
    "OwnerNotInTeam",
    "WorkItemLeased",
    "WorkItemNotFound",
    "WorkOpenAlready",
    "assign_case",
    "assign_cases",
    "cancel_work_items",
    "claim_next_work_item",
    "close_cases",
    "end_hold",
    "end_holds",
    "end_holds_past",
    "finish_work_item",
    "finish_work_items",
    "hold_case",
    "move_cases_to_stage",
    "open_cases",
    "open_work_item",
    "open_work_items",
    "place_holds",
    "reopen_cases",
    "return_case",
    "return_cases",
    "settle_cases",
    "take_case",
    "take_cases",
    "touch_cases",
]
