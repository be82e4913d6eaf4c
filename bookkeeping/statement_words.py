"""A statement of account in the debtor's language: every text that its page and file hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from bookkeeping.movements import AccountStatement, Balance, Movement, Statement
from bookkeeping.wording import fee_name
from contacts.creditor import Creditor
from debtors.lifecycle import Product
from debtors.wording import product_name
from ledger.interest import Segment
from ledger.lifecycle import Component, TransactionKind
from ledger.wording import transaction_name
from staff.figures import (
    currency_symbol,
    format_account,
    format_amount,
    format_day,
    format_decimal,
    format_money,
)

#: The columns in which components are added up.
GROUPS: Final[tuple[tuple[Component, ...], ...]] = (
    (Component.PRINCIPAL,),
    (Component.CONTRACTUAL_INTEREST, Component.DEFAULT_INTEREST),
    (Component.FEES, Component.COSTS),
)
LANGUAGES: Final = ("pl", "en")
#: What the court's costs are called, by the kind with which they were posted.
_COURT_COSTS: Final[Mapping[str, Promise]] = {
    "court_fee": gettext_lazy("Court fee"),
    "representation": gettext_lazy("Cost of counsel"),
    "stamp_duty": gettext_lazy("Stamp duty on the power of attorney"),
    "bailiff_advance": gettext_lazy("Bailiff's advance"),
    "bailiff_fee": gettext_lazy("Bailiff's fee"),
}


def statement_document(
    statement: Statement, *, creditor: Creditor, language: str
) -> dict[str, Any]:
    """All texts, in order, for the page that is set in type."""
    with override(language):
        return {
            "language": language,
            "title": _("Statement of account"),
            "creditor": [creditor.name, creditor.address, creditor.registry, creditor.tax_number],
            "debtor": [statement.debtor_name, *statement.address],
            "facts": _facts(statement),
            "summary_title": _("In brief"),
            "summary_head": [
                "",
                _("Balance on %(day)s, opening") % {"day": format_day(statement.from_on)},
                _("Balance on %(day)s, closing") % {"day": format_day(statement.until_on)},
            ],
            "summary": [
                [currency_symbol(currency), *(format_money(minor, currency) for minor in both)]
                for currency, both in statement.totals().items()
            ],
            "accounts": [_account(account, statement) for account in statement.accounts],
            "notes": _notes(statement, creditor, language),
            "page": _("Page"),
            "of": _("of"),
            "none": _("No movements in this period."),
        }


def movement_head(currency: str) -> list[str]:
    """The headings of the columns of movements."""
    symbol = currency_symbol(currency)
    return [
        _("Day"),
        _("What happened"),
        _("Amount, %(currency)s") % {"currency": symbol},
        _("principal"),
        _("interest"),
        _("fees and costs"),
        _("paid ahead"),
        _("Balance, %(currency)s") % {"currency": symbol},
    ]


def movement_text(movement: Movement) -> str:
    """``Fee: demand letter, W/12``, ``Payment: transfer of Jan``."""
    name = str(transaction_name(movement.kind))
    if movement.kind is TransactionKind.REVERSAL and movement.reversed_kind is not None:
        what = str(transaction_name(movement.reversed_kind))
        return _("Taken back: %(what)s") % {"what": what[:1].lower() + what[1:]}
    if movement.source == "charge":
        _prefix, fee, occasion = [*movement.reason.split(":", 2), "", ""][:3]
        return f"{fee_name(fee)}, {occasion}" if occasion else fee_name(fee)
    if movement.source == "court":
        return str(_COURT_COSTS.get(movement.reason.rpartition(":")[2], name))
    said = movement.reason
    # A code by which one part of the product tells another why is no text for a debtor.
    if not said or (":" in said and " " not in said) or movement.source in ("intake", "replay"):
        return name
    return f"{name}: {said}"


def group_amounts(parts: Mapping[Component, int]) -> list[int]:
    """One sum for each of the groups of components."""
    return [sum(parts.get(component, 0) for component in group) for group in GROUPS]


def account_title(account: AccountStatement) -> str:
    return f"{product_name(Product(account.product))}, {account.contract_no}"


def segment_head(currency: str) -> list[str]:
    symbol = currency_symbol(currency)
    return [
        _("From"),
        _("To"),
        _("Days"),
        _("Rate a year in percent"),
        _("Overdue principal, %(currency)s") % {"currency": symbol},
        _("Interest, %(currency)s") % {"currency": symbol},
    ]


def interest_note(account: AccountStatement) -> str:
    if account.is_charged:
        return _(
            "This interest is charged above. A year has 365 days; each row is rounded to the"
            " grosz, then the rows are added (art. 481 of the Civil Code). From a row that began"
            " before this period the interest of its earlier days is taken off."
        )
    if account.is_ours:
        return _(
            "This is the interest for delay of these days (art. 481 of the Civil Code). What is"
            " charged above, or not posted yet, is for days before this period, too."
        )
    return _(
        "For comparison: the statutory interest for delay on the overdue principal of these days"
        " (art. 481 § 2 of the Civil Code). What is charged stands in the movements above."
    )


def _facts(statement: Statement) -> list[list[str]]:
    known = statement.as_known_on
    return [
        [_("Case"), statement.case_number],
        [
            _("Period"),
            f"{format_day(statement.from_on)} – {format_day(statement.until_on)}",
        ],
        [_("Drawn up on"), format_day(statement.made_on)],
        [
            _("Figures"),
            _("as they were known on %(day)s") % {"day": format_day(known)}
            if known
            else _("as they are known on the day on which this was made"),
        ],
    ]


def _account(account: AccountStatement, statement: Statement) -> dict[str, Any]:
    currency = account.currency
    return {
        "title": account_title(account),
        "pay_to": _("Pay to account %(number)s") % {"number": format_account(account.account_no)}
        if account.account_no and account.closing.total_minor > 0
        else "",
        "head": movement_head(currency),
        "opening": _balance_row(_("Opening balance"), account.opening, currency),
        "rows": [_movement_row(movement, currency) for movement in account.movements],
        "accrued": _accrued_row(account, statement) if account.accrued_minor else [],
        "closing": _balance_row(_("Closing balance"), account.closing, currency),
        "count": ngettext("%(n)s movement", "%(n)s movements", len(account.movements))
        % {"n": len(account.movements)},
        "interest_title": _("Interest for delay explained") if account.segments else "",
        "segment_head": segment_head(currency),
        "segments": [_segment_row(segment, currency) for segment in account.segments],
        "interest_sum": [_("Total"), format_amount(account.interest_minor, currency)],
        "interest_note": interest_note(account) if account.segments else "",
    }


def _balance_row(name: str, balance: Balance, currency: str) -> list[str]:
    groups = [format_amount(minor, currency) for minor in group_amounts(balance.owed)]
    credit = format_amount(balance.credit_minor, currency) if balance.credit_minor else ""
    return [name, *groups, credit, format_amount(balance.total_minor, currency)]


def _movement_row(movement: Movement, currency: str) -> list[str]:
    text = movement_text(movement)
    if movement.recorded_on != movement.on and movement.kind is not TransactionKind.OPENING:
        day = format_day(movement.recorded_on)
        text = _("%(what)s (recorded on %(day)s)") % {"what": text, "day": day}
    parts = [*group_amounts(movement.changes), movement.credit_minor]
    return [
        format_day(movement.on),
        text,
        format_amount(movement.amount_minor, currency, signed=True),
        *(format_amount(minor, currency, signed=True) if minor else "" for minor in parts),
        format_amount(movement.after.total_minor, currency),
    ]


def _accrued_row(account: AccountStatement, statement: Statement) -> list[str]:
    currency = account.currency
    amounts = group_amounts({Component.DEFAULT_INTEREST: account.accrued_minor})
    return [
        format_day(statement.until_on),
        _("Interest for delay through this day, not posted yet"),
        format_amount(account.accrued_minor, currency, signed=True),
        *(format_amount(minor, currency, signed=True) if minor else "" for minor in amounts),
        "",
        format_amount(account.closing.total_minor, currency),
    ]


def _segment_row(segment: Segment, currency: str) -> list[str]:
    return [
        format_day(segment.first_on),
        format_day(segment.last_on),
        str(segment.days),
        format_decimal(segment.percent, places=2),
        format_amount(segment.base_minor, currency),
        format_amount(segment.amount_minor, currency),
    ]


def _notes(statement: Statement, creditor: Creditor, language: str) -> Sequence[str]:
    then = _("Interest is part of these figures as far as it had been posted on that day.")
    return [
        *([then] if statement.as_known_on else []),
        _(
            "A balance below zero is money that we owe you. Amounts in different currencies are"
            " never added."
        ),
        _("If you think that something is wrong, tell us: %(phone)s, %(email)s.")
        % {"phone": creditor.phone, "email": creditor.email},
        creditor.complaints.get(language, creditor.complaints["pl"]),
    ]
