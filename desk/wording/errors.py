"""Why something was refused, in plain words: one sentence for each code of a domain error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import wording as agencies
from bookkeeping import wording as bookkeeping
from contacts.guard import Refused, Rule
from courts import wording as courts
from desk.wording.guard import rule_text, until_text
from kernel import clock
from kernel.errors import DomainError
from negotiations import wording as negotiations
from staff.figures import format_day, format_moment, format_money

_TEXTS: Final[dict[str, Promise]] = {
    "refused": gettext_lazy("This is not possible. Nothing was changed."),
    "not_found": gettext_lazy("It is not there any more, or belongs to another team."),
    "not_allowed": gettext_lazy("Your role may not do this."),
    "right_missing": gettext_lazy("Your role may not do this."),
    "conflict": gettext_lazy("Somebody else changed it first. Look again and decide anew."),
    "cannot_reverse": gettext_lazy("It has been reversed already."),
    "move_not_allowed": gettext_lazy(
        "It has moved on in the meantime and this can no longer be done."
    ),
    "invalid_input": gettext_lazy("Something that was entered cannot be right."),
    "invalid_amount": gettext_lazy("The amount cannot be right."),
    "currency_mismatch": gettext_lazy("Amounts of two currencies cannot be added."),
    # approvals
    "own_proposal": gettext_lazy("Nobody decides what they proposed themselves."),
    "over_limit": gettext_lazy("The amount %(amount)s is over your limit of %(limit)s."),
    "proposed_by_giver": gettext_lazy(
        "%(giver)s proposed it and lent you the authority: somebody else decides."
    ),
    "never_in_bulk": gettext_lazy("Proposals of this kind are decided one by one."),
    "too_many_chosen": gettext_lazy("At most %(most)s are decided at once."),
    "approval_changed": gettext_lazy(
        "It was decided or proposed anew since you saw it. Look at it again."
    ),
    "decided_by_person_only": gettext_lazy("Only a person decides this."),
    "reason_missing": gettext_lazy("A reason is needed; it is kept with the decision."),
    "unknown_approval": gettext_lazy("There is no such approval."),
    # cases
    "case_not_found": gettext_lazy("There is no such case among those you may see."),
    "case_busy": gettext_lazy(
        "A colleague or the night's run holds the case just now. Nothing was saved; try again."
    ),
    "case_handled_by_another": gettext_lazy(
        "The case is in other hands: an agreement, an agency or the court has it."
    ),
    "hold_not_found": gettext_lazy("The hold has ended already."),
    "hold_open_already": gettext_lazy("The case has an open hold of this kind already."),
    "hold_kind_reserved": gettext_lazy(
        "Such a hold is carried by something else and ends with it."
    ),
    "invalid_hold_days": gettext_lazy("The last day lies before the first one."),
    "work_item_not_found": gettext_lazy("There is no such work any more."),
    "work_open_already": gettext_lazy("This work is on the list of the case already."),
    "work_not_open": gettext_lazy("It is done or off the list already."),
    "case_in_hand": gettext_lazy(
        "%(user_name)s has the case in hand since %(since)s."
        " Take it over with a reason, or leave it."
    ),
    "not_in_your_hands": gettext_lazy("You do not have the case in hand any more."),
    "aside_day_invalid": gettext_lazy(
        "Work can be put aside until a day after today, at the latest %(last)s."
    ),
    "team_not_yours": gettext_lazy("You may give cases to your own team only."),
    "owner_not_in_team": gettext_lazy("The officer does not belong to that team."),
    # the desk
    "too_many_views": gettext_lazy("%(most)s views are kept; delete one of them first."),
    "view_name_missing": gettext_lazy("A view is kept under a name."),
    # contacts
    "contact_refused": gettext_lazy("Not now: %(rule_text)s (%(until_text)s)."),
    "contact_point_unknown": gettext_lazy("That number or mailbox belongs to nobody on the debt."),
    "person_unknown": gettext_lazy("That person does not answer for the debt."),
    "not_for_others": gettext_lazy("Only who answers for the debt can promise, refuse or dispute."),
    "attempt_taken_back": gettext_lazy(
        "This contact was logged and taken back. Fill in the form anew."
    ),
    "attempt_not_found": gettext_lazy("There is no such contact."),
    "call_back_moment_invalid": gettext_lazy(
        "Calls are allowed between %(from_at)s and %(until_at)s on that day, until %(latest)s."
    ),
    "promise_turns_used": gettext_lazy(
        "The last %(broken)s promises were broken: only a team leader takes another one."
    ),
    "draft_too_large": gettext_lazy("That is too long to be kept."),
    "undo_too_late": gettext_lazy(
        "It can be taken back for ten seconds only. What was logged stands."
    ),
    "undo_not_yours": gettext_lazy("Only who did it can take it back."),
    "undo_built_upon": gettext_lazy(
        "Something has been built on it meanwhile, so that it can no longer be taken back."
    ),
    "note_empty": gettext_lazy("Write something down."),
    "note_not_found": gettext_lazy("There is no such note any more."),
    "only_people_note": gettext_lazy("Only a person writes notes."),
    "key_reused": gettext_lazy(
        "This form was sent before with something else in it. Load the page anew."
    ),
    "contact_point_not_found": gettext_lazy("That number or mailbox is not there any more."),
    "attempt_in_future": gettext_lazy("A contact cannot be logged before it has happened."),
    "promise_day_invalid": gettext_lazy("The day of a promise lies between today and %(last)s."),
    "promise_amount_invalid": gettext_lazy(
        "A promise is more than nothing and at most what is owed in that currency."
    ),
    "promise_open_already": gettext_lazy("The debtor has an open promise already."),
    "promise_not_found": gettext_lazy("There is no such promise."),
    "case_is_closed": gettext_lazy("The case is closed."),
    "override_reason_missing": gettext_lazy("Setting a rule aside needs a reason."),
    "rule_is_law": gettext_lazy("That rule is law and cannot be set aside."),
    "termination_barred": gettext_lazy("Termination is not allowed yet: %(rule_text)s."),
    "termination_open_already": gettext_lazy("A termination is proposed already."),
    # who is on the telephone
    "identity_too_little_named": gettext_lazy(
        "At least two things are needed; the date of birth stands in the PESEL and counts with it."
    ),
    "not_on_the_debts": gettext_lazy(
        "The person does not answer for these debts any more: load the page anew."
    ),
    "identity_cannot_be_compared": gettext_lazy(
        "The file does not hold what the caller named, so it cannot be compared."
    ),
    # money
    "account_not_found": gettext_lazy("There is no such account."),
    "wrong_currency": gettext_lazy("The debt is in %(account)s, the payment in %(payment)s."),
    "future_value_day": gettext_lazy("The value day lies in the future."),
    "idempotency_key_reused": gettext_lazy("Another payment was posted under the same key."),
    "posting_invalid": gettext_lazy("The posting cannot be right."),
    "nothing_to_write_off": gettext_lazy("There is nothing to write off."),
    "nothing_to_refund": gettext_lazy("So much was not overpaid."),
    "no_debt_to_pay": gettext_lazy("None of the debts is kept in %(currency)s."),
    # strategies and lists
    "strategy_invalid": gettext_lazy("The strategy has errors."),
    "nothing_changed": gettext_lazy("The text is that of the version in force."),
    "version_waits_already": gettext_lazy(
        "Another version of this strategy waits for approval: decide or withdraw that first."
    ),
    "version_not_found": gettext_lazy("There is no such version."),
    "same_person_decides": gettext_lazy("Publishing takes two people."),
    "draft_not_found": gettext_lazy("There is no such draft."),
    "not_your_draft": gettext_lazy(
        "Only its author changes a draft. You may start one of your own from it."
    ),
    "not_your_version": gettext_lazy(
        "Only who proposed a version takes it back. Others refuse it or send it back."
    ),
    "only_people_draft": gettext_lazy("Only a person writes a draft."),
    "draft_is_closed": gettext_lazy(
        "The draft waits for a decision, has been decided on or is discarded."
    ),
    "draft_changed_meanwhile": gettext_lazy(
        "The draft was saved in another window at %(saved_at)s. Nothing was overwritten."
    ),
    "draft_text_refused": gettext_lazy("The text cannot be kept."),
    "draft_name_missing": gettext_lazy("A draft needs a name."),
    "version_in_force_changed": gettext_lazy(
        "Another version came into force since the draft was begun. Look at the difference first."
    ),
    "field_wrong": gettext_lazy("%(field)s cannot be “%(found)s”."),
    "strategy_unsound": gettext_lazy("The strategy breaks a rule."),
    "simulation_runs_already": gettext_lazy("The draft is being simulated already."),
    "simulation_not_found": gettext_lazy("There is no such simulation."),
    "simulator_busy": gettext_lazy("Another simulation runs now. Try again in a minute."),
    "too_many_days": gettext_lazy("At most %(limit)s working days can be simulated."),
    "changed_meanwhile": gettext_lazy(
        "Somebody else changed it first. Look again and decide anew."
    ),
    "filter_invalid": gettext_lazy("The filter %(parameter)s cannot be %(found)s."),
    "only_people_claim": gettext_lazy("Only a person takes work in hand."),
}


#: Apps whose refusals have words of their own.
_SPEAKERS: Final[dict[str, Callable[[DomainError], str]]] = {
    "negotiations": negotiations.say_refusal,
    "agencies": agencies.say_refusal,
    "courts": courts.say_refusal,
    "bookkeeping": bookkeeping.say_refusal,
}


def error_text(error: DomainError) -> str:
    """A code that nobody has written words for is named, so that it can be asked about."""
    speaker = _SPEAKERS.get(type(error).__module__.partition(".")[0])
    if speaker is not None:
        return speaker(error)
    text = _TEXTS.get(error.code)
    if text is None:
        return _("This was refused (%(code)s). Nothing was changed.") % {"code": error.code}
    return str(text) % _Values(error.values)


class _Values(dict[str, str]):
    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__()
        self._values = values

    def __missing__(self, name: str) -> str:
        if name == "rule_text":
            return rule_text(Rule(self._values["rule"]), self._values)
        if name == "until_text":
            refused = Refused(Rule(self._values["rule"]), self._values, self._values.get("next_at"))
            return until_text(refused, at=clock.now())
        minor, currency = self._values.get(f"{name}_minor"), self._values.get("currency")
        if isinstance(minor, int) and currency:
            return format_money(minor, currency)
        value = self._values.get(name)
        if isinstance(value, list | tuple | set | frozenset):
            return ", ".join(str(part) for part in value)
        if isinstance(value, datetime):
            return format_moment(value)
        if isinstance(value, date):
            return format_day(value)
        if isinstance(value, time):
            return f"{value:%H:%M}"
        return "–" if value is None else str(value)
