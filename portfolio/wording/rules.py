"""The rules of the guard by name, for counting what each has stopped."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from contacts.guard import Rule

_RULES: Final[dict[Rule, Promise]] = {
    Rule.CASE_CLOSED: pgettext_lazy("rule", "Case closed"),
    Rule.NOTHING_DUE: pgettext_lazy("rule", "Nothing due"),
    Rule.DEATH: pgettext_lazy("rule", "Death"),
    Rule.BANKRUPTCY: pgettext_lazy("rule", "Bankruptcy"),
    Rule.LEGAL_HOLD: pgettext_lazy("rule", "Legal hold"),
    Rule.ON_HOLD: pgettext_lazy("rule", "On hold"),
    Rule.HANDLED_ELSEWHERE: pgettext_lazy("rule", "In other hands"),
    Rule.TIME_BARRED: pgettext_lazy("rule", "Time-barred consumer debt"),
    Rule.NO_CONTACT_POINT: pgettext_lazy("rule", "No usable contact point"),
    Rule.FIGURES_TOO_OLD: pgettext_lazy("rule", "Figures too old"),
    Rule.OUTSIDE_HOURS: pgettext_lazy("rule", "Outside the hours of contact"),
    Rule.CONVERSATION_TODAY: pgettext_lazy("rule", "Spoken with that day"),
    Rule.ATTEMPTS_TODAY: pgettext_lazy("rule", "Too many attempts that day"),
    Rule.ATTEMPTS_IN_WINDOW: pgettext_lazy("rule", "Too many attempts of late"),
    Rule.NO_DELIVERED_NOTICE: pgettext_lazy("rule", "No delivered notice"),
    Rule.NOTICE_TERM_RUNNING: pgettext_lazy("rule", "Term of the notice running"),
    Rule.RESTRUCTURING_OPEN: pgettext_lazy("rule", "Request for restructuring open"),
    Rule.COMPLAINT_OPEN: pgettext_lazy("rule", "Complaint open"),
    Rule.SWITCHED_OFF: pgettext_lazy("rule", "Switched off"),
    Rule.PAYMENT_ANNOUNCED: pgettext_lazy("rule", "Payment announced by the bank"),
}


def rule_name(rule: Rule) -> Promise:
    return _RULES.get(rule, pgettext_lazy("rule", "Another rule"))
