"""Everything that writes about contacts. One file per subject."""

from contacts.composing import NewMessage
from contacts.operations.contacting import (
    AttemptInFuture,
    AttemptTakenBack,
    ContactPointUnknown,
    ContactRefused,
    LoggedContact,
    NotForOthers,
    PersonUnknown,
    log_contact,
)
from contacts.operations.deciding import (
    TerminationNotFound,
    complete_terminations,
    decide_termination,
    propose_termination_again,
    withdraw_termination,
    withdraw_terminations,
)
from contacts.operations.delivering import (
    DeliveryRefused,
    DeliveryReport,
    RefusedEntry,
    record_deliveries,
    record_delivery,
)
from contacts.operations.dispatching import Dispatched, dispatch_messages
from contacts.operations.drafting import (
    DraftTooLarge,
    discard_contact_draft,
    save_contact_draft,
)
from contacts.operations.following import CallBackMomentInvalid
from contacts.operations.overriding import OverrideReasonMissing, RuleIsLaw, override_guard
from contacts.operations.promising import (
    CaseIsClosed,
    NewPromise,
    PromiseAmountInvalid,
    PromiseDayInvalid,
    PromiseNotFound,
    PromiseOpenAlready,
    PromiseTurnsUsed,
    judge_paid_promises,
    judge_promises,
    make_promise,
    withdraw_promise,
)
from contacts.operations.proposing import (
    TerminationBarred,
    TerminationOpenAlready,
    propose_termination,
    propose_terminations,
)
from contacts.operations.queueing import queue_messages
from contacts.operations.recalling import (
    recall_messages_of_closed_cases,
    recall_messages_of_steps,
    recall_unfit_messages,
)
from contacts.operations.rejudging import rejudge_promises
from contacts.operations.restructuring import (
    ReasonsMissing,
    ReceivedInFuture,
    RequestNotFound,
    RequestOpenAlready,
    answer_restructuring_request,
    record_restructuring_request,
)
from contacts.operations.striking import AttemptNotFound, strike_out_attempt

__all__ = [
    "AttemptInFuture",
    "AttemptNotFound",
    "AttemptTakenBack",
    "CallBackMomentInvalid",
    "CaseIsClosed",
    "ContactPointUnknown",
    "ContactRefused",
    "DeliveryRefused",
    "DeliveryReport",
    "Dispatched",
    "DraftTooLarge",
    "LoggedContact",
    "NewMessage",
    "NewPromise",
    "NotForOthers",
    "OverrideReasonMissing",
    "PersonUnknown",
    "PromiseAmountInvalid",
    "PromiseDayInvalid",
    "PromiseNotFound",
    "PromiseOpenAlready",
    "PromiseTurnsUsed",
    "ReasonsMissing",
    "ReceivedInFuture",
    "RefusedEntry",
    "RequestNotFound",
    "RequestOpenAlready",
    "RuleIsLaw",
    "TerminationBarred",
    "TerminationNotFound",
    "TerminationOpenAlready",
    "answer_restructuring_request",
    "complete_terminations",
    "decide_termination",
    "discard_contact_draft",
    "dispatch_messages",
    "judge_paid_promises",
    "judge_promises",
    "log_contact",
    "make_promise",
    "override_guard",
    "propose_termination",
    "propose_termination_again",
    "propose_terminations",
    "queue_messages",
    "recall_messages_of_closed_cases",
    "recall_messages_of_steps",
    "recall_unfit_messages",
    "record_deliveries",
    "record_delivery",
    "record_restructuring_request",
    "rejudge_promises",
    "save_contact_draft",
    "strike_out_attempt",
    "withdraw_promise",
    "withdraw_termination",
    "withdraw_terminations",
]
