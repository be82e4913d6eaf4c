"""What the lines behind a figure tell of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import WorkKind
from cases.wording import work_name
from contacts.guard import Rule
from contacts.lifecycle import AttemptResult
from contacts.wording import result_name
from debtors.lifecycle import DataProblem
from debtors.wording import problem_name
from portfolio.entries import Deadline, EntryKind
from portfolio.wording.rules import rule_name
from staff.lifecycle import ApprovalKind
from staff.wording import approval_kind_name

_Kind = EntryKind
#: What a list of such lines is called.
_KINDS: Final[dict[EntryKind, Promise]] = {
    _Kind.OPENED: _("Cases that came in"),
    _Kind.CLOSED: _("Cases that closed"),
    _Kind.NEW_ARREARS: _("Cases that became past due"),
    _Kind.CURED: _("Cases cured"),
    _Kind.WRITTEN_OUT: _("Cases past due no more after a write-off"),
    _Kind.ESCALATED: _("Cases that went a stage further"),
    _Kind.FELL_DUE: _("What fell due on open cases"),
    _Kind.REDUCED: _("What was corrected downwards"),
    _Kind.PAID: _("Payments"),
    _Kind.WRITTEN_OFF: _("Write-offs"),
    _Kind.PROMISE_MADE: _("Promises made"),
    _Kind.PROMISE_KEPT: _("Promises kept"),
    _Kind.PROMISE_BROKEN: _("Promises broken"),
    _Kind.ATTEMPT: _("Attempts to reach the debtor"),
    _Kind.TALK: _("Talks with the right person"),
    _Kind.PAID_AFTER_TALK: _("Payments after a talk"),
    _Kind.WORK_OPENED: _("Work that was made"),
    _Kind.WORK_DONE: _("Work that was done"),
    _Kind.STOPPED_CONTACT: _("Contacts that a rule stopped"),
    _Kind.STOPPED_MESSAGE: _("Messages that a rule stopped"),
    _Kind.OVERRIDDEN: _("Rules set aside with a reason"),
    _Kind.WORK_DUE: _("Work for the next working day"),
    _Kind.WORK_LATE: _("Work that is late"),
    _Kind.APPROVAL: _("Proposals waiting for a decision"),
    _Kind.DEADLINE: _("Deadlines ahead"),
    _Kind.DATA_PROBLEM: _("Data problems"),
    _Kind.OWNED: _("Cases in hand"),
}
_DEADLINES: Final[dict[Deadline, tuple[Promise, Promise]]] = {
    Deadline.NOTICE_TERM: (
        _("Terms of notices that run out"),
        _("14 working days from delivery, Banking Act art. 75c"),
    ),
    Deadline.TERMINATION: (
        _("Terminations that take effect"),
        _("30 days from delivery, Banking Act art. 75"),
    ),
    Deadline.COMPLAINT: (
        _("Complaints to be answered"),
        _("30 days from receipt, Complaints Act art. 6"),
    ),
    Deadline.RESTRUCTURING: (
        _("Requests for restructuring to be answered"),
        _("without undue delay, Banking Act art. 75c; the day is that of receipt"),
    ),
    Deadline.ORDER: (
        _("Payment orders still open to objection"),
        _("from service, Code of Civil Procedure art. 480²"),
    ),
    Deadline.LIMITATION_90: (
        _("Claims that expire within 90 days"),
        _("limitation, Civil Code art. 117 and 118"),
    ),
    Deadline.LIMITATION_180: (
        _("Claims that expire in 91 to 180 days"),
        _("limitation, Civil Code art. 117 and 118"),
    ),
    Deadline.PLACEMENT: (
        _("Placements that come back within 14 days"),
        _("the contract with the agency"),
    ),
}
_MISSING: Final = _("Missing from the bank's latest full extract")


def entry_name(kind: EntryKind) -> Promise:
    return _KINDS[kind]


def kinds_name(kinds: Iterable[EntryKind]) -> str:
    """What a list of lines of these kinds is called."""
    wanted = set(kinds)
    if wanted == {_Kind.OPENED, _Kind.FELL_DUE}:
        return _now("New arrears")
    if wanted == {_Kind.PROMISE_KEPT, _Kind.PROMISE_BROKEN}:
        return _now("Promises that were due")
    return ", ".join(str(_KINDS[kind]) for kind in EntryKind if kind in wanted)


def deadline_name(deadline: Deadline) -> Promise:
    return _DEADLINES[deadline][0]


def deadline_source(deadline: Deadline) -> Promise:
    """How long the term is, and where it is written."""
    return _DEADLINES[deadline][1]


def approval_name(kind: str) -> str:
    return str(approval_kind_name(ApprovalKind(kind))) if kind in set(ApprovalKind) else kind


def code_name(kind: EntryKind, code: str) -> str:
    """What a line is about, beside its kind; a word that nobody knows is said as it is."""
    if not code:
        return ""
    if kind is EntryKind.DEADLINE and code in set(Deadline):
        return str(deadline_name(Deadline(code)))
    if kind is EntryKind.APPROVAL:
        return approval_name(code)
    if kind is EntryKind.DATA_PROBLEM and code in set(DataProblem):
        return str(problem_name(DataProblem(code)))
    if code == "missing":
        return str(_MISSING)
    if code in set(WorkKind):
        return str(work_name(WorkKind(code)))
    if code in set(AttemptResult):
        return str(result_name(AttemptResult(code)))
    if code in set(Rule):
        return str(rule_name(Rule(code)))
    return str(_KINDS[EntryKind.WRITTEN_OFF]) if code == "written_off" else code
