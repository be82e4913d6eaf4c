"""Schedules, terms and what holds stop, in words."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.lifecycle import HoldEffect
from staff.figures import format_day, format_money


def effects_text(effect: HoldEffect) -> str:
    """``escalation, contact``"""
    parts = [
        (effect.escalation, _("escalation")),
        (effect.contact, _("contact")),
        (effect.interest, _("interest")),
    ]
    return ", ".join(name for stops, name in parts if stops)


def recorded_text(on: date, by: str) -> str:
    """``Recorded 03.11.2026 by A. Wrona``"""
    if by:
        return _("Recorded %(day)s by %(name)s") % {"day": format_day(on), "name": by}
    return _("Recorded %(day)s") % {"day": format_day(on)}


def schedule_text(
    *,
    paid: int,
    missed: int,
    number: int,
    next_minor: int | None,
    next_on: date | None,
    currency: str,
) -> str:
    """``3 of 12 paid, 1 missed; next 257,63 zł by 01.12.2026``"""
    text = _("%(paid)s of %(number)s paid") % {"paid": paid, "number": number}
    if missed:
        text += ", " + ngettext("%(n)s missed", "%(n)s missed", missed) % {"n": missed}
    if next_minor is None or next_on is None:
        return text
    return _("%(state)s; next %(amount)s by %(day)s") % {
        "state": text,
        "amount": format_money(next_minor, currency),
        "day": format_day(next_on),
    }


def term_text(ends_on: date) -> str:
    return _("term until %(day)s") % {"day": format_day(ends_on)}


def notice_text(day: int, days: int, ends_on: date) -> str:
    """The term of art. 75c of the Banking Act, while it runs."""
    return _("Day %(day)s of %(days)s. Restructuring may be asked for until %(ends_on)s.") % {
        "day": day,
        "days": days,
        "ends_on": format_day(ends_on),
    }
