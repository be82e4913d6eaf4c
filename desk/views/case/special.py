"""The strip under the name: what has to be known before anybody says a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from contacts.guard import PersonFacts, waits_for_money_until
from contacts.policy import policy_on
from contacts.terms import NOTICE_TERM_WORKING_DAYS
from desk.queries.case_page import CaseFile
from desk.views.case.situation import notice_delivered_on, notice_term_running
from desk.wording.papers import notice_text
from desk.wording.special import ADVICE, SILENT, announced_text, special_advice
from kernel.calendar import POLAND
from staff.figures import format_day

_ORDER: Final = list(ADVICE)


@dataclass(frozen=True, slots=True)
class Special:
    """``text`` is what to do, ``note`` what was written down, ``recorded`` by whom and when."""

    shape: str
    name: str
    text: str
    note: str = ""
    recorded: str = ""


def special_rows(
    file: CaseFile, holds: Sequence[dict[str, Any]], facts: PersonFacts, today: date
) -> list[Special]:
    """Special holds in the order of what they forbid, the term of art. 75c while it runs, and
    money that is on its way."""
    special = sorted(
        (hold for hold in holds if hold["kind"] in ADVICE),
        key=lambda hold: _ORDER.index(hold["kind"]),
    )
    rows = [_hold(hold) for hold in special]
    delivered_on, ends_on = notice_delivered_on(file), notice_term_running(file, today)
    if delivered_on is not None and ends_on is not None:
        day = POLAND.working_days_between(delivered_on, today)
        text = notice_text(day, NOTICE_TERM_WORKING_DAYS, ends_on)
        rows.append(Special("later", _("Art. 75c term running"), text))
    if facts.announced:
        waits_until = waits_for_money_until(facts, policy_on(today))
        text = announced_text(facts.announced, waits_until=waits_until)
        rows.append(Special("later", _("Payment announced"), text))
    return rows


def _hold(row: dict[str, Any]) -> Special:
    hold = row["hold"]
    recorded = row["recorded"]
    if hold.until_on is not None:
        recorded = _("%(recorded)s, until %(day)s") % {
            "recorded": recorded,
            "day": format_day(hold.until_on),
        }
    return Special(
        "alarm" if row["kind"] in SILENT else "bang",
        str(row["name"]),
        str(special_advice(row["kind"])),
        row["reason"],
        recorded,
    )
