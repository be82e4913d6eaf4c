"""The words of contact: results of attempts, promises, messages and their templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from contacts.lifecycle import (
    AttemptResult,
    Direction,
    MessageChannel,
    MessageStatus,
    PromiseStatus,
    RefusalReason,
    RequestStatus,
    Template,
)
from contacts.recalling import RecallReason
from staff.lifecycle import ProposalStatus

_DIRECTIONS: Final[dict[Direction, Promise]] = {
    Direction.OUT: pgettext_lazy("contact", "from us"),
    Direction.IN: pgettext_lazy("contact", "from them"),
}
_RESULTS: Final[dict[AttemptResult, Promise]] = {
    AttemptResult.NO_ANSWER: _("No answer"),
    AttemptResult.WRONG_PERSON: _("Wrong person"),
    AttemptResult.MESSAGE_LEFT: _("Message left"),
    AttemptResult.SPOKE: _("Spoke"),
    AttemptResult.PROMISED: _("Promised to pay"),
    AttemptResult.WANTS_INSTALMENTS: _("Wants instalments"),
    AttemptResult.REFUSED: _("Refused to pay"),
    AttemptResult.DISPUTES: _("Disputes the debt"),
    AttemptResult.CALL_BACK: _("Call back later"),
}
_REFUSALS: Final[dict[RefusalReason, Promise]] = {
    RefusalReason.NO_MONEY: _("has no money"),
    RefusalReason.LOST_JOB: _("has lost the job"),
    RefusalReason.HARDSHIP: _("is in a hard situation"),
    RefusalReason.OTHER_DEBTS: _("has other debts to pay first"),
    RefusalReason.PAID_ALREADY: _("says it is paid"),
    RefusalReason.UNWILLING: _("does not want to pay"),
    RefusalReason.OTHER: pgettext_lazy("refusal", "another reason"),
}
_PROMISES: Final[dict[PromiseStatus, Promise]] = {
    PromiseStatus.OPEN: pgettext_lazy("promise", "open"),
    PromiseStatus.KEPT: pgettext_lazy("promise", "kept"),
    PromiseStatus.BROKEN: pgettext_lazy("promise", "broken"),
    PromiseStatus.WITHDRAWN: pgettext_lazy("promise", "withdrawn"),
}
_CHANNELS: Final[dict[MessageChannel, Promise]] = {
    MessageChannel.SMS: _("SMS"),
    MessageChannel.EMAIL: _("E-mail"),
    MessageChannel.LETTER: _("Letter"),
}
_RECALLS: Final[dict[RecallReason, Promise]] = {
    RecallReason.PAID: _("nothing that it names is due any more"),
    RecallReason.OTHER_AMOUNT: _("it names another amount than is owed"),
    RecallReason.NOT_CALLED_FOR: _("the case has left the strategy that wanted it"),
    RecallReason.CASE_CLOSED: _("the case is closed"),
}
_TEMPLATES: Final[dict[Template, Promise]] = {
    Template.REMINDER: _("Payment reminder"),
    Template.LAST_REMINDER: _("Last reminder"),
    Template.SETTLEMENT_INVITATION: _("Invitation to settle"),
    Template.DEMAND: _("Demand for payment"),
    Template.NOTICE_75C: _("Notice under art. 75c"),
    Template.TERMINATION: _("Statement of termination"),
    Template.PRECOURT_DEMAND: _("Final demand before court"),
}
_STATUSES: Final[dict[MessageStatus, Promise]] = {
    MessageStatus.QUEUED: pgettext_lazy("message", "queued"),
    MessageStatus.HANDED_OVER: pgettext_lazy("message", "handed over"),
    MessageStatus.DELIVERED: pgettext_lazy("message", "delivered"),
    MessageStatus.RETURNED: pgettext_lazy("message", "returned"),
    MessageStatus.SKIPPED: pgettext_lazy("message", "not sent"),
    MessageStatus.RECALLED: pgettext_lazy("message", "recalled"),
}
_REQUESTS: Final[dict[RequestStatus, Promise]] = {
    RequestStatus.RECEIVED: pgettext_lazy("request", "received"),
    RequestStatus.GRANTED: pgettext_lazy("request", "granted"),
    RequestStatus.REFUSED: pgettext_lazy("request", "refused"),
    RequestStatus.WITHDRAWN: pgettext_lazy("request", "withdrawn"),
}
#: Why an entry about a delivery was not recorded.
_DELIVERY_REFUSALS: Final[dict[str, Promise]] = {
    "empty": _("the column %(column)s is empty"),
    "unknown_status": _("the status %(value)s is not one of handed_over, delivered, returned"),
    "not_a_day": _("%(value)s is not a day written as YYYY-MM-DD"),
    "too_long": _("the reference %(value)s is too long"),
    "unknown_message": _("there is no message %(message)s"),
    "ambiguous_message": _(
        "%(message)s is both a message and a number of the post: write id:%(message)s or"
        " post:%(message)s"
    ),
    "recorded_with_another_day": _("it is recorded already, with the day %(recorded_on)s"),
    "day_in_future": _("the day lies in the future"),
    "day_too_early": _("the day lies before %(earliest)s, when it was queued or handed over"),
    "status_not_possible": _("the message is %(status)s, so this cannot follow"),
}
_TERMINATIONS: Final[dict[ProposalStatus, Promise]] = {
    ProposalStatus.PROPOSED: pgettext_lazy("termination", "waits for a decision"),
    ProposalStatus.APPROVED: pgettext_lazy("termination", "approved"),
    ProposalStatus.REFUSED: pgettext_lazy("termination", "refused"),
    ProposalStatus.SENT_BACK: pgettext_lazy("termination", "sent back"),
    ProposalStatus.WITHDRAWN: pgettext_lazy("termination", "withdrawn"),
}
#: The mark beside a status; without one it is over and nothing to look at.
_SHAPES: Final[dict[str, str]] = {
    MessageStatus.DELIVERED: "met",
    MessageStatus.RETURNED: "bang",
    MessageStatus.QUEUED: "later",
    MessageStatus.HANDED_OVER: "later",
    PromiseStatus.OPEN: "later",
    PromiseStatus.KEPT: "met",
    PromiseStatus.BROKEN: "bang",
    RequestStatus.RECEIVED: "later",
    RequestStatus.GRANTED: "met",
    ProposalStatus.PROPOSED: "later",
    ProposalStatus.APPROVED: "met",
    ProposalStatus.SENT_BACK: "bang",
}


def direction_name(direction: Direction) -> Promise:
    return _DIRECTIONS[direction]


def result_name(result: AttemptResult) -> Promise:
    return _RESULTS[result]


def refusal_name(reason: RefusalReason) -> Promise:
    return _REFUSALS[reason]


def promise_status_name(status: PromiseStatus) -> Promise:
    return _PROMISES[status]


def recall_text(reason: RecallReason) -> str:
    """Why a queued message was called back."""
    return str(_RECALLS[reason])


def message_channel_name(channel: MessageChannel) -> Promise:
    return _CHANNELS[channel]


def template_name(template: Template) -> Promise:
    return _TEMPLATES[template]


def message_status_name(status: MessageStatus) -> Promise:
    return _STATUSES[status]


def request_status_name(status: RequestStatus) -> Promise:
    return _REQUESTS[status]


def termination_status_name(status: ProposalStatus) -> Promise:
    return _TERMINATIONS[status]


def status_shape(status: str) -> str:
    """The mark of a message, promise, request or termination."""
    return _SHAPES.get(status, "na")


def delivery_refusal(row: Mapping[str, Any]) -> str:
    """The line of a deliveries file that was refused, and why."""
    reason = str(_DELIVERY_REFUSALS[row["reason"]]) % row
    return gettext("Line %(line)s: %(reason)s.") % {"line": row["line"], "reason": reason}
