"""What we wait for, what is proposed and what is on hold, each in one line of a list."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.lifecycle import HoldKind
from cases.wording import hold_name
from contacts.lifecycle import Template
from contacts.wording import template_name
from desk.queries.held import HeldRow
from desk.queries.pending import PendingRow
from desk.queries.waiting import Waiting, WaitingRow
from desk.wording.approvals import proposal_name
from desk.wording.reasons import problems_text
from staff.figures import format_count, format_money, format_short_day


def waiting_reason(row: WaitingRow) -> str:
    """``Promised 850,00 zł by 20.11``"""
    day = format_short_day(row.day)
    match row.kind:
        case Waiting.PROMISE if row.amount_minor is not None:
            amount = format_money(row.amount_minor, row.currency)
            return _("Promised %(amount)s by %(day)s") % {"amount": amount, "day": day}
        case Waiting.AGREEMENT if row.amount_minor is not None:
            return _("Instalment %(number)s of %(numbers)s: %(amount)s by %(day)s") % {
                "number": row.number,
                "numbers": row.numbers,
                "amount": format_money(row.amount_minor, row.currency),
                "day": day,
            }
        case Waiting.AGREEMENT:
            return _("Agreement in force")
    letter = str(template_name(Template(row.template)))
    if row.kind is Waiting.LETTER:
        return _("%(letter)s under way since %(day)s") % {"letter": letter, "day": day}
    return _("%(letter)s delivered %(day)s, its term runs") % {"letter": letter, "day": day}


def held_reason(row: HeldRow) -> str:
    """``Dispute: says the balance is wrong``"""
    kind = HoldKind(row.kind)
    if not row.reason:
        return str(hold_name(kind))
    text = problems_text(row.reason.split(",")) if kind is HoldKind.DATA_PROBLEM else row.reason
    return f"{hold_name(kind)}: {text}"


def pending_reason(row: PendingRow) -> str:
    """``Placement with an agency, 6 183,01 zł``"""
    return f"{proposal_name(row.kind)}, {format_money(row.amount_minor, row.currency)}"


def days_left_text(until_on: date, today: date) -> str:
    """``today``, ``3 days left``, ``2 days over``"""
    days = (until_on - today).days
    if days == 0:
        return _("today is the last day")
    if days > 0:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {
            "days": format_count(days)
        }
    return ngettext("%(days)s day over", "%(days)s days over", -days) % {
        "days": format_count(-days)
    }


def days_since_text(since_on: date, today: date) -> str:
    """``since today``, ``for 3 days``"""
    days = max((today - since_on).days, 0)
    if not days:
        return _("since today")
    return ngettext("for %(days)s day", "for %(days)s days", days) % {"days": format_count(days)}
