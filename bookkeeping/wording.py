"""The words of write-offs, refunds, charges and statements of account."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bookkeeping.authority import AuthorityKind
from bookkeeping.lifecycle import (
    ChargeStatus,
    LineOutcome,
    RefundStatus,
    WriteOffKind,
    WriteOffReason,
    WriteOffStatus,
)
from bookkeeping.tariff import fee_names
from cases.wording import case_words
from kernel.errors import DomainError
from ledger.allocation import OrderSource
from staff import refusals
from staff.lifecycle import ProposalStatus

_REASONS: Final[dict[WriteOffReason, Promise]] = {
    WriteOffReason.UNCOLLECTABLE: _("Nothing can be collected"),
    WriteOffReason.TIME_BARRED: _("The claim is time-barred"),
    WriteOffReason.DEBTOR_DIED: _("The debtor has died and left nothing"),
    WriteOffReason.BANKRUPTCY: _("Bankruptcy, or a plan of repayment"),
    WriteOffReason.COSTS_EXCEED_VALUE: _("It would cost more than it brings"),
    WriteOffReason.HARDSHIP: _("Hardship of the debtor"),
    WriteOffReason.GOODWILL: _("Goodwill"),
    WriteOffReason.BANK_ERROR: _("A mistake of the bank"),
    WriteOffReason.SMALL_BALANCE: _("Small balance"),
    WriteOffReason.RESIDUAL_INTEREST: _("Interest left when the principal was paid"),
}
_KINDS: Final[dict[WriteOffKind, Promise]] = {
    WriteOffKind.FULL: pgettext_lazy("write-off", "In full"),
    WriteOffKind.PARTIAL: pgettext_lazy("write-off", "In part"),
    WriteOffKind.SMALL_BALANCE: _("Small balance"),
    WriteOffKind.RESIDUAL_INTEREST: _("Residual interest"),
}
_WRITE_OFFS: Final[dict[WriteOffStatus, tuple[str, Promise]]] = {
    WriteOffStatus.PROPOSED: ("later", pgettext_lazy("write-off", "waits for approval")),
    WriteOffStatus.SENT_BACK: ("bang", pgettext_lazy("write-off", "sent back")),
    WriteOffStatus.REFUSED: ("not", pgettext_lazy("write-off", "refused")),
    WriteOffStatus.WITHDRAWN: ("na", pgettext_lazy("write-off", "withdrawn")),
    WriteOffStatus.POSTED: ("met", pgettext_lazy("write-off", "written off")),
    WriteOffStatus.REVERSED: ("na", pgettext_lazy("write-off", "taken back")),
}
_BATCHES: Final[dict[ProposalStatus, tuple[str, Promise]]] = {
    ProposalStatus.PROPOSED: ("later", pgettext_lazy("batch", "waits for approval")),
    ProposalStatus.SENT_BACK: ("bang", pgettext_lazy("batch", "sent back")),
    ProposalStatus.REFUSED: ("not", pgettext_lazy("batch", "refused")),
    ProposalStatus.WITHDRAWN: ("na", pgettext_lazy("batch", "withdrawn")),
    ProposalStatus.APPROVED: ("met", pgettext_lazy("batch", "written off")),
}
_OUTCOMES: Final[dict[LineOutcome, tuple[str, Promise]]] = {
    LineOutcome.WAITING: ("later", pgettext_lazy("balance", "waits")),
    LineOutcome.WRITTEN_OFF: ("met", pgettext_lazy("balance", "written off")),
    LineOutcome.LEFT_OUT: ("na", pgettext_lazy("balance", "left out")),
}
_LEFT_OUT: Final[dict[str, Promise]] = {
    "nothing_owed": _("nothing is owed any more"),
    "more_owed": _("more is owed by now"),
    "more_owed_in_all": _("on all debts together more is owed than is small"),
    "not_due_so_long": _("nothing has been due for so long any more"),
    "in_other_hands": _("the case is in other hands"),
    "held": _("a hold forbids contact with the debtor"),
    "not_of_case": _("the debt belongs to another debtor by now"),
    "write_off_open_already": _("another write-off waits for a decision"),
}
_REFUNDS: Final[dict[RefundStatus, tuple[str, Promise]]] = {
    RefundStatus.PROPOSED: ("later", pgettext_lazy("refund", "waits for approval")),
    RefundStatus.SENT_BACK: ("bang", pgettext_lazy("refund", "sent back")),
    RefundStatus.REFUSED: ("not", pgettext_lazy("refund", "refused")),
    RefundStatus.WITHDRAWN: ("na", pgettext_lazy("refund", "withdrawn")),
    RefundStatus.RECALLED: ("bang", pgettext_lazy("refund", "recalled: new arrears")),
    RefundStatus.APPROVED: ("now", pgettext_lazy("refund", "to be handed over")),
    RefundStatus.HANDED_OVER: ("later", pgettext_lazy("refund", "handed over")),
    RefundStatus.PAID_BACK: ("met", pgettext_lazy("refund", "paid back")),
    RefundStatus.RETURNED: ("bang", pgettext_lazy("refund", "came back")),
}
_CHARGES: Final[dict[ChargeStatus, tuple[str, Promise]]] = {
    ChargeStatus.PROPOSED: ("later", pgettext_lazy("charge", "waits for approval")),
    ChargeStatus.SENT_BACK: ("bang", pgettext_lazy("charge", "sent back")),
    ChargeStatus.REFUSED: ("not", pgettext_lazy("charge", "refused")),
    ChargeStatus.WITHDRAWN: ("na", pgettext_lazy("charge", "withdrawn")),
    ChargeStatus.POSTED: ("met", pgettext_lazy("charge", "charged")),
    ChargeStatus.CANCELLED: ("na", pgettext_lazy("charge", "taken off again")),
}
_AUTHORITY: Final[dict[AuthorityKind, Promise]] = {
    AuthorityKind.WRITE_OFF_PRINCIPAL: _("Write-off that touches the principal"),
    AuthorityKind.WRITE_OFF_SIDE_CLAIMS: _("Write-off of interest, fees and costs"),
    AuthorityKind.SMALL_BALANCES: _("Batch of small balances"),
    AuthorityKind.REFUND: _("Refund of an overpayment"),
    AuthorityKind.CHARGE: _("Fee or cost"),
}
_ORDERS: Final[dict[OrderSource, Promise]] = {
    OrderSource.AGREEMENT: _("the order that the agreement names"),
    OrderSource.PRODUCT: _("the order of the product"),
    OrderSource.EVERYBODY: _("the standard order"),
}
_REFUSALS: Final[dict[str, Promise]] = {
    "debt_not_of_case": _("The debt does not belong to this case."),
    "write_off_not_found": _("There is no such write-off."),
    "write_off_open_already": _("Another write-off on the debt waits for a decision."),
    "write_off_outdated": _(
        "By now %(owed_minor)s is owed, more than the %(amount_minor)s that were to be written off"
        " in full. Send it back, so that it is proposed anew."
    ),
    "write_off_reason_reserved": _("That reason belongs to a rule. Choose another one."),
    "nothing_to_write_off": _(
        "At most what is owed can be written off: %(outstanding_minor)s, not %(amount_minor)s."
    ),
    "write_off_batch_not_found": _("There is no such batch."),
    "write_off_batch_open_already": _("A batch in this currency waits for a decision already."),
    "write_off_batch_not_yours": _(
        "Only who proposed the batch, or somebody who may decide about all of its cases, may do"
        " this."
    ),
    "no_small_balances": _("No debtor owes so little for so long. Nothing was proposed."),
    "no_small_balance_rule": _("No rule says what is small in %(currency)s."),
    "refund_not_found": _("There is no such refund."),
    "refund_open_already": _("Another refund from the debt is under way."),
    "nothing_to_refund": _(
        "The overpayment is %(overpaid_minor)s; %(amount_minor)s cannot be paid back."
    ),
    "account_number_invalid": _(
        "The account number is not valid. Give all its digits, and whose account it is."
    ),
    "arrears_in_the_way": _(
        "%(due_minor)s is due on debts of this case. Tick that it is paid back nevertheless, and a"
        " second person decides."
    ),
    "refund_day_invalid": _("The day lies between %(first_on)s and %(last_on)s."),
    "charge_not_found": _("There is no such charge."),
    "charged_already": _("This was charged for the occasion already: %(amount_minor)s."),
    "charge_day_invalid": _(
        "A fee is charged for a day between %(first_on)s, since when the debt is kept here, and"
        " %(last_on)s."
    ),
    "occasion_missing": _("Say what the fee is for, such as the number of the letter."),
    "fee_unknown": _("The tariff has no such fee in %(currency)s on %(on)s."),
    "fee_over_tariff": _("The tariff allows at most %(limit_minor)s."),
    "cannot_reverse": _("It has been reversed already."),
    "no_debt_to_pay": _("None of the debts is kept in %(currency)s."),
    "posting_invalid": _("The amount cannot be right."),
    "statement_too_long": _("More than %(most)s movements. Ask for a shorter period."),
    "statement_period_invalid": _("The first day lies after the last one, or the last one ahead."),
}


def write_off_reason_name(reason: WriteOffReason) -> Promise:
    return _REASONS[reason]


def write_off_kind_name(kind: WriteOffKind) -> Promise:
    return _KINDS[kind]


def write_off_status(status: str) -> tuple[str, Promise]:
    """The shape that carries the colour, and the word."""
    return _WRITE_OFFS[WriteOffStatus(status)]


def batch_status(status: str) -> tuple[str, Promise]:
    return _BATCHES[ProposalStatus(status)]


def outcome_status(outcome: str) -> tuple[str, Promise]:
    return _OUTCOMES[LineOutcome(outcome)]


def left_out_text(code: str) -> Promise | str:
    return _LEFT_OUT.get(code, "")


def refund_status(status: str) -> tuple[str, Promise]:
    return _REFUNDS[RefundStatus(status)]


def charge_status(status: str) -> tuple[str, Promise]:
    return _CHARGES[ChargeStatus(status)]


def authority_name(kind: AuthorityKind) -> Promise:
    return _AUTHORITY[kind]


def order_source_name(source: OrderSource) -> Promise:
    return _ORDERS[source]


def fee_name(key: str) -> str:
    """In the reader's language; the key where the tariff no longer knows it."""
    names = fee_names(key)
    return names.get((get_language() or "en")[:2], names.get("en", key))


def say_refusal(error: DomainError) -> str:
    words = {**case_words(), **_STATUS_WORDS.get(str(error.values.get("subject", "")), {})}
    return refusals.say_refusal(error, _REFUSALS, words)


#: By the subject of the lifecycle that refused a move.
_STATUS_WORDS: Final[dict[str, dict[str, Promise]]] = {
    "write_off": {status.value: word for status, (_shape, word) in _WRITE_OFFS.items()},
    "write_off_batch": {status.value: word for status, (_shape, word) in _BATCHES.items()},
    "refund": {status.value: word for status, (_shape, word) in _REFUNDS.items()},
    "charge": {status.value: word for status, (_shape, word) in _CHARGES.items()},
}
