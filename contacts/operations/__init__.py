"""Everything that writes about contacts. One file per subject."""

from contacts.operations.contacting import (
    AttemptInFuture,
    ContactPointUnknown,
    ContactRefused,
    LoggedContact,
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
from contacts.operations.overriding import OverrideReasonMissing, RuleIsLaw, override_guard
from contacts.operations.promising import (
    CaseIsClosed,
    NewPromise,
    PromiseAmountInvalid,
    PromiseDayInvalid,
    PromiseNotFound,
    PromiseOpenAlready,
    judge_paid_promises,
    judge_promises,
    make_promise,
    withdraw_promise,
)
from contacts.operations.proposing import (
    NewTermination,
    TerminationBarred,
    TerminationOpenAlready,
    propose_termination,
    propose_terminations,
)
from contacts.operations.queueing import QUEUE_STATEMENT, NewMessage, queue_messages
from contacts.operations.restructuring import (
    ReasonsMissing,
    ReceivedInFuture,
    RequestNotFound,
    RequestOpenAlready,
    answer_restructuring_request,
    record_restructuring_request,
)

__all__ = [
    "QUEUE_STATEMENT",
    "AttemptInFuture",
    "CaseIsClosed",
    "ContactPointUnknown",
    "ContactRefused",
    "DeliveryRefused",
    "DeliveryReport",
    "Dispatched",
    "LoggedContact",
    "NewMessage",
    "NewPromise",
    "NewTermination",
    "OverrideReasonMissing",
    "PromiseAmountInvalid",
    "PromiseDayInvalid",
    "PromiseNotFound",
    "PromiseOpenAlready",
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
    "record_deliveries",
    "record_delivery",
    "record_restructuring_request",
    "withdraw_promise",
    "withdraw_termination",
    "withdraw_terminations",
]
