"""Second lines of lists."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cases.wording import hold_name
from desk.queries.context import OpenHold
from staff.figures import format_short_day


def hold_line(holds: Sequence[OpenHold]) -> str:
    """``Complaint until 30.11, Dispute``"""
    parts = []
    for hold in holds:
        name = str(hold_name(hold.kind))
        if hold.until_on is not None:
            name = _("%(hold)s until %(day)s") % {
                "hold": name,
                "day": format_short_day(hold.until_on),
            }
        parts.append(name)
    return ", ".join(dict.fromkeys(parts))
