"""What may be done about agencies and placements."""

from agencies.operations.agencies import (
    AgencyNameTaken,
    CommissionOutOfRange,
    PermitMissing,
    TermOutOfRange,
    add_agency,
    change_agency,
)
from agencies.operations.batch import (
    AgencyNotAllowed,
    BatchMade,
    NothingToPlace,
    fetch_batch_file,
    make_placement_batch,
    save_batch_file,
)
from agencies.operations.decide import decide_placement
from agencies.operations.following import follow_money
from agencies.operations.leaving import (
    end_placement,
    end_placements_of_closed_cases,
    end_placements_past,
    recall_placement,
    recall_silenced_placements,
    return_placement,
    withdraw_placement,
)
from agencies.operations.payments import (
    AgencyPaymentRecorded,
    PaymentNotOfPlacement,
    ReferenceReused,
    record_agency_payment,
)
from agencies.operations.propose import (
    LivePlacement,
    check_placement_proposal,
    propose_placement,
    propose_placement_again,
    propose_placements,
)
from agencies.placeable import (
    CaseOnHold,
    NothingToCollect,
    NoticeNotDelivered,
    NotTerminated,
)

__all__ = [
    "AgencyNameTaken",
    "AgencyNotAllowed",
    "AgencyPaymentRecorded",
    "BatchMade",
    "CaseOnHold",
    "CommissionOutOfRange",
    "LivePlacement",
    "NotTerminated",
    "NothingToCollect",
    "NothingToPlace",
    "NoticeNotDelivered",
    "PaymentNotOfPlacement",
    "PermitMissing",
    "ReferenceReused",
    "TermOutOfRange",
    "add_agency",
    "change_agency",
    "check_placement_proposal",
    "decide_placement",
    "end_placement",
    "end_placements_of_closed_cases",
    "end_placements_past",
    "fetch_batch_file",
    "follow_money",
    "make_placement_batch",
    "propose_placement",
    "propose_placement_again",
    "propose_placements",
    "recall_placement",
    "recall_silenced_placements",
    "record_agency_payment",
    "return_placement",
    "save_batch_file",
    "withdraw_placement",
]
