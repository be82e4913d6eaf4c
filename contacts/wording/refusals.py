"""Why an operation of contacts was refused, in the reader's words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.guard import Rule
from contacts.wording.guard import rule_text
from kernel.errors import DomainError
from staff import refusals

_SENTENCES: Final[dict[str, Promise]] = {
    "attempt_in_future": _("A contact cannot be logged before it has happened."),
    "contact_point_unknown": _("That number or mailbox belongs to nobody on the debt."),
    "person_unknown": _("That person does not answer for the debt."),
    "not_for_others": _("Only who answers for the debt can promise, refuse or dispute."),
    "attempt_taken_back": _("This contact was logged and taken back. Fill in the form anew."),
    "attempt_not_found": _("There is no such contact."),
    "call_back_moment_invalid": _(
        "Calls are allowed between %(from_at)s and %(until_at)s on that day, until %(latest)s."
    ),
    "promise_turns_used": _(
        "The last %(broken)s promises were broken: only a team leader takes another one."
    ),
    "draft_too_large": _("That is too long to be kept."),
    "case_is_closed": _("The case is closed."),
    "promise_day_invalid": _("The day of a promise lies between today and %(last)s."),
    "promise_amount_invalid": _("No more can be promised than is owed: %(owed_minor)s."),
    "promise_open_already": _("A promise is open already."),
    "promise_not_found": _("There is no such promise."),
    "message_not_found": _("There is no such message among those you may see."),
    "delivery_refused": _("This cannot have become of the message: look at its days."),
    "termination_not_found": _("There is no such proposal to terminate."),
    "termination_open_already": _(
        "A termination is proposed or under way already, or nothing is left to terminate."
    ),
    "restructuring_request_open_already": _("A request is open already: answer it first."),
    "restructuring_request_not_found": _("There is no such request."),
    "received_in_future": _("A request cannot be received after today."),
    "reasons_missing": _("A refusal needs detailed reasons in writing (Banking Act art. 75c)."),
    "rule_is_law": _("This rule is the law; nobody can set it aside."),
    "override_reason_missing": _("Give a reason."),
}


def say_refusal(error: DomainError) -> str:
    """A sentence; for what the guard or the law stops, the rule with its source."""
    if error.code in ("contact_refused", "termination_barred"):
        text = rule_text(Rule(error.values["rule"]), error.values)
        return gettext("Not possible now: %(rule)s.") % {"rule": text}
    return refusals.say_refusal(error, _SENTENCES)
