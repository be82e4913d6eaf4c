"""How write-offs, refunds and charges are told on the timeline."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


class Told(NamedTuple):
    """``text`` may name the words of ``event_values``."""

    kind: Promise
    text: Promise
    shape: str = ""


_WRITE_OFF = gettext_lazy("Write-off")
_REFUND = gettext_lazy("Refund")
_CHARGE = gettext_lazy("Charge")
_STATEMENT = gettext_lazy("Statement of account")

MONEY_LINES: Final[dict[str, Told]] = {
    "write_off.proposed": Told(
        _WRITE_OFF, gettext_lazy("Proposed: %(amount)s%(write_off_reason)s%(note)s"), "later"
    ),
    "write_off.concluded": Told(
        _WRITE_OFF, gettext_lazy("%(amount)s written off within one's authority%(note)s"), "met"
    ),
    "write_off.approved": Told(
        _WRITE_OFF, gettext_lazy("%(amount)s written off, approved%(note)s"), "met"
    ),
    "write_off.refused": Told(_WRITE_OFF, gettext_lazy("Refused%(note)s"), "not"),
    "write_off.sent_back": Told(_WRITE_OFF, gettext_lazy("Sent back%(note)s"), "later"),
    "write_off.withdrawn": Told(_WRITE_OFF, gettext_lazy("Withdrawn%(note)s"), "na"),
    "write_off.reversed": Told(
        _WRITE_OFF, gettext_lazy("Taken back, %(amount)s is claimed again%(note)s"), "bang"
    ),
    "refund.proposed": Told(
        _REFUND, gettext_lazy("Proposed: %(amount)s to account %(to_account)s%(note)s"), "later"
    ),
    "refund.concluded": Told(
        _REFUND, gettext_lazy("%(amount)s approved within one's authority%(note)s"), "met"
    ),
    "refund.approved": Told(_REFUND, gettext_lazy("%(amount)s approved%(note)s"), "met"),
    "refund.refused": Told(_REFUND, gettext_lazy("Refused%(note)s"), "not"),
    "refund.sent_back": Told(_REFUND, gettext_lazy("Sent back%(note)s"), "later"),
    "refund.withdrawn": Told(_REFUND, gettext_lazy("Withdrawn%(note)s"), "na"),
    "refund.recalled": Told(
        _REFUND, gettext_lazy("Recalled: the overpayment is needed for new arrears"), "bang"
    ),
    "refund.handed_over": Told(_REFUND, gettext_lazy("%(amount)s ordered to be paid"), "later"),
    "refund.paid_back": Told(_REFUND, gettext_lazy("%(amount)s paid back"), "met"),
    "refund.told_of": Told(
        _REFUND, gettext_lazy("The bank's statement tells of %(amount)s paid back"), "met"
    ),
    "refund.returned": Told(
        _REFUND, gettext_lazy("%(amount)s came back from the bank%(note)s"), "bang"
    ),
    "charge.proposed": Told(_CHARGE, gettext_lazy("Proposed: %(fee)s, %(amount)s%(note)s")),
    "charge.concluded": Told(
        _CHARGE, gettext_lazy("%(fee)s, %(amount)s, within one's authority%(note)s")
    ),
    "charge.approved": Told(_CHARGE, gettext_lazy("%(fee)s, %(amount)s, approved%(note)s"), "met"),
    "charge.refused": Told(_CHARGE, gettext_lazy("Refused: %(fee)s%(note)s"), "not"),
    "charge.sent_back": Told(_CHARGE, gettext_lazy("Sent back: %(fee)s%(note)s"), "later"),
    "charge.withdrawn": Told(_CHARGE, gettext_lazy("Withdrawn: %(fee)s%(note)s"), "na"),
    "charge.cancelled": Told(
        _CHARGE, gettext_lazy("Taken off again: %(fee)s, %(amount)s%(note)s"), "met"
    ),
    "statement_of_account.made": Told(
        _STATEMENT, gettext_lazy("Made for %(from_day)s to %(until_day)s")
    ),
}
