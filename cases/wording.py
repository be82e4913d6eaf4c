"""The words of the case file: stages, holds, work and who has a case in hand."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.lifecycle import CaseStatus, Handler, HoldKind, Stage, WorkKind

_STAGES: Final[dict[Stage, Promise]] = {
    Stage.DIRECT_CONTACT: _("Direct contact"),
    Stage.FORMAL_LETTERS: _("Formal letters"),
    Stage.AGENCY: _("Agency"),
    Stage.COURT: _("Court"),
}
_STATUSES: Final[dict[CaseStatus, Promise]] = {
    CaseStatus.OPEN: pgettext_lazy("case", "open"),
    CaseStatus.CLOSED: pgettext_lazy("case", "closed"),
}
_HANDLERS: Final[dict[Handler, Promise]] = {
    Handler.HOUSE: _("our own officers"),
    Handler.AGREEMENT: _("agreement in force"),
    Handler.AGENCY: _("external agency"),
    Handler.COURT: _("court"),
}
_HOLDS: Final[dict[HoldKind, Promise]] = {
    HoldKind.DISPUTE: _("Dispute"),
    HoldKind.COMPLAINT: _("Complaint"),
    HoldKind.VULNERABILITY: _("Vulnerability"),
    HoldKind.BANKRUPTCY: _("Bankruptcy"),
    HoldKind.DEATH: _("Death"),
    HoldKind.PROMISE: _("Promise to pay"),
    HoldKind.AGREEMENT: _("Agreement in force"),
    HoldKind.APPROVAL: _("Waiting for approval"),
    HoldKind.RESTRUCTURING: _("Restructuring request"),
    HoldKind.DATA_PROBLEM: _("Data problem"),
    HoldKind.AGENCY: _("Placed with an agency"),
    HoldKind.COURT: _("Referred to court"),
    HoldKind.REFUND: _("Overpayment being paid back"),
    HoldKind.LEGAL: _("Legal hold"),
    HoldKind.OTHER: _("Other reason"),
}
_WORK: Final[dict[WorkKind, Promise]] = {
    WorkKind.CALL: _("Call"),
    WorkKind.BROKEN_PROMISE: _("Call about the broken promise"),
    WorkKind.BROKEN_AGREEMENT: _("Call about the broken agreement"),
    WorkKind.FIND_ADDRESS: _("Find an address"),
    WorkKind.FIND_PHONE: _("Find a phone number"),
    WorkKind.SOLVE_DATA_PROBLEM: _("Solve the data problem"),
    WorkKind.LETTER_RETURNED: _("Check the address: a letter came back"),
    WorkKind.ANSWER_REQUEST: _("Answer the request"),
    WorkKind.REVIEW: _("Review the case"),
    WorkKind.APPROVAL_REFUSED: _("Decide what follows the refusal"),
    WorkKind.PLACEMENT_ENDED: _("Take over from the agency"),
}


#: Where the reason stands beside it: the order alone.
_SHORT_WORK: Final[dict[WorkKind, Promise]] = {
    WorkKind.BROKEN_PROMISE: _("Call"),
    WorkKind.BROKEN_AGREEMENT: _("Call"),
    WorkKind.SOLVE_DATA_PROBLEM: _("Put the data right"),
    WorkKind.LETTER_RETURNED: _("Check the address"),
    WorkKind.APPROVAL_REFUSED: _("Decide what follows"),
    WorkKind.PLACEMENT_ENDED: _("Take over"),
}


def stage_name(stage: Stage) -> Promise:
    return _STAGES[stage]


def status_name(status: CaseStatus) -> Promise:
    return _STATUSES[status]


def handler_name(handler: Handler) -> Promise:
    return _HANDLERS[handler]


def hold_name(kind: HoldKind) -> Promise:
    return _HOLDS[kind]


def work_name(kind: WorkKind) -> Promise:
    """What to do, as an order."""
    return _WORK[kind]


def short_work_name(kind: WorkKind) -> Promise:
    """The order in few words, for a row that says the reason as well."""
    return _SHORT_WORK.get(kind, _WORK[kind])


def case_words() -> dict[str, Promise]:
    """Codes of holds and of handlers with their names, for refusals that hold them."""
    names: dict[str, Promise] = {}
    names.update({str(kind): name for kind, name in _HOLDS.items()})
    names.update({str(handler): name for handler, name in _HANDLERS.items()})
    return names
