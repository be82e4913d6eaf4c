"""The words of bank statements: what was found in them, and why a payment went where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from ledger.lifecycle import EntryState
from staff import refusals
from staff.figures import format_money

#: Why a file cannot be understood.
_UNREADABLE: Final[dict[str, Promise]] = {
    "empty": _("The file is empty."),
    "too_large": _("The file has %(bytes)s bytes; at most %(limit)s are read."),
    "not_a_statement": _("This is no bank statement: neither MT940 or MT942 nor camt.052 to 054."),
    "web_page": _(
        "This is a page of the web, such as banks show when one has to log in again, and no bank"
        " statement."
    ),
    "no_statement_inside": _("The message holds no statement: it was cut, or made without one."),
    "not_well_formed": _("The XML is broken: %(parser)s"),
    "document_type_not_allowed": _(
        "The XML declares a document type, which a statement never has."
    ),
    "wrong_encoding": _("The text is not written in %(encoding)s as it says."),
    "element_missing": _("The element %(element)s is missing."),
    "field_missing": _("The field %(field)s is missing."),
    "field_repeated": _("The field %(field)s comes again within one statement and says otherwise."),
    "balance_in_report": _("The balance %(field)s stands in a report, which has none."),
    "line_too_long": _("The line has more than %(limit)s signs."),
    "too_many_elements": _(
        "One entry, or the head of one statement, has more than %(limit)s elements."
    ),
    "field_out_of_place": _("The field %(field)s stands where an entry has to go on."),
    "bad_entry": _("This is no entry of a statement: %(value)s"),
    "bad_balance": _("This is no balance: %(value)s"),
    "bad_amount": _("%(value)s is no amount in %(currency)s."),
    "negative_amount": _("The amount %(value)s has a sign; credit or debit is said apart."),
    "bad_day": _("%(value)s is no day."),
    "bad_currency": _("%(value)s is no currency."),
    "bad_mark": _("%(value)s is neither CRDT nor DBIT."),
    "bad_status": _("The status %(value)s is not known."),
    "currency_missing": _("Nothing says in which currency the statement is."),
}
#: What a reader should know of a file that was understood.
_FINDINGS: Final[dict[str, Promise]] = {
    "version_unknown": _("The namespace %(namespace)s is not known; it was read all the same."),
    "version_newer": _("Version %(version)s is newer than those known; it was read all the same."),
    "namespace_missing": _("The message names no namespace; it was read all the same."),
    "account_number_fails": _("The check digits of the account %(account)s do not fit."),
    "opening_balance_missing": _(
        "The opening balance is missing, so the sums could not be checked."
    ),
    "closing_balance_missing": _(
        "The closing balance is missing, so the sums could not be checked."
    ),
    "balances_do_not_add_up": _(
        "%(opening)s and movements of %(movements)s do not make %(closing)s."
    ),
    "balances_in_several_currencies": _(
        "The opening balance is in %(opening)s and the closing balance in %(closing)s."
    ),
    "balances_in_another_currency": _(
        "The balances are in %(balances)s, the statement in %(statement)s."
    ),
    "entry_in_another_currency": _("An entry is in %(currency)s, the statement in %(statement)s."),
    "more_findings": _("Entries with more remarks of this kind: %(more)s."),
    "details_do_not_add_up": _("The transfers of an entry do not sum up to it; it was kept whole."),
    "details_missing": _(
        "The bank counts %(stated)s transfers and tells of %(told)s; the entry was kept whole."
    ),
    "status_missing": _(
        "The entry has no status; as an entry of a statement it was read as booked."
    ),
    "details_without_amounts": _("The transfers of a batch have no amounts; it was kept whole."),
    "day_not_in_calendar": _("The day %(value)s does not exist; the last of the month was taken."),
    "type_missing": _("Entries do not say of which type they are; they were read all the same."),
    "day_stands_for_none": _("The day %(value)s stands for none; it was read as missing."),
    "totals_do_not_add_up": _(
        "The bank states %(stated_entries)s entries with a sum of %(stated)s, and there are"
        " %(entries)s with a sum of %(sum)s."
    ),
}
#: Amounts of a finding, by the names that its sentence has for them.
_AMOUNTS: Final = {
    "opening": "opening_minor",
    "movements": "movements_minor",
    "closing": "closing_minor",
    "stated": "stated_minor",
    "sum": "entries_minor",
}
_STATES: Final[dict[EntryState, Promise]] = {
    EntryState.WAITING: _("waits"),
    EntryState.PROPOSED: _("proposed"),
    EntryState.SUSPENSE: _("to be found out"),
    EntryState.POSTED: _("posted"),
    EntryState.NOT_OURS: _("not ours"),
    EntryState.RETURNED: _("taken back by the bank"),
}
STATE_SHAPES: Final[dict[EntryState, str]] = {
    EntryState.WAITING: "later",
    EntryState.PROPOSED: "bang",
    EntryState.SUSPENSE: "bang",
    EntryState.POSTED: "met",
    EntryState.NOT_OURS: "na",
    EntryState.RETURNED: "not",
}
_REASONS: Final[dict[str, Promise]] = {
    "virtual_account": _("the debt's own account number"),
    "contract": _("the contract number in the title"),
    "case": _("the case number in the title"),
    "number_by_chance": _("a number in it may name a debt, or be an amount or a day"),
    "sender": _("money from this sender was for this debt before"),
    "holder": _("the sender is called as the debtor"),
    "holder_in_title": _("the debtor's name in the title"),
    "name_too_common": _("many debtors have this name"),
    "amount_is_due": _("the amount is what is overdue"),
    "amount_is_instalment": _("the amount is an agreed instalment"),
    "amount_is_all": _("the amount is all that is owed"),
    "pays_all_named": _("the amount is what is overdue on all the debts named"),
    "split_by_agreement": _("the amount is an instalment of the agreement over these debts"),
    "third_party": _("another person pays"),
    "return_end_to_end": _("the bank returns the payment with the payer's reference"),
    "return_bank_reference": _("the bank returns the payment with its own reference"),
    "return_in_title": _("the title names the payment that is returned"),
    "return_sender": _("a payment of the same amount and account is returned"),
    "refund_returned": _("money that we sent came back"),
    "names_disagree": _("the title and the account name different debts"),
    "several_debts": _("it fits several debts"),
    "returned_payment": _("it takes a payment back: find the payment"),
    "another_currency": _("the debt is in another currency"),
    "nothing_known": _("nothing in it names a debt"),
    "future_value_day": _("its value day lies in the future"),
    "told_before": _("another statement may have told of it before"),
    "told_in_part": _("another statement told of a part of these entries"),
    "balances": _("the balances of its statement do not add up"),
    "not_split": _("it sums up several transfers that the bank does not tell apart"),
    "posting_invalid": _("its amount is larger than any that can be posted"),
    "matching_failed": _("looking for its debt failed: the program has to be put right"),
}
_SENTENCES: Final[dict[str, Promise]] = {
    "statement_entry_not_found": _("There is no such entry."),
    "shares_do_not_add_up": _("The parts must be positive and sum up to the whole amount."),
    "nothing_comes_in": _("Money that went out cannot be posted as a payment."),
    "wrong_currency": _("The debt is in another currency."),
    "entry_paid_a_refund": _("A refund was paid by it, so that it is not taken back."),
    "not_its_return": _("It takes back another amount, or money of another account."),
    "nothing_learnt": _("Nobody has said that this sender pays for this debt."),
    "cannot_reverse": _("The posting was taken back already."),
    "future_value_day": _("The value day lies in the future."),
}


def say_finding(finding: Mapping[str, Any]) -> str:
    """``line 4, :61: The day 160230 does not exist …``"""
    code, values = finding["code"], dict(finding.get("values", {}))
    currency = values.get("currency")
    if currency:
        for name, minor in _AMOUNTS.items():
            if minor in values:
                values[name] = format_money(values[minor], currency)
    if code == "balance_missing":
        code = f"{values['balance']}_{code}"
    return _placed(finding["place"], _filled(_FINDINGS, code, values))


def say_statement_refusal(error: DomainError) -> str:
    if error.code == "statement_unreadable":
        values = error.values
        return _placed(values["place"], _filled(_UNREADABLE, values["reason"], values))
    return refusals.say_refusal(error, _SENTENCES)


def state_name(state: str | None) -> Promise | str:
    return _STATES[EntryState(state)] if state else gettext("told before it was booked")


def reason_text(code: str) -> str:
    return str(_REASONS.get(code, code))


def _placed(place: str, sentence: str) -> str:
    """The name of a field has a colon already."""
    return f"{place.removesuffix(':')}: {sentence}"


def _filled(sentences: Mapping[str, Promise], code: str, values: Mapping[str, Any]) -> str:
    sentence = sentences.get(code)
    return code if sentence is None else str(sentence) % values
