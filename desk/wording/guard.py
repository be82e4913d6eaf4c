"""What the contact rules say, as `contacts` words it, and as a status in a table."""

from __future__ import annotations

from datetime import datetime, time
from typing import NamedTuple

from django.utils.translation import gettext as _

from contacts.guard import Refused, Verdict
from contacts.wording.guard import rule_text, short_until_text, until_text

__all__ = ["ContactStatus", "contact_status", "rule_text", "short_until_text", "until_text"]


class ContactStatus(NamedTuple):
    shape: str
    word: str
    note: str


def contact_status(verdict: Verdict, *, at: datetime, until: time | None = None) -> ContactStatus:
    """Now, later or not: with the end of the hours, the next moment, or the reason."""
    if not isinstance(verdict, Refused):
        note = _("until %(time)s") % {"time": f"{until:%H:%M}"} if until else ""
        return ContactStatus("now", _("Now"), note)
    note = short_until_text(verdict, at=at)
    if verdict.next_at is not None:
        return ContactStatus("later", _("Later"), note)
    return ContactStatus("no", _("No"), note)
