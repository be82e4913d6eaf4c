"""The words of the calculator: topics, what they ask for, what they answer, what was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calculations.fields import BadInputs
from calculations.table import UnknownTopic
from desk.wording.calculation_keys import key_name
from kernel.dated_tables import NoRuleOnDay
from kernel.errors import DomainError
from ledger.rates import NoRateOnDay, Series
from ledger.wording import series_name
from staff.figures import format_day

_FAULTS: Final[dict[str, Promise]] = {
    "missing": gettext_lazy("missing"),
    "given_twice": gettext_lazy("two names for one value, with different values"),
    "not_a_number": gettext_lazy("not a number"),
    "not_a_whole_number": gettext_lazy("not a whole number"),
    "negative": gettext_lazy("below zero"),
    "not_above_zero": gettext_lazy("not above zero"),
    "thousands_or_places": gettext_lazy(
        "a thousand or a fraction? Write it without a separator of thousands: 10000.00"
    ),
    "finer_than_a_grosz": gettext_lazy("finer than a grosz"),
    "too_many_places": gettext_lazy("too many decimal places"),
    "too_large": gettext_lazy("too large"),
    "out_of_range": gettext_lazy("out of range"),
    "not_a_day": gettext_lazy("not a day; write it as 2026-11-23"),
    "day_out_of_range": gettext_lazy("too far away"),
    "not_yes_or_no": gettext_lazy("neither yes nor no"),
    "not_a_text": gettext_lazy("not a short text"),
    "one_of_the_two": gettext_lazy("give the rate for delay or the one on capital, not both"),
    "not_one_of": gettext_lazy("not a word that is known here"),
    "not_a_list": gettext_lazy("not a list"),
    "not_an_object": gettext_lazy("not an object"),
    "not_two_days": gettext_lazy("not two days: the first and the last"),
    "too_many": gettext_lazy("too long"),
    "more_than_owed": gettext_lazy("more than what is owed"),
    "not_overdue_yet": gettext_lazy("not overdue by then"),
    "before_the_first_day": gettext_lazy("before the first day"),
    "ends_before_it_begins": gettext_lazy("ends before it begins"),
    "after_what_followed_it": gettext_lazy("after what followed it"),
    "no_such_debt": gettext_lazy("none of the debts"),
    "id_given_twice": gettext_lazy("the same id twice"),
    "no_rate_on_day": gettext_lazy("no rate is known on that day"),
}


def fault_text(code: str) -> str:
    """What is wrong with a value, to stand beside its name."""
    return str(_FAULTS.get(code, code))


def calculation_error_text(error: DomainError) -> str:
    """Why nothing was calculated, naming each key."""
    if isinstance(error, BadInputs):
        return "; ".join(f"{key}: {fault_text(why)}" for key, why in error.errors)
    if isinstance(error, UnknownTopic):
        return _("There is no topic %(topic)s.") % {"topic": error.values["topic"]}
    if isinstance(error, NoRateOnDay):
        series = series_name(Series(error.values["series"]))
        on = format_day(error.values["on"])
        return _("%(series)s: no value is known on %(day)s.") % {"series": series, "day": on}
    if isinstance(error, NoRuleOnDay):
        return _("No rule is known on %(day)s.") % {"day": format_day(error.values["on"])}
    return _("This cannot be calculated (%(code)s).") % {"code": error}


class TopicWords(NamedTuple):
    """What a topic is called, and what it answers, in one sentence."""

    name: Promise
    about: Promise


TOPIC_WORDS: Final[dict[str, TopicWords]] = {
    "interest_delay": TopicWords(
        gettext_lazy("Interest for delay"),
        gettext_lazy("From the day after the due day through the day of payment."),
    ),
    "interest_period_inclusive": TopicWords(
        gettext_lazy("Interest of a period"),
        gettext_lazy("Both days are counted; the due day is not looked at."),
    ),
    "rates_on_date": TopicWords(
        gettext_lazy("Rates on a day"), gettext_lazy("Every rate that the law has for a day.")
    ),
    "contract_rate_cap": TopicWords(
        gettext_lazy("Cap of a contract rate"),
        gettext_lazy("What of a contract's rate may be charged on a day."),
    ),
    "interest_on_interest": TopicWords(
        gettext_lazy("Interest on interest"),
        gettext_lazy("Only from the lawsuit for it, or by an agreement made later."),
    ),
    "payment_allocation_art451": TopicWords(
        gettext_lazy("What a payment pays"),
        gettext_lazy("The debtor's choice first, then the oldest due; never another debt."),
    ),
    "court_fee": TopicWords(
        gettext_lazy("Court fee"), gettext_lazy("The fee on a statement of claim.")
    ),
    "court_fee_consumer_bank": TopicWords(
        gettext_lazy("Court fee of a bank's customer"),
        gettext_lazy("Capped for a consumer in a claim from banking."),
    ),
    "costs_sum": TopicWords(
        gettext_lazy("Costs of a lawsuit"),
        gettext_lazy("The fee, counsel and the stamp duty together."),
    ),
    "court_charges_fee": TopicWords(
        gettext_lazy("Fee on charges"),
        gettext_lazy("What the defendant pays against an order on documents."),
    ),
    "conciliation_call_fee": TopicWords(
        gettext_lazy("Call to an attempt at settlement"),
        gettext_lazy("What the court asks for calling the debtor."),
    ),
    "bailiff_fee": TopicWords(
        gettext_lazy("Bailiff's fee"),
        gettext_lazy("On what was enforced, or when enforcement ends early."),
    ),
    "epu_admissible": TopicWords(
        gettext_lazy("Electronic court"),
        gettext_lazy("Whether it takes a claim: due within three years before filing."),
    ),
    "epu_refiling": TopicWords(
        gettext_lazy("Refiling after the electronic court"),
        gettext_lazy("Until when a new lawsuit keeps the day of filing."),
    ),
    "order_objection_deadline": TopicWords(
        gettext_lazy("Term to object"),
        gettext_lazy("Until when the debtor may pay or object to an order."),
    ),
    "bailiff_service_deadline": TopicWords(
        gettext_lazy("Service by a bailiff"),
        gettext_lazy("Until when it must be proved, or the proceedings stand still."),
    ),
    "limitation_end": TopicWords(
        gettext_lazy("Limitation"),
        gettext_lazy("The last day on which a claim may be demanded."),
    ),
    "limitation_transition": TopicWords(
        gettext_lazy("Limitation over July 2018"),
        gettext_lazy("What the change of the law made of an older claim."),
    ),
    "limitation_suspension": TopicWords(
        gettext_lazy("Limitation with mediation"),
        gettext_lazy("What mediation or conciliation adds."),
    ),
    "default_flag": TopicWords(
        gettext_lazy("Default"),
        gettext_lazy("Both thresholds exceeded for more than 90 days in a row."),
    ),
    "forbearance_exit": TopicWords(
        gettext_lazy("End of being forborne"),
        gettext_lazy("Cure period and probation from the measure."),
    ),
    "ifrs9_stage": TopicWords(
        gettext_lazy("IFRS 9 stage"),
        gettext_lazy("A hint; the bank's own model decides."),
    ),
    "big_entry_allowed": TopicWords(
        gettext_lazy("Entry in a bureau (BIG)"),
        gettext_lazy("Every condition, and what stands in the way."),
    ),
    "heir_liability": TopicWords(
        gettext_lazy("What an heir answers for"),
        gettext_lazy("The most that can be demanded of the heir."),
    ),
    "business_days_75c": TopicWords(
        gettext_lazy("Term of a demand (art. 75c)"),
        gettext_lazy("Working days after delivery; Saturdays are not counted."),
    ),
    "termination_notice": TopicWords(
        gettext_lazy("Notice of termination"),
        gettext_lazy("The last day of the contract after delivery."),
    ),
    "complaint_deadline": TopicWords(
        gettext_lazy("Answer to a complaint"),
        gettext_lazy("Until when to answer; silence is consent."),
    ),
    "non_interest_cost_cap": TopicWords(
        gettext_lazy("Cap on costs of a credit"),
        gettext_lazy("Besides interest; fees for delay count inside."),
    ),
}
GROUP_NAMES: Final[dict[str, Promise]] = {
    "interest": gettext_lazy("Interest"),
    "payments": gettext_lazy("Payments"),
    "court": gettext_lazy("Court and bailiff"),
    "limitation": gettext_lazy("Limitation"),
    "status": gettext_lazy("Status and bureaus"),
    "terms": gettext_lazy("Terms and caps"),
}
_WARNINGS: Final[dict[str, Promise]] = {
    "rates_not_confirmed": gettext_lazy(
        "The rates are not confirmed from %(since)s on: the figure may change."
    ),
    "unknown_keys": gettext_lazy("Not looked at: %(keys)s."),
    "paid_after_the_last_day": gettext_lazy(
        "Paid after the last day of interest and not counted: %(days)s."
    ),
    "capital_rate_counts": gettext_lazy(
        "The debt bears a higher rate than the one for delay: the creditor may ask for it"
        " (art. 481 § 2 of the Civil Code)."
    ),
    "missing_for_interest": gettext_lazy("To count the interest these are missing: %(keys)s."),
    "due_day_unknown": gettext_lazy("Without a due day, taken for due last: debt %(debts)s."),
    "changes_nothing": gettext_lazy("This changes nothing here: %(keys)s."),
    "month_counted_as_30_days": gettext_lazy(
        "Without a day, a month is counted as 30 days (art. 114 of the Civil Code)."
    ),
}


def warning_text(warning: Mapping[str, Any]) -> str:
    """Something that the reader must know of a figure."""
    text = _WARNINGS.get(warning["code"])
    if text is None:
        return str(warning["code"])
    values = dict(warning)
    if "since" in values:
        values["since"] = format_day(date.fromisoformat(values["since"]))
    if "days" in values:
        values["days"] = ", ".join(format_day(date.fromisoformat(on)) for on in values["days"])
    if "debts" in values:
        values["debts"] = ", ".join(values["debts"])
    if "keys" in values:
        is_ours = warning["code"] != "unknown_keys"
        values["keys"] = ", ".join(key_name(key) if is_ours else key for key in values["keys"])
    return str(text) % values
