"""What has to be said before anything else: one line for each special status."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import HoldKind
from ledger.announced import Announced
from staff.figures import format_day, format_money

#: What to do about it. These holds are said above everything else, in this order.
ADVICE: Final[dict[HoldKind, Promise]] = {
    HoldKind.DEATH: _("Send and say nothing. The legal team looks for heirs."),
    HoldKind.BANKRUPTCY: _("No calls, no demands: the claim goes to the trustee."),
    HoldKind.LEGAL: _("No contact without the legal team."),
    HoldKind.VULNERABILITY: _("Take time, press for nothing, agree only to what can be kept."),
    HoldKind.COMPLAINT: _("Answer it in writing; escalation waits until then."),
    HoldKind.DISPUTE: _("Find out what is wrong; do not press for what is disputed."),
    HoldKind.RESTRUCTURING: _("Escalation waits for the answer; a refusal needs written reasons."),
}
#: The machine may do nothing and nobody may speak to the debtor.
SILENT: Final = frozenset({HoldKind.DEATH, HoldKind.BANKRUPTCY, HoldKind.LEGAL})


def announced_text(announced: Sequence[Announced], *, waits_until: date | None) -> str:
    """How much of which day is on its way, and until when demands wait for it, if they do."""
    told = ", ".join(
        gettext("%(amount)s of %(day)s")
        % {"amount": format_money(one.amount_minor, one.currency), "day": format_day(one.value_on)}
        for one in announced
    )
    if waits_until is None:
        return gettext("%(told)s, not booked yet.") % {"told": told}
    return gettext(
        "%(told)s, not booked yet. Demands wait until it is, at the latest until %(until)s."
    ) % {"told": told, "until": format_day(waits_until)}


def special_advice(kind: HoldKind) -> Promise:
    return ADVICE[kind]
